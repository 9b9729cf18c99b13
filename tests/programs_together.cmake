# SPDX-License-Identifier: MIT

# fusegrad_programs_together(<target> <source>...): one program of several (programs_together.py), and in its folder a link to it by the name of each.
function(fusegrad_programs_together target)
  set(writer "${PROJECT_SOURCE_DIR}/tests/programs_together.py")
  set(written "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${writer}" ${ARGN})
  execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND "${Python3_EXECUTABLE}" -B "${writer}" "${written}" ${ARGN})
  add_executable(${target} "${written}")
  foreach(source IN LISTS ARGN)
    cmake_path(GET source STEM name)
    if(name STREQUAL "main")
      cmake_path(GET source PARENT_PATH folder)
      cmake_path(GET folder FILENAME name)
    endif()
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      COMMAND "${CMAKE_COMMAND}" -E create_symlink $<TARGET_FILE_NAME:${target}> "$<TARGET_FILE_DIR:${target}>/${name}")
  endforeach()
endfunction()
