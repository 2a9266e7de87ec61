#include "sim/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "sim/base/text.hpp"

namespace longhaul {

namespace {

/// A file of nonsense can hold a mistake per byte; nobody reads more than this many.
constexpr std::size_t most_kept = 1000;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// The line as it may go to a terminal: no escape sequences, nothing that is no text. As long as
/// before.
std::string printable(const std::string& line) {
  std::string out = line;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const std::size_t wide = utf8_length(line, i);
    if (wide > 0) {
      i += wide - 1;
    } else if ((byte < 0x20 && line[i] != '\t') || byte >= 0x7F) {
      out[i] = '?';
    }
  }
  return out;
}

/// Blanks up to the caret: one per character (columns count bytes), tabs kept so that both lines
/// align.
std::string indent_to(std::string_view line, int column) {
  std::string out;
  for (std::size_t i = 0; i + 1 < static_cast<std::size_t>(column); ++i) {
    const char c = i < line.size() ? line[i] : ' ';
    if (!is_continuation(c)) out += c == '\t' ? '\t' : ' ';
  }
  return out;
}

std::string joined(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics) {
    if (!out.empty()) out += '\n';
    out += format(d);
  }
  return out;
}

}  // namespace

std::string format(const Diagnostic& diagnostic) {
  const SourceLocation& where = diagnostic.where;
  std::string out;
  if (!where.file.empty()) out += where.file + ":";
  if (where.line > 0) out += fmt::format("{}:", where.line);
  if (where.line > 0 && where.column > 0) out += fmt::format("{}:", where.column);
  if (!out.empty()) out += ' ';
  out += fmt::format("{}: {}", diagnostic.warning ? "warning" : "error", diagnostic.message);
  if (!diagnostic.source_line.empty()) {
    const std::string line = printable(diagnostic.source_line);
    out += fmt::format("\n{:5} | {}", where.line, line);
    const bool inside = where.column > 0 &&
                        static_cast<std::size_t>(where.column) <= diagnostic.source_line.size() + 1;
    if (inside) {
      out += fmt::format("\n{:5} | {}^", "", indent_to(line, where.column));
    }
  }
  if (!diagnostic.hint.empty()) out += fmt::format("\n{:5} = {}", "", diagnostic.hint);
  return out;
}

InputError::InputError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

InputError::InputError(std::string message, std::string hint)
    : InputError(
          std::vector<Diagnostic>{Diagnostic{{}, std::move(message), std::move(hint), {}, false}}) {
}

void Diagnostics::error(SourceLocation where, std::string message, std::string hint,
                        std::string source_line) {
  add({Diagnostic{std::move(where), std::move(message), std::move(hint), std::move(source_line),
                  false}});
}

void Diagnostics::warning(SourceLocation where, std::string message, std::string hint,
                          std::string source_line) {
  add({Diagnostic{std::move(where), std::move(message), std::move(hint), std::move(source_line),
                  true}});
}

void Diagnostics::add(const std::vector<Diagnostic>& more) {
  for (const Diagnostic& d : more) {
    if (all_.size() < most_kept) {
      all_.push_back(d);
    } else if (!d.warning) {
      ++errors_not_kept_;
    }
  }
}

bool Diagnostics::has_errors() const {
  return errors_not_kept_ > 0 ||
         std::any_of(all_.begin(), all_.end(), [](const Diagnostic& d) { return !d.warning; });
}

void Diagnostics::throw_if_errors() const {
  if (!has_errors()) return;
  std::vector<Diagnostic> sorted = all_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& x, const Diagnostic& y) {
    return std::tie(x.where.file, x.where.line, x.where.column) <
           std::tie(y.where.file, y.where.line, y.where.column);
  });
  // A default that many things take is one mistake, however many read it.
  const auto same = [](const Diagnostic& x, const Diagnostic& y) {
    return x.where.line > 0 && x.message == y.message &&
           std::tie(x.where.file, x.where.line, x.where.column) ==
               std::tie(y.where.file, y.where.line, y.where.column);
  };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  if (errors_not_kept_ > 0) {
    Diagnostic& rest = sorted.emplace_back();
    rest.message = fmt::format("{} more mistakes are not shown", errors_not_kept_);
  }
  throw InputError(std::move(sorted));
}

}  // namespace longhaul
