// What every reader leaves to one place: ids, relations and delays of links.
#include <fmt/format.h>

#include "sim/network/delay.hpp"
#include "sim/topology/link_ids.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul {

namespace {

class Finisher {
 public:
  Finisher(NetworkSpec& spec, const LinkError& error) : spec_(spec), error_(error) {}

  void run() {
    name_links();
    for (std::size_t i = 0; i < spec_.links.size(); ++i) {
      check_ends(i);
      check_relation(i);
      check_capacity(i);
      set_delay(i);
    }
  }

 private:
  const Node& a(const Link& link) const { return spec_.nodes[link.a.index()]; }
  const Node& b(const Link& link) const { return spec_.nodes[link.b.index()]; }
  int tier(ProviderId id) const {
    return id.index() < spec_.providers.size() ? spec_.providers[id.index()].tier : 1;
  }
  std::string provider(ProviderId id) const {
    return id.index() < spec_.providers.size() ? spec_.providers[id.index()].id : "default";
  }

  void name_links() {
    LinkIds ids(spec_.nodes);
    for (std::size_t i = 0; i < spec_.links.size(); ++i) {
      const std::string& id = spec_.links[i].id;
      if (id.empty()) continue;
      const auto first = ids.reserve(id, i);
      if (first) {
        error_(i, fmt::format("link {} is given twice", quote(id)),
               "parallel links need ids of their own, or none");
      }
    }
    for (std::size_t i = 0; i < spec_.links.size(); ++i) {
      Link& link = spec_.links[i];
      if (link.id.empty()) link.id = ids.make(link, i);
    }
  }

  void check_ends(std::size_t i) {
    const Link& link = spec_.links[i];
    if (link.a != link.b) return;
    error_(i, fmt::format("link {} joins {} to itself", quote(link.id), quote(a(link).id)), "");
  }

  void check_relation(std::size_t i) {
    Link& link = spec_.links[i];
    const ProviderId left = a(link).provider;
    const ProviderId right = b(link).provider;
    if (left == right) {
      if (link.relation != Relation::internal) {
        error_(i,
               fmt::format("link {} is {}, but both ends belong to {}", quote(link.id),
                           to_string(link.relation), quote(provider(left))),
               "expected internal");
      }
      return;
    }
    if (link.relation == Relation::internal) {
      link.relation = tier(left) == tier(right) ? Relation::peer : Relation::transit;
    }
    if (link.relation == Relation::peer) return;
    if (!link.customer.valid()) {
      if (tier(left) == tier(right)) {
        error_(i,
               fmt::format("link {} is transit between providers of the same tier", quote(link.id)),
               fmt::format("say who pays: customer: {} or {}", provider(left), provider(right)));
        return;
      }
      link.customer = tier(left) > tier(right) ? left : right;
    }
    if (link.customer != left && link.customer != right) {
      error_(i,
             fmt::format("the customer {} of link {} is at neither end",
                         quote(provider(link.customer)), quote(link.id)),
             fmt::format("expected {} or {}", provider(left), provider(right)));
    }
  }

  void check_capacity(std::size_t i) {
    const Link& link = spec_.links[i];
    if (link.capacity.rate > Rate::zero() && link.capacity.members > 0) return;
    error_(i,
           fmt::format("link {} has a capacity of {}; it must be above 0", quote(link.id),
                       to_text(link.capacity)),
           "");
  }

  void set_delay(std::size_t i) {
    Link& link = spec_.links[i];
    const auto delay = derive_delay(link, spec_.nodes);
    if (!delay) {
      const bool a_lacks = !a(link).at;
      const std::string lacking =
          a_lacks && !b(link).at ? fmt::format("{} and {} have none", a(link).id, b(link).id)
                                 : fmt::format("{} has none", a_lacks ? a(link).id : b(link).id);
      error_(i,
             fmt::format("the delay of link {} is unknown: expected `delay`, `length`, or "
                         "coordinates (`at`) of both ends; {}",
                         quote(link.id), lacking),
             "");
      return;
    }
    link.delay = *delay;
    if (link.delay < Duration::zero()) {
      error_(i,
             fmt::format("link {} has a negative delay of {}", quote(link.id), to_text(link.delay)),
             "");
    }
  }

  NetworkSpec& spec_;
  const LinkError& error_;
};

}  // namespace

void finish_links(NetworkSpec& spec, const LinkError& error) { Finisher(spec, error).run(); }

void finish_links(NetworkSpec& spec, const SourceLocation& where, Diagnostics& diagnostics) {
  finish_links(spec, [&](std::size_t, std::string message, std::string hint) {
    diagnostics.error(where, std::move(message), std::move(hint));
  });
}

}  // namespace longhaul
