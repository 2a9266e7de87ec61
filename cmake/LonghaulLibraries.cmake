# The libraries longhaul stands on, each behind one target name that works for old and new releases.
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(pugixml REQUIRED)

# libpcap comes without a CMake package of its own.
find_path(LONGHAUL_PCAP_INCLUDE pcap/pcap.h)
find_library(LONGHAUL_PCAP_LIBRARY pcap)
if(NOT LONGHAUL_PCAP_INCLUDE OR NOT LONGHAUL_PCAP_LIBRARY)
  message(FATAL_ERROR "libpcap not found (Debian: libpcap-dev)")
endif()
add_library(longhaul_pcap INTERFACE)
target_include_directories(longhaul_pcap SYSTEM INTERFACE "${LONGHAUL_PCAP_INCLUDE}")
target_link_libraries(longhaul_pcap INTERFACE "${LONGHAUL_PCAP_LIBRARY}")

# yaml-cpp: target `yaml-cpp` in 0.7, `yaml-cpp::yaml-cpp` later.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# GeographicLib: Debian ships its own FindGeographicLib.cmake away from CMake's path; plain look-up serves both.
find_path(GEOGRAPHICLIB_INCLUDE GeographicLib/Geodesic.hpp REQUIRED)
find_library(GEOGRAPHICLIB_LIBRARY NAMES GeographicLib Geographic REQUIRED)
add_library(longhaul_geographic INTERFACE)
target_include_directories(longhaul_geographic SYSTEM INTERFACE "${GEOGRAPHICLIB_INCLUDE}")
target_link_libraries(longhaul_geographic INTERFACE "${GEOGRAPHICLIB_LIBRARY}")

# cereal and xxHash, of which we use headers only; cereal's own CMake package has changed its target's name.
find_path(CEREAL_INCLUDE cereal/cereal.hpp REQUIRED)
find_path(XXHASH_INCLUDE xxhash.h REQUIRED)
add_library(longhaul_archive INTERFACE)
target_include_directories(longhaul_archive SYSTEM INTERFACE "${CEREAL_INCLUDE}" "${XXHASH_INCLUDE}")

# Random123 is headers only.
find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)
add_library(longhaul_random123 INTERFACE)
target_include_directories(longhaul_random123 SYSTEM INTERFACE "${RANDOM123_INCLUDE}")

# Clp, the solver of linear programs; Debian gives it a pkg-config file only.
find_path(CLP_INCLUDE ClpSimplex.hpp PATH_SUFFIXES coin REQUIRED)
find_library(CLP_LIBRARY Clp REQUIRED)
find_library(COIN_UTILS_LIBRARY CoinUtils REQUIRED)
add_library(longhaul_clp INTERFACE)
target_include_directories(longhaul_clp SYSTEM INTERFACE "${CLP_INCLUDE}")
target_link_libraries(longhaul_clp INTERFACE "${CLP_LIBRARY}" "${COIN_UTILS_LIBRARY}")
