#include "sim/fluid/allocation.hpp"

#include <algorithm>
#include <cassert>

namespace longhaul::fluid {

ConstraintIndex Allocation::add_constraint(double capacity) {
  assert(capacity >= 0);
  constraints_.push_back({capacity});
  most_capacity_ = std::max(most_capacity_, capacity);
  return static_cast<ConstraintIndex>(constraints_.size() - 1);
}

VariableIndex Allocation::add_variable(const Variable& variable, std::span<const Crossing> path) {
  assert(variable.weight > 0 && variable.floor <= variable.ceiling);
  assert(!path.empty() || variable.ceiling < infinite);
  const auto v = static_cast<VariableIndex>(variables_.size());
  VariableState state;
  state.spec = variable;
  state.spec.multiplicity = 0;
  state.first = static_cast<std::uint32_t>(crossings_.size());
  state.count = static_cast<std::uint32_t>(path.size());
  variables_.push_back(state);
  for (const Crossing& crossing : path) {
    crossings_.push_back(crossing);
    ConstraintState& c = constraints_[crossing.constraint];
    c.users.push_back({v, crossing.usage});
    c.has_floors = c.has_floors || variable.floor > 0;
  }
  set_multiplicity(v, variable.multiplicity);
  return v;
}

double Allocation::rate_at(const Variable& v, double level) const {
  return std::max(v.floor, std::min(v.ceiling, level * v.weight));
}

bool Allocation::consistent(const ConstraintState& c) const {
  const double slack = tolerance_ * c.capacity + 1e-15 * most_capacity_;
  if (c.used > c.capacity + slack) return c.level == 0;
  return c.level == infinite || c.used >= c.capacity - slack;
}

void Allocation::look_at(ConstraintIndex index) {
  if (!consistent(constraints_[index])) enqueue(index);
}

void Allocation::enqueue(ConstraintIndex index) {
  ConstraintState& c = constraints_[index];
  if (c.waiting) return;
  c.waiting = true;
  queue_.push_back({c.level == infinite ? 0 : c.level, index});
  std::push_heap(queue_.begin(), queue_.end());
}

void Allocation::add_usage(VariableIndex v, double users_times_rate) {
  for (const Crossing& crossing : path(v)) {
    constraints_[crossing.constraint].used += crossing.usage * users_times_rate;
    look_at(crossing.constraint);
  }
}

void Allocation::set_rate(VariableIndex v, double rate) {
  VariableState& state = variables_[v];
  if (rate == state.rate) return;
  state.rate = rate;
  if (state.in_changed) return;
  state.in_changed = true;
  changed_.push_back(v);
}

void Allocation::forget_changes() {
  for (const VariableIndex v : changed_) variables_[v].in_changed = false;
  changed_.clear();
}

void Allocation::set_capacity(ConstraintIndex c, double capacity) {
  assert(capacity >= 0);
  constraints_[c].capacity = capacity;
  most_capacity_ = std::max(most_capacity_, capacity);
  look_at(c);
}

void Allocation::set_multiplicity(VariableIndex v, double multiplicity) {
  assert(multiplicity >= 0);
  VariableState& state = variables_[v];
  const double before = state.spec.multiplicity * state.rate;
  state.spec.multiplicity = multiplicity;
  double level = infinite;
  for (const Crossing& crossing : path(v))
    level = std::min(level, constraints_[crossing.constraint].level);
  double rate = multiplicity > 0 ? rate_at(state.spec, level) : 0;
  if (rate == infinite) {
    // Nothing on its way is full yet; each will be asked for its level.
    rate = state.spec.floor;
    for (const Crossing& crossing : path(v)) enqueue(crossing.constraint);
  }
  set_rate(v, rate);
  add_usage(v, multiplicity * rate - before);
}

void Allocation::set_ceiling(VariableIndex v, double ceiling) {
  assert(ceiling >= variables_[v].spec.floor);
  variables_[v].spec.ceiling = ceiling;
  set_multiplicity(v, variables_[v].spec.multiplicity);
}

/// The level at which those in limited_ fill `capacity`; infinite if they do not.
double Allocation::level_that_fills(double capacity, double guess, bool floors) {
  double least = 0;
  double most = 0;
  double unbounded = 0;
  for (const Limited& l : limited_) {
    least += l.per_level * l.floor;
    if (l.cap == infinite)
      unbounded += l.per_level;
    else
      most += l.per_level * std::max(l.floor, l.cap);
  }
  if (unbounded == 0 && most <= capacity) return infinite;
  if (least >= capacity) return 0;
  // Taken over level, usage is a chain of straight lines. Without floors each is less steep than
  // the one before, so Newton's steps stay below the root from the second on and end on its line.
  // With floors, steps that leave the bracket are replaced by its middle.
  double low = 0;
  double high = infinite;
  double level = guess < infinite ? guess : 0;
  for (int step = 0; step < 200; ++step) {
    double fixed = 0;
    double slope = 0;
    double next_cap = infinite;  // the end of this line
    double line_start = 0;
    for (const Limited& l : limited_) {
      if (level < l.floor) {
        fixed += l.per_level * l.floor;
        next_cap = std::min(next_cap, l.floor);
      } else if (level < l.cap) {
        slope += l.per_level;
        next_cap = std::min(next_cap, l.cap);
        line_start = std::max(line_start, l.floor);
      } else {
        fixed += l.per_level * std::max(l.floor, l.cap);
        line_start = std::max(line_start, std::max(l.floor, l.cap));
      }
    }
    const double now = fixed + slope * level;
    (now > capacity ? high : low) = level;
    if (slope == 0) {
      // Flat: floors alone, or all capped below a guess that was too high.
      level = now > capacity ? (line_start < level ? line_start : 0.5 * (low + high)) : next_cap;
      if (level == infinite) return infinite;
      continue;
    }
    const double root = std::max(0.0, (capacity - fixed) / slope);
    if (root >= line_start && root <= next_cap) return root;
    level = root;
    if (floors && !(level > low && level < high))
      level = high == infinite ? 2 * low + 1e-300 : 0.5 * (low + high);
  }
  return level;
}

void Allocation::find_level(ConstraintIndex index) {
  ++work_;
  ConstraintState& c = constraints_[index];
  limited_.clear();
  for (const User& user : c.users) {
    const VariableState& v = variables_[user.variable];
    if (v.spec.multiplicity == 0) continue;
    double cap = v.spec.ceiling / v.spec.weight;
    for (const Crossing& crossing : path(user.variable))
      if (crossing.constraint != index)
        cap = std::min(cap, constraints_[crossing.constraint].level);
    limited_.push_back(
        {user.usage * v.spec.multiplicity * v.spec.weight, cap, v.spec.floor / v.spec.weight});
  }
  c.level = level_that_fills(c.capacity, c.level, c.has_floors);
  double used = 0;
  std::size_t at = 0;
  for (const User& user : c.users) {
    VariableState& v = variables_[user.variable];
    if (v.spec.multiplicity == 0) continue;
    const double rate = rate_at(v.spec, std::min(limited_[at++].cap, c.level));
    used += user.usage * v.spec.multiplicity * rate;
    if (rate == v.rate) continue;
    const double more = v.spec.multiplicity * (rate - v.rate);
    set_rate(user.variable, rate);
    for (const Crossing& crossing : path(user.variable)) {
      if (crossing.constraint == index) continue;
      constraints_[crossing.constraint].used += crossing.usage * more;
      look_at(crossing.constraint);
    }
  }
  c.used = used;
}

void Allocation::update() {
  work_ = 0;
  // Levels settle from the lowest up; ties within rounding may trade places for a while.
  const std::size_t patience = 64 * constraints_.size() + 1000;
  while (!queue_.empty()) {
    const ConstraintIndex c = queue_.front().constraint;
    std::pop_heap(queue_.begin(), queue_.end());
    queue_.pop_back();
    constraints_[c].waiting = false;
    find_level(c);
    if (work_ > patience) return solve();
  }
}

/// One rise of the level from zero.
struct Allocation::Filling {
  struct State {
    double fixed = 0;          ///< taken by users whose rate does not rise
    double per_level = 0;      ///< by those whose rate does, per unit of level
    std::uint32_t rising = 0;  ///< variables
  };
  /// A constraint that would be full at `level`, or a variable that meets its ceiling or leaves its
  /// floor there.
  struct Event {
    double level;
    enum Kind : std::uint8_t { floor, ceiling, full } kind;
    std::uint32_t index;
    bool operator<(const Event& o) const {  // the lowest on top
      if (level != o.level) return level > o.level;
      return kind != o.kind ? kind > o.kind : index > o.index;
    }
  };
  enum class Phase : std::uint8_t { at_floor, rising, frozen };

