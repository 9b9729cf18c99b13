# SPDX-License-Identifier: MIT
# Runs two programs and fails unless both print the same, and something.
foreach(program IN ITEMS FIRST SECOND)
  execute_process(COMMAND "${${program}}" OUTPUT_VARIABLE printed_${program} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
if(printed_FIRST STREQUAL "" OR NOT printed_FIRST STREQUAL printed_SECOND)
  message(FATAL_ERROR "The weights differ:\n${printed_FIRST}${printed_SECOND}")
endif()
