// Scenarios around a network built by hand.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace longhaul::test {

inline Scenario scenario_of(const Network& network, std::vector<MatrixEntry> entries) {
  Scenario scenario;
  scenario.network = std::make_shared<const Network>(network);
  scenario.classes.push_back({"default", 0});
  scenario.sizes.push_back({"1000", {{1000, 1.0}}});
  TrafficSpec traffic;
  traffic.entries = std::move(entries);
  scenario.traffic.push_back(traffic);
  return scenario;
}

}  // namespace longhaul::test
