#include "sim/cli/usage.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "sim/base/text.hpp"

namespace longhaul::cli {

namespace {

std::vector<const CLI::App*> subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* find(const CLI::App& app, const std::string& name) {
  for (const CLI::App* sub : subcommands(app))
    if (sub->get_name() == name) return sub;
  return nullptr;
}

/// The verb that was typed, as deep as it was understood.
const CLI::App& typed_verb(const CLI::App& root, std::string& path) {
  const CLI::App* app = &root;
  for (;;) {
    const auto parsed = app->get_subcommands();
    if (parsed.empty()) return *app;
    app = parsed.front();
    path += " " + app->get_name();
  }
}

std::string with_hint(const std::string& text, const std::string& hint) {
  return hint.empty() ? text : text + "\n" + std::string(6, ' ') + "= " + hint;
}

std::string unexpected(const CLI::App& app, const std::string& argument) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  const bool flag = !argument.empty() && argument.front() == '-';
  const std::string name = argument.substr(0, argument.find('='));
  return with_hint(fmt::format("{} \"{}\"", flag ? "unknown option" : "unexpected argument", name),
                   flag ? did_you_mean(name, names) : std::string());
}

}  // namespace

std::string unknown_verb(const CLI::App& root, const std::vector<std::string>& arguments) {
  const CLI::App* app = &root;
  for (const std::string& argument : arguments) {
    const auto verbs = subcommands(*app);
    if (verbs.empty() || argument.empty() || argument[0] == '-') return {};
    const CLI::App* next = find(*app, argument);
    if (next == nullptr) {
      std::vector<std::string> names;
      std::string list;
      for (const CLI::App* verb : verbs) {
        names.push_back(verb->get_name());
        list += (list.empty() ? "" : ", ") + verb->get_name();
      }
      const std::string hint = did_you_mean(argument, names);
      return with_hint(fmt::format("unknown command \"{}\"", argument),
                       hint.empty() ? "expected one of: " + list : hint);
    }
    app = next;
  }
  return {};
}

std::string usage_error(const CLI::App& root, const CLI::ParseError& error) {
  std::string path = "longhaul";
  const CLI::App& app = typed_verb(root, path);
  const auto remaining = root.remaining(true);
  const bool extras = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const std::string what =
      extras && !remaining.empty() ? unexpected(app, remaining.front()) : std::string(error.what());
  return fmt::format("{}\nsee {} --help", what, path);
}

}  // namespace longhaul::cli
