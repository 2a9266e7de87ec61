#include <string>

#include "sim/base/yaml/fields.hpp"
#include "sim/base/yaml/write.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

enum class Colour { red, green };
const char* to_string(Colour colour) { return colour == Colour::red ? "red" : "green"; }

struct Inner {
  yaml::Located<std::string> id;
  std::optional<Distance> length;
};

struct Outer {
  std::string name;
  Capacity capacity{1, Rate::gbps(10)};
  Colour colour = Colour::red;
  std::vector<Inner> parts;
  int level = 1;
  yaml::Place where;
};

const yaml::Fields<Inner>& inner_fields() {
  static const auto fields =
      yaml::Fields<Inner>("part", "A part.")
          .required("id", &Inner::id, yaml::located(yaml::name()), "Its name.")
          .optional("length", &Inner::length, yaml::distance(yaml::Bound::positive), "How long.");
  return fields;
}

const yaml::Fields<Outer>& outer_fields() {
  static const auto fields =
      yaml::Fields<Outer>("thing", "A thing.")
          .required("name", &Outer::name, yaml::name(), "Its name.")
          .optional("capacity", &Outer::capacity, yaml::capacity(), "Per direction.", "10G")
          .optional("colour", &Outer::colour, yaml::choice_of({Colour::red, Colour::green}),
                    "Its colour.", "red")
          .optional("parts", &Outer::parts, yaml::list(yaml::object(inner_fields())), "Its parts.")
          .optional("level", &Outer::level, yaml::converted<int>(yaml::integer(1, 3)), "Level.")
          .place(&Outer::where);
  return fields;
}

