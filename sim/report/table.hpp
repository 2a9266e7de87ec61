// A text table that fits a terminal.
#pragma once

#include <string>
#include <vector>

#include "sim/report/style.hpp"

namespace longhaul::report {

struct Column {
  std::string header;
  bool left = false;      ///< names; figures stand right
  bool cuttable = false;  ///< gives way when the table is too wide
  int optional =
      0;  ///< 0: always shown; the highest number is left out first when the table is too wide
};

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// As many cells as columns.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  /// Header and rows, each line indented by two columns and ended by a newline.
  std::string render(const Style& style) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace longhaul::report
