# SPDX-License-Identifier: MIT
# Which compiler builds which unit tests and laws.
#
# What most tests say hardly depends on the compiler, and what they cost is the compiler's time: scripts/test gives each to one of the two. Clang has most
# models, and does not optimise them (presets): that takes it half the time that g++ needs at -O1, and g++ is no faster so. What would run for long without
# optimisation Clang has at -O1, which takes it two thirds of g++'s time where models are large (images, attention); where they are small, g++ has it, as it
# has what Clang needs longer for (equations, expressions, plans).
# Of each kind something stays with both: vectors, transposes, products, softmax and the common elementary functions, optimised; a fit, dense layers,
# activations, weights, expressions, graphs, memory and threads; of convolutions Clang has the products, g++ most gradients. --all builds all with both,
# optimised.
set(FUSEGRAD_TESTS_SHARE whole CACHE STRING "Tests to build: whole, gcc or clang (what scripts/test builds with either), quick (the least, in minutes)")
set_property(CACHE FUSEGRAD_TESTS_SHARE PROPERTY STRINGS whole gcc clang quick)
if(NOT FUSEGRAD_TESTS_SHARE MATCHES "^(whole|gcc|clang|quick)$")
  message(FATAL_ERROR "FUSEGRAD_TESTS_SHARE is '${FUSEGRAD_TESTS_SHARE}'; it is one of whole, gcc, clang, quick")
endif()

set(settled_by_gcc
  "static/start/gain" "laws/law" "laws/graph/(activation_functions|activations|compositions|derivatives|equations|images|layers|losses|normalisation)"
  "laws/train/(dropout|fused_update_wide|same_bits_(deep|medium|wide))"
  "laws/expr/(extremes_as_written|functions)" "unit/expr/(by_name|differentiate|documentation|monotone)"
  "unit/function/(call_of_pairs|iterate|load_rows|log_sum_exp_over|map_over|sum_over)" "unit/data/(image|image_folder)"
  "unit/plan/(fuse|join_by_weight|lay_out_values|value_layout|window_walk)"
  "unit/kernel/(column_sums|columns_sums|convolution_gradient|copy_numbers|even_cut|first_summand|fused_expression|grouped_convolution|joined_product)"
  "unit/kernel/(narrow_product|parts|pooled_weight_gradient|random_rows|sums|winograd_gradient)"
  "unit/math/(complementary_error_function|gamma|inverse_hyperbolic|inverse_trigonometric|other_bases|power|remainder|roots|rounding|tangent)"
  "unit/run/(by_columns|direct|run_sums|skip_zeros|transposed_weights)")
set(settled_by_clang
  "laws/graph/(activation_extremes|activation_vectors)" "laws/train/(attention|fused_update|images|inputs|no_allocation)"
  "laws/train/(activation_before_residual|chains|combinators|constant_step|losses|normalisation|nothing_silent|padding|probabilities|sharing)"
  "laws/expr/(extremes|unary_derivatives)" "unit/expr/(dual|transform)"
  "unit/train/(box|coefficients|confusion_matrix|evaluation|fit|hessian_vector|history|lbfgs|losses|lsuv|measure|measure_metrics|parts_by_name|physics)"
  "unit/train/(plateau|predicted_class|progress|ranking|relative_error|rule_settings|sample_weights|samples|schedule|several_losses|staged_samples)"
  "unit/train/(steps|trainer|training_options|types_by_name|update_rule)"
  "unit/layer/(attention|branch|convolution|depthwise|derivatives|documentation|dropout|frozen|gated|groups|input_gradient|jacobian|maxout)"
  "unit/layer/(output_transform|pool|residual|resize|squeeze_excite|transposed_convolution|units_of_weight)"
  "unit/(inspect|io|start)/[a-z_]+" "unit/model/(dropout_passes|fold|weights)" "unit/function/(compose|extreme_over)"
  "unit/data/(augmentation|csv|dataset|digits|idx|mnist|normalisation|npy|records|scale|split|summary|table|table_stream)"
  "unit/base/(clock|copy_items|csv_field|file|file_path|inverse_normal|number_text|numbered_lists|size_product|sort|terminal|text|whole_samples)"
  "unit/kernel/(apart|columns_product|convolution|grouped_convolution_gradient|interpolation|max_pool|pooled_input_gradient|position_sums|row_blocks)"
  "unit/kernel/(repeated_columns|sparse_product|unroll|value_product|window_sum|winograd_convolution)"
  "unit/math/(error_function|flush_to_zero|hyperbolic|polygamma|square_root)")
