// Weighted max-min shares of constraints by variables; knows no network
// (docs/models/allocation.md).
//
// A variable is `multiplicity` equal users that each get a rate x, with floor <= x <= ceiling; a
// constraint's capacity bounds the sum of multiplicity x usage x rate over those that cross it. A
// share is max-min fair when no rate can grow without one that is not larger for its weight
// shrinking (Bertsekas and Gallager, Data Networks, 2nd ed., 6.5.2). It is found two ways:
//
// - solve(): progressive filling. One level rises from zero; a user's rate is level x weight, no
//   less than its floor, until it meets its ceiling or a constraint of its path that is full, which
//   then has that level.
// - update(): each constraint keeps its level, infinite while it is not full, and a rate is weight
//   x the lowest level on its path. That is the same share if every constraint's level fills it,
//   the others given (Charny, Clark and Jain, ICC 1995: such levels are unique). So a change is
//   followed only through constraints that it leaves over- or underfull by more than a tolerance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "sim/base/archive_fwd.hpp"

namespace longhaul::fluid {

using ConstraintIndex = std::uint32_t;
using VariableIndex = std::uint32_t;

/// A constraint that a variable crosses, and what a unit of its rate takes there.
struct Crossing {
  ConstraintIndex constraint;
  double usage = 1;  ///< > 0
};

struct Variable {
  double weight = 1;  ///< > 0
  double floor = 0;   ///< >= 0; held even where floors alone exceed a constraint's capacity
  double ceiling = std::numeric_limits<double>::infinity();  ///< >= floor
  double multiplicity = 1;                                   ///< >= 0; 0: nobody
};

class Allocation {
 public:
  /// After update(), no constraint is over its capacity, and none that limits a rate under it, by
  /// more than `tolerance` of it.
  explicit Allocation(double tolerance = 1e-12) : tolerance_(tolerance) {}

  ConstraintIndex add_constraint(double capacity);
  /// `path`: at least one constraint, none twice, unless the ceiling is finite.
  VariableIndex add_variable(const Variable& variable, std::span<const Crossing> path);

  void set_capacity(ConstraintIndex c, double capacity);
  void set_multiplicity(VariableIndex v, double multiplicity);
  void set_ceiling(VariableIndex v, double ceiling);

  /// Finds all rates anew.
  void solve();
  /// Finds the rates that the changes since the last time reach.
  void update();

  /// Of each of the variable's users; 0 if there are none.
  double rate(VariableIndex v) const { return variables_[v].rate; }
  /// Rate over weight of those that the constraint limits; infinite while it limits nobody.
  double level(ConstraintIndex c) const { return constraints_[c].level; }
  double capacity(ConstraintIndex c) const { return constraints_[c].capacity; }
  double used(ConstraintIndex c) const { return constraints_[c].used; }
  const Variable& variable(VariableIndex v) const { return variables_[v].spec; }
  std::span<const Crossing> path(VariableIndex v) const {
    return {crossings_.data() + variables_[v].first, variables_[v].count};
  }
  std::size_t variables() const { return variables_.size(); }
  std::size_t constraints() const { return constraints_.size(); }

  /// Variables whose rate changed since forget_changes(), each once, in an order that depends on
  /// nothing but the calls made.
  const std::vector<VariableIndex>& changed() const { return changed_; }
  void forget_changes();
  /// Constraints whose level it found anew, counting each time.
  std::size_t work() const { return work_; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(most_capacity_, constraints_, raw(variables_), raw(crossings_), raw(queue_),
            raw(changed_), work_);
  }

  static constexpr double infinite = std::numeric_limits<double>::infinity();
  struct VariableState {
    Variable spec;
    double rate = 0;
    std::uint32_t first = 0;  ///< of its crossings
    std::uint32_t count = 0;
    bool in_changed = false;
  };
  struct User {
    VariableIndex variable;
    double usage;
  };
  struct ConstraintState {
    double capacity = 0;
    double level = std::numeric_limits<double>::infinity();
    double used = 0;
    bool waiting = false;       ///< in queue_
    bool has_floors = false;    ///< of any that cross it
    std::vector<User> users{};  ///< all that cross it

    template <class Archive>
    void serialize(Archive& archive) {
      archive(capacity, level, used, waiting, has_floors, raw(users));
    }
  };
  /// One that crosses a constraint, as its level is looked for.
  struct Limited {
    double per_level;  ///< what it takes there per unit of level
    double cap;        ///< level at which something else holds it
    double floor;      ///< level below which it does not go
  };
  struct Filling;

  double rate_at(const Variable& v, double level) const;
  bool consistent(const ConstraintState& c) const;
  /// Enqueues it unless its level fits what is used.
  void look_at(ConstraintIndex c);
  void enqueue(ConstraintIndex c);
  void set_rate(VariableIndex v, double rate);
  void add_usage(VariableIndex v, double users_times_rate);
  void find_level(ConstraintIndex c);
  double level_that_fills(double capacity, double guess, bool floors);

  double tolerance_;
  double most_capacity_ = 0;
  std::vector<ConstraintState> constraints_;
  std::vector<VariableState> variables_;
  std::vector<Crossing> crossings_;
  struct Waiting {
    double level;
    ConstraintIndex constraint;
    bool operator<(const Waiting& o) const {  // the lowest level first
      return level != o.level ? level > o.level : constraint > o.constraint;
    }
  };
  std::vector<Waiting> queue_;  ///< a heap
  std::vector<Limited> limited_;
  std::vector<VariableIndex> changed_;
  std::size_t work_ = 0;
};

}  // namespace longhaul::fluid
