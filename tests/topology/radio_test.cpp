// `modulation:` of microwave links: what is read, written, and refused.
#include "sim/topology/topology.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// "line:column: message" of every mistake.
std::vector<std::string> mistakes(const std::string& text) {
  Diagnostics diagnostics;
  (void)read_topology(SourceText("t.yaml", text), diagnostics);
  std::vector<std::string> out;
  for (const auto& d : diagnostics.all())
    out.push_back(std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": " +
                  d.message);
  return out;
}

NetworkSpec read(const std::string& text) {
  Diagnostics diagnostics;
  NetworkSpec spec = read_topology(SourceText("t.yaml", text), diagnostics);
  diagnostics.throw_if_errors();
  return spec;
}

const std::string nodes = "nodes: {A: , B: }\n";

/// The only mistake of a link with this modulation, 12 km of microwave.
std::string mistake(const std::string& modulation, const std::string& rest = "length: 12 km") {
  const auto all = mistakes(nodes + "links: [{endpoints: [A, B], medium: microwave, " + rest +
                            ", modulation: " + modulation + "}]\n");
  REQUIRE(all.size() == 1);
  return all[0];
}

bool says(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a modulation is a preset, figures, or a preset with other figures") {
  const NetworkSpec spec = read(nodes + R"(
links:
  - {endpoints: [A, B], medium: microwave, length: 12 km, modulation: access-18}
  - {endpoints: [A, B], medium: microwave, length: 12 km, modulation: {frequency: 6.7 GHz, margin: 31.5 dB}}
  - {endpoints: [A, B], medium: microwave, length: 12 km, modulation: {preset: e-band-80, polarization: horizontal, highest: 64qam, lowest: 16qam, yearly_rain: 42 mm/h}}
  - {endpoints: [A, B], medium: microwave, length: 12 km}
)");
  CHECK(spec.links[0].radio == microwave::find_preset("access-18")->radio);
  CHECK(spec.links[1].radio == Radio{6'700, Polarization::vertical, 3'150, 9, 0});
  CHECK(spec.links[2].radio == Radio{83'500, Polarization::horizontal, 1'500, 3, 1, 42'000});
  CHECK_FALSE(spec.links[3].radio);
  const NetworkSpec again = read(to_yaml(spec));
  for (std::size_t i = 0; i < 4; ++i) CHECK(again.links[i].radio == spec.links[i].radio);
}

TEST_CASE("the modulation of defaults is for microwave links, generated ones too") {
  const NetworkSpec spec = read(nodes +
                                "defaults: {modulation: access-23}\n"
                                "links:\n"
                                "  - {endpoints: [A, B], length: 9 km}\n"
                                "  - {endpoints: [A, B], length: 9 km, medium: microwave}\n");
  CHECK_FALSE(spec.links[0].radio);
  CHECK(spec.links[1].radio == microwave::find_preset("access-23")->radio);
  const NetworkSpec generated = read(
      "defaults: {modulation: access-23}\n"
      "generate: {shape: ring, nodes: 4, medium: microwave, spacing: 9 km}\n");
  for (const Link& link : generated.links) CHECK(link.radio.has_value());
}

TEST_CASE("what is wrong with a modulation is said where it is") {
  CHECK(says(mistake("access-19"), "2:75: expected long-haul-6, "));
  CHECK(says(mistake("{margin: 30 dB}"), "2:75: missing key \"frequency\" (or a preset)"));
  CHECK(says(mistake("{frequency: 18 GHz}"), "2:75: missing key \"margin\" (or a preset)"));
  CHECK(says(mistake("{frequency: 18, margin: 30 dB}"), "2:87: expected a frequency from 1 GHz"));
  CHECK(says(mistake("{frequency: 18, margin: 30 dB}"), "the unit is missing"));
  CHECK(says(mistake("{frequency: 180 GHz, margin: 30 dB}"), "got \"180 GHz\""));
  CHECK(says(mistake("{frequency: 18 GHz, margin: -3 dB}"), "expected decibels from 1 dB"));
  CHECK(says(mistake("{preset: access-18, highest: 1023qam}"), "2:104: expected qpsk, "));
  CHECK(says(mistake("{preset: access-18, highest: 16qam, lowest: 64qam}"),
             "the lowest modulation, 64qam, is above the highest, 16qam"));
  CHECK(says(mistake("{preset: access-18, polarisation: vertical}"), "unknown key"));
  CHECK(says(mistake("access-18", "delay: 40 us"), "how long is \"A-B\"?"));
  CHECK(says(mistake("access-18", "length: 75 km"), "2:75: \"A-B\" is 75 km long"));
  const auto fibre =
      mistakes(nodes + "links: [{endpoints: [A, B], length: 9 km, modulation: access-18}]\n");
  REQUIRE(fibre.size() == 1);
  CHECK(says(fibre[0], "2:55: modulation is for microwave; this link is fiber"));
}
