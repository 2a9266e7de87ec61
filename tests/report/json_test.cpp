#include "sim/report/json.hpp"

#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/report/sample.hpp"

using namespace longhaul;
using Json = nlohmann::json;

namespace {

bool has_type(const Json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

/// What of `value` does not conform to `schema` (the part of JSON Schema that longhaul's uses).
void validate(const Json& value, const Json& schema, const Json& root, const std::string& at,
              std::vector<std::string>& problems) {
  if (schema.contains("$ref")) {
    const auto pointer = Json::json_pointer(schema["$ref"].get<std::string>().substr(1));
    validate(value, root.at(pointer), root, at, problems);
    return;
  }
  if (schema.contains("const") && value != schema["const"]) problems.push_back(at + ": const");
  if (schema.contains("enum")) {
    const auto& all = schema["enum"];
    if (std::find(all.begin(), all.end(), value) == all.end()) problems.push_back(at + ": enum");
  }
  if (schema.contains("type")) {
    const Json& types = schema["type"];
    bool any = false;
    for (const auto& t : types.is_array() ? types : Json::array({types}))
      any = any || has_type(value, t.get<std::string>());
    if (!any) problems.push_back(at + ": is not " + types.dump());
  }
  if (value.is_array() && schema.contains("items"))
    for (std::size_t i = 0; i < value.size(); ++i)
      validate(value[i], schema["items"], root, at + "/" + std::to_string(i), problems);
  if (!value.is_object() || !schema.contains("properties")) return;
  for (const auto& key : schema["required"])
    if (!value.contains(key.get<std::string>()))
      problems.push_back(at + ": lacks " + key.get<std::string>());
  for (const auto& [key, member] : value.items()) {
    if (!schema["properties"].contains(key))
      problems.push_back(at + ": has " + key);
    else
      validate(member, schema["properties"][key], root, at + "/" + key, problems);
  }
}

std::vector<std::string> problems_of(const Json& document) {
  const Json schema = Json::parse(report::json_schema());
  std::vector<std::string> problems;
  validate(document, schema, schema, "", problems);
  return problems;
}

Json sample_json() {
  return Json::parse(report::to_json(report::make_report(tests::sample_result())));
}

}  // namespace

TEST_CASE("the document conforms to its published schema") {
  CHECK(problems_of(sample_json()) == std::vector<std::string>{});
}

TEST_CASE("modulations conform to the schema too, and add up to the whole time") {
  const Json document = Json::parse(report::to_json(report::make_report(tests::faded_sample())));
  CHECK(problems_of(document) == std::vector<std::string>{});
  CHECK(document["links"][0]["modulation"].is_null());  // fibre
  const Json& faded = document["links"][2]["modulation"];
  CHECK(faded["changes"] == 1);
  REQUIRE(faded["levels"].size() == 2);
  CHECK(faded["levels"][0]["name"] == "4096qam");
  CHECK(faded["levels"][1]["capacity_bps"] == 5e8);
  CHECK(faded["levels"][1]["wait_s"]["max"].get<double>() == Approx(8e-3));
  double time = faded["down"].get<double>();
  for (const Json& level : faded["levels"]) time += level["time"].get<double>();
  CHECK(time == Approx(1));
  CHECK(document["links"][3]["modulation"]["levels"][0]["time"] == 1.0);
}

TEST_CASE("the schema check notices what is missing, foreign or of the wrong type") {
  Json document = sample_json();
  document["links"][0].erase("wait_s");
  document["extra"] = 1;
  document["demands"][0]["tier"] = "one";
  CHECK(problems_of(document).size() == 3);
}

TEST_CASE("figures and names arrive unchanged") {
  const Json j = sample_json();
  CHECK(j["schema"] == "longhaul.report/1");
  CHECK(j["complete"] == true);
  CHECK(j["scenario"]["name"] == "Sample, \"quoted\"");
  CHECK(j["scenario"]["provider_tiers"] == Json({1, 2}));
  CHECK(j["engine"]["fingerprint"] == "0000000000abcdef");
  CHECK(j["engine"]["packet_hops_per_s"] == 8000.0);
  CHECK(j["packets"]["dropped"]["buffer"] == 100);
  CHECK(j["links"][2]["wait_s"]["p99"].get<double>() == Approx(8e-3));
  CHECK_FALSE(j["links"][2]["wait_s"].contains("min"));
  CHECK(j["demands"][0]["latency_s"]["p50"].get<double>() >= 1e-3);
  CHECK(j["congestion"]["worst_link"] == "B>C");
  CHECK(j["congestion"]["links_over_80pct"] == 2);
  CHECK(j["groups"]["class"][0]["name"] == "gold");
}

TEST_CASE("what was not measured is null, never zero") {
  const Json j = sample_json();
  CHECK(j["demands"][2]["latency_s"]["p99"].is_null());
  CHECK(j["demands"][2]["hops"].is_null());
  CHECK(j["links"][1]["wait_s"]["mean"].is_null());
  CHECK(j["links"][2]["length_km"].is_null());
}

TEST_CASE("names that are not UTF-8 do not break the document") {
  auto result = tests::sample_result();
  auto r = report::make_report(result);
  r.links[0].from = "\xff\xfe";
  CHECK_NOTHROW(Json::parse(report::to_json(r)));
}
