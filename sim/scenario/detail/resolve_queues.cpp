#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/detail/resolve.hpp"

namespace longhaul::scenario {

namespace {

using NamedQueue = yaml::Named<WrittenClassQueue>;

constexpr std::size_t most_classes = 128;  ///< a byte a demand says which, and one bit is ECN

DropSpec drop_spec(const WrittenDrop& written, bool ecn) {
  DropSpec out;
  out.rule = written.rule.value;
  out.ecn = ecn;
  if (written.min) out.red.least = written.min->value;
  if (written.max) out.red.most = written.max->value;
  if (written.probability) out.red.probability = written.probability->value;
  if (written.weight) out.red.weight = written.weight->value;
  if (written.target) out.codel.target = written.target->value;
  if (written.interval) out.codel.interval = written.interval->value;
  return out;
}

std::string text_of(const PortRate& rate) {
  return rate.rate ? to_text(*rate.rate) : fmt::format("{:.4g} %", 100 * rate.share);
}

class QueueResolver {
 public:
  QueueResolver(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics)
      : scenario_(written),
        written_(written.queues),
        out_(out),
        queueing_(out.queues),
        diagnostics_(diagnostics) {}

  void run() {
    if (written_.buffer) queueing_.buffer = written_.buffer->value;
    queueing_.discipline = written_.discipline.value;
    read_drop();
    read_groups();
    read_classes();
    check_ecn();
    if (!queueing_.plain() && out_.classes.size() > most_classes)
      written_.discipline.where.error(
          diagnostics_, fmt::format("more than {} classes at a port, whose discipline is not "
                                    "fifo with drop: tail",
                                    most_classes));
    if (out_.network == nullptr || out_.sizes.empty()) return;
    check_buffers();
    if (queueing_.discipline == Discipline::hierarchical && written_.whole && sound_) check_rates();
  }

 private:
  Discipline discipline() const { return queueing_.discipline; }
  const char* discipline_name() const { return to_string(discipline()); }
  bool ecn() const { return !written_.ecn || written_.ecn->value; }
  bool one_queue() const {
    return discipline() == Discipline::fifo || discipline() == Discipline::fq_codel;
  }

  void error(const yaml::Place& where, std::string message, std::string hint = {}) {
    where.error(diagnostics_, std::move(message), std::move(hint));
    sound_ = false;
  }

  void read_drop() {
    queueing_.drop.ecn = ecn();
    if (discipline() == Discipline::fq_codel) queueing_.drop.rule = DropRule::codel;
    if (!written_.drop) return;
    queueing_.drop = drop_spec(written_.drop->value, ecn());
    if (discipline() == Discipline::fq_codel && queueing_.drop.rule != DropRule::codel)
      error(written_.drop->where,
            fmt::format("fq-codel drops by codel, not by {}", to_string(queueing_.drop.rule)));
  }

  /// Groups in the order that the engine wants: a parent before its children.
  void read_groups() {
    if (written_.groups.empty()) return;
    if (discipline() != Discipline::hierarchical) {
      error(written_.groups.front().where,
            fmt::format("groups go with discipline hierarchical, not with {}", discipline_name()));
      return;
    }
    for (const NamedQueue& g : written_.groups) group_names_.push_back(g.key);
    std::vector<std::optional<std::size_t>> parent;
    for (const NamedQueue& g : written_.groups) parent.push_back(find_group(g.value));
    position_.assign(parent.size(), 0);
    std::vector<bool> placed(parent.size(), false);
    for (bool more = true; more;) {
      more = false;
      for (std::size_t g = 0; g < parent.size(); ++g) {
        if (placed[g] || (parent[g] && !placed[*parent[g]])) continue;
        placed[g] = more = true;
        position_[g] = queueing_.groups.size();
        ClassQueueing group = rates_of(written_.groups[g].value);
        if (parent[g]) group.parent = position_[*parent[g]];
        queueing_.groups.push_back(std::move(group));
        written_groups_.push_back(&written_.groups[g]);
      }
    }
    for (std::size_t g = 0; g < parent.size(); ++g)
      if (!placed[g]) report_loop(g, parent);
  }

