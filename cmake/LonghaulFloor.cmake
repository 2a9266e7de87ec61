# What every target is compiled with. Results must be the same to the bit on every compiler and flag set,
# so floating-point contraction is off (docs/determinism.md).
add_library(longhaul_options INTERFACE)
target_include_directories(longhaul_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(longhaul_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow
                       -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
# GCC 12 warns of overlapping copies in `"text" + std::string` itself (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(longhaul_options INTERFACE -Wno-restrict)
endif()
if(LONGHAUL_WERROR)
  target_compile_options(longhaul_options INTERFACE -Werror)
endif()
if(LONGHAUL_SANITIZE)
  target_compile_options(longhaul_options INTERFACE -fsanitize=${LONGHAUL_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(longhaul_options INTERFACE -fsanitize=${LONGHAUL_SANITIZE})
endif()
if(LONGHAUL_FUZZ)
  target_compile_options(longhaul_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# longhaul_floor(NAME [DEPENDS libs...] [PRIVATE_DEPENDS libs...])
# One folder of sim/ (with its subfolders) as one static library `longhaul_NAME`, which links only the folders
# it may include.
function(longhaul_floor name)
  cmake_parse_arguments(F "" "" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(sources)
    add_library(longhaul_${name} STATIC ${sources})
    target_link_libraries(longhaul_${name} PUBLIC longhaul_options ${F_DEPENDS} PRIVATE ${F_PRIVATE_DEPENDS})
  else()
    add_library(longhaul_${name} INTERFACE)
    target_link_libraries(longhaul_${name} INTERFACE longhaul_options ${F_DEPENDS} ${F_PRIVATE_DEPENDS})
  endif()
endfunction()

# longhaul_tests(NAME [DEPENDS libs...]): every source of tests/NAME as one Catch2 program `test_NAME`, each of its
# cases a ctest entry.
function(longhaul_tests name)
  cmake_parse_arguments(T "" "" "DEPENDS;LABELS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE ${T_DEPENDS} longhaul_test_main)
  catch_discover_tests(test_${name} TEST_PREFIX "${name}: " PROPERTIES LABELS "${name}" TIMEOUT 600)
endfunction()
