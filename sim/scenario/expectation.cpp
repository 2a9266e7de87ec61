#include "sim/scenario/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/parse.hpp"
#include "sim/base/text.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/selection.hpp"

namespace longhaul {

namespace {

using What = Expectation::Metric;
using Op = Expectation::Op;

struct Token {
  std::string text;
  std::size_t offset;
  bool quoted = false;
};

/// Words and quoted names; an operator at the start of a word stands alone ("<40" is two tokens).
std::vector<Token> tokenize(std::string_view line) {
  std::vector<Token> out;
  std::size_t i = 0;
  while (i < line.size()) {
    const char c = line[i];
    if (c == ' ' || c == '\t') {
      ++i;
    } else if (c == '"') {
      const std::size_t end = std::min(line.find('"', i + 1), line.size());
      out.push_back({std::string(line.substr(i + 1, end - i - 1)), i, true});
      i = end + 1;
    } else if (c == '<' || c == '>') {
      const std::size_t length = i + 1 < line.size() && line[i + 1] == '=' ? 2 : 1;
      out.push_back({std::string(line.substr(i, length)), i});
      i += length;
    } else {
      const std::size_t end = std::min(line.find_first_of(" \t", i), line.size());
      out.push_back({std::string(line.substr(i, end - i)), i});
      i = end;
    }
  }
  return out;
}

const std::array<std::string, 8> keywords{"of",       "from", "to",     "on",
                                          "provider", "tier", "region", "service"};
const std::array<std::string, 4> operators{"<", "<=", ">", ">="};

bool is_keyword(const Token& token) {
  return !token.quoted && std::find(keywords.begin(), keywords.end(), token.text) != keywords.end();
}

bool is_operator(const Token& token) {
  return !token.quoted &&
         std::find(operators.begin(), operators.end(), token.text) != operators.end();
}

/// What a user might write for an operator that is none.
bool looks_like_operator(const Token& token) {
  constexpr std::array<std::string_view, 5> words{"=", "==", "=<", "=>", "!="};
  return !token.quoted && std::find(words.begin(), words.end(), token.text) != words.end();
}

enum class Unit { fraction, seconds, bits_per_second, bytes, score };

Unit unit_of(What metric) {
  switch (metric) {
    case What::max_link_utilization:
    case What::loss:
    case What::availability:
      return Unit::fraction;
    case What::mos:
      return Unit::score;
    case What::throughput:
      return Unit::bits_per_second;
    case What::max_queue:
      return Unit::bytes;
    default:
      return Unit::seconds;
  }
}

Parsed<double> parse_bound(std::string_view text, Unit unit) {
  switch (unit) {
    case Unit::fraction: {
      auto share = parse_fraction(text);
      if (share && *share > 1) {
        return ParseError{fmt::format("expected a share from 0 % to 100 %, got {}", quote(text))};
      }
      return share;
    }
    case Unit::seconds: {
      const auto duration = parse_duration(text);
      if (!duration) return ParseError{duration.error()};
      return duration->seconds();
    }
    case Unit::bits_per_second: {
      const auto rate = parse_rate(text);
      if (!rate) return ParseError{rate.error()};
      return rate->as_double();
    }
    case Unit::bytes: {
      const auto size = parse_size(text);
      if (!size) return ParseError{size.error()};
      return static_cast<double>(size->bytes());
    }
    case Unit::score: {
      const auto score = parse_number(text);
      if (score && *score >= 1 && *score <= 4.5) return score;
      return ParseError{
          fmt::format("expected a mean opinion score from 1 to 4.5, got {}", quote(text))};
    }
  }
  return ParseError{"unknown unit"};
}

class Parser {
 public:
  Parser(std::string_view line, const Network* network, const std::vector<TrafficClass>& classes,
         const ExpectationError& error, const std::vector<Service>& services)
      : line_(line),
        network_(network),
        classes_(classes),
        services_(services),
        error_(error),
        tokens_(tokenize(line)) {
    out_.text = std::string(line);
  }

