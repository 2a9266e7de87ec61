// What may stand behind a key: scalars with units, words, lists, maps. A `Type<T>` reads a T from a
// node and knows how to describe itself.
#pragma once

#include <concepts>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/parse.hpp"
#include "sim/base/yaml/doc.hpp"
#include "sim/base/yaml/node.hpp"

namespace longhaul::yaml {

/// Reads a T. `read` returns nothing after adding a mistake to the diagnostics.
template <class T>
struct Type {
  TypeDoc doc;
  std::function<std::optional<T>(const Node&, Diagnostics&)> read;
};

/// A value and where it stands, for mistakes that only show once everything is read.
template <class T>
struct Located {
  T value;  // no initializer: clang 14 would ask every T for a default constructor
  Place where{};
};

/// An entry of a map whose keys are names.
template <class T>
struct Named {
  std::string key;
  Place where;  ///< of the key
  T value;
};

/// Which numbers are accepted.
enum class Bound { any, not_negative, positive };

/// "expected X, got Y" at the node.
void wrong_type(const Node& node, std::string_view expected, Diagnostics& diagnostics);

/// A scalar that `parse` understands; its error message is reported as it is.
template <class T>
Type<T> scalar(TypeDoc doc, std::function<Parsed<T>(std::string_view)> parse) {
  std::string expected = doc.expected;
  return {std::move(doc),
          [expected, parse = std::move(parse)](const Node& node,
                                               Diagnostics& diagnostics) -> std::optional<T> {
            if (!node.is_scalar()) return wrong_type(node, expected, diagnostics), std::nullopt;
            const Parsed<T> parsed = parse(node.scalar);
            if (parsed) return *parsed;
            node.where.error(diagnostics, parsed.error());
            return std::nullopt;
          }};
}

Type<std::string> text();  ///< any scalar, as written
Type<std::string> name();  ///< a scalar of at least one character, none of control
Type<bool> boolean();      ///< true or false
Type<Rate> rate(Bound bound = Bound::not_negative);
Type<Capacity> capacity();  ///< above 0
Type<Duration> duration(Bound bound = Bound::not_negative);
Type<Size> size(Bound bound = Bound::positive);
Type<Distance> distance(Bound bound = Bound::not_negative);
/// A share between `least` and `most` ("90 %" or 0.9).
Type<double> fraction(double least = 0, double most = 1);
Type<double> number(double least = std::numeric_limits<double>::lowest(),
                    double most = std::numeric_limits<double>::max());
Type<double> positive_number();
Type<std::int64_t> integer(std::int64_t least, std::int64_t most);
/// Free keys and values, kept as text. A list of texts is its key several times.
Type<std::vector<std::pair<std::string, std::string>>> attributes();
/// The node itself, for what is read later.
Type<Node> any(TypeDoc doc);

/// The parts of `choice` that do not depend on the enumeration.
TypeDoc choice_doc(const std::vector<std::string>& words);
std::optional<std::size_t> read_choice(const Node& node, const std::vector<std::string>& words,
                                       Diagnostics& diagnostics);

/// One of a few words.
template <class E>
Type<E> choice(std::vector<std::pair<std::string, E>> options) {
  std::vector<std::string> words;
  words.reserve(options.size());
  for (const auto& option : options) words.push_back(option.first);
  TypeDoc doc = choice_doc(words);
  return {std::move(doc),
          [words, options = std::move(options)](const Node& node,
                                                Diagnostics& diagnostics) -> std::optional<E> {
            const auto index = read_choice(node, words, diagnostics);
            if (!index) return std::nullopt;
            return options[*index].second;
          }};
}

/// The words of an enumeration that has `to_string`.
template <class E>
Type<E> choice_of(std::initializer_list<E> values) {
  std::vector<std::pair<std::string, E>> options;
  for (const E value : values) options.emplace_back(to_string(value), value);
  return choice(std::move(options));
}

/// Keeps the place with the value.
template <class T>
Type<Located<T>> located(Type<T> inner) {
  TypeDoc doc = inner.doc;
  return {std::move(doc),
          [inner = std::move(inner)](const Node& node,
                                     Diagnostics& diagnostics) -> std::optional<Located<T>> {
            auto value = inner.read(node, diagnostics);
            if (!value) return std::nullopt;
            return Located<T>{std::move(*value), node.where};
          }};
}

/// For Target members that are made from what a type reads, e.g. std::uint32_t from an integer in
/// range.
template <class To, class From>
Type<To> converted(Type<From> inner) {
  TypeDoc doc = inner.doc;
  return {
      std::move(doc),
      [inner = std::move(inner)](const Node& node, Diagnostics& diagnostics) -> std::optional<To> {
        auto value = inner.read(node, diagnostics);
        if (!value) return std::nullopt;
        return static_cast<To>(*value);
      }};
}

TypeDoc list_doc(const TypeDoc& item, std::size_t least, std::size_t most);
/// Reports a list of the wrong length, or what is no list; true if it can be read.
bool check_list(const Node& node, const TypeDoc& doc, std::size_t least, std::size_t most,
                Diagnostics& diagnostics);

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// A list of `least` to `most` items. Items that cannot be read are reported and left out.
template <class T>
Type<std::vector<T>> list(Type<T> item, std::size_t least = 0, std::size_t most = unlimited) {
  TypeDoc doc = list_doc(item.doc, least, most);
  return {doc, [=](const Node& node, Diagnostics& diagnostics) -> std::optional<std::vector<T>> {
            if (!check_list(node, doc, least, most, diagnostics)) return std::nullopt;
            std::vector<T> out;
            out.reserve(node.items.size());
            for (const Node& entry : node.items) {
              if (auto value = item.read(entry, diagnostics)) out.push_back(std::move(*value));
            }
            return out;
          }};
}

TypeDoc one_or_list_doc(const TypeDoc& item);

/// An item, or a list of them.
template <class T>
Type<std::vector<T>> one_or_list(Type<T> item) {
  const Type<std::vector<T>> many = list(item, 1);
  return {one_or_list_doc(item.doc),
          [=](const Node& node, Diagnostics& diagnostics) -> std::optional<std::vector<T>> {
            if (node.is_list()) return many.read(node, diagnostics);
            auto value = item.read(node, diagnostics);
            if (!value) return std::nullopt;
            std::vector<T> out;
            out.push_back(std::move(*value));
            return out;
          }};
}

TypeDoc map_doc(const TypeDoc& value, std::string_view key_is);

/// A map from names to T. `key_is` says what a key is: "node id". Entries that cannot be read are
/// left out.
template <class T>
Type<std::vector<Named<T>>> map_of(std::string_view key_is, Type<T> value) {
  TypeDoc doc = map_doc(value.doc, key_is);
  return {doc,
          [doc, value = std::move(value)](
              const Node& node, Diagnostics& diagnostics) -> std::optional<std::vector<Named<T>>> {
            if (!node.is_map()) return wrong_type(node, doc.expected, diagnostics), std::nullopt;
            std::vector<Named<T>> out;
            out.reserve(node.entries.size());
            for (const Entry& entry : node.entries) {
              auto read = value.read(entry.value, diagnostics);
              if (read) out.push_back(Named<T>{entry.key, entry.where, std::move(*read)});
            }
            return out;
          }};
}

}  // namespace longhaul::yaml
