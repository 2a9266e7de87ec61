#include "tests/bench/measure.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

namespace longhaul::bench {

namespace {

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// What the machine has done since it started, in ticks of all its processors (Linux's /proc/stat).
struct Ticks {
  double all = 0;
  double idle = 0;
};

Ticks machine_ticks() {
  std::ifstream in("/proc/stat");
  std::string name;
  in >> name;
  Ticks t;
  double value = 0;
  for (int column = 0; column < 8 && in >> value; ++column) {
    t.all += value;
    if (column == 3 || column == 4) t.idle += value;  // idle, and waiting for disks
  }
  return t;
}

/// Waits until the machine has been idle for a second, at most `patience_s`.
void wait_for_quiet(double patience_s) {
  for (int waited = 0; waited < patience_s; ++waited) {
    const Ticks before = machine_ticks();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const Ticks now = machine_ticks();
    if (now.idle - before.idle > 0.95 * (now.all - before.all)) return;
  }
}

Sample run_here(const Case& c) {
  const double memory = peak_bytes();
  const double cpu = cpu_s();
  const Measurements m = packet::run(c.input, c.config);
  Sample s;
  s.hops = static_cast<double>(m.cost.packet_hops);
  s.cpu_ns = (cpu_s() - cpu) * 1e9 / s.hops;
  s.wall_ns = m.cost.wall_s * 1e9 / s.hops;
  s.in_flight = static_cast<double>(m.packets.in_flight);
  s.memory_bytes = peak_bytes() - memory;
  s.dropped = static_cast<double>(m.packets.dropped());
  return s;
}

/// A run in a process of its own, which writes its sample to `out`.
pid_t start_apart(const Case& c, int out) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child > 0) return child;
  Sample s;
  try {
    s = run_here(c);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", c.name.c_str(), e.what());
    _exit(1);
  }
  _exit(write(out, &s, sizeof s) == static_cast<ssize_t>(sizeof s) ? 0 : 1);
}

Sample run_apart(const Case& c) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  std::vector<pid_t> children;
  children.reserve(static_cast<std::size_t>(c.copies));
  for (int i = 0; i < c.copies; ++i) children.push_back(start_apart(c, ends[1]));
  close(ends[1]);
  Sample all;
  double wall = 0;  // of the slowest
  double cpu = 0;
  int finished = 0;
  Sample s;
  for (; read(ends[0], &s, sizeof s) == static_cast<ssize_t>(sizeof s); ++finished) {
    wall = std::max(wall, s.wall_ns * s.hops);
    cpu += s.cpu_ns * s.hops;
    all.hops += s.hops;
    all.in_flight += s.in_flight;
    all.memory_bytes += s.memory_bytes;
    all.dropped += s.dropped;
  }
  close(ends[0]);
  for (const pid_t child : children) waitpid(child, nullptr, 0);
  if (finished < c.copies) throw std::runtime_error(c.name + ": the run failed");
  all.wall_ns = wall / all.hops;
  all.cpu_ns = cpu / all.hops;
  return all;
}

/// run_apart(), and what others did meanwhile.
Sample run_watched(const Case& c) {
  const Ticks before = machine_ticks();
  const Sample s = run_apart(c);
  const Ticks now = machine_ticks();
  const double ticks = std::max(1.0, now.all - before.all);
  const double own_ticks = s.cpu_ns * s.hops * 1e-9 * static_cast<double>(sysconf(_SC_CLK_TCK));
  Sample watched = s;
  watched.others = std::max(0.0, 1.0 - (now.idle - before.idle + own_ticks) / ticks);
  return watched;
}

std::vector<double> sorted(const std::vector<Sample>& runs, double Sample::*figure) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const Sample& s : runs) values.push_back(s.*figure);
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

double Samples::least(double Sample::*figure) const { return sorted(runs, figure).front(); }

double Samples::median(double Sample::*figure) const {
  const auto values = sorted(runs, figure);
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

std::vector<Samples> measure(const std::vector<Case>& cases, const Rounds& rounds) {
  constexpr double most_others = 0.05;
  std::vector<Samples> all(cases.size());
  for (int r = 0; r < rounds.repetitions; ++r)
    for (std::size_t i = 0; i < cases.size(); ++i) {
      Sample best;
      for (int attempt = 0; attempt < 5; ++attempt) {
        wait_for_quiet(rounds.patience_s);
        const Sample s = run_watched(cases[i]);
        if (attempt == 0 || s.others < best.others) best = s;
        if (rounds.patience_s == 0 || best.others <= most_others) break;
      }
      all[i].runs.push_back(best);
      std::fputc('.', stderr);
    }
  std::fputc('\n', stderr);
  return all;
}

packet::Config config_for(const packet::Input& input, double hops, unsigned threads,
                          double least_s) {
  packet::Config config;
  config.threads = threads;
  config.queueing.buffer.kind = packet::Buffer::Kind::unlimited;
  config.warmup = Duration::zero();
  config.duration = Duration::s(1);
  const double per_second = static_cast<double>(packet::estimate(input, config).packet_hops);
  const double seconds = std::max(hops / per_second, least_s);
  config.warmup = Duration::from_seconds(seconds / 20);
  config.duration = Duration::from_seconds(seconds - config.warmup.seconds());
  return config;
}

}  // namespace longhaul::bench