  std::optional<Expectation> parse() {
    read_metric();
    while (!at_end() && !is_operator(tokens_[next_])) {
      if (!read_clause()) return std::nullopt;
    }
    read_bound();
    check_together();
    if (failed_) return std::nullopt;
    return out_;
  }

 private:
  bool at_end() const { return next_ == tokens_.size(); }
  bool at_word() const {
    return !at_end() && !is_keyword(tokens_[next_]) && !is_operator(tokens_[next_]);
  }
  std::size_t offset() const { return at_end() ? line_.size() : tokens_[next_].offset; }

  void fail(std::size_t where, std::string message, std::string hint = {}) {
    failed_ = true;
    error_(where, std::move(message), std::move(hint));
  }

  /// The words up to the next keyword or operator, joined by single spaces.
  std::string words() {
    std::string out;
    for (; at_word(); ++next_) {
      if (looks_like_operator(tokens_[next_])) break;
      out += (out.empty() ? "" : " ") + tokens_[next_].text;
    }
    return out;
  }

  void read_metric() {
    const std::size_t start = offset();
    const std::string written = words();
    const auto& names = expectation_metrics();
    const auto found = std::find(names.begin(), names.end(), written);
    if (found != names.end()) {
      out_.metric = static_cast<What>(found - names.begin());
      return;
    }
    metric_known_ = false;
    const std::string what =
        written.empty() ? "expected a metric" : fmt::format("unknown metric {}", quote(written));
    fail(start,
         fmt::format("{}; {} {}", what, written.empty() ? "one of" : "expected one of",
                     fmt::join(names, ", ")),
         did_you_mean(written, names));
  }

  /// False where it makes no sense to read on.
  bool read_clause() {
    const Token clause = tokens_[next_++];
    std::string keyword = clause.quoted ? std::string() : clause.text;
    const bool of = keyword == "of";
    if (of && !at_end() && is_keyword(tokens_[next_])) {
      const std::string& kind = tokens_[next_].text;
      if (kind == "service" || kind == "provider" || kind == "tier" || kind == "region") {
        keyword = kind;
        ++next_;
      }
    }
    if (!is_keyword(clause)) {
      const bool comparing = looks_like_operator(clause);
      fail(clause.offset,
           fmt::format("expected of, from, to, on, service, provider, tier, region, or one of < <= "
                       "> >=, got {}",
                       quote(clause.text)),
           comparing ? "compare with <, <=, > or >=" : did_you_mean(clause.text, keywords));
      return false;
    }
    const std::size_t where = offset();
    const std::string name = words();
    if (name.empty()) {
      fail(where, fmt::format("expected {} after \"{}\"", what_follows(keyword), clause.text));
      return true;
    }
    if (std::find(given_.begin(), given_.end(), keyword) != given_.end()) {
      fail(clause.offset, fmt::format("\"{}\" is given twice", keyword));
      return true;
    }
    given_.push_back(keyword);
    select(keyword, name, where);
    return true;
  }

  static std::string what_follows(const std::string& keyword) {
    if (keyword == "of") return "a class, or service, provider, tier or region";
    if (keyword == "from" || keyword == "to") return "a node";
    if (keyword == "on") return "a link";
    if (keyword == "tier") return "1, 2 or 3";
    return "a " + keyword;
  }

  void select(const std::string& keyword, const std::string& name, std::size_t where) {
    if (keyword == "tier") {
      const auto tier = parse_integer(name);
      if (!tier || *tier < 1 || *tier > 3) {
        fail(where, fmt::format("expected tier 1, 2 or 3, got {}", quote(name)));
      } else {
        out_.tier = static_cast<int>(*tier);
      }
      return;
    }
    if (keyword == "of") return select_class(name, where);
    if (keyword == "service") return select_service(name, where);
    if (network_ == nullptr) return;
    if (keyword == "from") resolve(scenario::find_node(*network_, name), out_.from, where);
    if (keyword == "to") resolve(scenario::find_node(*network_, name), out_.to, where);
    if (keyword == "on") resolve(scenario::find_link(*network_, name), out_.link, where);
    if (keyword == "provider")
      resolve(scenario::find_provider(*network_, name), out_.provider, where);
    if (keyword == "region") resolve(scenario::find_region(*network_, name), out_.region, where);
  }

