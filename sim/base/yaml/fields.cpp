#include "sim/base/yaml/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace longhaul::yaml {

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
  return true;
}

}  // namespace longhaul::yaml
