// Text <-> Network: reading a topology from YAML or an imported format, and writing it as YAML.
#pragma once

#include <functional>
#include <string>

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/network/network.hpp"

namespace longhaul::yaml {
struct Node;
}

namespace longhaul {

/// A YAML topology with its includes. Every mistake goes into `diagnostics`; with any, the result
/// must not be built into a Network.
NetworkSpec read_topology(SourceText text, Diagnostics& diagnostics);
/// The same of a tree that is already parsed, e.g. the inline `topology:` of a scenario. Its
/// includes are relative to the file it is written in.
NetworkSpec read_topology(const yaml::Node& root, Diagnostics& diagnostics);

/// Reads a topology file of any known format (recognised by content, then by ending), checks it and
/// freezes it. Throws InputError with every mistake.
NetworkPtr load_topology(const std::string& path);
/// The same, not yet frozen; mistakes and warnings go into `diagnostics`. A file that cannot be
/// read throws InputError.
NetworkSpec load_topology_spec(const std::string& path, Diagnostics& diagnostics);

/// The spec as YAML that reads back to the same spec.
std::string to_yaml(const NetworkSpec& spec);

/// Reports a mistake of link `index` of the spec.
using LinkError = std::function<void(std::size_t index, std::string message, std::string hint)>;

/// Completes the links of a spec whose nodes, providers and endpoints are set:
/// ids ("A-B", the second parallel one "A-B#2"), relations (an `internal` link between two
/// providers becomes peer where their tiers are equal, else transit with the provider of the larger
/// tier number as customer), and delays from length or coordinates. Checks what a Network requires:
/// ids unique, no self-loops, capacity above 0, delay not negative and known, a transit's customer
/// at one of its ends. Mistakes go to `error`.
void finish_links(NetworkSpec& spec, const LinkError& error);
/// The same with every mistake placed at `where`, the file as a whole.
void finish_links(NetworkSpec& spec, const SourceLocation& where, Diagnostics& diagnostics);

/// JSON Schema (as text) and reference page (Markdown) of a topology file.
std::string topology_json_schema();
std::string topology_reference();

}  // namespace longhaul
