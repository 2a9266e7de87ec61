// Small networks for the tests of sim/failure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/network/network.hpp"

namespace longhaul::test {

/// A chain A - B - C ... of links of 10 Gb/s with these lengths; links are called A-B and so on.
inline NetworkSpec chain(const std::vector<std::int64_t>& km) {
  NetworkSpec spec;
  for (std::size_t n = 0; n <= km.size(); ++n) {
    Node node;
    node.id = std::string(1, static_cast<char>('A' + n));
    spec.nodes.push_back(node);
  }
  for (std::size_t l = 0; l < km.size(); ++l) {
    Link link;
    link.id = spec.nodes[l].id + "-" + spec.nodes[l + 1].id;
    link.a = NodeId(l);
    link.b = NodeId(l + 1);
    link.length = Distance::km(km[l]);
    link.delay = Duration::ms(1);
    spec.links.push_back(std::move(link));
  }
  return spec;
}

}  // namespace longhaul::test
