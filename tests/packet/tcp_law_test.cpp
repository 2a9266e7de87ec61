// A sender and a receiver joined by a path that delays and loses every n-th segment: throughput
// against the square-root law (Mathis et al. 1997) and CUBIC's response function (RFC 9438, 5.1).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

#include "sim/packet/tcp/receiver.hpp"
#include "sim/packet/tcp/sender.hpp"
#include "tests/catch.hpp"

using namespace longhaul;
using namespace longhaul::packet::tcp;

namespace {

constexpr std::int64_t ms = 1'000'000'000;  // in ps
constexpr std::int64_t second = 1000 * ms;

/// What is on the path, and when it is through.
struct Item {
  std::int64_t at;
  std::uint64_t order;
  bool is_ack;
  std::uint64_t number;
  Receiver::Reply reply;
  bool operator>(const Item& o) const { return at != o.at ? at > o.at : order > o.order; }
};

/// Data takes half of `rtt` and loses each `every`-th first transmission; ACKs take the other half
/// and are never lost.
class Path {
 public:
  Path(Transport spec, std::int64_t rtt, std::uint64_t every)
      : spec_(spec), rtt_(rtt), every_(every), sender_(spec, 0) {
    sender_.offer(std::uint64_t{1} << 50);
  }
  void run(std::int64_t until) {
    send();
    while (true) {
      const std::int64_t item = items_.empty() ? Sender::never : items_.top().at;
      const std::int64_t next = std::min({item, receiver_.deadline(), sender_.deadline()});
      if (next > until) return;
      now_ = std::max(now_, next);
      if (receiver_.deadline() <= now_) {
        acknowledge();
      } else if (item <= now_) {
        const Item arrived = items_.top();
        items_.pop();
        arrive(arrived);
      } else {
        sender_.act(now_, spec_);
        send();
      }
    }
  }
  std::uint64_t delivered() const { return receiver_.next(); }
  const Sender& sender() const { return sender_; }

 private:
  void arrive(const Item& item) {
    if (item.is_ack) {
      const Receiver::Reply& r = item.reply;
      sender_.acknowledged({r.next, r.block_first, r.block_end, r.congested}, now_, spec_);
      send();
    } else if (receiver_.arrive(item.number, false, now_, spec_.delayed_ack_segments,
                                spec_.delayed_ack.ps())) {
      acknowledge();
    }
  }
  void acknowledge() { items_.push({now_ + rtt_ / 2, order_++, true, 0, receiver_.reply()}); }
  void send() {
    for (std::uint64_t number = 0; sender_.send(now_, number);) {
      const bool first = number >= sent_;
      sent_ = std::max(sent_, number + 1);
      if (first && number % every_ == every_ - 1) continue;
      items_.push({now_ + rtt_ / 2, order_++, false, number, {}});
    }
  }

  Transport spec_;
  std::int64_t rtt_;
  std::uint64_t every_;
  Sender sender_;
  Receiver receiver_;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> items_;
  std::int64_t now_ = 0;
  std::uint64_t order_ = 0;
  std::uint64_t sent_ = 0;
};

/// Segments a round trip, in the long run, when one in `every` is lost.
double window(CongestionControl protocol, std::uint32_t ack_every, std::int64_t rtt,
              std::uint64_t every) {
  Transport spec;
  spec.protocol = protocol;
  spec.delayed_ack_segments = ack_every;
  Path path(spec, rtt, every);
  // Slow start overshoots far. CUBIC forgets slowly: its window is flat where it should end.
  std::int64_t now = 0;
  const std::uint64_t settled = protocol == CongestionControl::cubic
                                    ? std::max<std::uint64_t>(60 * every, 6'000'000)
                                    : 20 * every;
  while (path.delivered() < settled) path.run(now += 10 * rtt);
  const std::uint64_t before = path.delivered();
  const std::uint64_t timeouts = path.sender().counts().timeouts;
  const std::int64_t from = now;
  while (path.delivered() < before + 60 * every) path.run(now += 10 * rtt);
  CHECK(path.sender().counts().timeouts == timeouts);
  return static_cast<double>(path.delivered() - before) * static_cast<double>(rtt) /
         static_cast<double>(now - from);
}

}  // namespace

TEST_CASE("NewReno follows the square-root law") {
  // The window rises by a segment each round trip, from W/2 to W: 3/8 W^2 segments a loss, so
  // sqrt(3/2) / sqrt(p) a round trip. What is acknowledged is counted, not ACKs (RFC 3465): delayed
  // ACKs change nothing.
  // The law leaves out that windows are whole segments and that repair takes a round trip: up to
  // three segments less.
  for (const std::uint32_t ack_every : {1U, 2U}) {
    for (const std::uint64_t every : {100U, 300U, 1000U, 3000U, 10'000U}) {
      const double law = std::sqrt(1.5 * static_cast<double>(every));
      const double measured = window(CongestionControl::newreno, ack_every, 50 * ms, every);
      INFO("an ACK for " << ack_every << ", 1/p " << every << ": " << measured << ", law " << law
                         << ", " << 100 * (measured / law - 1) << " %");
      CHECK(measured < law);
      CHECK(measured > law - 3);
    }
  }
}

TEST_CASE("CUBIC follows its response function") {
  // Within 8 %: where a loss finds the window at W_max it hardly moves, so that the equilibrium is
  // reached slowly, with fast convergence from below.
  // RFC 9438, 5.1: (C (3 + b) / (4 (1 - b)))^(1/4) (RTT / p)^(3/4), where that is above Reno's.
  const std::pair<std::int64_t, std::uint64_t> cases[] = {
      {100 * ms, 10'000}, {100 * ms, 30'000}, {100 * ms, 100'000}, {200 * ms, 10'000}};
  for (const auto& [rtt, every] : cases) {
    const double seconds = static_cast<double>(rtt) / static_cast<double>(second);
    const double law = std::pow(0.4 * 3.7 / (4 * 0.3), 0.25) *
                       std::pow(seconds * static_cast<double>(every), 0.75);
    const double measured = window(CongestionControl::cubic, 2, rtt, every);
    INFO("RTT " << seconds << " s, 1/p " << every << ": " << measured << ", law " << law << ", "
                << 100 * (measured / law - 1) << " %");
    CHECK(measured == Approx(law).epsilon(0.08));
  }
}

TEST_CASE("CUBIC is no slower than NewReno where windows are small") {
  // RFC 9438, 4.3: W_est has the average window of Reno at the same loss rate.
  for (const std::uint64_t every : {100U, 300U, 1000U}) {
    const double law = std::sqrt(1.5 * static_cast<double>(every));
    const double measured = window(CongestionControl::cubic, 2, 10 * ms, every);
    INFO("1/p " << every << ": " << measured << ", Reno's law " << law << ", "
                << 100 * (measured / law - 1) << " %");
    CHECK(measured < law);
    CHECK(measured > law - 3);
  }
}