  explicit Filling(Allocation& allocation)
      : all(allocation),
        states(allocation.constraints_.size()),
        phases(allocation.variables_.size(), Phase::rising) {
    for (VariableIndex v = 0; v < phases.size(); ++v) start(v);
    for (ConstraintIndex c = 0; c < states.size(); ++c) expect(c);
    std::make_heap(events.begin(), events.end());
  }

  void start(VariableIndex v) {
    const Variable& spec = all.variables_[v].spec;
    if (spec.multiplicity == 0) {
      phases[v] = Phase::frozen;
      all.set_rate(v, 0);
      return;
    }
    if (spec.ceiling < infinite) events.push_back({spec.ceiling / spec.weight, Event::ceiling, v});
    if (spec.floor > 0) {
      phases[v] = Phase::at_floor;
      events.push_back({spec.floor / spec.weight, Event::floor, v});
      add(v, spec.floor, 0);
      return;
    }
    add(v, 0, 1);
  }
  /// Adds users at a fixed rate, or (`sign` 1 or -1) whose rate rises.
  void add(VariableIndex v, double rate, int sign) {
    const Variable& spec = all.variables_[v].spec;
    for (const Crossing& crossing : all.path(v)) {
      State& c = states[crossing.constraint];
      const double per_rate = crossing.usage * spec.multiplicity;
      c.fixed += per_rate * rate;
      c.per_level += sign * per_rate * spec.weight;
      c.rising += static_cast<std::uint32_t>(sign);
    }
  }
  double full_at(ConstraintIndex c) const {
    const State& s = states[c];
    if (s.rising == 0) return infinite;
    return std::max(level, (all.constraints_[c].capacity - s.fixed) / s.per_level);
  }
  void expect(ConstraintIndex c) {
    const double at = full_at(c);
    if (at < infinite) events.push_back({at, Event::full, c});
  }
  void push_last() { std::push_heap(events.begin(), events.end()); }