/// "line:column: message" of every mistake.
std::vector<std::string> mistakes(const std::string& text,
                                  const std::vector<std::string>& overrides = {}) {
  Diagnostics diagnostics;
  auto root = yaml::parse(SourceText("t.yaml", text), diagnostics);
  if (root) {
    for (const auto& o : overrides) yaml::apply_override(*root, o, diagnostics);
    (void)outer_fields().read(*root, diagnostics);
  }
  std::vector<std::string> out;
  for (const auto& d : diagnostics.all()) {
    const std::string where =
        d.where.line > 0 ? std::to_string(d.where.line) + ":" + std::to_string(d.where.column)
                         : d.where.file;
    out.push_back(where + ": " + d.message + (d.hint.empty() ? "" : " [" + d.hint + "]"));
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a correct object is read") {
  Diagnostics diagnostics;
  const auto root = yaml::parse(SourceText("t.yaml",
                                           "name: x\ncapacity: 8x100G\ncolour: green\nlevel: 3\n"
                                           "parts:\n  - {id: a, length: 5600 km}\n  - id: b\n"),
                                diagnostics);
  REQUIRE(root);
  const auto thing = outer_fields().read(*root, diagnostics);
  REQUIRE(thing);
  CHECK(diagnostics.all().empty());
  CHECK(thing->name == "x");
  CHECK(thing->capacity == Capacity{8, Rate::gbps(100)});
  CHECK(thing->colour == Colour::green);
  CHECK(thing->level == 3);
  REQUIRE(thing->parts.size() == 2);
  CHECK(thing->parts[0].length == Distance::km(5600));
  CHECK(thing->parts[1].id.where.line == 7);
  CHECK(thing->parts[1].id.where.column == 9);
  CHECK_FALSE(thing->parts[1].length);
}

TEST_CASE("every mistake of an object is reported at its place") {
  CHECK(mistakes("capcity: 10G\ncolour: gren\nlevel: 4\nparts:\n  - {length: 5600}\n  - 7\n") ==
        // NOLINTNEXTLINE(bugprone-suspicious-missing-comma)
        Lines{
            "1:1: unknown key \"capcity\" of a thing; expected one of name, capacity, colour, "
            "parts, level [did you mean \"capacity\"?]",
            "1:1: missing key \"name\" of a thing: expected a name",
            "2:9: expected red or green, got \"gren\" [did you mean \"green\"?]",
            "3:8: expected a whole number from 1 to 3, got \"4\"",
            "5:5: missing key \"id\" of a part: expected a name",
            "5:14: expected a length such as 5600 km or 300 m, got \"5600\": the unit is missing",
            "6:5: expected a map: a part, got \"7\"",
        });
  CHECK(mistakes("name: x\ncapacity: 0G\n") ==
        Lines{"2:11: expected a capacity such as 400G or 8x100G, got \"0G\": must be above 0"});
  CHECK(mistakes("name: [a]\ncapacity:\nparts: {a: b}\n") ==
        Lines{"1:7: expected a name, got a list",
              "2:1: expected a capacity such as 400G or 8x100G, above 0, got nothing",
              "3:8: expected a list, each a map: a part, got a map"});
  CHECK(mistakes("- a\n") == Lines{"1:1: expected a map: a thing, got a list"});
}

TEST_CASE("text that is not YAML is one clean mistake") {
  CHECK(mistakes("") == Lines{"t.yaml: is empty; expected YAML"});
  CHECK(mistakes("name: x\nname: y\n") ==
        Lines{"2:1: \"name\" is given twice; it already stands in line 1"});
  CHECK(mistakes("name: x\n---\nname: y\n") ==
        Lines{"2:1: a second document starts here; expected one per file"});
  CHECK(mistakes("name: [a, b\n").at(0).find("is not YAML: ") != std::string::npos);
  CHECK(mistakes("name: \"abc\n") == Lines{"1:7: this quote is not closed"});
  CHECK(mistakes("name: 'it''s\n") == Lines{"1:7: this quote is not closed"});
  CHECK(mistakes("name: 'it''s'\n").empty());
  CHECK(mistakes("name: x\n\tlevel: 1\n").at(0).find("is not YAML: ") != std::string::npos);
  CHECK(mistakes(std::string(100'000, '[')).at(0).find("nested deeper than 64") !=
        std::string::npos);
  CHECK(mistakes("? [a, b]\n: c\nname: x\n") == Lines{"1:3: expected a plain key, got a list"});
}

TEST_CASE("aliases expand, but not without end") {
  CHECK(mistakes("parts: [&a {id: x}, *a]\nname: y\n").empty());
  CHECK(mistakes("parts: &a [*a]\nname: y\n") ==
        Lines{"1:12: this alias refers to a value that holds it"});
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 1; k < 10; ++k) bomb += ", " + before;
    bomb += "]\n";
  }
  CHECK(mistakes(bomb).at(0).find("the aliases expand to too many values") != std::string::npos);
}

TEST_CASE("overrides are read like text, and place their mistakes") {
  const std::string text = "name: x\nparts: [{id: a}, {id: b.c, length: 1 km}]\n";
  CHECK(mistakes(text, {"parts.0.length=5 km", "capacity=10G", "parts.b.c.length=2 km"}) ==
        Lines{"--set parts.b.c.length: a list of 2 has no entry \"b\"; expected an index from 0, "
              "or the id or name of an entry"});
  CHECK(mistakes(text, {"parts.a.length=5"}) ==
        Lines{"--set parts.a.length: expected a length such as 5600 km or 300 m, got \"5\": the "
              "unit is missing"});
  CHECK(mistakes(text, {"colur=red"}).at(0) ==
        "--set colur: unknown key \"colur\" of a thing; expected one of name, capacity, colour, "
        "parts, level [did you mean \"colour\"?]");
  CHECK(mistakes(text, {"name.x=1"}) ==
        Lines{"--set name.x: there is no \"x\" in \"x\", which is a plain value"});
  CHECK(mistakes(text, {"level"}) == Lines{"--set level: expected key.path=value, got \"level\""});
  CHECK(mistakes(text, {"parts.7={id: z}"}).size() == 1);
  CHECK(mistakes(text, {"parts=[{id: z}]"}).empty());
}

TEST_CASE("a table yields its schema and its page") {
  const std::string schema = yaml::json_schema(outer_fields().doc(), "Thing");
  CHECK(schema.find(R"("required": ["name"])") != std::string::npos);
  CHECK(schema.find(R"("additionalProperties": false)") != std::string::npos);
  CHECK(schema.find(R"("enum": ["red", "green"])") != std::string::npos);
  const std::string page = yaml::reference_page(outer_fields().doc());
  CHECK(page.find("| `capacity` | a capacity such as 400G or 8x100G, above 0 | `10G` | Per "
                  "direction. |") != std::string::npos);
  CHECK(page.find("## part") != std::string::npos);
}

TEST_CASE("a written scalar reads back as itself") {
  for (const std::string& text :
       {std::string("plain"), std::string("two words"), std::string("a: b"), std::string("- x"),
        std::string(""), std::string("NO"), std::string("null"), std::string("~"),
        std::string("line\nbreak\ttab"), std::string("quote \" and \\"), std::string("x #y"),
        std::string("é, ü"), std::string("[1]"), std::string(" lead"), std::string("trail "),
        std::string("\x01"), std::string("*a"), std::string("..")}) {
    Diagnostics diagnostics;
    const auto root = yaml::parse(
        SourceText("t", "a: " + yaml::write_scalar(text) + "\nb: [" + yaml::write_scalar(text) +
                            ", 1]\n" + yaml::write_scalar(text) + ": 1\n"),
        diagnostics);
    INFO(text);
    REQUIRE(root);
    CHECK(root->entries[0].value.scalar == text);
    CHECK(root->entries[1].value.items.at(0).scalar == text);
    CHECK(root->entries[2].key == text);
  }
}
