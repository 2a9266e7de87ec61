#include <CLI/CLI.hpp>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "sim/base/error.hpp"
#include "sim/cli/process.hpp"
#include "sim/cli/usage.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/cli/version.hpp"

namespace longhaul::cli {

namespace {

void complain(const std::string& text) { print_error("longhaul: error: " + text + "\n"); }

void add_verbs(CLI::App& app, Action& chosen) {
  app.require_subcommand(0, 1);
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.set_version_flag("--version", version_text(), "Print the version and exit");
  app.footer(
      "Exit status: 0 fine; 1 an expectation failed; 2 bad usage or input; 3 the run could not\n"
      "be finished (memory, disk); 130 interrupted, what was measured is still reported.\n\n"
      "Example:\n  longhaul run scenarios/tier1/abilene-evening-peak.yaml\n\n"
      "longhaul VERB --help says more of each verb.");
  add_run(app, chosen);
  add_check(app, chosen);
  add_topology(app, chosen);
  add_plan(app, chosen);
  add_catalogue(app, chosen);
  add_schema(app, chosen);
  add_completion(app, chosen);
}

/// Parses and acts. What CLI11 throws ends here.
int dispatch(std::vector<std::string> arguments) {
  CLI::App app("Discrete-event simulator of backbone networks: congestion and latency.",
               "longhaul");
  Action chosen;
  add_verbs(app, chosen);
  if (arguments.empty()) {
    print_error(app.help());
    return status_bad_input;
  }
  const std::string unknown = unknown_verb(app, arguments);
  if (!unknown.empty()) {
    complain(unknown + "\nsee longhaul --help");
    return status_bad_input;
  }
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    print(app.help());
    return status_fine;
  } catch (const CLI::CallForVersion& version) {
    print(std::string(version.what()) + "\n");
    return status_fine;
  } catch (const CLI::ParseError& error) {
    complain(usage_error(app, error));
    return status_bad_input;
  }
  return chosen ? chosen() : status_bad_input;
}

int guarded(int argc, char** argv) {
  try {
    return dispatch(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const InputError& error) {
    print_error(std::string(error.what()) + "\n");
    return status_bad_input;
  } catch (const RunError& error) {
    complain(error.what());
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& error) {
    complain(std::string("internal error: ") + error.what());
  }
  return status_not_finished;
}

}  // namespace

}  // namespace longhaul::cli

int main(int argc, char** argv) {
  longhaul::cli::secure_standard_streams();
  return longhaul::cli::guarded(argc, argv);
}
