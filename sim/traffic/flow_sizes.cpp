#include "sim/traffic/flow_sizes.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace longhaul {

FlowSizes::FlowSizes(std::string name, std::vector<Point> points)
    : name_(std::move(name)), points_(std::move(points)) {
  assert(!points_.empty() && points_.back().share == 1.0);
  Point before{points_[0].bytes, 0.0};
  for (const Point& p : points_) {
    mean_bytes_ += (p.share - before.share) * (p.bytes + before.bytes) / 2;
    bytes_up_to_.push_back(mean_bytes_);
    before = p;
  }
}

FlowSizes FlowSizes::fixed(std::string name, std::int64_t bytes) {
  return {std::move(name), {{static_cast<double>(bytes), 1.0}}};
}

std::int64_t FlowSizes::largest() const {
  return static_cast<std::int64_t>(points_.back().bytes + 0.5);
}

std::int64_t FlowSizes::at(double u) const {
  const auto above = std::upper_bound(points_.begin(), points_.end() - 1, u,
                                      [](double share, const Point& p) { return share < p.share; });
  double bytes = above->bytes;
  if (above != points_.begin()) {
    const Point& below = *(above - 1);
    bytes =
        below.bytes + (bytes - below.bytes) * ((u - below.share) / (above->share - below.share));
  }
  return static_cast<std::int64_t>(bytes + 0.5);
}

std::int64_t FlowSizes::pick_by_bytes(std::uint64_t word) const {
  const double bytes = unit(word) * mean_bytes_;
  const auto above = std::upper_bound(bytes_up_to_.begin(), bytes_up_to_.end() - 1, bytes);
  const auto i = static_cast<std::size_t>(above - bytes_up_to_.begin());
  if (i == 0) return static_cast<std::int64_t>(points_[0].bytes + 0.5);
  // Among flows spread evenly over [a, b], bytes are spread as their sizes: in proportion to x, so
  // that x^2 is even.
  const double a = points_[i - 1].bytes;
  const double b = points_[i].bytes;
  const double part = (bytes - bytes_up_to_[i - 1]) / (bytes_up_to_[i] - bytes_up_to_[i - 1]);
  return static_cast<std::int64_t>(std::sqrt(a * a + part * (b * b - a * a)) + 0.5);
}

namespace {

/// `packets`: points in full-sized packets of 1460 bytes, as the published tables count.
std::shared_ptr<const FlowSizes> in_packets(std::string name,
                                            std::vector<FlowSizes::Point> packets) {
  for (FlowSizes::Point& p : packets) p.bytes *= 1460;
  return std::make_shared<const FlowSizes>(std::move(name), std::move(packets));
}

std::vector<FlowSizeTable> make_tables() {
  std::vector<FlowSizeTable> out;
  out.push_back({in_packets("web-search", {{6, 0.15},
                                           {13, 0.2},
                                           {19, 0.3},
                                           {33, 0.4},
                                           {53, 0.53},
                                           {133, 0.6},
                                           {667, 0.7},
                                           {1333, 0.8},
                                           {3333, 0.9},
                                           {6667, 0.97},
                                           {20'000, 1}}),
                 "M. Alizadeh et al., Data Center TCP, SIGCOMM 2010, figure 4, as read off for the "
                 "simulations "
                 "of pFabric, SIGCOMM 2013 (packets of 1460 B)"});
  out.push_back(
      {in_packets("data-mining", {{1, 0.5},
                                  {2, 0.6},
                                  {3, 0.7},
                                  {7, 0.8},
                                  {267, 0.9},
                                  {2107, 0.95},
                                  {66'667, 0.99},
                                  {666'667, 1}}),
       "A. Greenberg et al., VL2, SIGCOMM 2009, figure 2, as read off for the simulations of "
       "pFabric, SIGCOMM 2013 (packets of 1460 B)"});
  out.push_back(
      {std::make_shared<const FlowSizes>(
           "imix-flows",
           std::vector<FlowSizes::Point>{{100, 0}, {10'000, 0.8}, {100'000, 0.9}, {10'000'000, 1}}),
       "T. Benson et al., Network traffic characteristics of data centers in the wild, IMC 2010: "
       "80 % of the flows below 10 kB, most bytes in the largest 10 %; the ends of the table and "
       "100 kB are a planning figure"});
  return out;
}

}  // namespace

std::span<const FlowSizeTable> flow_size_tables() {
  static const std::vector<FlowSizeTable> tables = make_tables();
  return tables;
}

std::shared_ptr<const FlowSizes> find_flow_sizes(std::string_view name) {
  for (const FlowSizeTable& table : flow_size_tables())
    if (table.sizes->name() == name) return table.sizes;
  return nullptr;
}

}  // namespace longhaul
