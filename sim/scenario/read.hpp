// YAML -> Scenario. What comes back is valid: no later stage checks input again.
#pragma once

#include <string>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul {

/// Reads a scenario file with its includes, topology and matrices. `set_overrides` are
/// "key.path=value", applied before anything is read. Throws InputError with every mistake of all
/// files; oddities are left in Scenario::warnings.
Scenario load_scenario(const std::string& path, const std::vector<std::string>& set_overrides = {});

/// The same of a text; paths in it are relative to the folder of its name.
Scenario read_scenario(SourceText text, const std::vector<std::string>& set_overrides = {});

/// A scenario that is nothing but a topology and a matrix of any known format: Poisson arrivals of
/// imix packets per demand, all else by default unless overridden. `scale` multiplies the matrix.
Scenario bare_scenario(const std::string& topology_path, const std::string& matrix_path,
                       double scale = 1.0, const std::vector<std::string>& set_overrides = {});

/// Adds every mistake of a file that is a scenario, a topology or any format that is imported,
/// recognised by its content. Never throws.
void check_file(const std::string& path, Diagnostics& diagnostics);

/// JSON Schema (draft 2020-12) and reference page (Markdown) of a scenario file.
std::string scenario_schema();
std::string scenario_reference();
/// JSON Schema of a topology file.
std::string topology_schema();

}  // namespace longhaul