  /// Once for each loop, at its first group.
  void report_loop(std::size_t from, const std::vector<std::optional<std::size_t>>& parent) {
    std::vector<std::size_t> loop;
    for (std::size_t g = from; std::find(loop.begin(), loop.end(), g) == loop.end(); g = *parent[g])
      loop.push_back(g);
    const std::size_t again = *parent[loop.back()];
    if (again != from || *std::min_element(loop.begin(), loop.end()) != from) return;
    std::string way;
    for (const std::size_t g : loop) way += group_names_[g] + " > ";
    error(written_.groups[from].value.parent->where,
          fmt::format("a loop of parents: {}{}", way, group_names_[from]));
  }

  std::optional<std::size_t> find_group(const WrittenClassQueue& of) {
    if (!of.parent) return std::nullopt;
    const auto found = find_name("group", of.parent->value, group_names_);
    if (found) return found.value;
    error(of.parent->where, found.error, found.hint);
    return std::nullopt;
  }

  static ClassQueueing rates_of(const WrittenClassQueue& written) {
    ClassQueueing out;
    if (written.rate) out.guaranteed = written.rate->value;
    if (written.ceiling) out.ceiling = written.ceiling->value;
    return out;
  }

  void read_classes() {
    if (written_.classes.empty()) return;
    std::vector<std::string> names;
    for (const TrafficClass& c : out_.classes) names.push_back(c.name);
    queueing_.classes.resize(names.size());
    written_classes_.assign(names.size(), nullptr);
    for (const NamedQueue& named : written_.classes) {
      const auto found = find_name("class", named.key, names);
      if (!found) {
        error(named.where, found.error, found.hint);
        continue;
      }
      written_classes_[found.value] = &named;
      read_class(named, found.value);
    }
  }

  void read_class(const NamedQueue& named, std::size_t c) {
    const WrittenClassQueue& w = named.value;
    check_used(named, c);
    ClassQueueing& out = queueing_.classes[c];
    out = rates_of(w);
    if (w.weight) out.weight = w.weight->value;
    if (w.strict) out.strict = w.strict->value;
    if (w.buffer) out.buffer = w.buffer->value;
    if (w.drop) out.drop = drop_spec(w.drop->value, ecn());
    if (discipline() != Discipline::hierarchical) return;
    const auto group = find_group(w);
    if (group && sound_) out.parent = position_[*group];
  }

  /// What the discipline would not look at is a mistake.
  void check_used(const NamedQueue& named, std::size_t c) {
    const WrittenClassQueue& w = named.value;
    const Discipline d = discipline();
    const bool weighted = d == Discipline::drr || d == Discipline::wfq;
    const bool tree = d == Discipline::hierarchical;
    const auto refuse = [&](const auto& written, const char* key, bool used, const char* of) {
      if (written && !used)
        error(written->where,
              fmt::format("`{}` goes with {}, not with {}", key, of, discipline_name()));
    };
    refuse(w.weight, "weight", weighted, "drr and wfq");
    refuse(w.strict, "strict", weighted || tree, "drr, wfq and hierarchical");
    refuse(w.rate, "rate", tree, "hierarchical");
    refuse(w.ceiling, "ceiling", tree, "hierarchical");
    refuse(w.parent, "parent", tree, "hierarchical");
    refuse(w.buffer, "buffer", !one_queue(), "disciplines that have queues per class");
    const bool strict = w.strict && w.strict->value;
    if (strict && weighted && w.weight)
      error(w.weight->where, "a strict class has no weight: it is served before all others");
    if (strict && tree && w.rate)
      error(w.rate->where, "a strict class has no guaranteed rate: it is served before all others",
            "give it a `ceiling`, so that it cannot starve them");
    check_drop(named, c);
  }

