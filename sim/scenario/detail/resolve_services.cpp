#include "sim/scenario/detail/resolve_services.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/stats/e_model.hpp"

namespace longhaul::scenario {

namespace {

const Codec* codec_of(const WrittenVoice& voice, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const Codec& codec : codecs()) names.emplace_back(codec.name);
  const auto found = find_name("codec", voice.codec.value, names);
  if (!found) voice.codec.where.error(diagnostics, found.error, found.hint);
  return &codecs()[found ? found.value : 0];
}

/// What both its kinds of traffic have: class, places, shape.
WrittenTraffic common_part(const WrittenService& s, const WrittenScenario& written) {
  WrittenTraffic out;
  out.where = s.where;
  out.whole = s.whole;
  out.service = s.name;
  out.cls = s.cls;
  const bool own_class =
      std::any_of(written.classes.begin(), written.classes.end(),
                  [&](const WrittenClass& c) { return c.name.value == s.name.value; });
  if (!s.cls && own_class) out.cls = s.name;
  const yaml::Place& where = s.total ? s.total->where : s.where;
  using Matrix = TrafficSpec::Matrix;
  const Matrix spread = s.type == ServiceType::internet ? Matrix::gravity : Matrix::uniform;
  Matrix model = s.matrix ? s.matrix->value : spread;
  if (s.hub) {
    model = Matrix::hub;
    out.hubs = s.hub;
  }
  out.matrix = yaml::Located<WrittenMatrix>{{model, std::nullopt}, where};
  if (s.among) out.among = s.among;
  if (s.sites) {
    WrittenAmong sites;
    sites.nodes = s.sites->value;
    sites.where = s.sites->where;
    out.among = yaml::Located<WrittenAmong>{std::move(sites), s.sites->where};
  }
  if (s.provider) {
    if (!out.among) out.among = yaml::Located<WrittenAmong>{WrittenAmong{}, s.provider->where};
    out.among->value.where = out.among->where;
    out.among->value.providers.push_back(*s.provider);
  }
  return out;
}

WrittenTraffic data_part(const WrittenService& s, const WrittenScenario& written) {
  WrittenTraffic out = common_part(s, written);
  out.total = s.total;
  out.arrivals = s.arrivals;
  out.size = s.size;
  out.profile = s.profile;
  out.transport = s.transport;
  out.ecn = s.ecn;
  return out;
}

/// The packets of many calls, each periodic, that began at any time: nearly Poisson (the
/// superposition of many sparse processes; Khinchin 1960).
WrittenTraffic voice_part(const WrittenService& s, const WrittenScenario& written) {
  WrittenTraffic out = common_part(s, written);
  const Codec* codec = find_codec(s.voice->codec.value);
  if (codec == nullptr) codec = codecs().data();  // reported where services are read
  if (!s.hub) out.matrix->value.model = TrafficSpec::Matrix::uniform;
  out.each = codec->rate() * s.voice->calls;
  out.size = Name{fmt::format("{} B", codec->packet_bytes()), s.voice->where};
  out.arrivals.packets = s.voice->calls == 1 ? Arrivals::cbr : Arrivals::poisson;
  out.voice = true;
  return out;
}

void avoid_target(const Name& name, const Network& network, PathConstraint& out,
                  Diagnostics& diagnostics) {
  if (name.value.empty()) return;  // already reported
  const auto found = find_target(network, name.value);
  if (!found) return name.where.error(diagnostics, found.error, found.hint);
  for (std::size_t p = 0; p < network.ports().size(); ++p) {
    const Port& port = network.ports()[p];
    const auto& links = found.value.links;
    if (port.exists && std::find(links.begin(), links.end(), port.link) != links.end())
      out.avoid[p] = true;
  }
}

}  // namespace

