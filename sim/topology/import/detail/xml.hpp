// An XML file whose elements and attributes know where they stand.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>

#include "sim/topology/import/detail/fields.hpp"

namespace longhaul::import {

/// The name of an element without its namespace prefix.
std::string_view local_name(const pugi::xml_node& node);

class XmlFile {
 public:
  /// An error, with its place, if the text is not well-formed or its root is not called `root`.
  XmlFile(const SourceText& text, std::string_view root, Diagnostics& diagnostics);

  /// Empty after an error.
  const pugi::xml_node& root() const { return root_; }
  /// Byte offset of an element or text.
  static std::size_t offset(const pugi::xml_node& node);
  /// The value of an attribute, if the element has it.
  std::optional<Field> attribute(const pugi::xml_node& element, std::string_view name) const;
  /// All attributes of an element.
  Fields attributes(const pugi::xml_node& element) const;
  /// The text within an element, without blanks around it unless `exact`; its key is the element's
  /// name.
  static Field content(const pugi::xml_node& element, bool exact = false);
  /// The text of the child element called so, if there is one.
  static std::optional<Field> child(const pugi::xml_node& element, std::string_view name);
  /// The child element called so, or an empty one.
  static pugi::xml_node find(const pugi::xml_node& element, std::string_view name);

 private:
  std::string_view all_;
  pugi::xml_document document_;
  pugi::xml_node root_;
};

}  // namespace longhaul::import
