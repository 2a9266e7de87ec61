// From the text of a topology to a spec: names are resolved, defaults applied, rules checked.
#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "sim/network/catalogue.hpp"
#include "sim/network/delay.hpp"
#include "sim/topology/fields.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul {

namespace {

using namespace topology_text;

class Resolver {
 public:
  Resolver(const TopologyText& text, Diagnostics& diagnostics)
      : text_(text), diagnostics_(diagnostics) {}

  NetworkSpec run() {
    spec_.name = text_.name;
    spec_.source = text_.source;
    if (!text_.description.empty()) spec_.attributes.emplace_back("description", text_.description);
    spec_.attributes.insert(spec_.attributes.end(), text_.attributes.begin(),
                            text_.attributes.end());
    add_providers();
    add_generated();
    add_nodes();
    if (spec_.nodes.empty() && !diagnostics_.has_errors()) {
      text_.where.error(diagnostics_, "has no nodes; expected `nodes` or `generate`");
    }
    add_links();
    finish_links(spec_, [this](std::size_t i, std::string message, std::string hint) {
      const bool written = i >= first_written_;
      if (written && !whole(i)) return;  // it follows from a mistake already reported
      const yaml::Place& where = written ? written_[i - first_written_]->where : text_.where;
      where.error(diagnostics_, std::move(message), std::move(hint));
    });
    return std::move(spec_);
  }

 private:
  void add_providers() {
    for (const ProviderText& p : text_.providers) {
      if (p.id.value.empty()) continue;  // already reported
      const auto [first, fresh] = providers_.emplace(p.id.value, spec_.providers.size());
      if (!fresh) {
        p.id.where.error(diagnostics_,
                         fmt::format("provider {} is given twice", quote(p.id.value)));
        continue;
      }
      spec_.providers.push_back(Provider{p.id.value, p.tier, p.asn, p.name});
    }
    if (text_.defaults.provider) (void)provider(*text_.defaults.provider);
  }

  /// The provider of this name; the first, after an error, if there is none.
  ProviderId provider(const Name& name) {
    const auto found = providers_.find(name.value);
    if (found != providers_.end()) return ProviderId(found->second);
    std::vector<std::string> known;
    for (const Provider& p : spec_.providers) known.push_back(p.id);
    name.where.error(diagnostics_,
                     fmt::format("provider {} is not defined under `providers`", quote(name.value)),
                     did_you_mean(name.value, known));
    return ProviderId{0};
  }

  RegionId region(const std::string& name) {
    if (name.empty()) return RegionId::none();
    const auto [found, fresh] = regions_.emplace(name, spec_.regions.size());
    if (fresh) spec_.regions.push_back(name);
    return RegionId(found->second);
  }

  void add_generated() {
    if (!text_.generate) return;
    if (diagnostics_.has_errors()) {
      // Half-read, it would make a network of the wrong size and errors about names that it lacks.
      incomplete_ = true;
      return;
    }
    const auto generate =
        to_generate_spec(*text_.generate, text_.defaults, spec_.providers, diagnostics_);
    if (!generate) {
      incomplete_ = true;
      return;
    }
    generate_into(spec_, *generate);
    first_written_ = spec_.links.size();
    for (Link& link : spec_.links) set_radio(nullptr, link);
    for (std::size_t i = 0; i < spec_.regions.size(); ++i) regions_.emplace(spec_.regions[i], i);
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) nodes_.emplace(spec_.nodes[i].id, i);
    for (std::size_t i = 0; i < spec_.providers.size(); ++i) {
      providers_.emplace(spec_.providers[i].id, i);
    }
  }

  void add_nodes() {
    for (const auto& entry : text_.nodes) {
      if (entry.key.empty()) {
        entry.where.error(diagnostics_, "expected the id of a node, got nothing");
        continue;
      }
      const auto [first, fresh] = nodes_.emplace(entry.key, spec_.nodes.size());
      if (!fresh) {
        entry.where.error(diagnostics_, fmt::format("node {} is given twice; `generate` makes one",
                                                    quote(entry.key)));
        continue;
      }
      if (!entry.value.whole) broken_nodes_.insert(spec_.nodes.size());
      spec_.nodes.push_back(make_node(entry.key, entry.where, entry.value));
    }
  }

