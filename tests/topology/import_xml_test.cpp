// Net2Plan, SNDlib XML and GraphML of others: what is read, and every mistake at its place.
#include <filesystem>

#include "sim/topology/import/import.hpp"
#include "tests/catch.hpp"
#include "tests/topology/network_equal.hpp"

using namespace longhaul;
using test::import_mistakes;
using test::import_text;
using test::import_warnings;
using Lines = std::vector<std::string>;

TEST_CASE("Net2Plan: the first layout, nodes by number") {
  const auto read = import_text("a.n2p", R"(<?xml version="1.0"?>
<network name="N" description="two &amp; two">
 <physicalTopology>
  <node name="A" xCoord="4.9" yCoord="52.35"/>
  <node name="B" xCoord="23.73" yCoord="38.0"/>
  <link originNodeId="0" destinationNodeId="1" linkCapacityInErlangs="66.041" linkLengthInKm="179.5"/>
  <link originNodeId="1" destinationNodeId="0" linkCapacityInErlangs="66.041" linkLengthInKm="179.5"/>
 </physicalTopology>
 <demandSet>
  <demandEntry ingressNodeId="0" egressNodeId="1" offeredTrafficInErlangs="0.179"/>
  <demandEntry ingressNodeId="1" egressNodeId="0" offeredTrafficInErlangs="0"/>
 </demandSet>
</network>)",
                                Format::net2plan);
  CHECK(read.spec.name == "N");
  CHECK(read.spec.attributes == Attributes{{"description", "two & two"}});
  REQUIRE(read.spec.links.size() == 1);
  CHECK_FALSE(read.spec.links[0].one_way);
  CHECK(read.spec.links[0].capacity == Capacity{1, Rate::mbps(66'041)});
  CHECK(read.spec.links[0].length == Distance::m(179'500));
  CHECK(read.spec.nodes[1].at == GeoPoint{38.0, 23.73});
  REQUIRE(read.demands.size() == 1);
  CHECK(read.demands[0] == ImportedDemand{"A", "B", Rate::mbps(179)});
}

TEST_CASE("Net2Plan: version 3, with layers, attributes, speeds and units") {
  const std::string text = R"(<network name="N" version="3">
 <node id="5" xCoord="-99.7" yCoord="32.4" name="A"><attribute key="country" value="USA"/>
  <attribute key="region" value="south"/></node>
 <node id="6" xCoord="-73.8" yCoord="42.6" name="B"><attribute key="country" value="US"/></node>
 <layer id="0" linkCapacityUnitsName="Mbps" demandTrafficUnitsName="">
  <link id="0" originNodeId="5" destinationNodeId="6" capacity="40" lengthInKm="200" propagationSpeedInKmPerSecond="200000.0"/>
  <link id="1" originNodeId="6" destinationNodeId="5" capacity="0.0" lengthInKm="200" />
  <demand id="0" originNodeId="5" destinationNodeId="6" offeredTraffic="3"/>
 </layer>
</network>)";
  const auto read = import_text("b.n2p", text, Format::net2plan);
  CHECK(read.spec.regions == Lines{"south"});
  CHECK(read.spec.nodes[0].region == RegionId(0));
  CHECK(read.spec.nodes[0].attributes == Attributes{{"country", "USA"}});
  CHECK(read.spec.nodes[1].country == "US");
  REQUIRE(read.spec.links.size() == 2);
  CHECK(read.spec.links[0].one_way);
  CHECK(read.spec.links[0].capacity == Capacity{1, Rate::mbps(40)});
  CHECK(read.spec.links[0].delay == Duration::ms(1));
  CHECK(read.spec.links[1].capacity == Capacity{1, default_capacity});
  CHECK_FALSE(read.spec.links[1].delay_given);
  REQUIRE(read.demands.size() == 1);
  CHECK(read.demands[0].rate == Rate::gbps(3));
  CHECK(import_warnings(text, Format::net2plan) ==
        Lines{"1 links have no capacity; 100G is assumed"});
}

TEST_CASE("Net2Plan: coordinates are degrees only if all of them can be") {
  const auto read = import_text("c.n2p", R"(<network><physicalTopology>
 <node name="A" xCoord="10" yCoord="20"/><node name="B" xCoord="1500" yCoord="20"/>
 <link originNodeId="0" destinationNodeId="1" linkCapacityInErlangs="1" linkLengthInKm="1"/>
</physicalTopology></network>)",
                                Format::net2plan);
  CHECK_FALSE(read.spec.nodes[0].at);
  CHECK(read.spec.nodes[0].position == std::pair(10.0, 20.0));
}

TEST_CASE("Net2Plan: every mistake, at its place, all at once") {
  CHECK(import_mistakes(R"(<network version="3">
<node id="0" name="A" xCoord="west" yCoord='1'/>
<node id="0" name="B" xCoord="0" yCoord="inf"/>
<layer>
<link originNodeId="0" destinationNodeId="7" capacity="1"/>
<link originNodeId="0" capacity="-1" lengthInKm="-2"/>
<demand originNodeId="0" destinationNodeId="0" offeredTraffic="-5"/>
</layer>
</network>)",
                        Format::net2plan) ==
        Lines{"2:31: expected a coordinate, a number, got \"west\"",
              "3:11: node \"0\" is given twice",
              "3:42: expected a coordinate, a number, got \"inf\"", "5:43: there is no node \"7\"",
              "6:2: this <link> has no destinationNodeId",
              "6:34: expected a capacity above 0 (and at most 9.2 Eb/s), got \"-1\"",
              "6:50: expected a length from 0 to 1000000 km, got \"-2\"",
              "7:64: expected a demand from 0 to 9.2 Eb/s, got \"-5\""});
}

TEST_CASE("SNDlib XML: nodes, modules, demands and the unit") {
  const std::string text = R"(<?xml version="1.0" encoding="ISO-8859-1"?>
<network xmlns="http://sndlib.zib.de/network" version="1.0">
 <meta><granularity>day</granularity><origin>M)"
                           "\xFC"
                           R"(nchen</origin></meta>
 <networkStructure>
  <nodes coordinatesType="geographical">
   <node id="A"><coordinates><x> -84.38 </x><y>33.75</y></coordinates></node>
   <node id="B"><coordinates><x>-87.62</x><y>41.88</y></coordinates></node>
  </nodes>
  <links>
   <link id="L1"><source>A</source><target>B</target>
     <preInstalledModule><capacity>9920.0</capacity><cost>0.0</cost></preInstalledModule></link>
   <link id="L2"><source>A</source><target>B</target><routingCost>3</routingCost>
     <additionalModules><addModule><capacity>155</capacity></addModule>
      <addModule><capacity>622</capacity></addModule></additionalModules></link>
   <link id="L3"><source>B</source><target>A</target></link>
  </links>
 </networkStructure>
 <demands><demand id="D"><source>A</source><target>B</target><routingUnit>1</routingUnit>
  <demandValue>195.5</demandValue></demand></demands>
</network>)";
  const auto read = import_text("s.xml", text, Format::sndlib_xml);
  CHECK(read.spec.source == "M\xC3\xBCnchen");
  CHECK(read.spec.attributes == Attributes{{"granularity", "day"}});
  CHECK(read.spec.nodes[0].at == GeoPoint{33.75, -84.38});
  REQUIRE(read.spec.links.size() == 3);
  CHECK(read.spec.links[0].id == "L1");
  CHECK(read.spec.links[0].capacity == Capacity{1, Rate::mbps(9920)});
  CHECK(read.spec.links[1].capacity == Capacity{1, Rate::mbps(622)});
  CHECK(read.spec.links[1].attributes ==
        Attributes{{"routingCost", "3"}, {"module", "155"}, {"module", "622"}});
  CHECK(read.spec.links[2].capacity == Capacity{1, default_capacity});
  REQUIRE(read.demands.size() == 1);
  CHECK(read.demands[0] == ImportedDemand{"A", "B", Rate::bps(195'500'000)});
  CHECK(recognise(SourceText("s.xml", text)) == Format::sndlib_xml);
}