std::vector<Service> read_services(const WrittenScenario& written, Diagnostics& diagnostics) {
  std::vector<Service> out;
  for (const WrittenService& s : written.services) {
    const bool again = std::any_of(out.begin(), out.end(), [&](const Service& other) {
      return !s.name.value.empty() && other.name == s.name.value;
    });
    if (again)
      s.name.where.error(diagnostics,
                         fmt::format("service {} is given twice", quote(s.name.value)));
    Service service;
    service.name = s.name.value;
    service.type = s.type;
    service.hub_and_spoke = s.hub.has_value();
    if (s.guaranteed) service.guaranteed = s.guaranteed->value;
    if (s.voice)
      service.voice =
          VoiceSpec{codec_of(*s.voice, diagnostics), s.voice->calls, s.voice->jitter_buffer};
    out.push_back(std::move(service));
  }
  return out;
}

std::vector<WrittenTraffic> traffic_of(const WrittenService& service,
                                       const WrittenScenario& written) {
  std::vector<WrittenTraffic> out;
  if (service.total) out.push_back(data_part(service, written));
  if (service.voice) out.push_back(voice_part(service, written));
  return out;
}

PathConstraint path_of(const WrittenService& service, const Network& network,
                       Diagnostics& diagnostics) {
  PathConstraint out;
  out.avoid.assign(network.ports().size(), false);
  std::vector<std::string> what;
  if (service.provider && !service.provider->value.empty()) {
    const auto found = find_provider(network, service.provider->value);
    const auto foreign = [&](NodeId id) { return network.node(id).provider != found.value; };
    for (std::size_t p = 0; p < network.ports().size(); ++p) {
      const Port& port = network.ports()[p];
      // An unknown provider is reported with the sites.
      if (found && port.exists && (foreign(port.from) || foreign(port.to))) out.avoid[p] = true;
    }
    what.push_back(fmt::format("within provider {}", service.provider->value));
  }
  if (service.path && service.path->within) {
    const PathConstraint inside = confine(*service.path->within, network, diagnostics);
    for (std::size_t p = 0; p < out.avoid.size(); ++p)
      out.avoid[p] = out.avoid[p] || inside.avoid[p];
    what.push_back(inside.what);
  }
  if (service.path && !service.path->avoid.empty()) {
    std::vector<std::string> names;
    for (const Name& name : service.path->avoid) {
      avoid_target(name, network, out, diagnostics);
      names.push_back(name.value);
    }
    what.push_back(fmt::format("avoiding {}", fmt::join(names, ", ")));
  }
  out.what = fmt::format("{}", fmt::join(what, ", "));
  return out;
}

std::vector<Expectation> promises_of(const WrittenService& service, ServiceId id) {
  std::vector<Expectation> out;
  if (!service.sla) return out;
  const auto promise = [&](Expectation::Metric metric, Expectation::Op op, double bound,
                           const std::string& text) {
    Expectation e;
    e.metric = metric;
    e.op = op;
    e.bound = bound;
    e.service = id;
    e.promise = true;
    e.text = fmt::format("{} of service {} {} {}", to_string(metric), service.name.value,
                         to_string(op), text);
    out.push_back(std::move(e));
  };
  using Metric = Expectation::Metric;
  const auto time = [&](Metric metric, const std::optional<yaml::Located<Duration>>& bound) {
    if (bound)
      promise(metric, Expectation::Op::less_equal, bound->value.seconds(), to_text(bound->value));
  };
  const auto share = [](double value) { return fmt::format("{:.6g} %", value * 100); };
  const WrittenSla& sla = *service.sla;
  time(Metric::mean_latency, sla.mean_latency);
  time(Metric::p50_latency, sla.p50_latency);
  time(Metric::p99_latency, sla.p99_latency);
  time(Metric::p999_latency, sla.p999_latency);
  time(Metric::jitter, sla.jitter);
  if (sla.loss)
    promise(Metric::loss, Expectation::Op::less_equal, sla.loss->value, share(sla.loss->value));
  if (sla.availability)
    promise(Metric::availability, Expectation::Op::greater_equal, sla.availability->value,
            share(sla.availability->value));
  if (sla.mos)
    promise(Metric::mos, Expectation::Op::greater_equal, sla.mos->value,
            fmt::format("{}", sla.mos->value));
  return out;
}

}  // namespace longhaul::scenario