  /// A class's drop rule counts where it has a queue of its own, or thresholds of its own (wred).
  void check_drop(const NamedQueue& named, std::size_t c) {
    const WrittenClassQueue& w = named.value;
    const std::size_t owner = discipline() == Discipline::strict_priority ? first_alike(c) : c;
    if (!one_queue() && owner == c) return;
    const std::string shares =
        one_queue() ? fmt::format("with {} all classes share a queue", discipline_name())
                    : fmt::format("class {} has the queue of class {}, whose priority is the same",
                                  quote(named.key), quote(out_.classes[owner].name));
    if (w.buffer && !one_queue()) error(w.buffer->where, shares, "set the buffer there");
    if (!w.drop) return;
    const bool wred = rule_of(owner) == DropRule::wred;
    const WrittenDrop& drop = w.drop->value;
    if (!wred || drop.rule.value != DropRule::wred)
      error(w.drop->where, shares, "drop: wred, for both, gives each class its own thresholds");
    else if (drop.weight)
      error(drop.weight->where, shares + ", and it has one average", "set the weight there");
  }

  std::size_t first_alike(std::size_t c) const {
    for (std::size_t i = 0; i < c; ++i)
      if (out_.classes[i].priority == out_.classes[c].priority) return i;
    return c;
  }

  /// The drop rule of the queue that class `c` owns.
  DropRule rule_of(std::size_t c) const {
    if (one_queue()) return queueing_.drop.rule;
    for (const NamedQueue& named : written_.classes)
      if (named.key == out_.classes[c].name && named.value.drop)
        return named.value.drop->value.rule.value;
    return queueing_.drop.rule;
  }

  void check_ecn() {
    if (!written_.ecn || !written_.ecn->value) return;
    const auto marks = [](const DropSpec& d) { return d.rule != DropRule::tail; };
    bool any = marks(queueing_.drop);
    for (const ClassQueueing& c : queueing_.classes) any = any || (c.drop && marks(*c.drop));
    if (!any && written_.whole)
      error(written_.ecn->where, "nothing marks packets: `drop` is tail",
            "drop: red, wred or codel can");
  }

  /// A buffer that no packet of the largest size enters even when empty is a slip.
  void check_buffers() {
    std::int64_t largest = 0;
    for (const SizeMix& mix : out_.sizes) {
      for (const SizeMix::Entry& entry : mix.entries)
        largest = std::max(largest, std::int64_t{entry.bytes});
    }
    check_buffer(queueing_.buffer, written_.buffer ? written_.buffer->where : scenario_.where,
                 largest);
    for (const NamedQueue& named : written_.classes)
      if (named.value.buffer)
        check_buffer(named.value.buffer->value, named.value.buffer->where, largest);
  }

  void check_buffer(const QueueLimit& limit, const yaml::Place& where, std::int64_t largest) {
    for (const Port& port : out_.network->ports())
      if (port.exists && !fits(limit, port, Size::bytes(largest + port.overhead), where)) return;
  }

  bool fits(const QueueLimit& queue, const Port& port, Size on_wire, const yaml::Place& where) {
    if (queue.kind == QueueLimit::Kind::bytes && queue.value < on_wire.bytes()) {
      error(where, fmt::format("a buffer of {} holds no packet of the largest size, {} on the wire",
                               to_text(Size::bytes(queue.value)), to_text(on_wire)));
      return false;
    }
    const Duration sending = on_wire / port.member_rate;
    if (queue.kind == QueueLimit::Kind::time && queue.value < sending.ps()) {
      error(where,
            fmt::format("a buffer of {} holds no packet of the largest size: {} take {} on link {}",
                        to_text(Duration::ps(queue.value)), to_text(on_wire), to_display(sending),
                        quote(out_.network->link(port.link).id)));
      return false;
    }
    return true;
  }

  /// At every rate of link, slowest first: a mistake is told once, where it first shows.
  void check_rates() {
    std::vector<const Port*> ports;
    for (const Port& port : out_.network->ports())
      if (port.exists) ports.push_back(&port);
    std::stable_sort(ports.begin(), ports.end(),
                     [](const Port* a, const Port* b) { return a->member_rate < b->member_rate; });
    const auto same = [](const Port* a, const Port* b) { return a->member_rate == b->member_rate; };
    ports.erase(std::unique(ports.begin(), ports.end(), same), ports.end());
    for (const Port* port : ports) check_rates_at(*port);
  }