  Node make_node(const std::string& id, const yaml::Place& where, const NodeText& text) {
    const DefaultsText& defaults = text_.defaults;
    Node node;
    node.id = id;
    node.label = text.label;
    node.at = text.at;
    node.position = text.position;
    node.role = text.role.value_or(defaults.role.value_or(Role::core));
    node.region = region(text.region.value_or(defaults.region.value_or("")));
    node.country = text.country.value_or(defaults.country.value_or(""));
    node.weight = text.weight;
    node.latency = text.latency.value_or(defaults.latency.value_or(Duration::zero()));
    node.attributes = text.attributes;
    if (text.provider) {
      node.provider = provider(*text.provider);
    } else if (defaults.provider) {
      const auto known = providers_.find(defaults.provider->value);
      node.provider = ProviderId(known != providers_.end() ? known->second : 0);
    } else if (spec_.providers.size() > 1) {
      where.error(diagnostics_, fmt::format("node {} has no provider, and there are {} to choose "
                                            "from; expected `provider` here or under `defaults`",
                                            quote(id), spec_.providers.size()));
    }
    return node;
  }

  void add_links() {
    for (const LinkText& text : text_.links) {
      if (text.endpoints.size() != 2) continue;  // already reported
      const auto a = endpoint(text.endpoints[0]);
      const auto b = endpoint(text.endpoints[1]);
      if (!a || !b) continue;
      spec_.links.push_back(make_link(text, *a, *b));
      written_.push_back(&text);
    }
  }

  /// Whether link `i` of the spec, one that was written, and its ends were read without a mistake.
  bool whole(std::size_t i) const {
    const Link& link = spec_.links[i];
    return written_[i - first_written_]->whole && !broken_nodes_.contains(link.a.index()) &&
           !broken_nodes_.contains(link.b.index());
  }

  std::optional<NodeId> endpoint(const Name& name) {
    const auto found = nodes_.find(name.value);
    if (found != nodes_.end()) return NodeId(found->second);
    if (incomplete_) return std::nullopt;
    std::vector<std::string> known;
    for (const Node& node : spec_.nodes) known.push_back(node.id);
    name.where.error(diagnostics_, fmt::format("there is no node {}", quote(name.value)),
                     did_you_mean(name.value, known));
    return std::nullopt;
  }

  Link make_link(const LinkText& text, NodeId a, NodeId b) {
    const DefaultsText& defaults = text_.defaults;
    Link link;
    link.id = text.id ? text.id->value : std::string();
    link.a = a;
    link.b = b;
    link.medium = text.medium.value_or(defaults.medium.value_or(link.medium));
    link.framing = text.framing.value_or(defaults.framing.value_or(link.framing));
    link.length = text.length;
    link.delay = text.delay.value_or(Duration::zero());
    link.delay_given = text.delay.has_value();
    if (text.metric.size() == 2) {
      link.metric_ab = text.metric[0];
      link.metric_ba = text.metric[1];
    }
    link.one_way = text.one_way;
    link.risk = text.risk;
    link.attributes = text.attributes;
    link.capacity = text.capacity.value_or(defaults.capacity.value_or(link.capacity));
    if (text.wavelengths) set_wavelengths(*text.wavelengths, link);
    set_relation(text, link);
    set_radio(text.modulation ? &*text.modulation : nullptr, link);
    return link;
  }

