// `queues:` with every discipline: what is read, and each mistake with its place and words.
#include <string>
#include <vector>

#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

/// Eight lines, so that `queues` is line 9. Link ab has 10 Gb/s, bc 1 Gb/s.
const std::string start = R"(topology:
  providers: [{id: acme, tier: 1}]
  nodes: {A: {provider: acme}, B: {provider: acme}, C: {provider: acme}}
  links:
    - {id: ab, endpoints: [A, B], capacity: 10G, length: 100 km}
    - {id: bc, endpoints: [B, C], capacity: 1G, length: 100 km}
classes: [{name: voice, priority: 0}, {name: data, priority: 1}, {name: bulk, priority: 1}]
traffic: [{class: data, from: A, to: C, rate: 100M, ecn: true}]
)";

Scenario read(const std::string& queues) {
  return read_scenario(SourceText("q.yaml", start + "queues: {" + queues + "}\n"), {});
}

struct Row {
  std::string queues;
  std::vector<std::string> expected;  ///< "column: part of the message", all in line 9, in order
};

void check(const Row& row) {
  INFO("queues: {" + row.queues + "}");
  std::vector<Diagnostic> errors;
  try {
    (void)read(row.queues);
  } catch (const InputError& e) {
    errors = e.diagnostics();
    std::erase_if(errors, [](const Diagnostic& d) { return d.warning; });
  }
  for (const Diagnostic& d : errors)
    UNSCOPED_INFO(d.where.line << ":" << d.where.column << ": " << d.message << " (" << d.hint
                               << ")");
  REQUIRE(errors.size() == row.expected.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const std::string& want = row.expected[i];
    const std::size_t colon = want.find(": ") + 2;
    CHECK(errors[i].where.line == 9);
    CHECK(std::to_string(errors[i].where.column) + ": " == want.substr(0, colon));
    CHECK((errors[i].message + " (" + errors[i].hint + ")").find(want.substr(colon)) !=
          std::string::npos);
  }
}

}  // namespace

TEST_CASE("queues: every discipline with its parameters") {
  const Queueing plain = read("").queues;
  CHECK(plain.plain());
  CHECK(plain.drop.ecn);
  CHECK(read("discipline: strict-priority").queues.discipline == Discipline::strict_priority);
  CHECK(read("discipline: fq-codel").queues.drop.rule == DropRule::codel);
  CHECK(read("").traffic[0].ecn);

  const Queueing red =
      read("drop: {rule: red, min: 1 ms, max: 3 ms, probability: 5 %, weight: 0.01}, ecn: false")
          .queues;
  CHECK_FALSE(red.plain());
  CHECK(red.drop.rule == DropRule::red);
  CHECK_FALSE(red.drop.ecn);
  CHECK(red.drop.red.least.value == Duration::ms(1).ps());
  CHECK(red.drop.red.most.value == Duration::ms(3).ps());
  CHECK(red.drop.red.probability == 0.05);
  CHECK(red.drop.red.weight == 0.01);

  const Queueing codel = read("drop: {rule: codel, target: 1 ms, interval: 20 ms}").queues;
  CHECK(codel.drop.codel.target == Duration::ms(1));
  CHECK(codel.drop.codel.interval == Duration::ms(20));

  const Queueing drr =
      read(
          "discipline: drr, drop: codel, ecn: false, classes: {voice: {strict: true}, bulk: "
          "{weight: 2.5, buffer: 100 packets, drop: red}}")
          .queues;
  REQUIRE(drr.classes.size() == 3);
  CHECK(drr.classes[0].strict);
  CHECK(drr.classes[1].weight == 1);
  CHECK(drr.classes[2].weight == 2.5);
  CHECK(drr.classes[2].buffer->value == 100);
  CHECK(drr.classes[2].drop->rule == DropRule::red);
  CHECK_FALSE(drr.classes[2].drop->ecn);

  const Queueing wred =
      read("drop: wred, classes: {bulk: {drop: {rule: wred, min: 1 ms, max: 2 ms}}}").queues;
  CHECK(wred.classes[2].drop->red.most.value == Duration::ms(2).ps());
}

TEST_CASE("queues: groups come parents first, whatever their order") {
  const Queueing q =
      read(
          "discipline: hierarchical, groups: {leaf: {parent: top, rate: 300M, ceiling: 80 %}, top: "
          "{rate: 50 %}}, classes: {data: {rate: 100M, parent: leaf}, bulk: {ceiling: 10 %}}")
          .queues;
  REQUIRE(q.groups.size() == 2);
  CHECK(q.groups[0].guaranteed.share == 0.5);
  CHECK_FALSE(q.groups[0].parent);
  CHECK(q.groups[1].guaranteed.rate == Rate::mbps(300));
  CHECK(q.groups[1].ceiling.share == 0.8);
  CHECK(q.groups[1].parent == std::size_t{0});
  CHECK(q.classes[1].parent == std::size_t{1});
  CHECK_FALSE(q.classes[2].parent);
  CHECK_FALSE(q.classes[2].guaranteed.given());
}

