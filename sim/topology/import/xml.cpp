#include "sim/topology/import/detail/xml.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace longhaul::import {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

XmlFile::XmlFile(const SourceText& text, std::string_view root, Diagnostics& diagnostics)
    : all_(text.content()) {
  // The bytes are taken as they are (as_utf8 sees to ISO 8859-1), so that offsets stay true.
  const auto result = document_.load_buffer(all_.data(), all_.size(),
                                            pugi::parse_default | pugi::parse_ws_pcdata_single,
                                            pugi::encoding_utf8);
  if (!result) {
    error_at(text, static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)),
             diagnostics, fmt::format("is not well-formed XML: {}", result.description()));
    return;
  }
  const pugi::xml_node top = document_.document_element();
  if (local_name(top) == root)
    root_ = top;
  else
    error_at(text, offset(top), diagnostics,
             fmt::format("expected the element <{}>, got <{}>", root, as_utf8(local_name(top))));
}

std::size_t XmlFile::offset(const pugi::xml_node& node) {
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
}

Fields XmlFile::attributes(const pugi::xml_node& element) const {
  // The library has decoded names and values in their order; their places are found again.
  Fields out;
  std::size_t at = offset(element);
  while (at < all_.size() && !is_blank(all_[at])) ++at;  // past the element's name
  for (const pugi::xml_attribute a : element.attributes()) {
    at = std::min(all_.find('=', at), all_.size());
    at = std::min(all_.find_first_of("\"'", at), all_.size());
    const std::size_t value = std::min(at + 1, all_.size());
    out.push_back({as_utf8(a.name()), as_utf8(a.value()), value});
    at = at < all_.size() ? std::min(all_.find(all_[at], value), all_.size()) : at;
    if (at < all_.size()) ++at;
  }
  return out;
}

std::optional<Field> XmlFile::attribute(const pugi::xml_node& element,
                                        std::string_view name) const {
  for (Field& f : attributes(element))
    if (f.key == name) return std::move(f);
  return std::nullopt;
}

Field XmlFile::content(const pugi::xml_node& element, bool exact) {
  Field out{as_utf8(local_name(element)), {}, offset(element)};
  std::string text;
  bool first = true;
  for (const pugi::xml_node& part : element.children()) {
    if (part.type() != pugi::node_pcdata && part.type() != pugi::node_cdata) continue;
    if (first) out.offset = offset(part);
    first = false;
    text += part.value();
  }
  if (!exact) {
    std::size_t blanks = 0;
    while (blanks < text.size() && is_blank(text[blanks])) ++blanks;
    text.erase(0, blanks);
    if (!text.empty()) out.offset += blanks;
    while (!text.empty() && is_blank(text.back())) text.pop_back();
  }
  out.text = as_utf8(text);
  return out;
}

pugi::xml_node XmlFile::find(const pugi::xml_node& element, std::string_view name) {
  for (const pugi::xml_node& c : element.children())
    if (local_name(c) == name) return c;
  return {};
}

std::optional<Field> XmlFile::child(const pugi::xml_node& element, std::string_view name) {
  const pugi::xml_node found = find(element, name);
  if (!found) return std::nullopt;
  return content(found);
}

}  // namespace longhaul::import
