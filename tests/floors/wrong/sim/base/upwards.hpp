// A wrong include, kept to show that the check sees one.
#include "sim/network/network.hpp"
