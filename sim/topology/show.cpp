#include "sim/topology/show.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <limits>

#include "sim/network/delay.hpp"

namespace longhaul {

namespace {

using Undirected =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                          boost::property<boost::edge_index_t, std::size_t>>;
using Directed =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                          boost::property<boost::edge_weight_t, std::int64_t>>;

Undirected undirected_graph(const Network& network) {
  Undirected graph(network.nodes().size());
  for (std::size_t i = 0; i < network.links().size(); ++i) {
    const Link& link = network.links()[i];
    boost::add_edge(link.a.index(), link.b.index(), i, graph);
  }
  return graph;
}

Directed directed_graph(const Network& network) {
  Directed graph(network.nodes().size());
  for (const Port& port : network.ports()) {
    if (!port.exists) continue;
    boost::add_edge(port.from.index(), port.to.index(), port.delay.ps(), graph);
  }
  return graph;
}

void find_cuts(const Undirected& graph, TopologySummary& out) {
  const std::size_t edges = boost::num_edges(graph);
  std::vector<std::size_t> component(edges);
  const auto component_of =
      boost::make_iterator_property_map(component.begin(), boost::get(boost::edge_index, graph));
  std::vector<std::size_t> nodes;
  const auto result = boost::biconnected_components(graph, component_of, std::back_inserter(nodes));
  // A bridge is a biconnected component of one link.
  std::vector<std::size_t> size(result.first, 0);
  for (const std::size_t c : component) ++size[c];
  for (std::size_t i = 0; i < edges; ++i) {
    if (size[component[i]] == 1) out.cut_links.emplace_back(i);
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  for (const std::size_t node : nodes) out.cut_nodes.emplace_back(node);
}

void find_diameters(const Directed& graph, TopologySummary& out) {
  const std::size_t count = boost::num_vertices(graph);
  constexpr auto far = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> delays(count);
  std::vector<std::size_t> hops(count);
  for (std::size_t source = 0; source < count; ++source) {
    boost::dijkstra_shortest_paths(graph, source,
                                   boost::distance_map(delays.data()).distance_inf(far));
    std::fill(hops.begin(), hops.end(), 0);
    boost::breadth_first_search(graph, source,
                                boost::visitor(boost::make_bfs_visitor(
                                    boost::record_distances(hops.data(), boost::on_tree_edge()))));
    for (std::size_t target = 0; target < count; ++target) {
      if (target == source || delays[target] == far) continue;
      const Duration delay = Duration::ps(delays[target]);
      if (!out.farthest || delay > out.diameter) {
        out.diameter = delay;
        out.farthest = FarthestPair{NodeId(source), NodeId(target)};
      }
      if (hops[target] > out.diameter_hops) {
        out.diameter_hops = hops[target];
        out.farthest_hops = FarthestPair{NodeId(source), NodeId(target)};
      }
    }
  }
}

}  // namespace

TopologySummary summarize(const Network& network) {
  TopologySummary out;
  out.nodes = network.nodes().size();
  out.links = network.links().size();
  for (const Port& port : network.ports()) {
    if (port.exists) out.total_capacity += port.rate();
  }
  for (const Link& link : network.links()) {
    if (const auto length = cable_length(link, network.nodes()))
      out.total_length = out.total_length + *length;
  }
  if (out.nodes == 0) return out;

  const Undirected graph = undirected_graph(network);
  std::vector<std::size_t> component(out.nodes);
  out.components = static_cast<std::size_t>(boost::connected_components(graph, component.data()));
  out.min_degree = std::numeric_limits<std::size_t>::max();
  for (std::size_t v = 0; v < out.nodes; ++v) {
    const std::size_t degree = boost::out_degree(v, graph);
    out.min_degree = std::min(out.min_degree, degree);
    out.max_degree = std::max(out.max_degree, degree);
  }
  out.mean_degree = 2.0 * static_cast<double>(out.links) / static_cast<double>(out.nodes);
  find_cuts(graph, out);
  find_diameters(directed_graph(network), out);
  return out;
}

}  // namespace longhaul