  void select_class(const std::string& name, std::size_t where) {
    std::vector<std::string> names;
    for (const TrafficClass& c : classes_) names.push_back(c.name);
    const bool no_class = std::find(names.begin(), names.end(), name) == names.end();
    const bool service = std::any_of(services_.begin(), services_.end(),
                                     [&](const Service& s) { return s.name == name; });
    if (no_class && service) return select_service(name, where);
    const auto found = scenario::find_name("class", name, names);
    if (!found) return fail(where, found.error, found.hint);
    out_.cls = ClassId(found.value);
    class_offset_ = where;
  }

  void select_service(const std::string& name, std::size_t where) {
    std::vector<std::string> names;
    for (const Service& s : services_) names.push_back(s.name);
    const auto found = scenario::find_name("service", name, names);
    if (!found) return fail(where, found.error, found.hint);
    out_.service = ServiceId(found.value);
    class_offset_ = where;
  }

  template <class T>
  void resolve(const scenario::Found<T>& found, T& into, std::size_t where) {
    if (!found) return fail(where, found.error, found.hint);
    into = found.value;
  }

  void read_bound() {
    if (at_end()) {
      fail(line_.size(), "expected one of < <= > >= and a value, got the end of the line");
      return;
    }
    const auto op = std::find(operators.begin(), operators.end(), tokens_[next_].text);
    out_.op = static_cast<Op>(op - operators.begin());
    const std::size_t after = tokens_[next_].offset + tokens_[next_].text.size();
    ++next_;
    if (!metric_known_) return;  // its unit is not known either
    const std::size_t where = offset();
    std::string_view value = line_.substr(std::max(after, where));
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    const auto bound = parse_bound(value, unit_of(out_.metric));
    if (!bound) return fail(where, bound.error());
    if (*bound < 0) return fail(where, fmt::format("expected 0 or more, got {}", quote(value)));
    out_.bound = *bound;
  }

  /// Rules between metric and clauses.
  void check_together() {
    if (!metric_known_) return;
    const bool on_link = std::find(given_.begin(), given_.end(), "on") != given_.end();
    if (on_link && !link_has(out_.metric)) {
      fail(0, fmt::format("a link has no {} of its own", to_string(out_.metric)),
           "use queueing, loss, throughput, max queue or max link utilization with \"on\"");
    }
    if ((out_.cls.valid() || out_.service.valid()) && (on_link || is_link_metric(out_))) {
      fail(class_offset_,
           fmt::format("{} is of links, which no class or service owns",
                       on_link ? "what is asked \"on\" a link" : to_string(out_.metric)));
    }
    if (out_.from.valid() && out_.from == out_.to) {
      fail(0, fmt::format("from and to are both {}", quote(network_->node(out_.from).id)));
    }
  }

  static bool link_has(What metric) {
    switch (metric) {
      case What::max_link_utilization:
      case What::max_queue:
      case What::loss:
      case What::throughput:
      case What::mean_queueing:
      case What::p50_queueing:
      case What::p99_queueing:
      case What::p999_queueing:
        return true;
      default:
        return false;
    }
  }

  std::string_view line_;
  const Network* network_;
  const std::vector<TrafficClass>& classes_;
  const std::vector<Service>& services_;
  const ExpectationError& error_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  Expectation out_;
  std::vector<std::string> given_;  ///< clauses so far
  std::size_t class_offset_ = 0;
  bool metric_known_ = true;
  bool failed_ = false;
};

}  // namespace

const std::vector<std::string>& expectation_metrics() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (int i = 0; i <= static_cast<int>(What::mos); ++i)
      out.emplace_back(to_string(static_cast<What>(i)));
    return out;
  }();
  return names;
}

std::optional<Expectation> parse_expectation(std::string_view line, const Network* network,
                                             const std::vector<TrafficClass>& classes,
                                             const ExpectationError& error,
                                             const std::vector<Service>& services) {
  return Parser(line, network, classes, error, services).parse();
}

}  // namespace longhaul
