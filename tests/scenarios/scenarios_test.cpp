// The canned scenarios and topologies, run by the built program as a user runs them: every file is
// valid, every expectation holds, and no number of threads changes a figure.
#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

namespace fs = std::filesystem;
using longhaul::tests::Outcome;
using longhaul::tests::program;
using longhaul::tests::read_file;
using nlohmann::json;

namespace {

// Whole scenarios take seconds in an optimised build and minutes under a sanitizer: there only the
// short ones run.
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr bool optimised = true;
#else
constexpr bool optimised = false;
#endif

const fs::path root = LONGHAUL_SOURCE_DIR;

const std::vector<std::string> as_json{"run", "--quiet", "--format", "json"};

/// `first` and then `more`.
std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

/// All .yaml files below `folder` of the project, sorted.
std::vector<fs::path> yaml_below(const char* folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// The report without the keys that may differ between two runs of the same input.
json comparable(json report) {
  for (const char* key : {"threads", "wall_s", "packet_hops_per_s", "peak_memory_bytes"})
    report["engine"].erase(key);
  return report;
}

/// Each tier on several shapes, with a failure, bundles, policy and drops among them, and every
/// preset; short enough to run four times.
struct Registered {
  const char* file;
  const char* setting;
};
constexpr std::array registered{
    Registered{"tier1/abilene-trunk-cut.yaml", "engine.duration=450ms"},
    Registered{"tier1/abilene-maintenance.yaml", "engine.duration=750ms"},
    Registered{"tier1/geant-failures.yaml", "engine.duration=30d"},
    Registered{"tier1/abilene-fast-reroute.yaml", "engine.duration=300ms"},
    Registered{"tier1/geant-growth.yaml", "engine.duration=150ms"},
    Registered{"tier1/geant-evening-crowd.yaml", "engine.duration=400ms"},
    Registered{"tier1/bundle-or-single-800g.yaml", "engine.duration=5ms"},
    Registered{"tier1/hybrid-terabit.yaml", "engine.duration=5ms"},
    Registered{"tier1/global-terabit-day.yaml", "engine.budget=2s"},
    Registered{"tier2/german-ring-cut.yaml", "engine.duration=80ms"},
    Registered{"tier2/depeering.yaml", "engine.duration=30ms"},
    Registered{"tier2/peering-overload.yaml", "engine.duration=60ms"},
    Registered{"tier2/vpn-sla.yaml", "engine.duration=60ms"},
    Registered{"tier2/metro-ring-terabit.yaml", "engine.duration=5ms"},
    Registered{"tier3/hybrid-county.yaml", "engine.duration=20ms"},
    Registered{"tier3/highland-star-gigabit.yaml", "engine.duration=300ms"},
    Registered{"tier3/microwave-storm.yaml", "engine.duration=1300ms"},
    Registered{"industry/education.yaml", "engine.duration=100ms"},
    Registered{"industry/enterprise.yaml", "engine.duration=1s"},
    Registered{"industry/government.yaml", "engine.duration=300ms"},
    Registered{"industry/healthcare.yaml", "engine.duration=3s"},
    Registered{"industry/telecom.yaml", "engine.duration=10ms"},
    Registered{"workload/5g-backhaul.yaml", "engine.duration=100ms"},
    Registered{"workload/cdn.yaml", "engine.duration=5ms"},
    Registered{"workload/cloud-interconnect.yaml", "engine.duration=1500ms"},
    Registered{"workload/edge-computing.yaml", "engine.duration=300ms"},
    Registered{"workload/iot-telemetry.yaml", "engine.duration=4s"},
    Registered{"workload/storage-replication.yaml", "engine.duration=1s"},
    Registered{"workload/trading.yaml", "engine.duration=2500ms"},
};

}  // namespace

TEST_CASE("every canned scenario and topology is valid") {
  std::vector<std::string> arguments{"check"};
  for (const char* folder : {"topologies", "scenarios"})
    for (const fs::path& file : yaml_below(folder)) arguments.push_back(file.string());
  const Outcome outcome = program(arguments);
  INFO(outcome.out << outcome.err);
  CHECK(outcome.status == 0);
}

TEST_CASE("every canned file says what it asks and where it is from") {
  for (const fs::path& file : yaml_below("scenarios")) {
    INFO(file);
    const std::string text = read_file(file.string());
    CHECK((text.rfind("# Tier ", 0) == 0 || text.rfind("# All tiers", 0) == 0));
    CHECK(text.find("Question: ") < 200);
    const std::size_t description = text.find("\ndescription: ");
    REQUIRE(description != std::string::npos);
    CHECK(text[text.find('\n', description + 1) - 1] == '?');
    CHECK(text.find("\nexpect:") != std::string::npos);
  }
  for (const fs::path& file : yaml_below("topologies")) {
    INFO(file);
    const std::string text = read_file(file.string());
    CHECK(text.rfind("# ", 0) == 0);
    CHECK(text.find("\nsource: ") != std::string::npos);
  }
}

TEST_CASE("every topology can be shown") {
  for (const fs::path& file : yaml_below("topologies")) {
    INFO(file);
    const Outcome outcome = program({"topology", "show", file.string()});
    CHECK(outcome.status == 0);
    CHECK(outcome.printed(file.stem().string()));
  }
}

TEST_CASE("every canned scenario does what it expects") {
  if (!optimised) return;
  for (const fs::path& file : yaml_below("scenarios")) {
    INFO(file);
    const Outcome outcome = program(joined(as_json, {"--threads", "1", file.string()}));
    INFO(outcome.err);
    CHECK(outcome.status == 0);
    REQUIRE_FALSE(outcome.out.empty());
    const json report = json::parse(outcome.out);
    CHECK(report["complete"] == true);
    CHECK_FALSE(report["expectations"].empty());
    for (const json& e : report["expectations"]) {
      INFO(e.dump());
      CHECK(e["pass"] == true);
    }
    const json& packets = report["packets"];
    auto ended =
        packets["delivered"].get<std::uint64_t>() + packets["in_flight"].get<std::uint64_t>();
    for (const json& cause : packets["dropped"]) ended += cause.get<std::uint64_t>();
    CHECK(packets["sent"] == ended);
  }
}

TEST_CASE("no number of threads changes a figure") {
  for (const Registered& scenario : registered) {
    INFO(scenario.file);
    const std::string file = (root / "scenarios" / scenario.file).string();
    const auto with_threads = [&](const char* threads) {
      return program(joined(as_json, {"--threads", threads, "--set", scenario.setting, file}));
    };
    const Outcome one = with_threads("1");
    INFO(one.err);
    REQUIRE(one.status <= 1);  // a shortened run may miss an expectation
    const json first = json::parse(one.out);
    CHECK(first["packets"]["delivered"] > 0);
    for (const char* threads : {"2", "3", "7"}) {
      INFO("threads " << threads);
      const Outcome other = with_threads(threads);
      REQUIRE(other.status == one.status);
      const json report = json::parse(other.out);
      CHECK(report["engine"]["fingerprint"] == first["engine"]["fingerprint"]);
      CHECK(comparable(report) == comparable(first));
    }
    if (!optimised) break;
  }
}
