// The fields of `transport:`.
#include <fmt/format.h>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written_arrivals.hpp"
#include "sim/scenario/detail/written_transport.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::located;
using yaml::Type;
using yaml::TypeDoc;

const std::vector<CongestionControl> protocols{CongestionControl::newreno, CongestionControl::cubic,
                                               CongestionControl::bbr};

Type<CongestionControl> protocol_type() {
  return yaml::choice_of(
      {CongestionControl::newreno, CongestionControl::cubic, CongestionControl::bbr});
}

/// A time, or none.
Type<std::optional<Duration>> delayed_ack() {
  const Type<Duration> time = clock_time(Bound::positive);
  const std::string expected = time.doc.expected + ", or none";
  return {
      {expected,
       yaml::json_object({{"anyOf", yaml::json_array({time.doc.schema, R"({"const": "none"})"})}}),
       {}},
      [time](const yaml::Node& node,
             Diagnostics& diagnostics) -> std::optional<std::optional<Duration>> {
        if (node.is_scalar() && node.scalar == "none") return std::optional<Duration>{};
        auto read = time.read(node, diagnostics);
        if (!read) return std::nullopt;
        return std::optional<Duration>{*read};
      }};
}

/// A segment's data, with room for its headers in the largest packet.
Type<Size> segment() {
  constexpr std::int64_t most = largest_packet_bytes - Transport::header_bytes;
  Type<Size> size = yaml::size(Bound::positive);
  const std::string expected = fmt::format("a size from 1 B to {} B", most);
  return {
      {expected, size.doc.schema, {}},
      [size, expected](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<Size> {
        auto read = size.read(node, diagnostics);
        if (read && read->bytes() > most) {
          node.where.error(diagnostics,
                           fmt::format("expected {}, got {}", expected, node.describe()));
          return std::nullopt;
        }
        return read;
      }};
}

void check_start(const WrittenTransport& written, const yaml::Node&, Diagnostics& diagnostics) {
  if (written.start && !written.endless())
    written.start->where.error(diagnostics,
                               "`start` only goes with endless connections: flows come at random");
}

const Fields<WrittenTransport>& transport_fields() {
  static const Fields<WrittenTransport> fields =
      Fields<WrittenTransport>("transport", "TCP between the two nodes of each demand.")
          .required("protocol", &WrittenTransport::protocol, protocol_type(),
                    "Congestion control: newreno (RFC 5681, 6675), cubic (RFC 9438) or bbr (v1).")
          .optional("connections", &WrittenTransport::connections,
                    yaml::converted<std::optional<std::int64_t>>(
                        yaml::integer(1, Transport::most_connections)),
                    "Of each demand: of endless ones how many there are; of others the most at one "
                    "time, further ones wait.",
                    "1 endless, else 1000")
          .optional(
              "flow", &WrittenTransport::flow, located(yaml::text()),
              fmt::format("endless, or how much each connection carries: a size such as 1 MB, "
                          "one of the tables {}, or one of `flow_sizes`; they come at random, "
                          "so that they add up to the rate.",
                          flow_size_names()),
              "endless where connections is given, else web-search")
          .optional("ecn", &WrittenTransport::ecn, yaml::boolean(),
                    "Whether queues may mark its packets instead of dropping them (RFC 3168).",
                    "false")
          .optional("mss", &WrittenTransport::mss, segment(),
                    "Data in a full segment; headers (IP, TCP, timestamps) add 52 B.", "1448 B")
          .optional("initial_window", &WrittenTransport::initial_window, yaml::integer(1, 1000),
                    "Segments sent at once at the start (RFC 6928).", "10")
          .optional("delayed_ack", &WrittenTransport::delayed_ack, delayed_ack(),
                    "How long an acknowledgement waits for a second segment (RFC 5681); none: it "
                    "does not.",
                    "40 ms")
          .optional("min_rto", &WrittenTransport::min_rto, clock_time(Bound::positive),
                    "Least retransmission timeout; RFC 6298 asks for 1 s, Linux takes 200 ms.",
                    "200 ms")
          .optional("start", &WrittenTransport::start, located(clock_time(Bound::not_negative)),
                    "Endless connections begin within this time, each at random.", "100 ms")
          .place(&WrittenTransport::where)
          .check(check_start);
  return fields;
}

}  // namespace

Type<WrittenTransport> transport() {
  std::vector<std::string> words;
  for (const CongestionControl p : protocols) words.emplace_back(to_string(p));
  const Type<WrittenTransport> map = yaml::object(transport_fields());
  const std::string expected =
      fmt::format("one of {}, or {{protocol: ..., ...}}", fmt::join(words, ", "));
  TypeDoc doc{expected,
              yaml::json_object(
                  {{"anyOf", yaml::json_array({yaml::choice_doc(words).schema, map.doc.schema})}}),
              map.doc.objects};
  return {std::move(doc),
          [=](const yaml::Node& node, Diagnostics& diagnostics) -> std::optional<WrittenTransport> {
            if (node.is_map()) return map.read(node, diagnostics);
            const auto which = yaml::read_choice(node, words, diagnostics);
            if (!which) return std::nullopt;
            WrittenTransport out;
            out.protocol = protocols[*which];
            out.where = node.where;
            return out;
          }};
}

}  // namespace longhaul::scenario
