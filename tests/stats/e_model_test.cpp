// The E-model against figures that ITU-T publishes and against its own definition.
#include "sim/stats/e_model.hpp"

#include <string>

#include "tests/catch.hpp"

using namespace longhaul;

namespace {

double rating(double delay_ms, double loss = 0, const char* codec = "g711") {
  return e_model::rating(delay_ms, loss, *find_codec(codec));
}

}  // namespace

TEST_CASE("without delay and loss R is 93.2, the figure of G.107 for its defaults") {
  CHECK(rating(0) == Approx(93.2).margin(0.05));
}

TEST_CASE("a codec's Ie is taken off whole") {
  // G.113 Appendix I: 11 for G.729A, 15 for G.723.1, 5 for GSM EFR.
  CHECK(rating(0) - rating(0, 0, "g729a") == Approx(11));
  CHECK(rating(0) - rating(0, 0, "g723.1") == Approx(15));
  CHECK(rating(0) - rating(0, 0, "gsm-efr") == Approx(5));
}

TEST_CASE("random loss takes off (95 - Ie) Ppl / (Ppl + Bpl)") {
  CHECK(rating(0) - rating(0, 0.02) == Approx(95 * 2 / (2 + 4.3)));
  CHECK(rating(0) - rating(0, 0.02, "g711-plc") == Approx(95 * 2 / (2 + 25.1)));
  CHECK(rating(0) - rating(0, 0.01, "g729a") == Approx(11 + 84 * 1 / (1 + 19.0)));
}

TEST_CASE("delay: no kink up to 100 ms, then Idd of G.107 7-27 besides the echo's part") {
  double before = rating(0);
  for (int t = 10; t <= 600; t += 10) {
    const double now = rating(t);
    CHECK(now < before);
    before = now;
  }
  // G.107's Idd at X = 1 (200 ms): 25 (2^(1/6) - 3 (1 + 3^-6)^(1/6) + 2).
  const double idd = 25 * (1.122462048 - 3 * 1.000228495 + 2);
  CHECK(rating(100) - rating(200) > idd);
  CHECK(rating(100) - rating(200) < idd + 2.5);
  // G.114: up to 150 ms most users are very satisfied or satisfied (R > 80); at 400 ms many are
  // not (60 to 70).
  CHECK(rating(150) > 88);
  CHECK(rating(400) > 60);
  CHECK(rating(400) < 70);
}

TEST_CASE("R to MOS: the points of G.107 table B.1") {
  CHECK(e_model::mean_opinion_score(90) == Approx(4.34).margin(0.005));
  CHECK(e_model::mean_opinion_score(80) == Approx(4.03).margin(0.006));
  CHECK(e_model::mean_opinion_score(70) == Approx(3.60).margin(0.005));
  CHECK(e_model::mean_opinion_score(60) == Approx(3.10).margin(0.005));
  CHECK(e_model::mean_opinion_score(50) == Approx(2.58).margin(0.006));
  CHECK(e_model::mean_opinion_score(0) == 1);
  CHECK(e_model::mean_opinion_score(-5) == 1);
  CHECK(e_model::mean_opinion_score(3) == 1);
  CHECK(e_model::mean_opinion_score(100) == 4.5);
}

TEST_CASE("what comes later than the buffer lasts is lost, and the buffer is delay") {
  const Codec& g711 = *find_codec("g711");
  Histogram excess;
  excess.add(Duration::ms(1).ps(), 90);
  excess.add(Duration::ms(50).ps(), 10);
  const auto score = [&](Duration buffer) {
    return voice_score(g711, Duration::ms(10), excess, 0.01, buffer);
  };
  const auto expected = [](double delay_ms, double loss) {
    return e_model::mean_opinion_score(rating(delay_ms, loss));
  };
  CHECK(score(Duration::ms(20)) == Approx(expected(20 + 10 + 20, 0.01 + 0.99 * 0.1)));
  CHECK(score(Duration::ms(60)) == Approx(expected(20 + 10 + 60, 0.01)));
  CHECK(score(Duration::ms(60)) > score(Duration::ms(20)));
}

TEST_CASE("codecs by name, with their rates on the network") {
  REQUIRE(find_codec("g711") != nullptr);
  CHECK(find_codec("g711")->rate() == Rate::bps(80'000));
  CHECK(find_codec("g729a")->rate() == Rate::bps(24'000));
  CHECK(find_codec("opus") == nullptr);
}
