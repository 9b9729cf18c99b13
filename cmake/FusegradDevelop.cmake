# SPDX-License-Identifier: MIT
# What concerns only people who work on fusegrad itself: consumers inherit none of it.

set(FUSEGRAD_TEST_PREFIX "" CACHE STRING "Put before the name of every test; tells builds apart when several run as one")
mark_as_advanced(FUSEGRAD_TEST_PREFIX)

function(fusegrad_default_build_type)
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(NOT multi_config AND NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
  endif()
endfunction()

function(fusegrad_use_ccache)
  if(DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    return()
  endif()
  find_program(FUSEGRAD_CCACHE ccache)
  mark_as_advanced(FUSEGRAD_CCACHE)
  if(FUSEGRAD_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${FUSEGRAD_CCACHE}" PARENT_SCOPE)
  endif()
endfunction()

# Warnings are errors where the presets ask for it, with the compilers that we promise to satisfy: others know warnings that nobody here has seen.
if(NOT "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" MATCHES "^(GNU 12|Clang 19)\\.")
  set(CMAKE_COMPILE_WARNING_AS_ERROR OFF)
endif()

# The guard of what <cmath> brings of C++17's special functions (Bessel and others), in libstdc++: nobody here calls them, and every file with <cmath> makes
# them anew, 0.17 s of 0.23 with g++, 0.1 with Clang. To another library it means nothing.
set(fusegrad_no_special_functions _GLIBCXX_BITS_SPECFUN_H)

set(fusegrad_warnings -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
# Our own code: strict ISO C++, and this machine's instructions where wanted. PORTABLE code is installed and must run on other machines.
function(fusegrad_develop target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PORTABLE" "" "")
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_features(${target} PRIVATE cxx_std_20)
  if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(${target} PRIVATE ${fusegrad_warnings})
  endif()
  # Collecting garbage costs GCC more than the collection: at each later request for a large piece it looks through all pages that were given back. A net of fifty
  # layers takes 29 s without one (1.5 GB) and 40 with one (1.1 GB). It collects at twice this many kilobytes: hardly anything needs 3 GB.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=1500000>)
  if(FUSEGRAD_NATIVE AND NOT arg_PORTABLE)
    target_compile_options(${target} PRIVATE -march=native)
  endif()
  if(NOT arg_PORTABLE)
    target_compile_definitions(${target} PRIVATE ${fusegrad_no_special_functions})
  endif()
endfunction()

# A build that as a whole is not optimised, since what it costs is the compiler's time, still has programs that compute for long or are about instructions.
set(fusegrad_optimise_all_the_same "")
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_CXX_FLAGS_RELEASE MATCHES "-O0")
  set(fusegrad_optimise_all_the_same -O1)
endif()
