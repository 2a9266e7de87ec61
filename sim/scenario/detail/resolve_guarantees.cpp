// Whether queues keep what services are guaranteed at each link that they use.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/base/text.hpp"
#include "sim/routing/loads.hpp"
#include "sim/scenario/detail/resolve.hpp"

namespace longhaul::scenario {

namespace {

class Guarantees {
 public:
  Guarantees(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics)
      : written_(written), out_(out), diagnostics_(diagnostics), network_(*out.network) {}

  void run() {
    add_up();
    if (out_.queues.discipline == Discipline::hierarchical) give_rates();
    for (std::size_t s = 0; s < out_.services.size(); ++s)
      if (out_.services[s].guaranteed) check(s);
  }

 private:
  /// What services of each class are guaranteed at each port.
  void add_up() {
    given_.assign(out_.classes.size(), std::vector<double>(network_.ports().size(), 0.0));
    used_.resize(out_.services.size());
    const Routes routes = compute_routes(network_, out_.routing, {}, out_.constraints);
    const DemandSet all = demand_pairs(out_);
    for (std::size_t s = 0; s < out_.services.size(); ++s) {
      const Service& service = out_.services[s];
      if (!service.guaranteed) continue;
      DemandSet own = all;
      std::erase_if(own.demands, [&](const Demand& d) { return d.service != ServiceId(s); });
      const Loads loads = expected_loads(network_, routes, own);
      for (std::size_t p = 0; p < loads.load_bps.size(); ++p) {
        if (!(loads.load_bps[p] > 0)) continue;
        used_[s].emplace_back(p);
        given_[service.cls.index()][p] += service.guaranteed->as_double();
      }
    }
  }

  /// A class without a rate of its own has that of its services where they meet most.
  void give_rates() {
    auto& classes = out_.queues.classes;
    classes.resize(std::max(classes.size(), out_.classes.size()));
    for (std::size_t c = 0; c < given_.size(); ++c) {
      const double most = *std::max_element(given_[c].begin(), given_[c].end());
      if (most > 0 && !classes[c].guaranteed.given() && !classes[c].strict)
        classes[c].guaranteed.rate = Rate::bps(static_cast<std::int64_t>(most));
    }
  }

  const ClassQueueing& queueing(std::size_t c) const {
    static const ClassQueueing usual{};
    return c < out_.queues.classes.size() ? out_.queues.classes[c] : usual;
  }

  bool another(std::size_t c, const auto& is) const {
    for (std::size_t o = 0; o < out_.classes.size(); ++o)
      if (o != c && is(o)) return true;
    return false;
  }

  /// What a class has at a port whatever others send, as a share of the port's rate.
  double kept(std::size_t c, const Port& port) const {
    const ClassQueueing& own = queueing(c);
    const auto strict = [&](std::size_t o) { return queueing(o).strict; };
    const auto share = [&](const PortRate& rate) {
      return static_cast<double>(rate.at(port.member_rate)) / port.member_rate.as_double();
    };
    switch (out_.queues.discipline) {
      case Discipline::strict_priority:
        return another(c,
                       [&](std::size_t o) {
                         return out_.classes[o].priority <= out_.classes[c].priority;
                       })
                   ? 0
                   : 1;
      case Discipline::drr:
      case Discipline::wfq: {
        if (another(c, strict)) return 0;
        if (own.strict) return 1;
        double weights = 0;
        for (std::size_t o = 0; o < out_.classes.size(); ++o) weights += queueing(o).weight;
        return own.weight / weights;
      }
      case Discipline::hierarchical:
        if (own.strict)
          return another(c, strict) ? 0 : own.ceiling.given() ? share(own.ceiling) : 1;
        return own.guaranteed.given() ? share(own.guaranteed) : 0;
      default:
        return 0;
    }
  }

  void check(std::size_t s) {
    const Service& service = out_.services[s];
    const std::size_t c = service.cls.index();
    const yaml::Place& where = written_.services[s].guaranteed->where;
    std::optional<PortId> worst;
    double least = 1;
    for (const PortId id : used_[s]) {
      const Port& port = network_.port(id);
      const double given = given_[c][id.index()];
      double all = 0;
      for (const auto& of_class : given_) all += of_class[id.index()];
      if (all > port.rate().as_double())
        return where.error(
            diagnostics_, fmt::format("services are guaranteed {} on link {}, which has {}",
                                      to_display(Rate::bps(static_cast<std::int64_t>(all))),
                                      quote(network_.link(port.link).id), to_display(port.rate())));
      const double ratio = kept(c, port) * port.rate().as_double() / given;
      if (ratio < least * (1 - 1e-9)) {
        least = ratio;
        worst = id;
      }
    }
    if (worst) warn(s, *worst, least);
  }

  void warn(std::size_t s, PortId id, double ratio) {
    const Service& service = out_.services[s];
    const std::size_t c = service.cls.index();
    const yaml::Place& where = written_.services[s].guaranteed->where;
    const std::string& cls = out_.classes[c].name;
    if (ratio <= 0) {
      where.warning(diagnostics_,
                    fmt::format("no queue keeps what service {} is guaranteed: with discipline {} "
                                "others can take all from class {}",
                                quote(service.name), to_string(out_.queues.discipline), quote(cls)),
                    "queues: {discipline: hierarchical} gives classes their services' guarantees");
      return;
    }
    const double given = given_[c][id.index()];
    const auto rate = [](double bps) {
      return to_display(Rate::bps(static_cast<std::int64_t>(bps)));
    };
    where.warning(
        diagnostics_,
        fmt::format("services of class {} are guaranteed {} on link {}, where its queue keeps {}",
                    quote(cls), rate(given), quote(network_.link(network_.port(id).link).id),
                    rate(given * ratio)));
  }

  const WrittenScenario& written_;
  Scenario& out_;
  Diagnostics& diagnostics_;
  const Network& network_;
  std::vector<std::vector<double>> given_;  ///< bit/s by class and port
  std::vector<std::vector<PortId>> used_;   ///< by service, of those with a guarantee
};

}  // namespace

void resolve_guarantees(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics) {
  const bool any = std::any_of(out.services.begin(), out.services.end(),
                               [](const Service& s) { return s.guaranteed.has_value(); });
  if (any && !diagnostics.has_errors()) Guarantees(written, out, diagnostics).run();
}

}  // namespace longhaul::scenario
