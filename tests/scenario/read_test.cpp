#include "sim/scenario/read.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/routing/loads.hpp"
#include "tests/catch.hpp"

using namespace longhaul;
namespace fs = std::filesystem;

namespace {

const std::string network = R"(
topology:
  providers: [{id: acme, tier: 1}, {id: beta, tier: 3}]
  nodes:
    A: {provider: acme, region: eu, weight: 3}
    B: {provider: acme, role: exchange}
    C: {provider: beta, region: us}
  links:
    - {id: ab, endpoints: [A, B], capacity: 10G, length: 100 km, risk: [duct]}
    - {id: bc, endpoints: [B, C], capacity: 10G, length: 200 km, risk: [duct]}
)";

Scenario read(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return read_scenario(SourceText("some/where/peak.yaml", text), overrides);
}

/// A folder that is removed at the end.
class Folder {
 public:
  Folder()
      : path_(fs::temp_directory_path() / ("longhaul-scenario-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string write(const std::string& name, const std::string& content) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << content;
    return (path_ / name).string();
  }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::vector<Diagnostic> mistakes_of_file(const std::string& path) {
  try {
    (void)load_scenario(path);
  } catch (const InputError& e) {
    return e.diagnostics();
  }
  return {};
}

}  // namespace

TEST_CASE("a minimal scenario has the documented defaults") {
  const Scenario s = read(network + "traffic: [{from: A, to: B, rate: 1G}]\n");
  CHECK(s.name == "peak");
  CHECK(s.file == "some/where/peak.yaml");
  CHECK(s.topology_file.empty());
  CHECK(s.engine.fidelity == Fidelity::packet);
  CHECK(s.engine.seed == 1);
  CHECK(s.engine.warmup == Duration::ms(100));
  CHECK(s.engine.duration == Duration::s(1));
  CHECK_FALSE(s.engine.interval);
  CHECK(s.routing.metric == Metric::given);
  CHECK(s.routing.ecmp == Ecmp::per_flow);
  CHECK(s.routing.flows == 64);
  CHECK(s.queues.buffer.kind == QueueLimit::Kind::time);
  CHECK(s.queues.buffer.value == Duration::ms(50).ps());
  REQUIRE(s.classes.size() == 1);
  CHECK(s.classes[0].name == "default");
  REQUIRE(s.sizes.size() == 1);
  CHECK(s.sizes[0].name == "imix");
  CHECK(s.sizes[0].entries.size() == 3);
  REQUIRE(s.traffic.size() == 1);
  CHECK(s.traffic[0].arrivals == Arrivals::poisson);
  REQUIRE(s.traffic[0].entries.size() == 1);
  CHECK(s.traffic[0].entries[0].rate == Rate::gbps(1));
  CHECK(s.events.empty());
  CHECK(s.expectations.empty());
  CHECK(s.warnings.empty());
}

TEST_CASE("everything that can be written is read") {
  const Scenario s = read(network + R"(
name: Evening peak
description: Does it hold?
engine: {fidelity: packet, seed: 7, warmup: 50 ms, duration: 2 s, interval: 10 ms}
classes:
  - {name: vpn, priority: high}
  - {name: internet, priority: low}
  - {name: bulk, priority: 5}
sizes:
  two: [{size: 64 B, weight: 3}, {size: 1500 B}]
traffic:
  - {class: internet, matrix: gravity, total: 6G, scale: 0.5, size: two}
  - {class: vpn, from: A, to: C, rate: 1G, arrivals: cbr, size: 400 B}
  - {class: bulk, matrix: hub, hubs: B, max_utilization: 10 %, among: {provider: [acme, beta]}}
  - {class: bulk, matrix: uniform, total: 1G, among: {tier: [1, 3], role: core}, size: 400 B}
  - class: vpn
    total: 3G
    demands:
      - {from: A, to: B, rate: 1G}
      - {from: B, to: A, rate: 2G}
routing: {protocol: ospf, metric: delay, ecmp: per-packet, flows: 256}
queues: {discipline: fifo, buffer: 1000 packets}
events:
  - {at: 400 ms, restore: B-A}
  - {at: 300 ms, fail: ab}
  - {at: 0, fail: duct}
  - {at: 100 ms, restore: duct}
expect:
  - max link utilization < 90 %
  - p99 latency of vpn from A to C < 40 ms
)");
  CHECK(s.name == "Evening peak");
  CHECK(s.description == "Does it hold?");
  CHECK(s.engine.seed == 7);
  CHECK(s.engine.interval == Duration::ms(10));
  REQUIRE(s.classes.size() == 3);
  CHECK(s.classes[0].priority == 0);
  CHECK(s.classes[1].priority == 2);
  CHECK(s.classes[2].priority == 5);
  CHECK(s.routing.metric == Metric::delay);
  CHECK(s.routing.ecmp == Ecmp::per_packet);
  CHECK(s.routing.flows == 256);
  CHECK(s.queues.buffer.kind == QueueLimit::Kind::packets);
  CHECK(s.queues.buffer.value == 1000);

  REQUIRE(s.traffic.size() == 5);
  CHECK(s.traffic[0].matrix == TrafficSpec::Matrix::gravity);
  CHECK(s.traffic[0].cls == ClassId(1));
  CHECK(s.traffic[0].total == Rate::gbps(6));
  CHECK(s.traffic[0].scale == 0.5);
  CHECK(s.sizes[s.traffic[0].sizes.index()].name == "two");
  CHECK(s.sizes[s.traffic[0].sizes.index()].mean_bytes() == Approx((3 * 64 + 1500) / 4.0));
  CHECK(s.traffic[1].arrivals == Arrivals::cbr);
  CHECK(s.sizes[s.traffic[1].sizes.index()].entries[0].bytes == 400);
  CHECK(s.traffic[2].hubs == std::vector<NodeId>{NodeId(1)});
  CHECK(s.traffic[2].among.size() == 3);
  CHECK(s.traffic[2].target_utilization == 0.1);
  CHECK(s.traffic[3].among == std::vector<NodeId>{NodeId(0), NodeId(2)});
  CHECK(s.traffic[3].sizes == s.traffic[1].sizes);
  CHECK(s.traffic[4].entries.size() == 2);

  REQUIRE(s.events.size() == 4);
  CHECK(s.events[0].what == "duct");
  CHECK(s.events[0].ports.size() == 4);
  CHECK(s.events[3].at == Time::zero() + Duration::ms(400));
  CHECK(s.events[3].kind == failure::Change::Kind::restore);
  CHECK(s.events[3].what == "ab");
  REQUIRE(s.expectations.size() == 2);
  CHECK(s.expectations[1].cls == ClassId(0));
}

TEST_CASE("buffers in every unit") {
  const auto buffer = [](const std::string& text) {
    return read(network + "traffic: [{from: A, to: B, rate: 1G}]\nqueues: {buffer: " + text + "}\n")
        .queues.buffer;
  };
  CHECK(buffer("none").kind == QueueLimit::Kind::unlimited);
  CHECK(buffer("20 us").value == Duration::us(20).ps());
  CHECK(buffer("64 MB").kind == QueueLimit::Kind::bytes);
  CHECK(buffer("64 MB").value == 64'000'000);
  CHECK(buffer("1 packet").value == 1);
}

TEST_CASE("the flag --set replaces, adds and reaches into lists") {
  const std::string text = network + "traffic: [{from: A, to: B, rate: 1G}]\n";
  CHECK(read(text, {"engine.duration=3 s"}).engine.duration == Duration::s(3));
  CHECK(read(text, {"traffic.0.rate=2G"}).traffic[0].entries[0].rate == Rate::gbps(2));
  CHECK(read(text, {"topology.links.ab.capacity=40G"}).network->links()[0].capacity.rate ==
        Rate::gbps(40));
  CHECK(read(text, {"name=other", "routing={metric: hops}"}).routing.metric == Metric::hops);
  CHECK(read(text, {"events=[{at: 1 ms, fail: ab}]"}).events.size() == 1);
  // The last one wins.
  CHECK(read(text, {"engine.seed=3", "engine.seed=4"}).engine.seed == 4);
}

TEST_CASE("policy that refuses a demand is a warning") {
  const std::string peers = R"(
topology:
  providers: [{id: x, tier: 1}, {id: y, tier: 1}, {id: z, tier: 1}]
  nodes: {X: {provider: x}, Y: {provider: y}, Z: {provider: z}}
  links:
    - {endpoints: [X, Y], capacity: 10G, length: 1 km, relation: peer}
    - {endpoints: [Y, Z], capacity: 10G, length: 1 km, relation: peer}
)";
  const Scenario one = read(peers + "traffic: [{from: X, to: Z, rate: 1G}]\n");
  REQUIRE(one.warnings.size() == 1);
  CHECK(one.warnings[0].warning);
  CHECK(one.warnings[0].where.line == 8);
  CHECK(one.warnings[0].message.find("from X to Z") != std::string::npos);

