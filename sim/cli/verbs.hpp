// The verbs of the program, one file each: add the flags, call one function, print.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace longhaul::cli {

/// What the command line asks for; returns the exit status. May throw InputError and RunError.
using Action = std::function<int()>;

void add_run(CLI::App& app, Action& chosen);
void add_check(CLI::App& app, Action& chosen);
void add_topology(CLI::App& app, Action& chosen);
void add_plan(CLI::App& app, Action& chosen);
void add_catalogue(CLI::App& app, Action& chosen);
void add_schema(CLI::App& app, Action& chosen);
/// Goes last: it completes whatever verbs `app` has by then.
void add_completion(CLI::App& app, Action& chosen);

}  // namespace longhaul::cli
