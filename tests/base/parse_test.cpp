// Quantities: what is read, what is refused and why, and that writing and reading agree.
#include "sim/base/parse.hpp"

#include <limits>

#include "tests/catch.hpp"

using namespace longhaul;

namespace {

template <class T>
std::string error_of(const Parsed<T>& parsed) {
  return parsed ? "(parsed)" : parsed.error();
}

/// A reproducible sequence that visits every magnitude.
std::vector<std::int64_t> magnitudes() {
  std::vector<std::int64_t> out{0,   1,    9,    10,
                                999, 1000, 1001, std::numeric_limits<std::int64_t>::max()};
  std::uint64_t x = 88172645463325252U;
  for (int i = 0; i < 2000; ++i) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    out.push_back(static_cast<std::int64_t>((x >> 1) >> (x % 60)));
  }
  std::int64_t power = 1;
  for (int i = 0; i < 18; ++i) out.push_back(power *= 10);
  return out;
}

}  // namespace

TEST_CASE("rates") {
  CHECK(*parse_rate("400G") == Rate::gbps(400));
  CHECK(*parse_rate("1.6T") == Rate::gbps(1600));
  CHECK(*parse_rate("1.6 Tb/s") == Rate::gbps(1600));
  CHECK(*parse_rate("10Gbps") == Rate::gbps(10));
  CHECK(*parse_rate("10 Gbit/s") == Rate::gbps(10));
  CHECK(*parse_rate("9.95328G") == Rate::bps(9'953'280'000));
  CHECK(*parse_rate("155.52 Mb/s") == Rate::bps(155'520'000));
  CHECK(*parse_rate("64k") == Rate::bps(64'000));
  CHECK(*parse_rate("7 b/s") == Rate::bps(7));
  CHECK(*parse_rate("1e3 bps") == Rate::bps(1000));
  CHECK(*parse_rate(" 5 G ") == Rate::gbps(5));
  CHECK(*parse_rate("0") == Rate::zero());
  CHECK(*parse_rate("-1G") == Rate::gbps(-1));
  CHECK(error_of(parse_rate("10")) ==
        "expected a rate such as 10G or 1.6 Tb/s, got \"10\": the unit is missing");
  CHECK(error_of(parse_rate("")) == "expected a rate such as 10G or 1.6 Tb/s, got \"\"");
  CHECK(error_of(parse_rate("fast")) == "expected a rate such as 10G or 1.6 Tb/s, got \"fast\"");
  CHECK(error_of(parse_rate("10 GB/s")) ==
        "expected a rate such as 10G or 1.6 Tb/s, got \"10 GB/s\": unknown unit \"GB/s\" (rates "
        "are k, M, G or T bits per second)");
  CHECK(error_of(parse_rate("10g")).find("unknown unit \"g\"") != std::string::npos);
  CHECK(error_of(parse_rate("10m")).find("unknown unit \"m\"") != std::string::npos);
  CHECK(error_of(parse_rate("99999999T")).find("out of range") != std::string::npos);
  CHECK(error_of(parse_rate("1e99999999999G")).find("out of range") != std::string::npos);
  CHECK(*parse_rate("1e-99999999999G") == Rate::zero());
  CHECK(*parse_rate("0e99999999999G") == Rate::zero());
  CHECK(error_of(parse_rate("1.2.3G")).find("unknown unit") != std::string::npos);
  CHECK_FALSE(parse_rate(".G"));
  CHECK_FALSE(parse_rate("nanG"));
  CHECK_FALSE(parse_rate("infG"));
}

TEST_CASE("capacities") {
  CHECK(*parse_capacity("8x100G") == Capacity{8, Rate::gbps(100)});
  CHECK(*parse_capacity("8 x 100 Gb/s") == Capacity{8, Rate::gbps(100)});
  CHECK(*parse_capacity("400G") == Capacity{1, Rate::gbps(400)});
  CHECK(parse_capacity("8x100G")->total() == Rate::gbps(800));
  CHECK(error_of(parse_capacity("0x100G")).find("members must be 1 to") != std::string::npos);
  CHECK(error_of(parse_capacity("99999999999x1G")).find("members must be") != std::string::npos);
  CHECK(error_of(parse_capacity("65536x9000P")).find("out of range") != std::string::npos);
  CHECK(error_of(parse_capacity("8x100")) ==
        "expected a capacity such as 400G or 8x100G, got \"8x100\": the unit is missing");
  CHECK_FALSE(parse_capacity("x100G"));
  CHECK_FALSE(parse_capacity("-2x100G"));
}

TEST_CASE("durations, sizes and lengths") {
  CHECK(*parse_duration("12 ms") == Duration::ms(12));
  CHECK(*parse_duration("1.5us") == Duration::ns(1500));
  CHECK(*parse_duration("1.5 \xC2\xB5s") == Duration::ns(1500));
  CHECK(*parse_duration("2 h") == Duration::s(7200));
  CHECK(*parse_duration("1 d") == Duration::s(86400));
  CHECK(*parse_duration("0.4 ps") == Duration::zero());
  CHECK(*parse_duration("0.5 ps") == Duration::ps(1));
  CHECK(*parse_duration("-3 s") == Duration::s(-3));
  CHECK(error_of(parse_duration("12")) ==
        "expected a duration such as 12 ms or 1.5 s, got \"12\": the unit is missing");
  CHECK(error_of(parse_duration("12 m")).find("unknown unit \"m\" (ps, ns, us, ms, s, min") !=
        std::string::npos);
  CHECK(error_of(parse_duration("200 d")).find("out of range") != std::string::npos);

  CHECK(*parse_size("1500 B") == Size::bytes(1500));
  CHECK(*parse_size("64 MB") == Size::bytes(64'000'000));
  CHECK(*parse_size("64MiB") == Size::bytes(64 << 20));
  CHECK(*parse_size("1.5 kB") == Size::bytes(1500));
  CHECK(error_of(parse_size("1.5 B")).find("not whole bytes") != std::string::npos);
  CHECK(error_of(parse_size("64 Mb")).find("b would be bits") != std::string::npos);
  CHECK_FALSE(parse_size("64"));

  CHECK(*parse_distance("5600 km") == Distance::km(5600));
  CHECK(*parse_distance("12.5m") == Distance::mm(12'500));
  CHECK_FALSE(parse_distance("5600"));
  CHECK_FALSE(parse_distance("12 miles"));
}

TEST_CASE("shares and numbers") {
  CHECK(*parse_fraction("90 %") == 0.9);
  CHECK(*parse_fraction("99.9%") == 0.999);
  CHECK(*parse_fraction("0.1 %") == 0.001);
  CHECK(*parse_fraction("0.9") == 0.9);
  CHECK(*parse_fraction("1e1 %") == 0.1);
  CHECK_FALSE(parse_fraction("%"));
  CHECK_FALSE(parse_fraction("90 percent"));
  CHECK(*parse_number("-1.5e3") == -1500);
  CHECK(*parse_number("+2") == 2);
  CHECK_FALSE(parse_number("1,5"));
  CHECK_FALSE(parse_number("0x10"));
  CHECK_FALSE(parse_number("inf"));
  CHECK_FALSE(parse_number("1e999"));
  CHECK(*parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(error_of(parse_integer("9223372036854775808")).find("out of range") != std::string::npos);
  CHECK(error_of(parse_integer("1.0")) == "expected a whole number, got \"1.0\"");
  CHECK_FALSE(parse_integer("+-1"));
  CHECK_FALSE(parse_integer(""));
}

TEST_CASE("what is written reads back as the same value") {
  for (const std::int64_t magnitude : magnitudes()) {
    for (const std::int64_t value : {magnitude, -magnitude}) {
      INFO(value);
      CHECK(*parse_rate(to_text(Rate::bps(value))) == Rate::bps(value));
      CHECK(*parse_duration(to_text(Duration::ps(value))) == Duration::ps(value));
      CHECK(*parse_size(to_text(Size::bytes(value))) == Size::bytes(value));
      CHECK(*parse_distance(to_text(Distance::mm(value))) == Distance::mm(value));
    }
    if (magnitude > 0 && magnitude < 1'000'000'000'000'000) {
      const Capacity bundle{7, Rate::bps(magnitude)};
      CHECK(*parse_capacity(to_text(bundle)) == bundle);
    }
  }
}

TEST_CASE("written quantities are short") {
  CHECK(to_text(Rate::gbps(400)) == "400G");
  CHECK(to_text(Rate::gbps(1600)) == "1.6T");
  CHECK(to_text(Rate::bps(9'953'280'000)) == "9.95328G");
  CHECK(to_text(Rate::bps(12)) == "12 b/s");
  CHECK(to_text(Capacity{8, Rate::gbps(100)}) == "8x100G");
  CHECK(to_text(Duration::ms(12)) == "12 ms");
  CHECK(to_text(Duration::zero()) == "0 s");
  CHECK(to_text(Size::bytes(1500)) == "1.5 kB");
  CHECK(to_text(Size::bytes(64 << 20)) == "64 MiB");
  CHECK(to_text(Size::bytes(64'000'000)) == "64 MB");
  CHECK(to_text(Distance::km(5600)) == "5600 km");
}

TEST_CASE("displayed quantities have three digits") {
  CHECK(to_display(Duration::us(12345)) == "12.3 ms");
  CHECK(to_display(Rate::gbps(1080)) == "1.08 Tb/s");
  CHECK(to_display(Rate::bps(999'600'000)) == "1 Gb/s");
  CHECK(to_display(Rate::bps(999'400'000)) == "999 Mb/s");
  CHECK(to_display(Rate::gbps(12'345'678)) == "12346 Tb/s");
  CHECK(to_display(Size::bytes(64'000'000)) == "64 MB");
  CHECK(to_display(Duration::zero()) == "0 s");
  CHECK(to_display(Duration::ps(-1500)) == "-1.5 ns");
}