  const Scenario all = read(peers + "traffic: [{matrix: uniform, total: 1G}]\n");
  REQUIRE(all.warnings.size() == 1);
  CHECK(all.warnings[0].message.find("2 of its 6 pairs") != std::string::npos);
}

TEST_CASE("a model on a network in two parts is a warning that counts the pairs") {
  const Scenario s = read(R"(
topology:
  nodes: {A: {}, B: {}, C: {}}
  links: [{endpoints: [A, B], capacity: 10G, length: 1 km}]
traffic: [{matrix: uniform, total: 1G}]
)");
  REQUIRE(s.warnings.size() == 1);
  CHECK(s.warnings[0].message.find("4 of its 6 pairs") != std::string::npos);
}

TEST_CASE("topologies and matrices are found beside the file that names them; includes merge") {
  const Folder folder;
  folder.write(
      "nets/line.yaml",
      "nodes: {A: {}, B: {}}\nlinks: [{endpoints: [A, B], capacity: 10G, length: 1 km}]\n");
  folder.write("data/demands.csv", "# measured\nto,from,rate,note\nB,A,1G,x\n\"A\", B ,250M,\n");
  folder.write("base.yaml", "engine: {seed: 5, duration: 2 s}\ntopology: nets/line.yaml\n");
  const std::string path =
      folder.write("runs/one.yaml",
                   "include: ../base.yaml\nengine: {seed: 6}\n"
                   "traffic: [{matrix: {file: ../data/demands.csv, scale: 2}}]\n");
  const Scenario s = load_scenario(path);
  CHECK(s.engine.seed == 6);
  CHECK(s.engine.duration == Duration::s(2));
  CHECK(fs::path(s.topology_file).filename() == "line.yaml");
  REQUIRE(s.traffic[0].entries.size() == 2);
  CHECK(s.traffic[0].entries[0].from == NodeId(0));
  CHECK(s.traffic[0].entries[0].rate == Rate::gbps(2));
  CHECK(s.traffic[0].entries[1].rate == Rate::mbps(500));
}

