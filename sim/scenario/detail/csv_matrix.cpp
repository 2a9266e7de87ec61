#include "sim/scenario/detail/csv_matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/scenario/detail/csv.hpp"
#include "sim/scenario/detail/lookup.hpp"

namespace longhaul::scenario {

using csv::Field;

namespace {

const std::array<std::string, 3> names{"from", "to", "rate"};

/// Which field is from, to and rate.
struct Columns {
  std::array<std::size_t, 3> at{};
  std::array<bool, 3> found{};
  std::size_t count = 0;
  char separator = ',';
  bool complete() const { return found[0] && found[1] && found[2]; }
};

Columns read_header(std::string_view line) {
  Columns out;
  out.separator = csv::separator_of(line);
  const std::vector<Field> fields = csv::split(line, 0, out.separator);
  out.count = fields.size();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto name = std::find(names.begin(), names.end(), fields[i].text);
    if (name == names.end()) continue;
    const auto column = static_cast<std::size_t>(name - names.begin());
    out.at[column] = i;
    out.found[column] = true;
  }
  return out;
}

class Reader {
 public:
  Reader(std::shared_ptr<const SourceText> text, std::optional<Rate> unit, const Network* network,
         Diagnostics& diagnostics)
      : text_(std::move(text)), unit_(unit), network_(network), diagnostics_(diagnostics) {}

  std::vector<PlacedEntry> read() {
    bool first = true;
    csv::for_each_line(text_->content(), [&](std::string_view line, std::size_t offset) {
      if (!first) {
        read_row(line, offset);
        return true;
      }
      first = false;
      columns_ = read_header(line);
      if (columns_.complete()) return true;
      error(offset, "expected a first line that names the columns from, to and rate");
      return false;
    });
    if (first) diagnostics_.error({text_->name(), 0, 0}, "is empty; expected from,to,rate");
    return std::move(out_);
  }

 private:
  yaml::Place place(std::size_t offset) const {
    const SourceLocation where = text_->locate(offset);
    return {text_, where.line, where.column};
  }
  void error(std::size_t offset, std::string message, std::string hint = {}) {
    place(offset).error(diagnostics_, std::move(message), std::move(hint));
  }

  void read_row(std::string_view line, std::size_t offset) {
    const std::vector<Field> fields = csv::split(line, offset, columns_.separator);
    if (fields.size() != columns_.count) {
      error(offset, fmt::format("expected {} fields as in the first line, got {}", columns_.count,
                                fields.size()));
      return;
    }
    const Field& rate_field = fields[columns_.at[2]];
    const auto rate = read_rate(rate_field);
    if (network_ == nullptr) return;
    const auto from = node(fields[columns_.at[0]]);
    const auto to = node(fields[columns_.at[1]]);
    if (!rate || !from || !to) return;
    if (*from == *to) {
      error(fields[columns_.at[1]].offset,
            fmt::format("from and to are both {}", quote(fields[columns_.at[1]].text)));
      return;
    }
    out_.push_back({MatrixEntry{*from, *to, *rate}, place(fields[columns_.at[1]].offset)});
  }

  std::optional<NodeId> node(const Field& field) {
    const auto found = find_node(*network_, field.text);
    if (found) return found.value;
    error(field.offset, found.error, found.hint);
    return std::nullopt;
  }

  std::optional<Rate> read_rate(const Field& field) {
    const auto number = parse_number(field.text);
    if (number && unit_) {
      const double bps = *number * unit_->as_double();
      if (bps >= 0 && bps <= max_total_rate.as_double())
        return Rate::bps(static_cast<std::int64_t>(std::floor(bps + 0.5)));
      error(field.offset, fmt::format("expected a rate of 0 to 1 Eb/s, got {}", quote(field.text)));
      return std::nullopt;
    }
    const auto rate = parse_rate(field.text);
    if (!rate) {
      error(field.offset, rate.error(),
            number ? "write the unit in the file, or `unit: Mb/s` beside `file`" : "");
      return std::nullopt;
    }
    if (*rate < Rate::zero()) {
      error(field.offset, fmt::format("expected a rate of 0 or more, got {}", quote(field.text)));
      return std::nullopt;
    }
    return *rate;
  }

  std::shared_ptr<const SourceText> text_;
  std::optional<Rate> unit_;
  const Network* network_;
  Diagnostics& diagnostics_;
  Columns columns_;
  std::vector<PlacedEntry> out_;
};

}  // namespace

bool looks_like_csv_matrix(const SourceText& text) {
  bool complete = false;
  csv::for_each_line(text.content(), [&](std::string_view line, std::size_t) {
    complete = read_header(line).complete();
    return false;
  });
  return complete;
}

std::vector<PlacedEntry> read_csv_matrix(std::shared_ptr<const SourceText> text,
                                         std::optional<Rate> unit, const Network* network,
                                         Diagnostics& diagnostics) {
  return Reader(std::move(text), unit, network, diagnostics).read();
}

}  // namespace longhaul::scenario