  /// `own` is the link's modulation, if it says one.
  void set_radio(const yaml::Located<ModulationText>* own, Link& link) {
    if (link.medium != Medium::microwave) {
      if (own != nullptr) {
        own->where.error(
            diagnostics_,
            fmt::format("modulation is for microwave; this link is {}", to_string(link.medium)),
            "medium: microwave");
      }
      return;
    }
    if (own == nullptr && text_.defaults.modulation) own = &*text_.defaults.modulation;
    if (own == nullptr) return;
    link.radio = to_radio(own->value);
    const auto length = cable_length(link, spec_.nodes);
    const std::string name = spec_.nodes[link.a.index()].id + "-" + spec_.nodes[link.b.index()].id;
    if (!length) {
      own->where.error(diagnostics_,
                       fmt::format("how long is {}? rain attenuates by the kilometre", quote(name)),
                       "give a `length`, or coordinates (`at`) of both ends");
    } else if (*length > microwave::longest_hop) {
      own->where.error(
          diagnostics_,
          fmt::format(
              "{} is {:.0f} km long, and the model of rain (ITU-R P.530) holds up to {:.0f}",
              quote(name), length->kilometres(), microwave::longest_hop.kilometres()),
          "split the link into hops");
    }
  }

  void set_wavelengths(const yaml::Located<Wavelengths>& wavelengths, Link& link) {
    const auto length = cable_length(link, spec_.nodes);
    if (!length) return;  // reported as a link of unknown delay, or given a delay only
    const std::uint32_t count = wavelengths.value.count;
    const auto capacity = count == 0 ? catalogue::line_capacity(*length, link.medium)
                                     : catalogue::wavelength_capacity(count, *length, link.medium);
    if (capacity) {
      link.capacity = *capacity;
      return;
    }
    wavelengths.where.error(
        diagnostics_,
        fmt::format("no wavelength of the catalogue carries this over {:.0f} km of {}",
                    length->kilometres(), to_string(link.medium)),
        "give a `capacity`, fewer wavelengths, or split the link where it is regenerated");
  }

  void set_relation(const LinkText& text, Link& link) {
    const ProviderId left = spec_.nodes[link.a.index()].provider;
    const ProviderId right = spec_.nodes[link.b.index()].provider;
    if (text.relation) {
      link.relation = text.relation->value;
      if (link.relation == Relation::internal && left != right) {
        text.relation->where.error(
            diagnostics_,
            fmt::format("an internal link joins {} and {}", quote(spec_.providers[left.index()].id),
                        quote(spec_.providers[right.index()].id)),
            "expected peer or transit");
      }
    }
    if (!text.customer) return;
    link.customer = provider(*text.customer);
    if (text.relation && link.relation != Relation::transit) {
      text.customer->where.error(diagnostics_,
                                 fmt::format("a customer is for transit, not for a link that is {}",
                                             to_string(link.relation)));
    }
    // A link within one provider stays as it is, so that the contradiction is reported.
    link.relation = Relation::transit;
  }

  const TopologyText& text_;
  Diagnostics& diagnostics_;
  NetworkSpec spec_;
  std::unordered_map<std::string, std::size_t> providers_;
  std::unordered_map<std::string, std::size_t> regions_;
  std::unordered_map<std::string, std::size_t> nodes_;
  std::vector<const LinkText*> written_;  ///< of the links that were written, in order
  std::unordered_set<std::size_t> broken_nodes_;
  std::size_t first_written_ = 0;  ///< index of the first of them; generated ones stand before
  bool incomplete_ = false;        ///< `generate` failed: names may be missing
};

}  // namespace

NetworkSpec read_topology(const yaml::Node& root, Diagnostics& diagnostics) {
  Diagnostics own;
  NetworkSpec spec;
  std::optional<yaml::Node> complete;
  if (root.find("include") != nullptr) {
    complete = yaml::with_includes(root, {{"nodes"}, settle_defaults}, own);
  }
  const auto text = topology_fields().read(complete ? *complete : root, own);
  if (text) spec = Resolver(*text, own).run();
  diagnostics.add(own.all());
  return spec;
}

NetworkSpec read_topology(SourceText text, Diagnostics& diagnostics) {
  const auto root = yaml::parse(std::move(text), diagnostics);
  // After a key given twice or the like, what is left is read all the same: all mistakes at once.
  return root ? read_topology(*root, diagnostics) : NetworkSpec{};
}

std::string topology_json_schema() {
  return yaml::json_schema(topology_fields().doc(), "longhaul topology");
}

std::string topology_reference() { return yaml::reference_page(topology_fields().doc()); }

}  // namespace longhaul