TEST_CASE("mistakes in a matrix and in a topology are placed in those files") {
  const Folder folder;
  folder.write(
      "net.yaml",
      "nodes: {Aa: {}, B: {}}\nlinks: [{endpoints: [Aa, B], capacity: 10G, length: 1 km}]\n");
  const std::string csv =
      folder.write("d.csv", "from,to,rate\nAa,B,1G\nAb,B,1G\nAa,B\nAa, B,5\nAa,Aa,1G\nAa,B,-1G\n");
  const std::string path =
      folder.write("s.yaml", "topology: net.yaml\ntraffic: [{matrix: {file: d.csv}}]\n");
  const auto errors = mistakes_of_file(path);
  REQUIRE(errors.size() == 5);
  for (const Diagnostic& d : errors) CHECK(d.where.file == csv);
  const auto at = [&](std::size_t i, int line, int column, const std::string& words) {
    INFO(errors[i].message);
    CHECK(errors[i].where.line == line);
    CHECK(errors[i].where.column == column);
    CHECK(errors[i].message.find(words) != std::string::npos);
  };
  at(0, 3, 1, "there is no node \"Ab\"");
  CHECK(errors[0].hint == "did you mean \"Aa\"?");
  at(1, 4, 1, "expected 3 fields");
  at(2, 5, 7, "the unit is missing");
  at(3, 6, 4, "from and to are both");
  at(4, 7, 6, "0 or more");

  folder.write("d.csv", "source,target,rate\nAa,B,1G\n");
  CHECK(mistakes_of_file(path).front().message.find("from, to and rate") != std::string::npos);
  folder.write("d.csv", "from;to;rate\nAa;B;1\n");
  folder.write("s.yaml", "topology: net.yaml\ntraffic: [{matrix: {file: d.csv, unit: Gb/s}}]\n");
  CHECK(load_scenario(path).traffic[0].entries[0].rate == Rate::gbps(1));

  folder.write("net.yaml",
               "nodes: {Aa: {}, B: {}}\nlinks: [{endpoints: [Aa, B]}, {endpoint: 3}]\n");
  const auto broken = mistakes_of_file(path);
  REQUIRE_FALSE(broken.empty());
  for (const Diagnostic& d : broken) CHECK(fs::path(d.where.file).filename() == "net.yaml");
}