TEST_CASE("SNDlib XML: every mistake, at its place, all at once") {
  CHECK(import_mistakes(R"(<network><networkStructure>
<nodes><node id="A"><coordinates><x>1</x></coordinates></node>
<node id="A"/><node/>
</nodes><links>
<link id="L"><source>A</source><target>Z</target></link>
<link id="M"><source>A</source>
<preInstalledModule><capacity> much </capacity></preInstalledModule></link>
</links></networkStructure>
<demands><demand><source>A</source><target>A</target><demandValue>-1</demandValue></demand></demands>
</network>)",
                        Format::sndlib_xml) ==
        Lines{"2:22: this <coordinates> has no y", "3:11: node \"A\" is given twice",
              "3:16: this <node> has no id", "5:40: there is no node \"Z\"",
              "6:2: this <link> has no target", "7:32: expected a capacity, a number, got \"much\"",
              "9:67: expected a demand from 0 to 9.2 Eb/s, got \"-1\""});
  CHECK(import_mistakes("<network>\n</network>", Format::sndlib_xml) ==
        Lines{"1:2: expected <networkStructure> with <nodes> and <links>"});
}

TEST_CASE("GraphML of the Zoo, with defaults, prefixes and one-way edges") {
  const auto read = import_text("z.graphml", R"(<?xml version="1.0" encoding="utf-8"?>
<g:graphml xmlns:g="http://graphml.graphdrawing.org/xmlns">
  <g:key attr.name="Latitude" attr.type="double" for="node" id="d29"/>
  <g:key attr.name="Longitude" attr.type="double" for="node" id="d30"/>
  <g:key attr.name="label" attr.type="string" for="node" id="d31"/>
  <g:key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d33"><g:default>1e9</g:default></g:key>
  <g:key attr.name="Network" attr.type="string" for="graph" id="d1"/>
  <g:graph edgedefault="undirected">
    <g:data key="d1">Zoo</g:data>
    <g:node id="0"><g:data key="d29">1</g:data><g:data key="d30">2</g:data><g:data key="d31">A</g:data></g:node>
    <g:node id="1"><g:data key="d29"> 3 </g:data><g:data key="d30">4</g:data><g:data key="d31">B</g:data></g:node>
    <g:edge source="0" target="1"><g:data key="d33">2500000000.0</g:data></g:edge>
    <g:edge source="0" target="1" directed="true"/>
  </g:graph>
</g:graphml>)",
                                Format::graphml);
  CHECK(read.spec.name == "Zoo");
  CHECK(read.spec.nodes[1].at == GeoPoint{3, 4});
  REQUIRE(read.spec.links.size() == 2);
  CHECK(read.spec.links[0].capacity == Capacity{1, Rate::mbps(2500)});
  CHECK(read.spec.links[1].capacity == Capacity{1, Rate::gbps(1)});
  CHECK(read.spec.links[1].one_way);
}