TEST_CASE("queues: mistakes in values") {
  for (const Row& row : std::vector<Row>{
           {"discipline: wfqq", {"22: expected fifo, strict-priority, drr, wfq, hierarchical"}},
           {"drop: blue", {"16: expected tail, red, wred or codel"}},
           {"drop: {min: 1 ms}", {"16: missing key \"rule\""}},
           {"drop: {rule: red, min: 20 ms}", {"33: `min` must be less than `max`"}},
           {"drop: {rule: red, min: 5 ms, max: 5 ms}", {"33: `min` must be less than `max`"}},
           {"drop: {rule: red, max: 1 MB}", {"33: of different kinds"}},
           {"drop: {rule: red, min: none}", {"33: expected a queue length such as 5 ms"}},
           {"drop: {rule: red, probability: 1.5}", {"41: expected a probability above 0"}},
           {"drop: {rule: red, probability: 0}", {"41: expected a probability above 0"}},
           {"drop: {rule: red, weight: 2}", {"36: expected a weight above 0 and up to 1"}},
           {"drop: {rule: red, target: 5 ms}", {"36: `target` goes with codel, not with red"}},
           {"drop: {rule: codel, max: 5 ms}", {"35: `max` goes with red and wred, not with codel"}},
           {"drop: {rule: codel, target: 200 ms}", {"38: a target of 200 ms is not shorter"}},
           {"drop: {rule: codel, interval: 1 ms}", {"40: a target of 5 ms is not shorter"}},
           {"ecn: true", {"15: nothing marks packets"}},
           {"ecn: maybe, drop: red", {"15: expected true or false"}},
           {"discipline: drr, classes: {data: {weight: 0}}", {"52: expected a weight from 0.001"}},
           {"discipline: drr, classes: {data: {weight: -1}}", {"52: expected a weight from 0.001"}},
           {"discipline: drr, classes: {data: {buffer: 100 B}}",
            {"52: holds no packet of the largest size"}},
           {"discipline: hierarchical, classes: {data: {rate: 0.3}}", {"59: the unit is missing"}},
           {"discipline: hierarchical, classes: {data: {rate: 130 %}}",
            {"59: expected a rate such as 2G or a share of the link"}},
       })
    check(row);
}

TEST_CASE("queues: names, and keys that the discipline does not use") {
  for (const Row& row : std::vector<Row>{
           {"discipline: drr, classes: {dat: {weight: 2}}",
            {"37: there is no class \"dat\"; expected one of voice, data, bulk"}},
           {"discipline: hierarchical, groups: {top: {}}, classes: {data: {parent: topp}}",
            {"80: there is no group \"topp\""}},
           {"discipline: drr, groups: {top: {}}", {"36: groups go with discipline hierarchical"}},
           {"discipline: drr, classes: {data: {rate: 1G}}",
            {"50: `rate` goes with hierarchical, not with drr"}},
           {"discipline: strict-priority, classes: {data: {weight: 2}}",
            {"64: `weight` goes with drr and wfq, not with strict-priority"}},
           {"discipline: hierarchical, classes: {data: {weight: 2}}",
            {"61: `weight` goes with drr and wfq, not with hierarchical"}},
           {"classes: {data: {strict: true}}",
            {"35: `strict` goes with drr, wfq and hierarchical, not with fifo"}},
           {"classes: {data: {buffer: 1 MB}}", {"35: `buffer` goes with disciplines that have"}},
           {"classes: {data: {drop: red}}", {"33: with fifo all classes share a queue"}},
           {"discipline: fq-codel, drop: red", {"38: fq-codel drops by codel, not by red"}},
           {"discipline: fq-codel, classes: {data: {drop: codel}}",
            {"55: with fq-codel all classes share a queue"}},
           {"discipline: wfq, classes: {data: {strict: true, weight: 2}}",
            {"66: a strict class has no weight"}},
           {"discipline: hierarchical, classes: {data: {strict: true, rate: 1M}}",
            {"73: a strict class has no guaranteed rate"}},
           {"discipline: strict-priority, classes: {bulk: {buffer: 1 MB}}",
            {"64: class \"bulk\" has the queue of class \"data\""}},
           {"drop: wred, classes: {data: {drop: {rule: wred, weight: 0.1}}}",
            {"66: with fifo all classes share a queue, and it has one average"}},
       })
    check(row);
}

