#include "sim/topology/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/topology/topology.hpp"

namespace longhaul {

namespace {

using Edge = std::pair<std::size_t, std::size_t>;

constexpr double pi = 3.14159265358979323846;
/// Length of a degree of latitude, near enough for a drawing.
constexpr double km_per_degree = 111.2;

std::vector<Edge> ring_edges(std::size_t n) {
  std::vector<Edge> edges;
  for (std::size_t i = 0; i + 1 < n; ++i) edges.emplace_back(i, i + 1);
  if (n > 2) edges.emplace_back(n - 1, 0);
  return edges;
}

std::vector<Edge> full_mesh_edges(std::size_t n) {
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) edges.emplace_back(i, j);
  }
  return edges;
}

/// Harary, "The maximum connectivity of a graph", PNAS 48 (1962): the fewest links for a given
/// connectivity.
std::vector<Edge> harary_edges(std::size_t n, std::size_t degree) {
  std::vector<Edge> edges;
  for (std::size_t step = 1; step <= degree / 2; ++step) {
    for (std::size_t i = 0; i < n; ++i) edges.emplace_back(i, (i + step) % n);
  }
  if (degree % 2 == 1) {
    // Opposite members; with an odd number of them, one gets two.
    for (std::size_t i = 0; i < (n + 1) / 2; ++i) edges.emplace_back(i, (i + n / 2) % n);
  }
  return edges;
}

std::vector<Edge> edges_of(const LevelSpec& level, std::size_t members) {
  std::vector<Edge> edges;
  switch (level.shape) {
    case Shape::ring:
      return ring_edges(members);
    case Shape::mesh:
      if (level.degree == 0 || level.degree + 1 >= members) return full_mesh_edges(members);
      return harary_edges(members, level.degree);
    case Shape::star:
      for (std::size_t i = 1; i < members; ++i) edges.emplace_back(0, i);
      return edges;
    case Shape::tree:
      for (std::size_t i = 1; i < members; ++i) edges.emplace_back((i - 1) / level.branching, i);
      return edges;
    case Shape::line:
      for (std::size_t i = 1; i < members; ++i) edges.emplace_back(i - 1, i);
      return edges;
  }
  return edges;
}

double edge_count(const LevelSpec& level, double members) {
  if (members < 2) return 0;
  switch (level.shape) {
    case Shape::ring:
      return members > 2 ? members : 1;
    case Shape::mesh:
      if (level.degree == 0 || level.degree + 1 >= members) return members * (members - 1) / 2;
      return std::ceil(members * level.degree / 2);
    case Shape::star:
    case Shape::tree:
    case Shape::line:
      return members - 1;
  }
  return 0;
}

struct Point {
  double x;
  double y;
};

double rounded(double v, double steps) {
  const double out = std::round(v * steps) / steps;
  return out == 0 ? 0 : out;  // no -0
}

/// Where the own nodes of a shape are drawn, in km around `hub`. Nothing simulated depends on it:
/// every link has its length. An outermost star has its hub in the middle.
std::vector<Point> layout(const LevelSpec& level, bool outermost, Point hub, double direction) {
  const auto n = static_cast<double>(level.nodes);
  const double spacing = level.spacing.kilometres();
  std::vector<Point> points;
  const bool circle = level.shape == Shape::ring || level.shape == Shape::mesh;
  // A circle whose neighbours are `spacing` apart; an inner one touches the node it hangs on.
  const double slots = outermost ? n : n + 1;
  const double radius = slots > 2 ? spacing / (2 * std::sin(pi / slots)) : spacing / 2;
  for (std::uint32_t i = 0; i < level.nodes; ++i) {
    if (level.shape == Shape::line) {
      const double along = spacing * (outermost ? i : i + 1);
      points.push_back({hub.x + along * std::cos(direction), hub.y + along * std::sin(direction)});
    } else if (circle && outermost) {
      const double angle = 2 * pi * i / n;
      points.push_back({hub.x + radius * std::sin(angle), hub.y + radius * std::cos(angle)});
    } else if (circle) {
      const double angle = direction + pi + 2 * pi * (i + 1) / slots;
      points.push_back({hub.x + radius * (std::cos(direction) + std::cos(angle)),
                        hub.y + radius * (std::sin(direction) + std::sin(angle))});
    } else if (outermost && i == 0) {
      points.push_back(hub);
    } else {
      const double count = outermost ? n - 1 : n;
      const double angle = direction + 2 * pi * (outermost ? i - 1 : i) / std::max(count, 1.0);
      points.push_back({hub.x + spacing * std::cos(angle), hub.y + spacing * std::sin(angle)});
    }
  }
  return points;
}

class Generator {
 public:
  Generator(NetworkSpec& out, const GenerateSpec& spec) : out_(out), spec_(spec) {}

  void run() {
    for (const LevelSpec& level : spec_.levels) {
      std::vector<Instance>& made = made_[level.name];
      if (level.per.empty()) {
        add_shape(level, nullptr, made);
        continue;
      }
      const std::vector<Instance>& parents = made_.at(level.per);
      for (const Instance& parent : parents) add_shape(level, &parent, made);
    }
  }

 private:
  /// A generated node and the numbers in its name.
  struct Instance {
    NodeId id;
    std::string numbers;
    Point at;
    double direction;  ///< away from the middle, in radians
  };

