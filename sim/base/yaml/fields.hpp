// One table of fields per object: it reads the object, reports its mistakes, and yields its JSON
// Schema and its page of reference.
//
// clang-format off
//   struct Cable { yaml::Located<std::string> id; Capacity capacity{1, Rate::gbps(10)};
//                  std::optional<Distance> length; Medium medium = Medium::fiber; yaml::Place where; };
//
//   const yaml::Fields<Cable>& cable_fields() {          // a constant table; no state
//     using namespace yaml;
//     static const Fields<Cable> fields =
//         Fields<Cable>("cable", "A cable between two cities.")
//             .required("id", &Cable::id, located(name()), "Its name.")
//             .optional("capacity", &Cable::capacity, capacity(), "Per direction.", "10G")
//             .optional("length", &Cable::length, distance(Bound::positive), "Of the cable.")
//             .optional("medium", &Cable::medium, choice_of({Medium::fiber, Medium::submarine}), "Of what.", "fiber")
//             .place(&Cable::where);
//     return fields;
//   }
//
//   Diagnostics diagnostics;
//   auto root = yaml::load(SourceText::read(path), {}, diagnostics);         // parsed, includes merged
//   diagnostics.throw_if_errors();                                           // no tree, no more to say
//   for (auto& text : overrides) yaml::apply_override(*root, text, diagnostics);  // --set
//   auto cable = cable_fields().read(*root, diagnostics);                    // all mistakes at once
//   cable->id.where.error(diagnostics, "...", did_you_mean(...));            // own rules, with their place
//   diagnostics.throw_if_errors();                                           // InputError, exit 2
//
// Types are made of others: list(object(cable_fields())), map_of("node id", object(...)), one_or_list(name()),
// scalar<T>(doc, parser). `json_schema(cable_fields().doc(), "Cable")` and `reference_page(cable_fields().doc())`
// serve editors and people.
// clang-format on
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/yaml/types.hpp"

namespace longhaul::yaml {

/// Reports the keys of `node` that `doc` does not have and those it lacks. False if `node` is no
/// map.
bool check_keys(const Node& node, const ObjectDoc& doc, Diagnostics& diagnostics);

template <class T>
class Fields {
 public:
  /// `name` is one of them, for messages: "unknown key of a link". `description` opens its page.
  Fields(std::string name, std::string description)
      : doc_(std::make_shared<ObjectDoc>(ObjectDoc{std::move(name), std::move(description), {}})) {}

  /// A key that must be there.
  template <class Target, class M>
  Fields& required(std::string key, Target T::*member, Type<M> type, std::string description) {
    return add(std::move(key), true, member, std::move(type), std::move(description), {});
  }

  /// A key that may be absent; `member` then keeps its default, which `default_text` shows as YAML.
  template <class Target, class M>
  Fields& optional(std::string key, Target T::*member, Type<M> type, std::string description,
                   std::string default_text = {}) {
    return add(std::move(key), false, member, std::move(type), std::move(description),
               std::move(default_text));
  }

  /// Of these optional keys at least one must be there.
  Fields& needs_any_of(std::vector<std::string> keys) {
    doc_->any_of = std::move(keys);
    return *this;
  }

  /// All the fields of a base class of T, in front of those that follow.
  template <class Base>
  requires std::derived_from<T, Base> Fields& extends(const Fields<Base>& base) {
    doc_->fields.insert(doc_->fields.end(), base.doc_->fields.begin(), base.doc_->fields.end());
    for (const auto& reader : base.readers_) {
      readers_.push_back(Reader{reader.key, reader.read});
    }
    if (base.place_) place_ = base.place_;
    return *this;
  }

  /// Stores where the object stands.
  Fields& place(Place T::*member) {
    place_ = [member](T& out, const Place& where) { out.*member = where; };
    return *this;
  }

  /// Sets `member`, true so far, to false where a field had a mistake: what follows from it need
  /// not be said again.
  Fields& whole(bool T::*member) {
    whole_ = member;
    return *this;
  }

  /// A rule between fields; only called for an object whose fields were all read without a mistake.
  Fields& check(std::function<void(const T&, const Node&, Diagnostics&)> rule) {
    rules_.push_back(std::move(rule));
    return *this;
  }

  const ObjectDoc& doc() const { return *doc_; }
  std::shared_ptr<const ObjectDoc> shared_doc() const { return doc_; }

  /// The object with what could be read; fields with mistakes keep their defaults, so that later
  /// checks can go on. Nothing if `node` is no map.
  std::optional<T> read(const Node& node, Diagnostics& diagnostics) const {
    Diagnostics own;
    if (!check_keys(node, *doc_, own)) {
      diagnostics.add(own.all());
      return std::nullopt;
    }
    T out{};
    if (place_) place_(out, node.where);
    for (const Entry& entry : node.entries) {
      for (const auto& reader : readers_) {
        if (reader.key == entry.key) reader.read(entry.value, out, own);
      }
    }
    if (!own.has_errors()) {
      for (const auto& rule : rules_) rule(out, node, own);
    }
    if (whole_ != nullptr && own.has_errors()) out.*whole_ = false;
    diagnostics.add(own.all());
    return out;
  }

 private:
  template <class>
  friend class Fields;

  struct Reader {
    std::string key;
    std::function<void(const Node&, T&, Diagnostics&)> read;
  };

  template <class Target, class M>
  Fields& add(std::string key, bool required, Target T::*member, Type<M> type,
              std::string description, std::string default_text) {
    doc_->fields.push_back(
        FieldDoc{key, required, type.doc, std::move(description), std::move(default_text)});
    readers_.push_back(Reader{
        std::move(key),
        [member, read = std::move(type.read)](const Node& node, T& out, Diagnostics& diagnostics) {
          if (auto value = read(node, diagnostics)) out.*member = std::move(*value);
        }});
    return *this;
  }

  std::shared_ptr<ObjectDoc> doc_;
  std::vector<Reader> readers_;
  std::vector<std::function<void(const T&, const Node&, Diagnostics&)>> rules_;
  std::function<void(T& out, const Place& where)> place_;  ///< sets where the object stands
  bool T::*whole_ = nullptr;
};

/// An object as a type. `fields` must outlive it (a constant table does).
template <class T>
Type<T> object(const Fields<T>& fields) {
  return {TypeDoc{"a map: " + with_article(fields.doc().name),
                  object_schema(fields.doc()),
                  {fields.shared_doc()}},
          [&fields](const Node& node, Diagnostics& diagnostics) {
            return fields.read(node, diagnostics);
          }};
}

}  // namespace longhaul::yaml