TEST_CASE("queues: loops of groups and rates that do not fit") {
  for (const Row& row : std::vector<Row>{
           {"discipline: hierarchical, groups: {a: {parent: b}, b: {parent: c}, c: {parent: a}}",
            {"57: a loop of parents: a > b > c > a"}},
           {"discipline: hierarchical, groups: {a: {parent: a}}", {"57: a loop of parents: a > a"}},
           // What hangs on a loop is not told beside it.
           {"discipline: hierarchical, groups: {x: {parent: a}, a: {parent: b}, b: {parent: a}}",
            {"73: a loop of parents: a > b > a"}},
           {"discipline: hierarchical, classes: {data: {rate: 500M, ceiling: 400M}}",
            {"59: a rate of 500M is over the ceiling of 400M"}},
           {"discipline: hierarchical, classes: {data: {rate: 200M, ceiling: 10 %}}",
            {"59: a rate of 200M is over the ceiling of 10 % on link \"bc\""}},
           {"discipline: hierarchical, groups: {a: {rate: 50 %, ceiling: 40 %}}",
            {"55: a rate of 50 % is over the ceiling of 40 %"}},
           {"discipline: hierarchical, classes: {data: {rate: 60 %}, bulk: {rate: 50 %}}",
            {"79: guaranteed rates add up to 1.1G, more than link \"bc\" has (1G)"}},
           {"discipline: hierarchical, classes: {data: {rate: 2G}}",
            {"59: guaranteed rates add up to 2G, more than link \"bc\" has (1G)"}},
           {"discipline: hierarchical, groups: {a: {rate: 100M}}, classes: {data: {rate: 200M, "
            "parent: a}}",
            {"86: guaranteed rates in group \"a\" add up to 200M on link \"bc\", more than its "
             "rate "
             "of 100M"}},
           {"discipline: hierarchical, groups: {a: {ceiling: 10 %}}, classes: {data: {rate: 200M, "
            "parent: a}}",
            {"89: guaranteed rates in group \"a\" add up to 200M on link \"bc\", more than its "
             "ceiling of 10 %"}},
       })
    check(row);
  // All of it, and no more.
  CHECK_NOTHROW(
      read("discipline: hierarchical, classes: {data: {rate: 60 %}, bulk: {rate: 40 %}}"));
}

namespace {

/// One traffic entry with `text` in it, in line 7.
Scenario with_traffic(const std::string& text) {
  const std::string network = start.substr(0, start.find("classes:"));
  return read_scenario(
      SourceText("q.yaml", network + "traffic: [{from: A, to: C, rate: 100M, " + text + "}]\n"),
      {});
}

}  // namespace

TEST_CASE("shapers and policers") {
  CHECK_FALSE(with_traffic("ecn: false").traffic[0].bucket);
  const auto shape = with_traffic("shape: {rate: 120 %, burst: 20 kB, delay: 5 ms}").traffic[0];
  REQUIRE(shape.bucket);
  CHECK(shape.bucket->action == TokenBucketSpec::Action::shape);
  CHECK(shape.bucket->bps(Rate::mbps(100)) == 120'000'000);
  CHECK(shape.bucket->burst_bytes == 20'000);
  CHECK(shape.bucket->max_delay == Duration::ms(5));
  const auto police = with_traffic("size: 1000 B, police: {rate: 50M, burst: 1000 B}").traffic[0];
  REQUIRE(police.bucket);
  CHECK(police.bucket->action == TokenBucketSpec::Action::police);
  CHECK(police.bucket->bps(Rate::mbps(100)) == 50'000'000);

  struct Wrong {
    std::string text;
    std::string expected;  ///< "column: part of the message"
  };
  for (const Wrong& wrong : std::vector<Wrong>{
           {"shape: {rate: 10M}", "47: missing key \"burst\""},
           {"shape: {burst: 10 kB}", "47: missing key \"rate\""},
           {"shape: {rate: 0.5, burst: 10 kB}", "54: the unit is missing"},
           {"shape: {rate: 0 %, burst: 10 kB}", "54: expected a rate such as 2G"},
           {"police: {rate: 10M, burst: 10 kB, delay: 1 ms}", "74: unknown key \"delay\""},
           {"police: {rate: 10M, burst: 100 B}", "67: lets no packet of the largest size pass"},
           {"shape: {rate: 10M, burst: 10 kB}, police: {rate: 10M, burst: 10 kB}",
            "82: takes `shape` or `police`, not both"},
       }) {
    INFO(wrong.text);
    std::vector<Diagnostic> errors;
    try {
      (void)with_traffic(wrong.text);
    } catch (const InputError& e) {
      errors = e.diagnostics();
    }
    REQUIRE(errors.size() == 1);
    const std::size_t colon = wrong.expected.find(": ") + 2;
    CHECK(errors[0].where.line == 7);
    CHECK(std::to_string(errors[0].where.column) + ": " == wrong.expected.substr(0, colon));
    INFO(errors[0].message);
    CHECK(errors[0].message.find(wrong.expected.substr(colon)) != std::string::npos);
  }
}
