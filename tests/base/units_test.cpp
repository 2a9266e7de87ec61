// Units: exact arithmetic, and that what makes no sense does not compile.
#include "sim/base/units.hpp"

#include <concepts>
#include <type_traits>

#include "sim/base/ids.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

template <class A, class B>
concept addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept subtractable = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept comparable = requires(A a, B b) {
  a < b;
};
template <class A, class B>
concept dividable = requires(A a, B b) {
  a / b;
};
template <class A, class B>
concept multipliable = requires(A a, B b) {
  a* b;
};

static_assert(addable<Time, Duration>);
static_assert(addable<Duration, Duration>);
static_assert(addable<Rate, Rate>);
static_assert(!addable<Time, Time>);
static_assert(!addable<Time, Rate>);
static_assert(!addable<Time, std::int64_t>);
static_assert(!addable<Duration, Rate>);
static_assert(!addable<Duration, Size>);
static_assert(!addable<Size, Rate>);
static_assert(!addable<Distance, Duration>);
static_assert(!addable<Rate, int>);
static_assert(std::same_as<decltype(Time::zero() - Time::zero()), Duration>);
static_assert(!subtractable<Duration, Time>);
static_assert(!subtractable<Size, Duration>);
static_assert(comparable<Time, Time>);
static_assert(!comparable<Time, Duration>);
static_assert(!comparable<Size, Rate>);
static_assert(!comparable<Rate, std::int64_t>);
static_assert(std::same_as<decltype(Size::zero() / Rate::bps(1)), Duration>);
static_assert(std::same_as<decltype(Rate::bps(1) * Duration::zero()), Size>);
static_assert(!dividable<Rate, Size>);
static_assert(!dividable<Time, Rate>);
static_assert(!multipliable<Size, Rate>);
static_assert(!multipliable<Time, int>);

// Nothing is made without naming its unit, nor turns into a number by itself.
static_assert(!std::is_default_constructible_v<Time>);
static_assert(!std::is_default_constructible_v<Rate>);
static_assert(!std::is_constructible_v<Duration, std::int64_t>);
static_assert(!std::is_constructible_v<Size, int>);
static_assert(!std::is_convertible_v<Rate, std::int64_t>);

// An id of one kind is no id of another.
static_assert(!std::is_convertible_v<NodeId, PortId>);
static_assert(!std::is_constructible_v<NodeId, PortId>);
static_assert(!std::is_convertible_v<int, NodeId>);
static_assert(!comparable<NodeId, LinkId>);

}  // namespace

TEST_CASE("named factories agree with each other") {
  CHECK(Duration::s(1) == Duration::ms(1000));
  CHECK(Duration::ms(1) == Duration::us(1000));
  CHECK(Duration::us(1) == Duration::ns(1000));
  CHECK(Duration::ns(1) == Duration::ps(1000));
  CHECK(Rate::gbps(1) == Rate::mbps(1000));
  CHECK(Rate::mbps(1) == Rate::bps(1'000'000));
  CHECK(Distance::km(1) == Distance::m(1000));
  CHECK(Duration::from_seconds(1.5) == Duration::ms(1500));
  CHECK(Duration::from_seconds(-1e-12) == Duration::ps(-1));
}

TEST_CASE("transmission times are exact, also where 64 bits would overflow") {
  CHECK(Size::bytes(1) / Rate::gbps(1) == Duration::ps(8000));
  CHECK(Size::bytes(1) / Rate::gbps(400) == Duration::ps(20));
  CHECK(Size::bytes(1) / Rate::gbps(1600) == Duration::ps(5));
  CHECK(Size::bytes(1500) / Rate::gbps(10) == Duration::ns(1200));
  CHECK(Size::bytes(1) / Rate::bps(3) == Duration::ps(2'666'666'666'666));
  // 1 TB at 1 Gb/s: 8e12 bits x 1e12 ps does not fit into 64 bits before the division.
  CHECK(Size::bytes(1'000'000'000'000) / Rate::gbps(1) == Duration::s(8000));
  CHECK(Rate::gbps(1600) * Duration::s(1000) == Size::bytes(200'000'000'000'000));
  CHECK(Rate::gbps(1) * Duration::ps(7999) == Size::zero());
}

TEST_CASE("ids know that they name nothing") {
  CHECK_FALSE(NodeId::none().valid());
  CHECK(NodeId{0}.valid());
  CHECK(NodeId{1} < NodeId{2});
}
