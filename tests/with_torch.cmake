# SPDX-License-Identifier: MIT
# tests/parity/<name>.py compare us with PyTorch, and are reported as skipped where it is not installed.
# tests/parity/<name>.cpp are the programs they talk to: FUSEGRAD_PARITY_PROGRAMS names the folder.
file(GLOB parity_programs CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/parity/*.cpp")
file(GLOB parity_scripts CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/parity/*.py")

set(python "${FUSEGRAD_PYTHON}")
if(NOT python AND EXISTS "${PROJECT_SOURCE_DIR}/build/venv/bin/python")
  set(python "${PROJECT_SOURCE_DIR}/build/venv/bin/python")
elseif(NOT python)
  set(python "${Python3_EXECUTABLE}")
endif()

option(FUSEGRAD_PARITY_BUILD "Build the programs that are compared with PyTorch; without them the comparisons fail, or are skipped where it is missing" ON)
if(NOT FUSEGRAD_PARITY_BUILD)
  set(parity_programs "")
endif()

# All but one at -O1 at most, and with headers that are read once: most of their time is the compiler's. The nets of `network` are trained as users compile them.
function(fusegrad_parity_program target)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/parity")
  target_link_libraries(${target} PRIVATE fusegrad::fusegrad)
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/parity") # what is written while CMake configures lies elsewhere
  fusegrad_develop(${target})
  if(target STREQUAL "parity_network")
    target_compile_options(${target} PRIVATE ${fusegrad_optimise_all_the_same})
    return()
  elseif(NOT fusegrad_optimise_all_the_same)
    target_compile_options(${target} PRIVATE -O1)
  endif()
  if(first_parity_program)
    target_precompile_headers(${target} REUSE_FROM ${first_parity_program})
  else()
    target_precompile_headers(${target} PRIVATE <fusegrad/training.hpp>)
    set(first_parity_program ${target} PARENT_SCOPE)
  endif()
endfunction()

# Random models, and derivatives of random nets: their programs are written while CMake configures, which needs neither PyTorch nor JAX.
file(GLOB model_scripts CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/parity/models/*.py")
foreach(name IN ITEMS random_models net_derivatives)
  set(writer "${CMAKE_CURRENT_SOURCE_DIR}/parity/${name}.py")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${writer}" ${model_scripts})
  execute_process(
    COMMAND "${Python3_EXECUTABLE}" -B "${writer}" --write "${CMAKE_CURRENT_BINARY_DIR}/parity/models"
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE programs OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REPLACE "\n" ";" programs "${programs}")
  if(FUSEGRAD_PARITY_BUILD)
    list(APPEND parity_programs ${programs})
  endif()
endforeach()

# Where the compilers share the tests, all that are not optimised are two programs, and each is a link to one of them: the models of one beside the rest.
# By themselves they take Clang half as long again.
if(FUSEGRAD_TESTS_SHARE STREQUAL "clang" AND parity_programs)
  include(programs_together.cmake)
  set(apart ${parity_programs})
  list(FILTER apart INCLUDE REGEX "/network\\.cpp$")
  set(of_models ${parity_programs})
  list(FILTER of_models INCLUDE REGEX "/random_[a-z0-9_]+\\.cpp$")
  list(REMOVE_ITEM parity_programs ${apart} ${of_models})
  fusegrad_programs_together(parity_together_1 ${parity_programs})
  fusegrad_programs_together(parity_together_2 ${of_models})
  foreach(target IN ITEMS parity_together_1 parity_together_2)
    fusegrad_parity_program(${target})
  endforeach()
  set(parity_programs ${apart})
endif()
foreach(source IN LISTS parity_programs)
  cmake_path(GET source STEM name)
  add_executable(parity_${name} "${source}")
  set_target_properties(parity_${name} PROPERTIES OUTPUT_NAME ${name})
  fusegrad_parity_program(parity_${name})
endforeach()

# fusegrad_add_parity(<name> <script>...)
function(fusegrad_add_parity name)
  fusegrad_add_test(parity_${name} LABEL parity TIMEOUT 600
    COMMAND "${python}" "${CMAKE_CURRENT_SOURCE_DIR}/with_torch.py" ${ARGN}
    # The longest of those whose cost nobody knows, in a first run: started before them.
    PROPERTIES SKIP_RETURN_CODE 77 COST 15
      ENVIRONMENT "FUSEGRAD_PARITY_PROGRAMS=${CMAKE_CURRENT_BINARY_DIR}/parity;FUSEGRAD_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
endfunction()

# Those that need nothing but PyTorch share a process that reads it; what needs a package besides, and is skipped without it, says so by itself.
set(of_values activations initialisers losses random_models sequential)
set(of_steps attention cookbook network normalisation several_losses update_rules) # with an optimiser, of which the same is true
foreach(group IN ITEMS values steps)
  set(scripts ${of_${group}})
  list(TRANSFORM scripts PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/parity/")
  list(TRANSFORM scripts APPEND ".py")
  list(REMOVE_ITEM parity_scripts ${scripts})
  fusegrad_add_parity(of_${group} ${scripts})
endforeach()
foreach(script IN LISTS parity_scripts)
  cmake_path(GET script STEM name)
  fusegrad_add_parity(${name} "${script}")
endforeach()

# What scripts/model_from_onnx makes of models is compiled while the test runs; it needs the package onnx, and not PyTorch.
option(FUSEGRAD_ONNX_NODE_TESTS "Import, compile and run every node test of the onnx package (minutes)" OFF)
fusegrad_front_end("${CMAKE_CXX_COMPILER}" -O0 front_end)
set(every_model "")
if(FUSEGRAD_ONNX_NODE_TESTS)
  set(every_model --all)
endif()
# By hand, and so is what the library needs: where several of its sources are a unit, that is more than the programs ask for.
set(needed_by_io -lz)
find_package(PNG QUIET)
if(FUSEGRAD_PNG AND PNG_FOUND)
  list(APPEND needed_by_io ${PNG_LIBRARIES})
endif()
fusegrad_add_test(onnx_in LABEL parity TIMEOUT 3600
  # Without -B: where the packages came without their compiled modules, they are kept for the next. Of our own modules the script keeps none.
  COMMAND "${python}" "${CMAKE_CURRENT_SOURCE_DIR}/onnx_in/onnx_in.py" ${every_model}
    ${front_end} -std=c++20 ${OpenMP_CXX_FLAGS} ${fusegrad_warnings} -Werror -- $<TARGET_FILE:fusegrad_io> ${needed_by_io}
  PROPERTIES SKIP_RETURN_CODE 77 COST 60
    ENVIRONMENT "FUSEGRAD_PARITY_PROGRAMS=${CMAKE_CURRENT_BINARY_DIR}/parity")
