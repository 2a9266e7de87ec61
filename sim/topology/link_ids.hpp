// Names of links that were not given one: "A-B", the second parallel one "A-B#2".
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/network/network.hpp"

namespace longhaul {

class LinkIds {
 public:
  explicit LinkIds(const std::vector<Node>& nodes) : nodes_(nodes) {}

  /// Takes a given id for link `index`. The index of the link that has it already, if any.
  std::optional<std::size_t> reserve(const std::string& id, std::size_t index) {
    const auto [found, fresh] = taken_.emplace(id, index);
    return fresh ? std::nullopt : std::optional(found->second);
  }

  /// The first free name for a link without one, which it takes.
  std::string make(const Link& link, std::size_t index) {
    const std::string base = nodes_[link.a.index()].id + "-" + nodes_[link.b.index()].id;
    // Remembering how many were made keeps a thousand parallel links from being quadratic.
    std::size_t& made = made_[base];
    for (;;) {
      ++made;
      std::string id = made == 1 ? base : fmt::format("{}#{}", base, made);
      if (!reserve(id, index)) return id;
    }
  }

 private:
  const std::vector<Node>& nodes_;
  std::unordered_map<std::string, std::size_t> taken_;
  std::unordered_map<std::string, std::size_t> made_;
};

}  // namespace longhaul
