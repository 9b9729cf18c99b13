# SPDX-License-Identifier: MIT
# Asks the runner for its suites each time it is built, so that no suite can be forgotten:
# a list read from the sources when CMake runs would miss what is added afterwards.

function(fusegrad_discover_suites target)
  set(list "${CMAKE_CURRENT_BINARY_DIR}/${target}_suites.cmake")
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM
    COMMAND "${CMAKE_COMMAND}" -D "runner=$<TARGET_FILE:${target}>" -D "list=${list}"
      -D "prefix=${FUSEGRAD_TEST_PREFIX}" -D "environment=${fusegrad_test_environment}" -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/list_suites.cmake"
    BYPRODUCTS "${list}")
  # Until the runner is built, one test that cannot pass stands for all of it.
  file(CONFIGURE OUTPUT "${list}.include" @ONLY CONTENT
    "if(EXISTS [[${list}]])\n  include([[${list}]])\nelse()\n  add_test([[${target}_is_not_built]] false)\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${list}.include")
endfunction()