TEST_CASE("GraphML: every mistake, at its place, all at once") {
  CHECK(import_mistakes(R"(<graphml>
<key id="a" for="node" attr.name="Latitude"/><key id="a"/>
<graph>
<node id="x"><data key="a">99</data><data key="b">1</data></node>
<node id="x"/>
<node><graph/></node>
<edge source="x" target="y"/>
<hyperedge/>
</graph><graph/></graphml>)",
                        Format::graphml) ==
        Lines{"2:55: key \"a\" is given twice", "4:28: node \"x\" has a latitude but no longitude",
              "4:48: there is no key \"b\"", "5:11: node \"x\" is given twice",
              "6:2: this <node> has no id", "6:8: a graph within a node; a flat one is expected",
              "7:26: there is no node \"y\"",
              "8:2: a <hyperedge>; links with two ends are expected",
              "9:10: a second <graph>; one network is expected"});
}

TEST_CASE("GraphML of longhaul: mistakes at their places") {
  CHECK(
      import_mistakes(R"(<graphml>
<key id="m" for="graph" attr.name="longhaul.graphml"/>
<key id="t" attr.name="provider_tier"/><key id="p" attr.name="provider"/>
<key id="r" attr.name="role"/><key id="w" attr.name="weigt"/><key id="c" attr.name="capacity_bps"/>
<key id="l" attr.name="length_km"/><key id="g" attr.name="members"/>
<graph><data key="m">1</data><data key="t">9</data><data key="p">P</data>
<node id="0"><data key="r">king</data><data key="w">1</data></node>
<node id="1"><data key="p">Q</data></node>
<edge source="0" target="1"><data key="l">-1</data></edge>
<edge source="0" target="1"><data key="c">0</data></edge>
<edge source="0" target="1"><data key="c">10</data><data key="g">3</data></edge>
</graph></graphml>)",
                      Format::graphml) ==
      Lines{"6:44: provider_tier stands before any provider", "7:28: \"king\" is no role",
            "7:53: there is no field \"weigt\"", "8:28: there is no provider \"Q\"",
            "9:2: this <edge> has no capacity_bps",
            "9:43: expected length_km, a number of at least 0, got \"-1\"",
            "10:43: expected capacity_bps, a whole number from 1 to 9223372036854775807, got \"0\"",
            "11:66: the capacity is no multiple of its members"});
}

