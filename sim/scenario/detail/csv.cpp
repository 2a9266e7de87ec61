#include "sim/scenario/detail/csv.hpp"

namespace longhaul::scenario::csv {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<Field> split(std::string_view line, std::size_t offset, char separator) {
  std::vector<Field> out;
  std::size_t i = 0;
  for (;;) {
    while (i < line.size() && line[i] == ' ') ++i;
    Field field{{}, offset + i};
    if (i < line.size() && line[i] == '"') {
      for (++i; i < line.size(); ++i) {
        if (line[i] == '"' && (i + 1 >= line.size() || line[i + 1] != '"')) break;
        if (line[i] == '"') ++i;
        field.text += line[i];
      }
      i = std::min(line.find(separator, i), line.size());
    } else {
      const std::size_t end = std::min(line.find(separator, i), line.size());
      field.text = std::string(trimmed(line.substr(i, end - i)));
      i = end;
    }
    out.push_back(std::move(field));
    if (i >= line.size()) return out;
    ++i;
  }
}

char separator_of(std::string_view header) {
  for (const char c : {',', ';', '\t'}) {
    if (header.find(c) != std::string_view::npos) return c;
  }
  return ',';
}

}  // namespace longhaul::scenario::csv
