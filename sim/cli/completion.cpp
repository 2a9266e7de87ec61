// Completion scripts, made from the verbs and flags themselves so that they cannot fall behind.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/cli/process.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/scenario/presets.hpp"

namespace longhaul::cli {

namespace {

struct Words {
  std::string verbs;  ///< "topology convert"; empty for the program itself
  std::string next;   ///< what may follow, separated by spaces
};

void collect(const CLI::App& app, const std::string& path, std::vector<Words>& all) {
  std::string next;
  const auto add = [&](const std::string& word) { next += (next.empty() ? "" : " ") + word; };
  const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* sub : subcommands) add(sub->get_name());
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) add("--" + name);
  if (path == "catalogue")
    for (const Preset& preset : presets()) add(preset.name);
  all.push_back({path, next});
  for (const CLI::App* sub : subcommands)
    collect(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), all);
}

/// Shell cases that set `words` by the verbs typed so far, the longer ones first.
std::string cases(const CLI::App& root) {
  std::vector<Words> all;
  collect(root, "", all);
  std::string text;
  for (auto it = all.rbegin(); it != all.rend(); ++it)
    text += fmt::format("    \"{}\"*) next=\"{}\" ;;\n", it->verbs.empty() ? "" : it->verbs + " ",
                        it->next);
  return text;
}

std::string bash_script(const CLI::App& root) {
  return R"(# longhaul completion for bash: source <(longhaul completion bash)
_longhaul() {
  local current="${COMP_WORDS[COMP_CWORD]}" typed="${COMP_WORDS[*]:1:COMP_CWORD-1} " next=""
  [[ "$typed" == " " ]] && typed=""
  case "$typed" in
)" + cases(root) +
         R"(  esac
  COMPREPLY=($(compgen -W "$next" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _longhaul longhaul
)";
}

std::string zsh_script(const CLI::App& root) {
  return R"(#compdef longhaul
# longhaul completion for zsh: source <(longhaul completion zsh)
_longhaul() {
  local typed="${words[2,CURRENT-1]} " next=""
  [[ "$typed" == " " ]] && typed=""
  case "$typed" in
)" + cases(root) +
         R"(  esac
  compadd -- ${=next}
  _files
}
if [[ "$funcstack[1]" == "_longhaul" ]]; then _longhaul; else compdef _longhaul longhaul; fi
)";
}

}  // namespace

void add_completion(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("completion", "Print a completion script for a shell");
  verb->footer("Example:\n  source <(longhaul completion bash)");
  auto shell = std::make_shared<std::string>();
  verb->add_option("shell", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  verb->callback([&app, &chosen, shell] {
    chosen = [&app, shell] {
      print(*shell == "bash" ? bash_script(app) : zsh_script(app));
      return int{status_fine};
    };
  });
}

}  // namespace longhaul::cli
