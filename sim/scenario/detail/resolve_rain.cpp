#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/base/text.hpp"
#include "sim/network/delay.hpp"
#include "sim/scenario/detail/csv.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/detail/resolve.hpp"

namespace longhaul::scenario {

namespace {

constexpr const char* adapt_hint =
    "only links with medium: microwave and `modulation` feel the rain";

template <class Keep>
std::vector<LinkId> adaptive_links(const Network& network, Keep keep) {
  std::vector<LinkId> out;
  for (std::size_t i = 0; i < network.links().size(); ++i) {
    const Link& link = network.links()[i];
    if (link.radio && keep(link)) out.emplace_back(i);
  }
  return out;
}

/// The hops that `name` means: a link, "A-B", a node or a risk group.
Found<std::vector<LinkId>> hops_named(const Network& network, const std::string& name) {
  Found<Target> target = find_target(network, name);
  if (!target) return {{}, target.error, target.hint};
  std::vector<LinkId> hops = std::move(target.value.links);
  std::erase_if(hops, [&](LinkId id) { return !network.link(id).radio; });
  if (hops.empty())
    return {{}, fmt::format("{} has no modulation that could change", quote(name)), adapt_hint};
  return {std::move(hops)};
}

Found<std::vector<LinkId>> hops_of_region(const Network& network, const std::string& name) {
  const Found<RegionId> region = find_region(network, name);
  if (!region) return {{}, region.error, region.hint};
  auto hops = adaptive_links(network, [&](const Link& link) {
    return network.node(link.a).region == region.value ||
           network.node(link.b).region == region.value;
  });
  if (hops.empty())
    return {{}, fmt::format("no link of region {} has a modulation", quote(name)), adapt_hint};
  return {std::move(hops)};
}

Found<std::vector<LinkId>> hops_around(const Network& network, const GeoPoint& center,
                                       Distance radius) {
  const auto near = [&](NodeId id) {
    const auto& at = network.node(id).at;
    return at && great_circle(*at, center) <= radius;
  };
  auto hops =
      adaptive_links(network, [&](const Link& link) { return near(link.a) || near(link.b); });
  if (hops.empty())
    return {{},
            fmt::format("no link with a modulation has an end within {} of there", to_text(radius)),
            adapt_hint};
  return {std::move(hops)};
}

void add_sorted(std::vector<LinkId>& links, const std::vector<LinkId>& more) {
  links.insert(links.end(), more.begin(), more.end());
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
}

std::vector<LinkId> hops_of(const WrittenStorm& storm, const Network& network,
                            Diagnostics& diagnostics) {
  std::vector<LinkId> hops;
  const auto add = [&](const Found<std::vector<LinkId>>& found, const yaml::Place& where) {
    if (found)
      add_sorted(hops, found.value);
    else
      where.error(diagnostics, found.error, found.hint);
  };
  for (const Name& name : storm.links) add(hops_named(network, name.value), name.where);
  for (const Name& name : storm.regions) add(hops_of_region(network, name.value), name.where);
  if (storm.center)
    add(hops_around(network, storm.center->value, *storm.radius), storm.center->where);
  return hops;
}

RainSpec storm_rain(const WrittenStorm& storm, Time at, std::vector<LinkId> hops) {
  RainSpec out{std::move(hops), {}};
  const Time risen = at + storm.rise;
  const Time falling = risen + storm.hold;
  out.points = {
      {at, 0}, {risen, storm.um_per_h}, {falling, storm.um_per_h}, {falling + storm.fall, 0}};
  return out;
}

/// A file of rows of time, link or region, and rain.
class RainFile {
 public:
  RainFile(std::shared_ptr<const SourceText> text, double speedup, const Network& network,
           Diagnostics& diagnostics)
      : text_(std::move(text)), speedup_(speedup), network_(network), diagnostics_(diagnostics) {}

  std::vector<RainSpec> read() {
    bool first = true;
    csv::for_each_line(text_->content(), [&](std::string_view line, std::size_t offset) {
      if (std::exchange(first, false)) return read_header(line, offset);
      read_row(csv::split(line, offset, separator_));
      return true;
    });
    if (first) diagnostics_.error({text_->name(), 0, 0}, "is empty; expected time_s,link,mm_per_h");
    std::vector<RainSpec> out;
    for (auto& [name, series] : series_)
      if (!series.links.empty()) out.push_back(std::move(series));
    return out;
  }

 private:
  static constexpr std::size_t none = std::string::npos;