  void check_rates_at(const Port& port) {
    const Rate link = port.member_rate;
    for (const NamedQueue& named : written_.classes) check_ceiling(named, port);
    for (const NamedQueue& named : written_.groups) check_ceiling(named, port);

    // Guarantees given by each group, or by the link (last).
    std::vector<std::int64_t> given(queueing_.groups.size() + 1, 0);
    const auto give = [&](const ClassQueueing& own, const NamedQueue& written, std::int64_t rate) {
      const std::size_t from = own.parent ? *own.parent : queueing_.groups.size();
      given[from] += std::min(rate, most_rate);
      given[from] = std::min(given[from], most_rate);
      check_given(from, given[from], written, port);
    };
    for (std::size_t c = 0; c < queueing_.classes.size(); ++c) {
      const ClassQueueing& own = queueing_.classes[c];
      if (own.guaranteed.given()) give(own, *written_classes_[c], own.guaranteed.at(link));
    }
    // Children stand behind their parents.
    for (std::size_t g = queueing_.groups.size(); g-- > 0;) {
      const ClassQueueing& own = queueing_.groups[g];
      const std::int64_t rate = own.guaranteed.given() ? own.guaranteed.at(link) : given[g];
      if (rate > 0) give(own, *written_groups_[g], rate);
    }
  }

  void check_ceiling(const NamedQueue& named, const Port& port) {
    const WrittenClassQueue& w = named.value;
    if (!w.rate || !w.ceiling) return;
    if (w.rate->value.at(port.member_rate) <= w.ceiling->value.at(port.member_rate)) return;
    const bool mixed = w.rate->value.rate.has_value() != w.ceiling->value.rate.has_value();
    tell(w.rate->where,
         fmt::format("a rate of {} is over the ceiling of {}{}", text_of(w.rate->value),
                     text_of(w.ceiling->value), mixed ? " " + on(port) : ""));
  }

  void check_given(std::size_t from, std::int64_t sum, const NamedQueue& last, const Port& port) {
    const yaml::Place& where = last.value.rate ? last.value.rate->where : last.where;
    if (from == queueing_.groups.size()) {
      if (sum > port.member_rate.bps())
        tell(where,
             fmt::format("guaranteed rates add up to {}, more than link {} has ({})",
                         to_text(Rate::bps(sum)), quote(out_.network->link(port.link).id),
                         to_text(port.member_rate)),
             "shares such as 30 % suit links of all speeds");
      return;
    }
    const ClassQueueing& group = queueing_.groups[from];
    for (const auto& [limit, what] :
         {std::pair(&group.guaranteed, "rate"), std::pair(&group.ceiling, "ceiling")}) {
      if (!limit->given() || sum <= limit->at(port.member_rate)) continue;
      tell(where,
           fmt::format("guaranteed rates in group {} add up to {} {}, more than its {} of {}",
                       quote(written_groups_[from]->key), to_text(Rate::bps(sum)), on(port), what,
                       text_of(*limit)));
      return;
    }
  }

  std::string on(const Port& port) const {
    return fmt::format("on link {}", quote(out_.network->link(port.link).id));
  }

  /// Once for each place.
  void tell(const yaml::Place& where, std::string message, std::string hint = {}) {
    if (!told_.insert({where.line, where.column}).second) return;
    error(where, std::move(message), std::move(hint));
  }

  static constexpr std::int64_t most_rate = std::int64_t{1} << 60;

  const WrittenScenario& scenario_;
  const WrittenQueues& written_;
  Scenario& out_;
  Queueing& queueing_;
  Diagnostics& diagnostics_;
  bool sound_ = true;  ///< no mistake so far
  std::vector<std::string> group_names_;
  std::vector<std::size_t> position_;               ///< of each written group in Queueing::groups
  std::vector<const NamedQueue*> written_groups_;   ///< by position in Queueing::groups
  std::vector<const NamedQueue*> written_classes_;  ///< by ClassId
  std::set<std::pair<int, int>> told_;
};

}  // namespace

void resolve_queues(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics) {
  QueueResolver(written, out, diagnostics).run();
}

}  // namespace longhaul::scenario
