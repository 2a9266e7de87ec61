// A run's state to and from a checkpoint.
#include "sim/base/archive.hpp"
#include "sim/fluid/simulation.hpp"

namespace longhaul::fluid {

template <class Archive>
void Simulation::serialize(Archive& archive) {
  archive(queues_, now_, ways_, lines_, tails_, elastic_);
  for (PortState& port : ports_) archive(port);
  for (SourceState& source : sources_) archive(source);
  archive(events_, due_, free_payloads_, dirty_, raw(fates_), lost_policy_, raw(at_boundary_),
          emissions_, rate_changes_);
  auto payloads = static_cast<std::uint64_t>(payloads_.size());
  archive(payloads);
  payloads_.resize(payloads);
  for (std::vector<Update>& updates : payloads_) archive(raw(updates));
  for (std::vector<IntervalFates>& fates : by_interval_) archive(raw(fates));
}

std::vector<bool> Simulation::saved_queues(std::istream& in) {
  LoadArchive archive(in);
  std::vector<bool> queues;
  archive(queues);
  return queues;
}

void Simulation::save(std::ostream& out) {
  SaveArchive archive(out);
  serialize(archive);
}

void Simulation::load(std::istream& in) {
  LoadArchive archive(in);
  serialize(archive);
}

}  // namespace longhaul::fluid
