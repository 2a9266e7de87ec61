// A network in which every field has a value of its own.
#pragma once

#include "sim/network/network.hpp"

namespace longhaul::test {

/// Finished: ids, relations and delays are set.
NetworkSpec full_spec();

}  // namespace longhaul::test
