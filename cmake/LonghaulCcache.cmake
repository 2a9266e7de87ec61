# A second build of the same sources is nearly free where ccache is installed.
find_program(LONGHAUL_CCACHE ccache)
if(LONGHAUL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LONGHAUL_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${LONGHAUL_CCACHE}")
endif()
# Two links at once are enough for memory.
set_property(GLOBAL PROPERTY JOB_POOLS link_pool=2)
set(CMAKE_JOB_POOL_LINK link_pool)
