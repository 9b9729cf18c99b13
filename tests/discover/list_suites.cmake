# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.25)
# cmake -D runner=... -D list=... -D prefix=... -D environment=... -P list_suites.cmake
execute_process(COMMAND "${runner}" --list_content=HRF --color_output=no
  OUTPUT_VARIABLE content ERROR_VARIABLE content_too COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" lines "${content}${content_too}")

# What its suite describes so waits for several threads again and again: two of these side by side on two cores take four times as long as one after the other,
# since a thread that has no core keeps all others. Beside anything else each loses little; so one is begun whenever the last has ended.
set(waits_for_threads "waits for threads")

set(tests "")
set(seen "")
foreach(line IN LISTS lines)
  # Suites and cases inside a suite are indented; a star marks what is enabled.
  if(NOT line MATCHES "^([A-Za-z0-9_]+)[*]?(: (.*))?$" OR CMAKE_MATCH_1 IN_LIST seen)
    continue()
  endif()
  set(suite "${CMAKE_MATCH_1}")
  set(description "${CMAKE_MATCH_3}")
  list(APPEND seen "${suite}")
  set(properties "")
  if(description STREQUAL waits_for_threads)
    set(properties " RESOURCE_LOCK fusegrad_threads COST 90")
  elseif(NOT description STREQUAL "")
    message(FATAL_ERROR "the suite ${suite} is described as '${description}', which is not '${waits_for_threads}'")
  endif()
  string(APPEND tests
    "add_test([[${prefix}unit_${suite}]] [[${runner}]] --run_test=${suite} --color_output=no)\n"
    "set_tests_properties([[${prefix}unit_${suite}]] PROPERTIES TIMEOUT 300 LABELS unit ENVIRONMENT [[${environment}]]${properties})\n")
endforeach()
if(NOT seen)
  message(FATAL_ERROR "${runner} lists no test suite")
endif()
file(WRITE "${list}" "${tests}")