  bool read_header(std::string_view line, std::size_t offset) {
    separator_ = csv::separator_of(line);
    const auto fields = csv::split(line, offset, separator_);
    columns_ = fields.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].text == "time_s") time_ = i;
      if (fields[i].text == "mm_per_h") rain_ = i;
      if (fields[i].text == "link" || fields[i].text == "region") {
        place_ = i;
        by_region_ = fields[i].text == "region";
      }
    }
    if (time_ != none && rain_ != none && place_ != none) return true;
    error(offset,
          "expected a first line that names the columns time_s, mm_per_h, and link or region");
    return false;
  }

  void read_row(const std::vector<csv::Field>& fields) {
    if (fields.size() != columns_)
      return error(
          fields.front().offset,
          fmt::format("expected {} fields as in the first line, got {}", columns_, fields.size()));
    const auto time = number(fields[time_], "a time from 0 s", longest_run.seconds() * speedup_);
    const auto rain = number(fields[rain_], "rain from 0 to 1000 mm/h", 1000);
    RainSpec* const series = series_of(fields[place_]);
    if (!time || !rain || series == nullptr) return;
    const Time at = Time::ps(static_cast<std::int64_t>(std::floor(*time / speedup_ * 1e12 + 0.5)));
    if (!series->points.empty() && at < series->points.back().at)
      return error(fields[time_].offset, fmt::format("{} s comes before the row above of {}", *time,
                                                     quote(fields[place_].text)));
    series->points.push_back({at, static_cast<std::int64_t>(std::floor(*rain * 1e3 + 0.5))});
  }

  std::optional<double> number(const csv::Field& field, const char* expected, double most) {
    const auto value = parse_number(field.text);
    if (value && *value >= 0 && *value <= most) return *value;
    error(field.offset, fmt::format("expected {}, got {}", expected, quote(field.text)));
    return std::nullopt;
  }

  /// Null if there is no such place, which is said once.
  RainSpec* series_of(const csv::Field& field) {
    const auto [at, fresh] = series_.try_emplace(field.text);
    if (fresh) {
      const auto hops =
          by_region_ ? hops_of_region(network_, field.text) : hops_named(network_, field.text);
      if (hops)
        add_sorted(at->second.links, hops.value);
      else
        error(field.offset, hops.error, hops.hint);
    }
    return at->second.links.empty() ? nullptr : &at->second;
  }

  void error(std::size_t offset, std::string message, std::string hint = {}) {
    const SourceLocation where = text_->locate(offset);
    diagnostics_.error(where, std::move(message), std::move(hint), text_->line(where.line));
  }

  std::shared_ptr<const SourceText> text_;
  double speedup_;
  const Network& network_;
  Diagnostics& diagnostics_;
  char separator_ = ',';
  std::size_t columns_ = 0;
  std::size_t time_ = none;
  std::size_t rain_ = none;
  std::size_t place_ = none;
  bool by_region_ = false;
  std::map<std::string, RainSpec> series_;
};

void read_file(const WrittenRain& rain, Scenario& out, Diagnostics& diagnostics) {
  if (rain.path.where.text == nullptr) return;  // `file` is missing: already reported
  if (!rain.path.is_scalar() || rain.path.scalar.empty())
    return yaml::wrong_type(rain.path, "the path of a file", diagnostics);
  const std::string file = yaml::resolve_path(rain.path);
  try {
    auto text = std::make_shared<const SourceText>(SourceText::read(file));
    for (RainSpec& spec : RainFile(std::move(text), rain.speedup, *out.network, diagnostics).read())
      out.rain.push_back(std::move(spec));
  } catch (const InputError& e) {
    rain.path.where.error(diagnostics, fmt::format("cannot read {}: {}", quote(file),
                                                   e.diagnostics().front().message));
  }
}

}  // namespace

void resolve_rain(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics) {
  if (out.network == nullptr) return;
  for (const WrittenEvent& event : written.events) {
    if (!event.storm || !event.storm->whole) continue;
    const WrittenStorm& storm = *event.storm;
    const Int128 until =
        Int128{event.at.value.ps()} + storm.rise.ps() + storm.hold.ps() + storm.fall.ps();
    if (until > longest_run.ps()) {
      storm.where.error(diagnostics, "the storm ends after the 106 days that a run can last");
      continue;
    }
    auto hops = hops_of(storm, *out.network, diagnostics);
    if (!hops.empty())
      out.rain.push_back(storm_rain(*event.storm, Time::zero() + event.at.value, std::move(hops)));
  }
  for (const WrittenRain& rain : written.rain) read_file(rain, out, diagnostics);
}

}  // namespace longhaul::scenario
