// Profiles: factors at known times and places; and an MMPP's shares of time.
#include "sim/traffic/profile.hpp"

#include "sim/traffic/arrival_model.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

constexpr std::int64_t hour = 3600LL * 1'000'000'000'000;
constexpr std::int64_t day = 24 * hour;

}  // namespace

TEST_CASE("the day's factor is 1 at the local peak and the trough's share twelve hours later") {
  Profile profile;
  profile.diurnal = Profile::Diurnal{20, 0.3};
  const ProfileSteps greenwich(profile, 0);
  CHECK(greenwich.factor(20 * hour) == Approx(1).epsilon(0.001));
  CHECK(greenwich.factor(8 * hour) == Approx(0.3).epsilon(0.005));
  CHECK(greenwich.factor(14 * hour) == Approx(0.65).epsilon(0.005));
  CHECK(greenwich.mean(0, day) == Approx(0.65).epsilon(1e-6));
  // 30 degrees east, clocks are two hours ahead.
  const ProfileSteps east(profile, 30);
  for (int h = 0; h < 22; ++h)
    CHECK(east.factor(h * hour) == Approx(greenwich.factor((h + 2) * hour)));
  const ProfileSteps west(profile, -75);
  for (int h = 5; h < 24; ++h)
    CHECK(west.factor(h * hour) == Approx(greenwich.factor((h - 5) * hour)));
}

TEST_CASE("a day of one's own, the week and growth") {
  Profile profile;
  profile.diurnal.emplace();
  for (int h = 0; h < 24; ++h) profile.diurnal->hours.push_back(h);
  const ProfileSteps own(profile, 0);
  CHECK(own.factor(7 * hour) == Approx(7 + 0.5 / 60));
  CHECK(own.factor(7 * hour + hour / 2) == Approx(7.5 + 0.5 / 60));

  Profile week;
  week.weekend = 0.7;
  const ProfileSteps at_greenwich(week, 0);
  CHECK(at_greenwich.factor(4 * day + 23 * hour) == 1);
  CHECK(at_greenwich.factor(5 * day) == 0.7);
  CHECK(at_greenwich.factor(7 * day - hour) == 0.7);
  CHECK(at_greenwich.factor(7 * day) == 1);
  const ProfileSteps tokyo(week, 139.7);
  CHECK(tokyo.factor(4 * day + 16 * hour) == 0.7);

  Profile growth;
  growth.growth = 0.3;
  growth.speed = 365 * 86'400;  // a year a second
  const ProfileSteps years(growth, 0);
  constexpr std::int64_t s = 1'000'000'000'000;
  CHECK(years.factor(0) == Approx(1).epsilon(1e-5));
  CHECK(years.factor(s / 2) == Approx(1.15).epsilon(1e-5));
  CHECK(years.factor(3 * s) == Approx(1.3 * 1.3 * 1.3).epsilon(1e-5));
}

TEST_CASE("a flash crowd rises, holds and falls") {
  Profile profile;
  profile.crowds.push_back(
      {Duration::ms(300), Duration::ms(50), Duration::ms(200), Duration::ms(100), 5});
  const ProfileSteps steps(profile, 0);
  const auto at = [&](std::int64_t ms) { return steps.factor(Duration::ms(ms).ps()); };
  CHECK(at(299) == 1);
  CHECK(at(325) == Approx(3).epsilon(0.01));
  CHECK(at(351) == 5);
  CHECK(at(549) == 5);
  CHECK(at(600) == Approx(3).epsilon(0.01));
  CHECK(at(651) == 1);
  // Steps do not shift its mean: 1 + 4 x (25 + 200 + 50) / 1000.
  CHECK(steps.mean(0, Duration::s(1).ps()) == Approx(2.1).epsilon(1e-9));
}

TEST_CASE("traffic that comes and goes in mid-run has a factor of 0 before and after") {
  Profile profile;
  profile.diurnal = Profile::Diurnal{20, 0.3};
  Profile present = profile;
  const auto at = [](std::int64_t ps) { return Time::ps(ps); };
  // Neither on a step of the clock.
  present.presence = Profile::Presence{at(5 * hour + 7), at(9 * hour + 1)};
  const ProfileSteps always(profile, 0);
  const ProfileSteps part(present, 0);
  CHECK(part.factor(0) == 0);
  CHECK(part.factor(5 * hour + 6) == 0);
  CHECK(part.step_end(5 * hour) == 5 * hour + 7);
  CHECK(part.factor(5 * hour + 7) == Approx(always.factor(5 * hour + 7)).epsilon(1e-3));
  CHECK(part.factor(7 * hour) == always.factor(7 * hour));
  CHECK(part.step_end(9 * hour) == 9 * hour + 1);
  CHECK(part.factor(9 * hour + 1) == 0);
  CHECK(part.mean(0, day) ==
        Approx(always.mean(5 * hour + 7, 9 * hour + 1) * (4.0 - 6e-15) / 24).epsilon(1e-4));
  Profile open;
  open.presence = Profile::Presence{at(hour), Time::max()};
  const ProfileSteps steps(open, 0);
  CHECK(steps.factor(hour - 1) == 0);
  CHECK(steps.factor(hour) == 1);
  CHECK(steps.step_end(hour) == ProfileSteps::never);
}

TEST_CASE("shares of time of a chain of three states") {
  // By hand: jumps 0 -> 1, 1 -> 0 or 2 alike, 2 -> 0, so visits 1 : 1 : 1/2... of 0, 1, 2; times 1,
  // 2, 4 ms give 1 : 2 : 2.
  const Mmpp mmpp{{{1, Duration::ms(1), {0, 1, 0}},
                   {2, Duration::ms(2), {1, 0, 1}},
                   {4, Duration::ms(4), {1, 0, 0}}}};
  CHECK(all_reachable(mmpp));
  const auto shares = time_shares(mmpp);
  CHECK(shares[0] == Approx(0.2));
  CHECK(shares[1] == Approx(0.4));
  CHECK(shares[2] == Approx(0.4));
  const auto factors = rate_factors(mmpp);
  CHECK(factors[0] * 0.2 + factors[1] * 0.4 + factors[2] * 0.4 == Approx(1));
  CHECK(factors[2] == Approx(4 * factors[0]));
  const Mmpp one_way{{{1, Duration::ms(1), {0, 1, 0}},
                      {2, Duration::ms(2), {1, 0, 0}},
                      {4, Duration::ms(4), {1, 0, 0}}}};
  CHECK_FALSE(all_reachable(one_way));
}
