#include "tests/catch.hpp"
#include "tests/cli/program.hpp"

using namespace longhaul::tests;

namespace {

/// Bad input: exit status 2, an explanation, and not a byte on stdout.
Outcome refused(const std::vector<std::string>& arguments) {
  const Outcome outcome = program(arguments);
  INFO(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK_FALSE(outcome.err.empty());
  CHECK_FALSE(outcome.complained("std::"));
  CHECK_FALSE(outcome.complained("terminate called"));
  return outcome;
}

}  // namespace

TEST_CASE("unknown verbs and flags get the nearest name") {
  CHECK(refused({"rum", "x.yaml"}).complained("did you mean \"run\"?"));
  CHECK(refused({"plan", "load"}).complained("did you mean \"loads\"?"));
  CHECK(refused({"batch", "x.yaml"}).complained("unknown command \"batch\""));
  CHECK(refused({"run", "x.yaml", "--thread", "4"}).complained("did you mean \"--threads\"?"));
  refused({});
  refused({"plan"});
  refused({"run"});
  refused({"run", "x.yaml", "--threads", "many"});
  refused({"run", "x.yaml", "--threads", "0"});
  refused({"run", "x.yaml", "--format", "xml"});
}

TEST_CASE("files that are no scenario") {
  const Scratch scratch;
  const std::string missing = scratch.path("missing.yaml");
  CHECK(refused({"run", missing}).complained(missing));
  CHECK(refused({"check", missing}).complained(missing));
  CHECK(refused({"run", scratch.path()}).complained("directory"));
  CHECK(refused({"check", scratch.path()}).complained("directory"));
  refused({"run", scratch.file("empty.yaml", "")});
  refused({"run", scratch.file("nul.yaml", std::string("a: \0 b", 6))});
  refused({"run", scratch.file("broken.yaml", "nodes: [\n")});
  refused({"run", "--topology", missing, "--matrix", missing});
  refused({"run", scratch.file("s.yaml", ""), "--topology", missing});
}

TEST_CASE("all mistakes of a file are told at once, each with its place and line") {
  const Scratch scratch;
  const std::string file = scratch.file("bad.yaml", R"(name: bad
topology:
  nodes:
    A: {}
    B: {}
  links:
    - {endpoints: [A, B], capacity: 10, delay: 1 ms}
    - {endpoints: [A, X], capacity: 10G, delay: 1 ms}
engine: {sede: 7, duration: 10 ms}
traffic:
  - {from: A, to: B, rate: 1G}
)");
  for (const char* verb : {"run", "check"}) {
    const Outcome outcome = refused({verb, file});
    CHECK(outcome.complained(file + ":7:"));
    CHECK(outcome.complained(file + ":8:"));
    CHECK(outcome.complained(file + ":9:"));
    CHECK(outcome.complained("error: "));
    CHECK(outcome.complained("did you mean \"seed\"?"));
    CHECK(outcome.complained("engine: {sede: 7, duration: 10 ms}"));
  }
}

TEST_CASE("a wrong --set says where") {
  const Scratch scratch;
  const std::string file = scratch.file("s.yaml", R"(
topology: {nodes: {A: {}, B: {}}, links: [{endpoints: [A, B], capacity: 1G, delay: 1 ms}]}
engine: {duration: 1 ms, warmup: 0 s}
traffic: [{from: A, to: B, rate: 1M}]
)");
  CHECK(program({"run", file}).status == 0);
  refused({"run", file, "--set", "engine.duratoin=1 s"});
  refused({"run", file, "--set", "engine.duration=soon"});
  refused({"run", file, "--set", "nonsense"});
  refused({"run", file, "--fidelity", "pocket"});
  refused({"run", file, "--fidelity", "auto", "--budget", "soon"});
}
