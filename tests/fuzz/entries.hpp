// What the fuzz targets feed: each function takes any bytes and must return, whatever they are.
// The replay test calls the same functions with the files of tests/fuzz/corpus/NAME.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace longhaul::fuzz {

void topology_yaml(std::string_view input);
void scenario_yaml(std::string_view input);
/// Every format: recognised, read, and what reads is written and read again.
void import(std::string_view input);
void quantities(std::string_view input);

struct Entry {
  const char* name;
  void (*run)(std::string_view);
};
const std::vector<Entry>& entries();

}  // namespace longhaul::fuzz