  void freeze(VariableIndex v, double rate) {
    if (phases[v] == Phase::rising)
      add(v, rate, -1);
    else
      add(v, rate - all.variables_[v].spec.floor, 0);
    phases[v] = Phase::frozen;
    all.set_rate(v, rate);
  }
  void rise(VariableIndex v) {
    phases[v] = Phase::rising;
    add(v, -all.variables_[v].spec.floor, 1);
    for (const Crossing& crossing : all.path(v)) {  // it is full earlier than had been expected
      const std::size_t before = events.size();
      expect(crossing.constraint);
      if (events.size() > before) push_last();
    }
  }
  void fill(ConstraintIndex c) {
    all.constraints_[c].level = level;
    for (const User& user : all.constraints_[c].users)
      if (phases[user.variable] != Phase::frozen)
        freeze(user.variable, all.rate_at(all.variables_[user.variable].spec, level));
  }
  void run() {
    while (!events.empty()) {
      const Event event = events.front();
      std::pop_heap(events.begin(), events.end());
      events.pop_back();
      if (event.kind == Event::full) {
        // What froze since makes it full later.
        if (all.constraints_[event.index].level < infinite) continue;
        const double at = full_at(event.index);
        if (at > event.level) {
          if (at == infinite) continue;
          events.push_back({at, Event::full, event.index});
          push_last();
          continue;
        }
        level = std::max(level, event.level);
        fill(event.index);
        continue;
      }
      if (phases[event.index] == Phase::frozen) continue;
      level = std::max(level, event.level);
      if (event.kind == Event::ceiling)
        freeze(event.index, all.variables_[event.index].spec.ceiling);
      else
        rise(event.index);
    }
  }

  Allocation& all;
  std::vector<State> states;
  std::vector<Phase> phases;
  std::vector<Event> events;  ///< a heap; constraints' levels are lower bounds
  double level = 0;
};

void Allocation::solve() {
  work_ = constraints_.size();
  queue_.clear();
  for (ConstraintState& c : constraints_) {
    c.level = infinite;
    c.waiting = false;
    c.used = 0;
  }
  Filling(*this).run();
  for (const VariableState& v : variables_)
    for (std::uint32_t i = 0; i < v.count; ++i) {
      const Crossing& crossing = crossings_[v.first + i];
      constraints_[crossing.constraint].used += crossing.usage * v.spec.multiplicity * v.rate;
    }
}

}  // namespace longhaul::fluid
