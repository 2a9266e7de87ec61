#include "sim/engine/paths.hpp"

#include "sim/base/random.hpp"

namespace longhaul::engine {

namespace {

constexpr std::size_t most_paths = 32;

class Walker {
 public:
  Walker(const Input& input, const Routes& routes, const Demand& demand)
      : net_(*input.network),
        routes_(routes),
        demand_(demand),
        destination_(routes.destination(demand)),
        smallest_(input.demands->smallest_packet(demand)),
        mean_bytes_(input.demands->sizes[demand.sizes.index()].mean_bytes()) {}

  std::vector<Path> all() {
    if (count(demand_.from, destination_, most_paths) > most_paths) return drawn();
    std::vector<Path> out;
    Path path{{}, 1, 0, 0, 0};
    follow(demand_.from, destination_, path, out);
    return out;
  }

 private:
  /// Paths from `at` on, counted no further than needed.
  std::size_t count(NodeId at, DestinationId destination, std::size_t limit) const {
    if (routes_.delivers(at, destination)) return 1;
    std::size_t n = 0;
    for (const PortId p : routes_.next(at, destination)) {
      n += count(net_.port(p).to, routes_.turned(at, destination), limit - n);
      if (n > limit) break;
    }
    return n;
  }

  void step(PortId p, double share, Path& path) const {
    const Port& port = net_.port(p);
    path.ports.push_back(p);
    path.share *= share;
    path.delay_ps += port.delay.ps();
    path.least_ps +=
        port.delay.ps() + (Size::bytes(smallest_ + port.overhead) / port.member_rate).ps();
    path.mean_ps += static_cast<double>(port.delay.ps()) +
                    (mean_bytes_ + port.overhead) * 8e12 / port.member_rate.as_double();
  }

  void follow(NodeId at, DestinationId destination, const Path& so_far,
              std::vector<Path>& out) const {
    if (routes_.delivers(at, destination)) {
      out.push_back(so_far);
      return;
    }
    const auto next = routes_.next(at, destination);
    for (const PortId p : next) {
      Path path = so_far;
      step(p, 1.0 / static_cast<double>(next.size()), path);
      follow(net_.port(p).to, routes_.turned(at, destination), path, out);
    }
  }

  std::vector<Path> drawn() const {
    std::vector<Path> out;
    for (std::size_t k = 0; k < most_paths; ++k) {
      Path path{{}, 1, 0, 0, 0};
      NodeId at = demand_.from;
      DestinationId destination = destination_;
      for (std::uint64_t hop = 0; !routes_.delivers(at, destination); ++hop) {
        const auto next = routes_.next(at, destination);
        if (next.empty()) break;
        const std::uint64_t dice = mix((k + 1) * 0x9e3779b97f4a7c15ULL + hop);
        const PortId p = next[dice % next.size()];
        step(p, 1, path);
        destination = routes_.turned(at, destination);
        at = net_.port(p).to;
      }
      if (!routes_.delivers(at, destination)) continue;
      path.share = 1.0 / most_paths;
      out.push_back(std::move(path));
    }
    return out;
  }

  const Network& net_;
  const Routes& routes_;
  const Demand& demand_;
  const DestinationId destination_;
  const std::int32_t smallest_;
  const double mean_bytes_;
};

}  // namespace

std::vector<Path> paths_of(const Input& input, const Routes& routes, DemandId demand) {
  return Walker(input, routes, input.demands->demands[demand.index()]).all();
}

Paths all_paths(const Input& input, const Routes& routes) {
  Paths out;
  out.reserve(input.demands->demands.size());
  for (std::size_t i = 0; i < input.demands->demands.size(); ++i)
    out.push_back(paths_of(input, routes, DemandId(i)));
  return out;
}

}  // namespace longhaul::engine
