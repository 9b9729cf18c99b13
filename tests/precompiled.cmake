# SPDX-License-Identifier: MIT
# Umbrella headers, precompiled for tests that only run a compiler's front end again and again; precompiled.py uses them.

set(precompiled_headers "${CMAKE_CURRENT_BINARY_DIR}/precompiled")
get_target_property(boost_include Boost::headers INTERFACE_INCLUDE_DIRECTORIES)

# fusegrad_front_end(<compiler> <level> <variable>): the compiler with the flags that fusegrad::core would give it. At -O0 less is instantiated, since no model
# is run directly. g++ takes a precompiled header only at the level that the header was made at, or reads the header anew and says nothing.
function(fusegrad_front_end compiler level variable)
  # As fusegrad_develop has it; a tenth of what g++ takes for a document or twins.
  set(options ${fusegrad_constant_steps_gnu} --param=ggc-min-heapsize=1500000)
  if(compiler MATCHES "clang[^/]*$")
    set(options ${fusegrad_constant_steps_clang})
  endif()
  set(${variable} "${compiler}" ${level} ${options} -D${fusegrad_no_special_functions} -I "${PROJECT_SOURCE_DIR}/include" -idirafter "${boost_include}" PARENT_SCOPE)
endfunction()

# fusegrad_precompile(<compiler> <level> <name>...): fusegrad/<name>.hpp as fusegrad_front_end reads it.
function(fusegrad_precompile compiler level)
  fusegrad_front_end("${compiler}" ${level} front_end)
  cmake_path(GET compiler FILENAME compiler_name)
  set(suffix gch)
  set(once "")
  if(compiler_name MATCHES "clang")
    set(suffix pch)
    # What headers use of templates is made with them, and not in each file again; g++ cannot.
    set(once -fpch-instantiate-templates)
  endif()
  foreach(name IN LISTS ARGN)
    set(header "${precompiled_headers}/${compiler_name}/fusegrad/${name}.hpp")
    file(CONFIGURE OUTPUT "${header}" CONTENT "#include <fusegrad/${name}.hpp>\n")
    add_custom_command(OUTPUT "${header}.${suffix}" DEPENDS "${header}" DEPFILE "${header}.d" VERBATIM
      COMMAND ${front_end} -std=c++20 -MD -MF "${header}.d" -MT "${header}.${suffix}" ${once}
        -x c++-header "${header}" -o "${header}.${suffix}")
    string(REPLACE "/" "_" target "fusegrad_precompiled_${name}_${compiler_name}")
    add_custom_target(${target} ALL DEPENDS "${header}.${suffix}")
  endforeach()
endfunction()
