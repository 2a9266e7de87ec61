#include "sim/base/yaml/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace longhaul::yaml {

namespace {

std::vector<std::string> quoted(const std::vector<std::string>& keys) {
  std::vector<std::string> out;
  for (const std::string& key : keys) out.push_back(quote(key));
  return out;
}

}  // namespace

bool check_keys(const Node& node, const ObjectDoc& doc, Diagnostics& diagnostics) {
  const std::string what = with_article(doc.name);
  if (!node.is_map()) {
    wrong_type(node, "a map: " + what, diagnostics);
    return false;
  }
  std::vector<std::string> keys;
  keys.reserve(doc.fields.size());
  for (const FieldDoc& field : doc.fields) keys.push_back(field.key);

  for (const Entry& entry : node.entries) {
    if (std::find(keys.begin(), keys.end(), entry.key) != keys.end()) continue;
    std::string hint = did_you_mean(entry.key, keys);
    entry.where.error(diagnostics,
                      fmt::format("unknown key {} of {}; expected one of {}", quote(entry.key),
                                  what, fmt::join(keys, ", ")),
                      std::move(hint));
  }
  for (const FieldDoc& field : doc.fields) {
    if (!field.required || node.find(field.key) != nullptr) continue;
    node.where.error(diagnostics, fmt::format("missing key {} of {}: expected {}", quote(field.key),
                                              what, field.type.expected));
  }
  const bool some = std::any_of(doc.any_of.begin(), doc.any_of.end(),
                                [&](const std::string& key) { return node.find(key) != nullptr; });
  if (!some && !doc.any_of.empty())
    node.where.error(diagnostics, fmt::format("missing key {} of {}",
                                              fmt::join(quoted(doc.any_of), " or "), what));
  return true;
}

}  // namespace longhaul::yaml
