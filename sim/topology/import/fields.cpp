#include "sim/topology/import/detail/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace longhaul::import {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<double> to_number(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

constexpr int most_hints = 20;
constexpr double most_km = 1e6;

}  // namespace

std::string as_utf8(std::string_view text) {
  bool valid = true;
  for (std::size_t i = 0; valid && i < text.size();) {
    const bool ascii = static_cast<unsigned char>(text[i]) < 0x80;
    const std::size_t length = ascii ? 1 : utf8_length(text, i);
    valid = length > 0;
    i += length;
  }
  if (valid) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string as_name(std::string_view raw) {
  std::string text = as_utf8(raw);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return text;
}

void add_attributes(const Fields& fields, Attributes& attributes) {
  for (const Field& f : fields) attributes.emplace_back(f.key, f.text);
  std::unordered_map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < attributes.size(); ++i) first.emplace(attributes[i].first, i);
  if (first.size() == attributes.size()) return;
  std::stable_sort(attributes.begin(), attributes.end(), [&](const auto& a, const auto& b) {
    return first.at(a.first) < first.at(b.first);
  });
}

std::optional<double> Checks::number(const Field& field, std::string_view what) {
  const auto value = to_number(field.text);
  if (!value)
    error(field.offset, fmt::format("expected {}, a number, got {}", what, quote(field.text)));
  return value;
}

std::optional<Distance> Checks::length_km(const Field& field) {
  const auto km = number(field, "a length in km");
  if (!km) return std::nullopt;
  if (*km < 0 || *km > most_km) {
    error(field.offset,
          fmt::format("expected a length from 0 to 1000000 km, got {}", quote(field.text)));
    return std::nullopt;
  }
  return Distance::from_metres(*km * 1000.0);
}

std::optional<Rate> Checks::capacity(const Field& field, double unit_bps) {
  const auto value = number(field, "a capacity");
  if (!value) return std::nullopt;
  const auto rate = rate_of(*value, unit_bps);
  if (!rate)
    error(field.offset, fmt::format("expected a capacity above 0 (and at most 9.2 Eb/s), got {}",
                                    quote(field.text)));
  return rate;
}

Capacity Checks::assumed_capacity() {
  ++assumed_;
  return {1, default_capacity};
}

void Checks::add_node(const Field& ref, Node node) {
  node.id = ids_.take(node.id.empty() ? ref.text : node.id);
  if (!nodes_.try_emplace(ref.text, out_.spec.nodes.size()).second)
    error(ref.offset, fmt::format("node {} is given twice", quote(ref.text)));
  out_.spec.nodes.push_back(std::move(node));
}

std::optional<NodeId> Checks::node(const Field& ref) {
  const auto it = nodes_.find(ref.text);
  if (it != nodes_.end()) return NodeId(it->second);
  std::string hint;
  if (hints_++ < most_hints) {
    std::vector<std::string> names;
    for (const auto& [name, index] : nodes_) names.push_back(name);
    std::sort(names.begin(), names.end());
    hint = did_you_mean(ref.text, names);
  }
  error(ref.offset, fmt::format("there is no node {}", quote(ref.text)), hint);
  return std::nullopt;
}

std::optional<std::pair<NodeId, NodeId>> Checks::ends(const Field& a, const Field& b) {
  const auto from = node(a);
  const auto to = node(b);
  if (!from || !to) return std::nullopt;
  if (*from == *to) {
    ++loops_;
    return std::nullopt;
  }
  return std::pair(*from, *to);
}

RegionId Checks::region(const std::string& name) {
  const std::string id = as_name(name);
  const auto [it, fresh] = regions_.try_emplace(id, out_.spec.regions.size());
  if (fresh) out_.spec.regions.push_back(id);
  return RegionId(it->second);
}

bool Checks::set_country(Node& node, const std::string& text) {
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() != 2 || !letter(text[0]) || !letter(text[1])) return false;
  node.country = text;
  return true;
}

void Checks::demand(const Field& from, const Field& to, const Field& value, double unit_bps) {
  const auto a = node(from);
  const auto b = node(to);
  const auto amount = number(value, "a demand");
  if (!a || !b || !amount) return;
  const auto rate = rate_of(*amount, unit_bps);
  if (*amount < 0 || (!rate && *amount * unit_bps > 1.0)) {
    error(value.offset,
          fmt::format("expected a demand from 0 to 9.2 Eb/s, got {}", quote(value.text)));
    return;
  }
  if (!rate || *a == *b) return;
  const auto& nodes = out_.spec.nodes;
  out_.demands.push_back({nodes[a->index()].id, nodes[b->index()].id, *rate});
}

void Checks::finish() {
  if (loops_ > 0) warn_of_loops(text_, loops_, diagnostics_);
  if (assumed_ > 0)
    warn(text_, diagnostics_,
         fmt::format("{} links have no capacity; {} is assumed", assumed_,
                     to_text(default_capacity)));
}

}  // namespace longhaul::import