TEST_CASE("a circle of includes, a missing file and a directory are mistakes") {
  const Folder folder;
  const std::string a = folder.write("a.yaml", "include: b.yaml\n");
  folder.write("b.yaml", "include: a.yaml\n");
  const auto errors = mistakes_of_file(a);
  REQUIRE_FALSE(errors.empty());
  CHECK(errors[0].message.find("cycle") != std::string::npos);
  CHECK(fs::path(errors[0].where.file).filename() == "b.yaml");
  CHECK(errors[0].where.line == 1);
  CHECK(errors[0].where.column == 10);

  CHECK(mistakes_of_file(folder.path("none.yaml")).size() == 1);
  CHECK(mistakes_of_file(folder.path("")).size() == 1);
}

TEST_CASE("a bare scenario is a topology and a matrix") {
  const Folder folder;
  const std::string net = folder.write(
      "net.yaml",
      "nodes: {A: {}, B: {}}\nlinks: [{endpoints: [A, B], capacity: 10G, length: 1 km}]\n");
  const std::string csv = folder.write("d.csv", "from,to,rate\nA,B,1G\nB,A,2G\n");
  const Scenario s = bare_scenario(net, csv, 1.5, {"engine.seed=9"});
  CHECK(s.name == "net");
  CHECK(s.file.empty());
  CHECK(s.topology_file == net);
  CHECK(s.engine.seed == 9);
  REQUIRE(s.traffic.size() == 1);
  CHECK(s.traffic[0].arrivals == Arrivals::poisson);
  CHECK(s.traffic[0].entries[1].rate == Rate::gbps(3));

  const auto fails = [&](const std::string& topology, const std::string& matrix, double scale) {
    try {
      (void)bare_scenario(topology, matrix, scale);
    } catch (const InputError& e) {
      return e.diagnostics();
    }
    return std::vector<Diagnostic>{};
  };
  REQUIRE(fails("none.yaml", csv, 1).size() == 1);
  CHECK(fails("none.yaml", csv, 1)[0].where.file == "--topology");
  REQUIRE(fails(net, "none.csv", 1).size() == 1);
  CHECK(fails(net, "none.csv", 1)[0].where.file == "--matrix");
  REQUIRE(fails(net, csv, -1).size() == 1);
  CHECK(fails(net, csv, -1)[0].where.file == "--matrix-scale");
}

