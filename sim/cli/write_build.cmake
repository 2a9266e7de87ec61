# Writes OUTPUT with the commit of the checkout SOURCE; run at every build, touches the file only when it changed.
cmake_minimum_required(VERSION 3.23)
set(commit "unknown")
find_program(GIT git)
if(GIT)
  execute_process(COMMAND "${GIT}" -C "${SOURCE}" describe --always --dirty --abbrev=10 --exclude=*
                  OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(commit "${described}")
  endif()
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "#pragma once
#define LONGHAUL_VERSION \"@VERSION@\"
#define LONGHAUL_COMMIT \"@commit@\"
#define LONGHAUL_BUILD_TYPE \"@BUILD_TYPE@\"
" @ONLY)
