// Texts of words and numbers separated by blanks, with the place of each word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"

namespace longhaul::import {

struct Word {
  std::string_view text;
  std::size_t offset;
};

/// The lines of a text that hold words; '#' starts a comment where `comments` is set.
class Lines {
 public:
  Lines(const SourceText& text, bool comments) : text_(text), comments_(comments) {}
  /// The words of the next line that has any; false at the end.
  bool next(std::vector<Word>& words);
  std::size_t offset() const { return at_; }

 private:
  const SourceText& text_;
  bool comments_;
  std::size_t at_ = 0;
};

/// Reads numbers out of words, saying what was expected where one is none.
class Numbers {
 public:
  Numbers(const SourceText& text, Diagnostics& diagnostics)
      : text_(text), diagnostics_(diagnostics) {}
  /// A finite number; `what` names it in the error ("a capacity in kbit/s").
  std::optional<double> number(const Word& word, std::string_view what);
  /// A whole number in [least, most].
  std::optional<std::int64_t> whole(const Word& word, std::string_view what, std::int64_t least,
                                    std::int64_t most);
  void error(const Word& word, std::string message, std::string hint = {});

 private:
  const SourceText& text_;
  Diagnostics& diagnostics_;
};

}  // namespace longhaul::import