TEST_CASE("matrices of other formats are read by their content") {
  const Folder folder;
  folder.write("net.yaml",
               "nodes: {A: {}, B: {}, C: {}}\n"
               "links: [{endpoints: [A, B], capacity: 10G, length: 1 km}]\n");
  folder.write("two.demands", "DEMANDS 2\nlabel src dest bw\nd0 0 1 1000\nd1 1 0 2500\n");
  folder.write("rows.txt", "0 5e6 0 1e6 0 0 0 0 0\n0 7e6 0 2e6 0 0 0 0 0\n");
  const auto scenario = [&](const std::string& matrix) {
    return folder.write("s.yaml", "topology: net.yaml\ntraffic: [{matrix: {" + matrix + "}}]\n");
  };
  const Scenario repetita = load_scenario(scenario("file: two.demands, scale: 2"));
  REQUIRE(repetita.traffic[0].entries.size() == 2);
  CHECK(repetita.traffic[0].entries[0].rate == Rate::mbps(2));
  CHECK(repetita.traffic[0].entries[1].from == NodeId(1));
  CHECK(repetita.traffic[0].entries[1].rate == Rate::mbps(5));

  CHECK(load_scenario(scenario("file: rows.txt, row: 1")).traffic[0].entries[0].rate ==
        Rate::mbps(7));
  CHECK(load_scenario(scenario("file: rows.txt")).traffic[0].entries[0].rate == Rate::mbps(5));

  const auto one = [&](const std::string& matrix) {
    const auto errors = mistakes_of_file(scenario(matrix));
    REQUIRE(errors.size() == 1);
    return errors[0];
  };
  CHECK(one("file: two.demands, unit: Mb/s").message.find("`unit` only goes with CSV") !=
        std::string::npos);
  CHECK(one("file: two.demands, row: 1").message.find("which holds one matrix") !=
        std::string::npos);
  CHECK(one("file: net.yaml").message.find("is no matrix") != std::string::npos);
  folder.write("two.demands", "DEMANDS 2\nlabel src dest bw\nd0 0 2 1000\nd1 1 2 2500\n");
  const Diagnostic cut = one("file: two.demands");
  CHECK(fs::path(cut.where.file).filename() == "two.demands");
  CHECK(cut.message.find("2 of its 2 demands are joined by no path of links, e.g. A to C") !=
        std::string::npos);
  folder.write("two.demands", "DEMANDS 2\nlabel src dest bw\nd0 0 9 1000\nd1 1 x 2500\n");
  const auto numbers = mistakes_of_file(scenario("file: two.demands"));
  REQUIRE(numbers.size() == 2);
  CHECK(numbers[0].where.line == 3);
  CHECK(numbers[1].where.line == 4);
}

TEST_CASE("published networks with their matrices are bare scenarios") {
  const fs::path data = LONGHAUL_DATA_DIR;
  if (!fs::is_directory(data)) {
    WARN("skipped: " << data.string() << " is absent");
    return;
  }
  for (const auto& entry : fs::directory_iterator(data / "repetita" / "defo")) {
    if (entry.path().extension() != ".graph") continue;
    fs::path matrix = entry.path();
    matrix.replace_extension(".demands");
    INFO(matrix.string());
    const Scenario s = bare_scenario(entry.path().string(), matrix.string());
    CHECK_FALSE(s.traffic[0].entries.empty());
  }
  for (const auto& entry : fs::directory_iterator(data / "sndlib")) {
    INFO(entry.path().string());
    const Scenario s = bare_scenario(entry.path().string(), entry.path().string());
    CHECK_FALSE(s.traffic[0].entries.empty());
    Diagnostics diagnostics;
    check_file(entry.path().string(), diagnostics);
    CHECK_FALSE(diagnostics.has_errors());
  }
}
