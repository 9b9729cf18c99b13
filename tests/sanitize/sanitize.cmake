# SPDX-License-Identifier: MIT
# What builds with sanitizers need, and tests that they see what they are for: each fault is reported, and its sound twin is not.

set(fusegrad_test_environment "")
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
  # Archer tells the thread sanitizer of OpenMP's forks, joins and barriers. The runtime finds it only where it is told to look; the
  # runtime itself is not instrumented.
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=libarcher.so
    OUTPUT_VARIABLE archer OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(NOT EXISTS "${archer}")
    message(FATAL_ERROR "The thread sanitizer needs libarcher.so, which comes with Clang's OpenMP runtime (libomp-dev)")
  endif()
  set(fusegrad_test_environment "OMP_TOOL_LIBRARIES=${archer}" "TSAN_OPTIONS=ignore_noninstrumented_modules=1")
elseif(CMAKE_CXX_FLAGS MATCHES "-fsanitize=address")
  # Hidden as well is what we would leak inside of a parallel region; a test says that a step takes no memory at all.
  set(fusegrad_test_environment "LSAN_OPTIONS=suppressions=${CMAKE_CURRENT_LIST_DIR}/leaks.txt:print_suppressions=0")
endif()

# Checks of every pointer, one by one, keep the kernels' register tiles in memory: a file full of models takes three times as long to
# compile. Among models the address sanitizer has to do: it sees null and what lies outside of an object, and a vector that is not
# aligned traps. Kernels by themselves and the rest of the library are checked in full.
function(fusegrad_sanitize_models target)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,]*undefined")
    target_compile_options(${target} PRIVATE -fno-sanitize=null,alignment,object-size,pointer-overflow)
  endif()
endfunction()

# fusegrad_add_fault(<kind> <report> <command>...): the report is empty where nothing is to be found.
function(fusegrad_add_fault kind report)
  fusegrad_add_test(sanitize_${kind} LABEL sanitize COMMAND ${ARGN})
  set_property(TEST ${FUSEGRAD_TEST_PREFIX}sanitize_${kind} PROPERTY ENVIRONMENT ${fusegrad_test_environment})
  if(report)
    set_tests_properties(${FUSEGRAD_TEST_PREFIX}sanitize_${kind} PROPERTIES PASS_REGULAR_EXPRESSION "${report}")
  endif()
endfunction()

if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
  foreach(seeded IN ITEMS 0 1)
    add_executable(fusegrad_race_${seeded} "${CMAKE_CURRENT_LIST_DIR}/race.cpp")
    target_compile_definitions(fusegrad_race_${seeded} PRIVATE SEEDED=${seeded})
    target_link_libraries(fusegrad_race_${seeded} PRIVATE OpenMP::OpenMP_CXX)
    fusegrad_develop(fusegrad_race_${seeded})
  endforeach()
  fusegrad_add_fault(no_race "" fusegrad_race_0)
  fusegrad_add_fault(race "ThreadSanitizer: data race [^\n]*race\\.cpp" fusegrad_race_1)
elseif(CMAKE_CXX_FLAGS MATCHES "-fsanitize=address")
  add_executable(fusegrad_fault "${CMAKE_CURRENT_LIST_DIR}/fault.cpp")
  fusegrad_develop(fusegrad_fault)
  # What it sees first, the address sanitizer is to see by itself.
  target_compile_options(fusegrad_fault PRIVATE -fno-sanitize=object-size)
  fusegrad_add_fault(no_fault "" fusegrad_fault none)
  fusegrad_add_fault(heap "AddressSanitizer: heap-buffer-overflow" fusegrad_fault heap)
  fusegrad_add_fault(scope "AddressSanitizer: stack-use-after-scope" fusegrad_fault scope)
  fusegrad_add_fault(overflow "signed integer overflow" fusegrad_fault overflow)
  fusegrad_add_fault(alignment "misaligned address" fusegrad_fault alignment)
endif()
