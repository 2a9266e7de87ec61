#include "sim/scenario/detail/types.hpp"

#include <fmt/format.h>

#include <bit>

#include "sim/base/text.hpp"
#include "sim/network/catalogue.hpp"
#include "sim/topology/fields.hpp"

namespace longhaul::scenario {

using yaml::Bound;
using yaml::Type;

namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string missing_or(std::string_view expected, std::string_view text) {
  const auto number = parse_number(text);
  return fmt::format("expected {}, got {}{}", expected, quote(text),
                     number ? ": the unit is missing" : "");
}

}  // namespace

Type<Duration> clock_time(Bound bound) {
  Type<Duration> type = yaml::duration(bound);
  type.read = [inner = type.read](const yaml::Node& node,
                                  Diagnostics& diagnostics) -> std::optional<Duration> {
    if (node.is_scalar()) {
      const auto parsed = parse_duration(node.scalar);
      const bool too_long =
          parsed ? *parsed > longest_run : ends_with(parsed.error(), "out of range");
      if (too_long) {
        node.where.error(
            diagnostics,
            fmt::format("{} is more than the 106 days that a run can last (its clock counts "
                        "picoseconds in 64 bits)",
                        quote(node.scalar)),
            "simulate a shorter time");
        return std::nullopt;
      }
    }
    return inner(node, diagnostics);
  };
  return type;
}

Type<int> priority() {
  const std::string expected = "high, medium, low, or a number from 0 (served first) to 7";
  return yaml::scalar<int>(
      {expected, R"({"enum": ["high", "medium", "low", 0, 1, 2, 3, 4, 5, 6, 7]})", {}},
      [expected](std::string_view text) -> Parsed<int> {
        if (text == "high") return 0;
        if (text == "medium") return 1;
        if (text == "low") return 2;
        const auto number = parse_integer(text);
        if (number && *number >= 0 && *number <= 7) return static_cast<int>(*number);
        return ParseError{fmt::format("expected {}, got {}", expected, quote(text))};
      });
}

Type<Size> packet_size() {
  const Type<Size> any = yaml::size(Bound::positive);
  return yaml::scalar<Size>(any.doc, [](std::string_view text) -> Parsed<Size> {
    auto size = parse_size(text);
    if (!size) return size;
    if (size->bytes() >= 1 && size->bytes() <= largest_packet_bytes) return size;
    return ParseError{fmt::format("expected a packet size from 1 B to {} B, got {}",
                                  largest_packet_bytes, quote(text))};
  });
}

Type<Rate> unit() {
  const std::string expected = "a unit of rate such as Mb/s or Gb/s";
  return yaml::scalar<Rate>(
      {expected, R"({"type": "string", "pattern": "^[kKMGTP]?(b/s|bps|bit/s)$|^[kKMGTP]$"})", {}},
      [expected](std::string_view text) -> Parsed<Rate> {
        auto rate = parse_rate("1 " + std::string(text));
        if (rate && *rate > Rate::zero()) return rate;
        return ParseError{fmt::format("expected {}, got {}", expected, quote(text))};
      });
}

Type<double> target() {
  const std::string expected = "a share above 0 % and up to 200 %, such as 70 % or 0.7";
  return yaml::scalar<double>(
      {expected, yaml::fraction().doc.schema, {}},
      [expected](std::string_view text) -> Parsed<double> {
        auto share = parse_fraction(text);
        if (share && *share > 0 && *share <= 2) return share;
        return ParseError{fmt::format("expected {}, got {}", expected, quote(text))};
      });
}

Type<std::uint32_t> flows() {
  constexpr std::int64_t most = 65'536;
  std::vector<std::string> powers;
  for (std::int64_t n = 1; n <= most; n *= 2) powers.push_back(fmt::format("{}", n));
  const std::string expected = fmt::format("a power of two from 1 to {}", most);
  return yaml::scalar<std::uint32_t>(
      {expected, yaml::json_object({{"enum", yaml::json_array(powers)}}), {}},
      [expected](std::string_view text) -> Parsed<std::uint32_t> {
        const auto number = parse_integer(text);
        if (number && *number >= 1 && *number <= most &&
            std::has_single_bit(static_cast<std::uint32_t>(*number))) {
          return static_cast<std::uint32_t>(*number);
        }
        return ParseError{fmt::format("expected {}, got {}", expected, quote(text))};
      });
}

namespace {

constexpr std::string_view buffer_expected =
    "a buffer such as 50 ms, 100 MB or 1000 packets (above 0), or none";
constexpr std::int64_t most_packets = 10'000'000;

Parsed<QueueLimit> parse_packets(std::string_view text, std::string_view number) {
  const auto count = parse_integer(number);
  if (count && *count >= 1 && *count <= most_packets)
    return QueueLimit{QueueLimit::Kind::packets, *count};
  return ParseError{fmt::format("expected 1 to {} packets, got {}", most_packets, quote(text))};
}

Parsed<QueueLimit> parse_buffer(std::string_view text) {
  if (text == "none") return QueueLimit{QueueLimit::Kind::unlimited, 0};
  for (const std::string_view word : {"packets", "packet"}) {
    if (ends_with(text, word))
      return parse_packets(text, text.substr(0, text.size() - word.size()));
  }
  const auto time = parse_duration(text);
  if (time && *time > Duration::zero()) return QueueLimit{QueueLimit::Kind::time, time->ps()};
  const auto size = parse_size(text);
  if (size && *size > Size::zero()) return QueueLimit{QueueLimit::Kind::bytes, size->bytes()};
  return ParseError{missing_or(buffer_expected, text)};
}

}  // namespace

Type<QueueLimit> buffer() {
  return yaml::scalar<QueueLimit>(
      {std::string(buffer_expected),
       R"({"type": "string", "pattern": "^none$|^[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)? *(ps|ns|us|µs|ms|s|min|h|d|[kKMGT]?B|[KMG]iB)$|^[0-9]+ *packets?$"})",
       {}},
      parse_buffer);
}

Type<std::string> protocol() {
  return yaml::choice<std::string>({{"isis", "isis"}, {"ospf", "ospf"}});
}

Type<yaml::Node> topology() {
  const auto& fields = topology_text::topology_fields();
  const std::string path = R"({"type": "string"})";
  return yaml::any(
      {"the path of a topology file, or a topology",
       yaml::json_object({{"anyOf", yaml::json_array({path, yaml::object_schema(fields.doc())})}}),
       {fields.shared_doc()}});
}

Type<WrittenLine> expectation_line() {
  const std::string expected = "a line such as: p99 latency from A to B < 40 ms";
  return {
      {expected, R"({"type": "string"})", {}},
      [expected](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<WrittenLine> {
        if (!node.is_scalar()) {
          yaml::wrong_type(node, expected, diagnostics);
          return std::nullopt;
        }
        return WrittenLine{node.scalar, node.quoted, node.where};
      }};
}

std::string mix_names() {
  std::string out;
  for (const catalogue::PacketMix& mix : catalogue::packet_mixes())
    out += (out.empty() ? "" : ", ") + std::string(mix.name);
  return out;
}

}  // namespace longhaul::scenario
