#include "sim/report/services_text.hpp"

#include <fmt/format.h>

#include "sim/report/cells.hpp"

namespace longhaul::report {

namespace {

constexpr std::size_t shown_services = 8;

std::size_t missed(const Report& r, const ServiceRow& s) {
  return static_cast<std::size_t>(
      std::count_if(s.promises.begin(), s.promises.end(),
                    [&](std::size_t e) { return !r.expectations[e].pass; }));
}

Cell sla_cell(const Report& r, const ServiceRow& s) {
  if (s.promises.empty()) return {"-", Tone::dim};
  const std::size_t n = missed(r, s);
  if (n == 0) return {"kept", Tone::good};
  return {fmt::format("MISSED {} of {}", n, s.promises.size()), Tone::bad};
}

/// "internet 71 %, acme 20 %".
std::string senders_text(const Hurt& hurt) {
  std::string text;
  for (const Hurt::Sender& s : hurt.senders) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {:.0f} %", s.itself ? "itself" : s.name, 100 * s.share);
  }
  return text;
}

std::string quality_table(const Report& r, const Style& style,
                          const std::vector<std::size_t>& order) {
  Table table({{"service", true, true},
               {"type", true, false, 5},
               {"sites", false, false, 4},
               {"offered"},
               {"loss"},
               {"latency p50", false, false, 2},
               {"p99"},
               {"jitter", false, false, 3},
               {"available", false, false, 1},
               {"MOS"},
               {"SLA", true}});
  for (const std::size_t i : order) {
    const ServiceRow& s = r.services[i];
    table.add({{s.name},
               {s.type},
               {fmt::format("{}", s.sites)},
               {bits(s.offered_bps)},
               loss_cell(s.loss),
               time_cell(s.latency, &DurationSummary::p50),
               time_cell(s.latency, &DurationSummary::p99),
               {s.latency.count == 0 ? "-" : seconds(s.jitter_s)},
               s.availability ? Cell{percent(s.availability->value)} : Cell{"-", Tone::dim},
               s.mos ? Cell{score(s.mos->value)} : Cell{"-", Tone::dim},
               sla_cell(r, s)});
  }
  return table.render(style);
}

std::string hurt_table(const Report& r, const Style& style, const std::vector<std::size_t>& order) {
  Table table({{"service", true},
               {"hurt most at", true},
               {"of its", true},
               {"wait p99", false, false, 2},
               {"loss", false, false, 3},
               {"by", true, true},
               {"mostly", true, true, 1}});
  for (const std::size_t i : order) {
    const ServiceRow& s = r.services[i];
    if (!s.hurt) continue;
    const auto mark = s.hurt->link.find('>');
    table.add(
        {{s.name},
         {direction(style, s.hurt->link.substr(0, mark), s.hurt->link.substr(mark + 1))},
         {fmt::format("{} {:.0f} %", s.hurt->by_loss ? "loss" : "waiting", 100 * s.hurt->share)},
         {seconds(s.hurt->wait_p99)},
         loss_cell(s.hurt->loss),
         {senders_text(*s.hurt)},
         {direction(style, s.hurt->senders.front().from, s.hurt->senders.front().to)}});
  }
  return table.empty() ? std::string() : table.render(style);
}

}  // namespace

std::string services_section(const Report& r, const Style& style) {
  if (r.services.empty()) return {};
  const auto order = worst(r.services.size(), shown_services, [&](std::size_t a, std::size_t b) {
    const std::size_t x = missed(r, r.services[a]);
    const std::size_t y = missed(r, r.services[b]);
    return x != y ? x > y : r.services[a].loss > r.services[b].loss;
  });
  std::string title = "Services";
  if (order.size() < r.services.size())
    title = fmt::format("Worst services (of {})", r.services.size());
  return heading(style, title) + quality_table(r, style, order) + hurt_table(r, style, order);
}

}  // namespace longhaul::report
