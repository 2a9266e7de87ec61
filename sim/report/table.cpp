#include "sim/report/table.hpp"

#include <algorithm>

namespace longhaul::report {

namespace {

constexpr std::size_t gap = 2;  ///< between columns, and before the first
constexpr std::size_t shortest_name = 8;

std::size_t total_width(const std::vector<std::size_t>& widths) {
  std::size_t sum = 0;
  for (const std::size_t w : widths)
    if (w > 0) sum += w + gap;
  return sum;
}

/// Leaves out optional columns, then cuts names, until the table fits; a width of 0 is a column
/// left out.
void fit(std::vector<std::size_t>& widths, const std::vector<Column>& columns, std::size_t limit) {
  int rank = 0;
  for (const Column& c : columns) rank = std::max(rank, c.optional);
  for (; rank > 0 && total_width(widths) > limit; --rank)
    for (std::size_t c = 0; c < columns.size(); ++c)
      if (columns[c].optional == rank) widths[c] = 0;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::size_t total = total_width(widths);
    if (!columns[c].cuttable || total <= limit) continue;
    const std::size_t spare = widths[c] > shortest_name ? widths[c] - shortest_name : 0;
    widths[c] -= std::min(spare, total - limit);
  }
}

std::string pad(const Style& style, const Cell& cell, std::size_t width, bool left) {
  const std::string text = cut(style, cell.text, width);
  const std::string space(width - std::min(width, columns(text)), ' ');
  const std::string painted = paint(style, cell.tone, text);
  return left ? painted + space : space + painted;
}

std::string line(const Style& style, const std::vector<Cell>& cells,
                 const std::vector<std::size_t>& widths, const std::vector<Column>& columns) {
  std::string text;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (widths[c] == 0) continue;
    text.append(gap, ' ').append(pad(style, cells[c], widths[c], columns[c].left));
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

}  // namespace

std::string Table::render(const Style& style) const {
  std::vector<std::size_t> widths;
  std::vector<Cell> header;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t width = columns(columns_[c].header);
    for (const auto& row : rows_) width = std::max(width, columns(row[c].text));
    widths.push_back(width);
    header.push_back({columns_[c].header, Tone::dim});
  }
  fit(widths, columns_, static_cast<std::size_t>(std::max(style.width, 20)));
  std::string text = line(style, header, widths, columns_);
  for (const auto& row : rows_) text += line(style, row, widths, columns_);
  return text;
}

}  // namespace longhaul::report
