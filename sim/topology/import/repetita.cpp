// REPETITA's .graph and .demands (Gay, Schaus and Vissicchio, arXiv 1710.08665): capacities and
// rates in kbit/s, delays in microseconds, IGP weights; nodes are numbered from 0 in the order of
// their table.
#include <fmt/format.h>

#include "sim/topology/import/detail/formats.hpp"
#include "sim/topology/import/detail/words.hpp"

namespace longhaul::import {

namespace {

/// Capacities and delays of this size still fit after conversion.
constexpr std::int64_t most_kbps = 9'000'000'000'000'000;
constexpr std::int64_t most_us = 9'000'000'000'000;

class Tables {
 public:
  Tables(const SourceText& text, Diagnostics& diagnostics)
      : text_(text), diagnostics_(diagnostics), lines_(text, false), numbers_(text, diagnostics) {}

  Numbers& numbers() { return numbers_; }

  /// Reads "NAME n", a line of column names, then n rows of `columns` words; calls row(words) for
  /// each.
  template <class F>
  bool table(std::string_view name, std::size_t columns, F&& row) {
    std::vector<Word> words;
    if (!lines_.next(words) || words[0].text != name) {
      error_at(text_, words.empty() ? text_.content().size() : words[0].offset, diagnostics_,
               fmt::format("expected the table {}, as in \"{} 12\"", name, name));
      return false;
    }
    if (words.size() != 2) {
      numbers_.error(words[0], fmt::format("expected \"{} n\", the number of rows", name));
      return false;
    }
    const auto count = numbers_.whole(words[1], "a number of rows", 0, 100'000'000);
    if (!count) return false;
    const std::size_t header = words[0].offset;
    if (!lines_.next(words) || words[0].text != "label") {
      error_at(text_, words.empty() ? header : words[0].offset, diagnostics_,
               fmt::format("expected the column names of {}, starting with \"label\"", name));
      return false;
    }
    for (std::int64_t i = 0; i < *count; ++i) {
      if (!lines_.next(words)) {
        error_at(text_, text_.content().size(), diagnostics_,
                 fmt::format("the file ends after {} of {} rows of {}", i, *count, name));
        return false;
      }
      if (words.size() != columns) {
        numbers_.error(words[0], fmt::format("expected {} columns in a row of {}, got {}", columns,
                                             name, words.size()));
        if (words[0].text == "EDGES" || words[0].text == "DEMANDS")
          return false;  // the table is shorter than said
        continue;
      }
      row(words);
    }
    return true;
  }

  void end() {
    std::vector<Word> words;
    if (lines_.next(words))
      numbers_.error(words[0],
                     fmt::format("expected the end of the file, got {}", quote(words[0].text)));
  }

 private:
  const SourceText& text_;
  Diagnostics& diagnostics_;
  Lines lines_;
  Numbers numbers_;
};

}  // namespace

void repetita_graph(const SourceText& text, Imported& out, Diagnostics& diagnostics) {
  out.has_network = true;
  Tables tables(text, diagnostics);
  Numbers& numbers = tables.numbers();
  UniqueIds ids;
  NetworkSpec& spec = out.spec;
  Places places;
  const bool nodes_read = tables.table("NODES", 3, [&](const std::vector<Word>& w) {
    Node node;
    node.id = ids.take(std::string(w[0].text));
    const auto x = numbers.number(w[1], "a longitude");
    const auto y = numbers.number(w[2], "a latitude");
    places.push_back(x && y ? std::optional(std::pair(*x, *y)) : std::nullopt);
    spec.nodes.push_back(std::move(node));
  });
  if (!nodes_read) return;
  place_nodes(spec, places);
  const auto last = static_cast<std::int64_t>(spec.nodes.size()) - 1;
  std::size_t loops = 0;
  const bool edges_read = tables.table("EDGES", 6, [&](const std::vector<Word>& w) {
    const auto from = numbers.whole(w[1], "a node number", 0, last);
    const auto to = numbers.whole(w[2], "a node number", 0, last);
    const auto weight = numbers.whole(w[3], "a weight", 1, 1'000'000'000'000);
    const auto kbps = numbers.whole(w[4], "a capacity in kbit/s", 1, most_kbps);
    const auto us = numbers.whole(w[5], "a delay in microseconds", 0, most_us);
    if (!from || !to || !weight || !kbps || !us) return;
    if (*from == *to) {  // a few published graphs have such edges; no packet would ever take one
      ++loops;
      return;
    }
    Link link;
    link.a = NodeId(static_cast<std::size_t>(*from));
    link.b = NodeId(static_cast<std::size_t>(*to));
    link.capacity = {1, Rate::bps(*kbps * 1000)};
    link.delay = Duration::us(*us);
    link.delay_given = true;
    link.metric_ab = *weight;
    link.one_way = true;
    spec.links.push_back(std::move(link));
  });
  if (edges_read) tables.end();
  if (loops > 0) warn_of_loops(text, loops, diagnostics);
  join_opposite_links(spec);
}

void repetita_demands(const SourceText& text, const NetworkSpec& spec,
                      std::vector<ImportedDemand>& out, Diagnostics& diagnostics) {
  Tables tables(text, diagnostics);
  Numbers& numbers = tables.numbers();
  const auto last = static_cast<std::int64_t>(spec.nodes.size()) - 1;
  const bool read = tables.table("DEMANDS", 4, [&](const std::vector<Word>& w) {
    const auto from = numbers.whole(w[1], "a node number", 0, last);
    const auto to = numbers.whole(w[2], "a node number", 0, last);
    const auto kbps = numbers.whole(w[3], "a rate in kbit/s", 0, most_kbps);
    if (!from || !to || !kbps || *from == *to || *kbps == 0) return;
    out.push_back({spec.nodes[static_cast<std::size_t>(*from)].id,
                   spec.nodes[static_cast<std::size_t>(*to)].id, Rate::bps(*kbps * 1000)});
  });
  if (read) tables.end();
}

}  // namespace longhaul::import