  void add_shape(const LevelSpec& level, const Instance* parent, std::vector<Instance>& made) {
    const std::string group = parent != nullptr ? parent->numbers + "-" : std::string();
    const ProviderId provider = provider_of(level, parent);
    const RegionId region = region_of(level, parent);
    const Point hub = parent != nullptr ? parent->at : Point{0, 0};
    const double direction = parent != nullptr ? parent->direction : 0;
    const std::vector<Point> points = layout(level, parent == nullptr, hub, direction);

    std::vector<NodeId> members;
    if (parent != nullptr) members.push_back(parent->id);
    for (std::uint32_t i = 0; i < level.nodes; ++i) {
      const std::string numbers = fmt::format("{}{}", group, i + 1);
      const NodeId id(out_.nodes.size());
      out_.nodes.push_back(make_node(level, numbers, points[i], provider, region));
      members.push_back(id);
      const double away = std::atan2(points[i].y - hub.y, points[i].x - hub.x);
      made.push_back(Instance{id, numbers, points[i], away});
    }
    for (const auto& [a, b] : edges_of(level, members.size())) {
      out_.links.push_back(make_link(level, members[a], members[b]));
    }
  }

  Node make_node(const LevelSpec& level, const std::string& numbers, Point at, ProviderId provider,
                 RegionId region) const {
    Node node;
    node.id = level.name + "-" + numbers;
    node.role = level.role;
    node.provider = provider;
    node.region = region;
    node.country = level.country;
    node.weight = level.weight;
    node.latency = level.latency;
    node.position = {rounded(at.x, 1e3), rounded(at.y, 1e3)};
    if (spec_.center) node.at = on_earth(at);
    return node;
  }

  GeoPoint on_earth(Point at) const {
    const double latitude = std::clamp(spec_.center->latitude + at.y / km_per_degree, -89.0, 89.0);
    const double shrink = std::max(std::cos(spec_.center->latitude * pi / 180), 0.01);
    double longitude = spec_.center->longitude + at.x / (km_per_degree * shrink);
    longitude = std::remainder(longitude, 360.0);
    return {rounded(latitude, 1e4), rounded(longitude, 1e4)};
  }

  static Link make_link(const LevelSpec& level, NodeId a, NodeId b) {
    Link link;
    link.a = a;
    link.b = b;
    link.capacity = level.capacity;
    link.medium = level.medium;
    link.framing = level.framing;
    link.length = level.spacing;
    return link;
  }

  ProviderId provider_of(const LevelSpec& level, const Instance* parent) {
    if (level.provider.empty() && level.tier == 0) {
      return parent != nullptr ? out_.nodes[parent->id.index()].provider : ProviderId{0};
    }
    std::string id = level.provider;
    if (id.empty()) id = parent != nullptr ? level.name + "-" + parent->numbers : level.name;
    const auto known = std::find_if(out_.providers.begin(), out_.providers.end(),
                                    [&](const Provider& p) { return p.id == id; });
    if (known != out_.providers.end()) {
      return ProviderId(static_cast<std::size_t>(known - out_.providers.begin()));
    }
    out_.providers.push_back(Provider{id, std::max(level.tier, 1), 0, ""});
    return ProviderId(out_.providers.size() - 1);
  }

  RegionId region_of(const LevelSpec& level, const Instance* parent) {
    if (level.region.empty()) {
      return parent != nullptr ? out_.nodes[parent->id.index()].region : RegionId::none();
    }
    const auto known = std::find(out_.regions.begin(), out_.regions.end(), level.region);
    if (known == out_.regions.end()) {
      out_.regions.push_back(level.region);
      return RegionId(out_.regions.size() - 1);
    }
    return RegionId(static_cast<std::size_t>(known - out_.regions.begin()));
  }

  NetworkSpec& out_;
  const GenerateSpec& spec_;
  std::map<std::string, std::vector<Instance>> made_;
};

}  // namespace

const char* to_string(Shape shape) {
  switch (shape) {
    case Shape::ring:
      return "ring";
    case Shape::star:
      return "star";
    case Shape::mesh:
      return "mesh";
    case Shape::tree:
      return "tree";
    case Shape::line:
      return "line";
  }
  return "";
}

Distance default_spacing(Role role) {
  switch (role) {
    case Role::core:
      return Distance::km(300);
    case Role::metro:
    case Role::edge:
      return Distance::km(30);
    case Role::access:
    case Role::exchange:
    case Role::datacenter:
      return Distance::km(5);
  }
  return Distance::km(300);
}

GeneratedSize generated_size(const GenerateSpec& spec) {
  std::map<std::string, double> counts;
  GeneratedSize size{0, 0};
  for (const LevelSpec& level : spec.levels) {
    const double instances = level.per.empty() ? 1 : counts[level.per];
    const double members = level.nodes + (level.per.empty() ? 0.0 : 1.0);
    counts[level.name] = instances * level.nodes;
    size.nodes += counts[level.name];
    size.links += instances * edge_count(level, members);
  }
  return size;
}

std::uint64_t tree_nodes(std::uint32_t branching, std::uint32_t depth, bool with_root) {
  constexpr std::uint64_t enough = std::uint64_t{1} << 32;
  std::uint64_t level = 1;
  std::uint64_t total = with_root ? 1 : 0;
  for (std::uint32_t d = 0; d < depth && total < enough; ++d) {
    level *= branching;
    total += level;
  }
  return std::min(total, enough);
}

void generate_into(NetworkSpec& out, const GenerateSpec& spec) { Generator(out, spec).run(); }

NetworkSpec generate(const GenerateSpec& spec) {
  NetworkSpec out;
  generate_into(out, spec);
  Diagnostics diagnostics;
  finish_links(out, SourceLocation{"generate", 0, 0}, diagnostics);
  diagnostics.throw_if_errors();
  return out;
}

}  // namespace longhaul
