#include "sim/traffic/transport.hpp"

namespace longhaul {

const char* to_string(CongestionControl protocol) {
  switch (protocol) {
    case CongestionControl::newreno:
      return "newreno";
    case CongestionControl::cubic:
      return "cubic";
    case CongestionControl::bbr:
      return "bbr";
  }
  return "";
}

}  // namespace longhaul