TEST_CASE("XML that is none, with its place") {
  for (const Format format : {Format::graphml, Format::net2plan, Format::sndlib_xml}) {
    INFO(to_string(format));
    CHECK(import_mistakes("<a>\n <b></c>\n</a>", format) ==
          Lines{"2:7: is not well-formed XML: Start-end tags mismatch"});
    CHECK(import_mistakes("", format).size() == 1);
    CHECK(import_mistakes("<other/>", format).size() == 1);
    CHECK(import_mistakes("<a b=\"1", format).size() == 1);
  }
}

TEST_CASE("XML nested a hundred thousand times does no harm") {
  std::string open;
  std::string close;
  for (int i = 0; i < 100'000; ++i) open += "<graph><node>", close += "</node></graph>";
  for (const Format format : {Format::graphml, Format::net2plan, Format::sndlib_xml}) {
    const std::string root = format == Format::graphml ? "graphml" : "network";
    CHECK_FALSE(
        import_mistakes("<" + root + ">" + open + close + "</" + root + ">", format).empty());
    CHECK_FALSE(import_mistakes("<" + root + ">" + open, format).empty());
  }
}

TEST_CASE("a DOCTYPE's entities are not expanded") {
  const auto read =
      import_text("e.graphml", R"(<!DOCTYPE graphml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
<graphml><key id="l" attr.name="label"/><graph>
<node id="0"><data key="l">&b;</data></node></graph></graphml>)",
                  Format::graphml);
  CHECK(read.spec.nodes[0].id == "&b;");
}

TEST_CASE("Net2Plan: the published files read") {
  const std::filesystem::path folder = std::filesystem::path(LONGHAUL_DATA_DIR) / "net2plan";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: the folder of published networks is not here");
    return;
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    INFO(entry.path());
    const SourceText text = SourceText::read(entry.path().string());
    CHECK(recognise(text) == Format::net2plan);
    Diagnostics diagnostics;
    const Imported read = import_network(text, Format::net2plan, diagnostics);
    CHECK_FALSE(diagnostics.has_errors());
    // Their names tell their sizes: N90_E274 has 274 one-way links, in pairs or not.
    const std::string name = entry.path().stem().string();
    const auto count = [&](const char* mark) {
      return std::stoul(name.substr(name.find(mark) + 2));
    };
    CHECK(read.spec.nodes.size() == count("_N"));
    std::size_t directions = 0;
    for (const Link& l : read.spec.links) directions += l.one_way ? 1 : 2;
    CHECK(directions == count("_E"));
    if (name.find("withTraffic") != std::string::npos) CHECK(read.demands.size() == 1332);
    ++files;
  }
  CHECK(files > 0);
}