# The lower folders, the common kernels, and one of each kind above them.
set(kept_when_quick "static/[a-z]+/[a-z_]+"
  "unit/(base|tensor|expr|graph|run)/[a-z_]+" "unit/math/(basic|exponential|logarithm)" "unit/plan/(arena|value_layout|window_walk)" "unit/start/normal_mean"
  "unit/model/(inference|weights)" "unit/kernel/(product|weight_gradient|elementwise|softmax|panels)" "laws/law" "laws/graph/layers" "unit/layer/dense"
  "unit/train/(fit|losses|schedule|samples|training_options)" "unit/data/(csv|idx|split)" "unit/io/safetensors" "laws/train/(allocations|same_bits_small)")

# Of Clang's: models that compute for half a minute where they are not optimised, and the few seconds that optimising takes longer come back.
set(optimised_by_clang "laws/train/(attention|images)")

# Not to be put into a unit with others (together.cmake): they take names of fusegrad or of the outermost namespace as their own headers have them, or have
# options of their own.
set(alone_in_a_unit "static/graph/writer" "laws/kernel/weight_gradient_update" "unit/kernel/(convolution|interpolation)" "laws/train/no_allocation")

# fusegrad_optimise_less(): a quarter of g++'s time is what -O2 adds, and what the programs of this folder show is not about speed. What is installed, and what
# a consumer compiles, keeps it.
macro(fusegrad_optimise_less)
  if(FUSEGRAD_TESTS_SHARE STREQUAL "gcc" AND CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_options(-O1)
  endif()
endmacro()

# fusegrad_matching(<variable> <regex>... -- <source>...): the sources that match one of the regular expressions.
function(fusegrad_matching variable)
  list(FIND ARGN "--" border)
  list(SUBLIST ARGN 0 ${border} regexes)
  math(EXPR border "${border} + 1")
  list(SUBLIST ARGN ${border} -1 sources)
  set(found "")
  foreach(regex IN LISTS regexes)
    set(some ${sources})
    list(FILTER some INCLUDE REGEX "/tests/${regex}\\.cpp$")
    list(APPEND found ${some})
  endforeach()
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

# fusegrad_take_share(<variable>): leaves of the list of sources those that are built here.
function(fusegrad_take_share variable)
  set(sources ${${variable}})
  fusegrad_matching(of_gcc ${settled_by_gcc} -- ${sources})
  fusegrad_matching(of_neither ${settled_by_clang} -- ${of_gcc})
  if(of_neither)
    message(FATAL_ERROR "tests/shares.cmake leaves these to either compiler, so that neither builds them: ${of_neither}")
  endif()
  if(FUSEGRAD_TESTS_SHARE STREQUAL "clang")
    set(left ${settled_by_gcc})
  elseif(FUSEGRAD_TESTS_SHARE STREQUAL "gcc")
    set(left ${settled_by_clang})
  elseif(FUSEGRAD_TESTS_SHARE STREQUAL "quick")
    list(JOIN kept_when_quick "|" kept)
    list(FILTER sources INCLUDE REGEX "/tests/(${kept})\\.cpp$")
  endif()
  foreach(regex IN LISTS left)
    list(FILTER sources EXCLUDE REGEX "/tests/${regex}\\.cpp$")
  endforeach()
  set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# Documents, lone headers, what is about the checkout or the linker: once, of g++. What it would take much longer for, and readers of files: of Clang.
set(fusegrad_tests_what_is_asked_once OFF)
if(FUSEGRAD_TESTS_SHARE MATCHES "^(whole|gcc)$")
  set(fusegrad_tests_what_is_asked_once ON)
endif()
set(fusegrad_tests_what_clang_is_asked OFF)
if(FUSEGRAD_TESTS_SHARE MATCHES "^(whole|clang)$")
  set(fusegrad_tests_what_clang_is_asked ON)
endif()
