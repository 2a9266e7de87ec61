// Services: what is sold, and promised, as one thing: a VPN among sites, a company's intranet, the
// internet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/base/ids.hpp"
#include "sim/base/units.hpp"

namespace longhaul {

struct Codec;  // sim/stats/e_model.hpp

enum class ServiceType { internet, intranet, vpn };
const char* to_string(ServiceType);

/// Telephone calls between the sites of a service.
struct VoiceSpec {
  const Codec* codec = nullptr;
  std::int64_t calls = 1;                     ///< at a time, of each pair
  Duration jitter_buffer = Duration::ms(40);  ///< of receivers; what comes later is lost
};

struct Service {
  std::string name;
  ServiceType type = ServiceType::vpn;
  ClassId cls{0};
  bool hub_and_spoke = false;
  std::optional<Rate> guaranteed;  ///< of the service at every link that it uses
  std::optional<VoiceSpec> voice;
};

}  // namespace longhaul
