# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.25)
# cmake -D runner=... -D list=... -D prefix=... -D environment=... -P list_suites.cmake
execute_process(COMMAND "${runner}" --list_content=HRF --color_output=no
  OUTPUT_VARIABLE content ERROR_VARIABLE content_too COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" lines "${content}${content_too}")

# What waits for several threads again and again: two of these side by side on two cores take four times as long as one after the other, since a thread that has
# no core keeps all others. Beside anything else each loses little; so one is begun whenever the last has ended.
set(waits_for_threads "^(compiled_[a-z_]+|same_bits_[a-z]+|fused_update[a-z_]*|no_allocation|train_(coefficients|parts_by_name|physics|trainer)")
string(APPEND waits_for_threads "|function_call_of_pairs|inspect_health|model_dropout_passes|run_(team|transposed_weights))$")

set(tests "")
set(seen "")
foreach(line IN LISTS lines)
  # Suites and cases inside a suite are indented; a star marks what is enabled.
  if(NOT line MATCHES "^([A-Za-z0-9_]+)[*]?(: .*)?$" OR CMAKE_MATCH_1 IN_LIST seen)
    continue()
  endif()
  set(suite "${CMAKE_MATCH_1}")
  list(APPEND seen "${suite}")
  set(properties "")
  if(suite MATCHES "${waits_for_threads}")
    set(properties " RESOURCE_LOCK fusegrad_threads COST 90")
  endif()
  string(APPEND tests
    "add_test([[${prefix}unit_${suite}]] [[${runner}]] --run_test=${suite} --color_output=no)\n"
    "set_tests_properties([[${prefix}unit_${suite}]] PROPERTIES TIMEOUT 300 LABELS unit ENVIRONMENT [[${environment}]]${properties})\n")
endforeach()
if(NOT seen)
  message(FATAL_ERROR "${runner} lists no test suite")
endif()
file(WRITE "${list}" "${tests}")
