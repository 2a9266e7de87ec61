#include "sim/scenario/detail/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/csv.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/detail/types.hpp"

namespace longhaul::scenario {

namespace {

constexpr std::size_t largest_file = std::size_t{1} << 30;
constexpr std::int64_t largest_flow = std::int64_t{1} << 50;  // a petabyte

enum Column : std::size_t {
  time_column,
  size_column,
  bytes_column,
  from_column,
  to_column,
  flow_column
};
const std::array<std::string, 6> column_names{"time", "size", "bytes", "from", "to", "flow"};

struct Columns {
  std::array<std::optional<std::size_t>, 6> at;
  std::size_t count = 0;
  char separator = ',';
  /// Which of size and bytes it has.
  Column amount() const { return at[bytes_column] ? bytes_column : size_column; }
};

/// Nothing after a mistake, which is returned.
std::optional<std::string> read_header(std::string_view line, Columns& out) {
  out.separator = csv::separator_of(line);
  const std::vector<csv::Field> fields = csv::split(line, 0, out.separator);
  out.count = fields.size();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto name = std::find(column_names.begin(), column_names.end(), fields[i].text);
    if (name != column_names.end())
      out.at[static_cast<std::size_t>(name - column_names.begin())] = i;
  }
  if (!out.at[time_column] || out.at[size_column].has_value() == out.at[bytes_column].has_value())
    return "expected a first line that names the columns time and size (packets), or time and "
           "bytes (flows)";
  if (out.at[from_column].has_value() != out.at[to_column].has_value())
    return "expected the columns from and to, or neither";
  return std::nullopt;
}

/// "0.000125" of `unit` in ps, exactly (what is below a picosecond is cut); nothing if it is none.
std::optional<Int128> parse_decimal(std::string_view text, std::int64_t unit) {
  Int128 whole = 0;
  Int128 fraction = 0;
  Int128 scale = 1;
  bool point = false;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    ++digits;
    if (!point) {
      if (whole >= 1'000'000'000'000'000'000) return std::nullopt;
      whole = whole * 10 + (c - '0');
    } else if (scale < 1'000'000'000'000'000) {
      fraction = fraction * 10 + (c - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  return whole * unit + fraction * unit / scale;
}

class Reader {
 public:
  Reader(std::shared_ptr<const SourceText> text, const WrittenTrace& written,
         const Network& network, Diagnostics& diagnostics)
      : text_(std::move(text)), written_(written), network_(network), diagnostics_(diagnostics) {}

  TraceRecords read() {
    bool first = true;
    csv::for_each_line(text_->content(), [&](std::string_view line, std::size_t offset) {
      if (!first) {
        read_row(line, offset);
        return true;
      }
      first = false;
      const auto mistake = read_header(line, columns_);
      if (mistake) error(offset, *mistake);
      return !mistake;
    });
    if (first) diagnostics_.error({text_->name(), 0, 0}, "is empty; expected time,size");
    out_.flows = columns_.amount() == bytes_column;
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
    const std::vector<csv::Field> fields = csv::split(line, offset, columns_.separator);
    if (fields.size() != columns_.count) {
      error(offset, fmt::format("expected {} fields as in the first line, got {}", columns_.count,
                                fields.size()));
      return;
    }
    const auto field = [&](Column c) -> const csv::Field& { return fields[*columns_.at[c]]; };
    const auto time = read_time(field(time_column));
    const auto bytes = read_bytes(field(columns_.amount()));
    TraceRecord record{time.value_or(0), bytes.value_or(0)};
    if (columns_.at[from_column]) {
      record.where = place(field(to_column).offset);
      record.from = node(field(from_column));
      record.to = node(field(to_column));
      if (record.from.valid() && record.from == record.to)
        error(field(to_column).offset,
              fmt::format("from and to are both {}", quote(field(to_column).text)));
    }
    if (columns_.at[flow_column]) record.flow = flow_number(field(flow_column).text);
    if (time && bytes) out_.records.push_back(std::move(record));
  }

  std::optional<Int128> read_time(const csv::Field& field) {
    constexpr std::array<std::pair<std::string_view, Duration>, 5> units{{{"ms", Duration::ms(1)},
                                                                          {"us", Duration::us(1)},
                                                                          {"ns", Duration::ns(1)},
                                                                          {"ps", Duration::ps(1)},
                                                                          {"s", Duration::s(1)}}};
    std::string_view text = field.text;
    std::optional<std::int64_t> unit;
    for (const auto& [name, length] : units) {
      if (!unit && text.size() > name.size() && text.substr(text.size() - name.size()) == name) {
        unit = length.ps();
        text = csv::trimmed(text.substr(0, text.size() - name.size()));
      }
    }
    const bool written = unit.has_value();
    if (!unit && written_.time_unit) unit = written_.time_unit->value.ps();
    const auto time = parse_decimal(text, unit.value_or(1));
    if (time && unit) return time;
    error(field.offset,
          fmt::format("expected a time of 0 or more such as {}, got {}{}",
                      !written && unit ? "0.0125" : "0.0125 s", quote(field.text),
                      time ? ": the unit is missing" : ""),
          time ? "write the unit in the file, or `time_unit: s` beside `file`" : "");
    return std::nullopt;
  }

  std::optional<std::int64_t> read_bytes(const csv::Field& field) {
    const std::int64_t most =
        columns_.amount() == size_column ? std::int64_t{largest_packet_bytes} : largest_flow;
    const auto number = parse_integer(field.text);
    if (number && *number >= 1 && *number <= most) return *number;
    error(field.offset,
          fmt::format("expected a number of bytes from 1 to {}, got {}", most, quote(field.text)));
    return std::nullopt;
  }

  NodeId node(const csv::Field& field) {
    const auto found = find_node(network_, field.text);
    if (found) return found.value;
    error(field.offset, found.error, found.hint);
    return NodeId::none();
  }

  /// Flows may have any names.
  static std::uint32_t flow_number(const std::string& name) {
    std::uint32_t h = 0x811c9dc5U;  // FNV-1a
    for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x01000193U;
    return h;
  }

  std::shared_ptr<const SourceText> text_;
  const WrittenTrace& written_;
  const Network& network_;
  Diagnostics& diagnostics_;
  Columns columns_;
  TraceRecords out_;
};

bool is_pcap(const std::string& file) {
  const auto extension = std::filesystem::path(file).extension();
  return extension == ".pcap" || extension == ".pcapng" || extension == ".cap";
}

TraceRecords read_records(const WrittenTrace& written, const Network& network,
                          Diagnostics& diagnostics) {
  if (!written.file.is_scalar() || written.file.scalar.empty()) {
    if (written.file.where.text != nullptr)
      yaml::wrong_type(written.file, "the path of a file", diagnostics);
    return {};
  }
  const std::string file = yaml::resolve_path(written.file);
  if (is_pcap(file)) {
    if (written.time_unit)
      written.time_unit->where.error(diagnostics, "`time_unit` only goes with CSV");
    return read_pcap(written.file, diagnostics);
  }
  try {
    const auto text = std::make_shared<const SourceText>(SourceText::read(file, largest_file));
    return Reader(text, written, network, diagnostics).read();
  } catch (const InputError& e) {
    written.file.where.error(diagnostics, fmt::format("cannot read {}: {}", quote(file),
                                                      e.diagnostics().front().message));
    return {};
  }
}

/// Shifted to start at 0 and played at the speed asked for; the period of a repetition, or 0.
/// Nothing after a mistake.
std::optional<std::int64_t> settle_times(const WrittenTrace& written, TraceRecords& trace,
                                         Diagnostics& diagnostics) {
  auto& records = trace.records;
  std::stable_sort(records.begin(), records.end(), [](const TraceRecord& a, const TraceRecord& b) {
    return a.time_ps < b.time_ps;
  });
  const Int128 first = records.front().time_ps;
  const double longest = static_cast<double>(longest_run.ps());
  const double last = static_cast<double>(records.back().time_ps - first) / written.speed;
  if (last > longest) {
    written.file.where.error(diagnostics,
                             "this trace takes longer than the 106 days that a run can");
    return std::nullopt;
  }
  for (TraceRecord& r : records) {
    r.time_ps -= first;
    if (written.speed != 1)
      r.time_ps = static_cast<std::int64_t>(static_cast<double>(r.time_ps) / written.speed + 0.5);
  }
  if (!written.repeat) return 0;
  const auto span = static_cast<std::int64_t>(records.back().time_ps);
  if (span == 0) {
    written.file.where.error(diagnostics, "all of this trace is at one time: it cannot repeat");
    return std::nullopt;
  }
  // The mean gap follows the last one, so that the rate stays.
  return span + span / static_cast<std::int64_t>(records.size() - 1);
}

/// Bits of all in the time of all; in a second where all are at one time.
Rate mean_rate(const std::vector<TraceRecord>& records, std::int64_t span_ps) {
  double bits = 0;
  for (const TraceRecord& r : records) bits += 8.0 * static_cast<double>(r.bytes);
  const double seconds = span_ps > 0 ? static_cast<double>(span_ps) * 1e-12 : 1.0;
  const double bps = std::min(bits / seconds, max_total_rate.as_double() / 1000);
  return Rate::bps(std::max<std::int64_t>(1, static_cast<std::int64_t>(bps)));
}

TracedPair make_pair(const std::vector<TraceRecord>& records, const WrittenTrace& written,
                     bool flows, std::int64_t period, std::int64_t span) {
  TracedPair out{records[0].from,          records[0].to,   PacketTrace{{}, period}, {},
                 mean_rate(records, span), records[0].where};
  if (flows) {
    FlowTrace trace{{}, period, written.flow_rate->value};
    for (const TraceRecord& r : records)
      trace.flows.push_back({static_cast<std::int64_t>(r.time_ps), r.bytes, r.flow});
    out.model = std::move(trace);
    return out;
  }
  auto& trace = std::get<PacketTrace>(out.model);
  std::map<std::int32_t, double> counts;
  for (const TraceRecord& r : records) {
    trace.packets.push_back(
        {static_cast<std::int64_t>(r.time_ps), r.flow, static_cast<std::uint16_t>(r.bytes)});
    counts[static_cast<std::int32_t>(r.bytes)] += 1;
  }
  for (const auto& [bytes, count] : counts) out.sizes.entries.push_back({bytes, count});
  return out;
}

}  // namespace

std::vector<TracedPair> read_trace(const WrittenTrace& written, const Network& network,
                                   Diagnostics& diagnostics) {
  Diagnostics own;
  TraceRecords trace = read_records(written, network, own);
  if (!own.has_errors() && trace.records.empty() && written.file.is_scalar())
    written.file.where.error(own, "this trace is empty");
  if (!own.has_errors() && trace.flows && !written.flow_rate)
    written.file.where.error(own, "a trace of flows needs `flow_rate`, at which each is sent");
  if (!own.has_errors() && !trace.flows && written.flow_rate)
    written.flow_rate->where.error(own, "`flow_rate` only goes with a trace of flows");
  std::optional<std::int64_t> period;
  if (!own.has_errors()) period = settle_times(written, trace, own);
  diagnostics.add(own.all());
  if (own.has_errors() || !period) return {};
  const std::int64_t span =
      *period > 0 ? *period : static_cast<std::int64_t>(trace.records.back().time_ps);
  std::map<std::pair<NodeId, NodeId>, std::vector<TraceRecord>> pairs;
  for (TraceRecord& r : trace.records) pairs[{r.from, r.to}].push_back(std::move(r));
  std::vector<TracedPair> out;
  out.reserve(pairs.size());
  for (const auto& [pair, records] : pairs)
    out.push_back(make_pair(records, written, trace.flows, *period, span));
  return out;
}

}  // namespace longhaul::scenario
