// Plain lists for comparisons with packet simulators: "nodes N" and "link a b bps delay_ns" (no
// framing), and matrices as "src dst bps" lines or as whole matrices a line.
#include <fmt/format.h>

#include "sim/topology/import/detail/formats.hpp"
#include "sim/topology/import/detail/words.hpp"

namespace longhaul::import {

namespace {

/// So that a line of a few bytes cannot ask for all memory.
constexpr std::int64_t most_nodes = 100'000;

}  // namespace

void ns3_topology(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Lines lines(text, true);
  Numbers numbers(text, diagnostics);
  std::vector<Word> w;
  while (lines.next(w)) {
    const auto last = static_cast<std::int64_t>(out.spec.nodes.size()) - 1;
    if (w[0].text == "nodes" && w.size() == 2) {
      const auto count = numbers.whole(w[1], "a number of nodes", 1, most_nodes);
      if (!out.spec.nodes.empty()) {
        numbers.error(w[0], "the number of nodes is given twice");
        continue;
      }
      for (std::int64_t i = 0; count && i < *count; ++i) {
        Node node;
        node.id = fmt::format("n{}", i);
        out.spec.nodes.push_back(std::move(node));
      }
    } else if (w[0].text == "link" && w.size() == 5) {
      const auto a = numbers.whole(w[1], "a node number", 0, last);
      const auto b = numbers.whole(w[2], "a node number", 0, last);
      const auto bps = numbers.whole(w[3], "a capacity in bit/s", 1, 9'000'000'000'000'000'000);
      const auto ns = numbers.whole(w[4], "a delay in nanoseconds", 0, 9'000'000'000'000'000);
      if (!a || !b || !bps || !ns) continue;
      if (*a == *b) {
        numbers.error(w[1], "the link joins a node to itself");
        continue;
      }
      Link link;
      link.a = NodeId(static_cast<std::size_t>(*a));
      link.b = NodeId(static_cast<std::size_t>(*b));
      link.capacity = {1, Rate::bps(*bps)};
      link.delay = Duration::ns(*ns);
      link.delay_given = true;
      link.framing = Framing::none;
      out.spec.links.push_back(std::move(link));
    } else {
      numbers.error(w[0], "expected \"nodes N\" or \"link A B BPS DELAY_NS\"");
    }
  }
}

void ns3_demands(const SourceText& text, const NetworkSpec& spec, std::vector<ImportedDemand>& out,
                 Diagnostics& diagnostics) {
  Lines lines(text, true);
  Numbers numbers(text, diagnostics);
  const auto last = static_cast<std::int64_t>(spec.nodes.size()) - 1;
  std::vector<Word> w;
  while (lines.next(w)) {
    if (w.size() != 3) {
      numbers.error(w[0], "expected \"SRC DST BPS\"");
      continue;
    }
    const auto from = numbers.whole(w[0], "a node number", 0, last);
    const auto to = numbers.whole(w[1], "a node number", 0, last);
    const auto bps = numbers.number(w[2], "a rate in bit/s");
    if (!from || !to || !bps) continue;
    if (*bps < 0) numbers.error(w[2], "a rate cannot be negative");
    const auto rate = rate_of(*bps, 1.0);
    if (!rate || *from == *to) continue;
    out.push_back({spec.nodes[static_cast<std::size_t>(*from)].id,
                   spec.nodes[static_cast<std::size_t>(*to)].id, *rate});
  }
}

void matrix_rows(const SourceText& text, const NetworkSpec& spec, std::size_t row,
                 std::vector<ImportedDemand>& out, Diagnostics& diagnostics) {
  Lines lines(text, true);
  Numbers numbers(text, diagnostics);
  std::vector<Word> w;
  std::size_t count = 0;
  while (lines.next(w)) {
    if (count++ != row) continue;
    const std::size_t n = spec.nodes.size();
    if (w.size() != n * n) {
      numbers.error(
          w[0], fmt::format("expected {} numbers, {} x {} for the nodes of the topology, got {}",
                            n * n, n, n, w.size()));
      return;
    }
    for (std::size_t i = 0; i < w.size(); ++i) {
      const auto bps = numbers.number(w[i], "a rate in bit/s");
      if (bps && *bps < 0) numbers.error(w[i], "a rate cannot be negative");
      const auto rate = bps ? rate_of(*bps, 1.0) : std::nullopt;
      if (rate && i / n != i % n)
        out.push_back({spec.nodes[i / n].id, spec.nodes[i % n].id, *rate});
    }
    return;
  }
  diagnostics.error({text.name(), 0, 0},
                    fmt::format("has {} matrices; there is no number {} (from 0)", count, row));
}

}  // namespace longhaul::import
