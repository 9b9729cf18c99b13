# SPDX-License-Identifier: MIT
# Which compiler builds which unit tests and laws.
#
# What a test of a model says hardly depends on the compiler, and what it costs is the compiler's time: scripts/test gives each of the dear ones to one of
# the two. Of each kind something stays with both: chains, dropout, fused updates and small nets of the laws of training, a trainer, a fit, activations,
# every kernel, the languages of expressions and graphs.
set(FUSEGRAD_TESTS_SHARE whole CACHE STRING "Tests to build: whole, gcc or clang (what scripts/test builds with either), quick (the least, in minutes)")
set_property(CACHE FUSEGRAD_TESTS_SHARE PROPERTY STRINGS whole gcc clang quick)
if(NOT FUSEGRAD_TESTS_SHARE MATCHES "^(whole|gcc|clang|quick)$")
  message(FATAL_ERROR "FUSEGRAD_TESTS_SHARE is '${FUSEGRAD_TESTS_SHARE}'; it is one of whole, gcc, clang, quick")
endif()

set(settled_by_gcc
  "laws/train/(combinators|constant_step|fused_update_wide|inputs|losses|no_allocation|normalisation|nothing_silent|padding|probabilities|sharing)"
  "laws/train/same_bits_(deep|medium|wide)" "laws/graph/(activation_extremes|activation_vectors|compositions)" "laws/expr/(extremes_as_written|functions)"
  "unit/layer/(convolution|depthwise|transposed_convolution)" "unit/data/(augmentation|image|image_folder)" "unit/plan/(window_walk|value_layout|lay_out_values)"
  "unit/(layer|expr)/documentation" "unit/train/update_rule" "unit/inspect/health" "unit/io/checkpoint")
set(settled_by_clang
  "laws/train/(attention|images)" "unit/train/(coefficients|hessian_vector|physics|sample_weights|several_losses)"
  "unit/layer/(derivatives|frozen|jacobian|resize|squeeze_excite)" "unit/inspect/(check_gradients|page|report|solution|health_page|chart|summary)"
  "unit/data/(csv|dataset|normalisation|npy|records|scale|split|table|table_stream)" "unit/function/(call_of_pairs|compose|extreme_over|iterate|map_over)"
  "unit/io/(onnx|save|save_header|tensorboard)" "unit/start/[a-z_]+" "unit/plan/(fuse|join_by_weight)")
# The lower folders, the common kernels, and one of each kind above them.
set(kept_when_quick
  "unit/(base|tensor|expr|graph|run)/[a-z_]+" "unit/math/(basic|exponential|logarithm)" "unit/plan/(arena|value_layout|window_walk)" "unit/start/normal_mean"
  "unit/model/(inference|weights)" "unit/kernel/(product|weight_gradient|elementwise|softmax|panels)" "laws/law" "laws/graph/layers" "unit/layer/dense"
  "unit/train/(fit|losses|schedule|samples|training_options)" "unit/data/(csv|idx|split)" "unit/io/safetensors" "laws/train/(allocations|same_bits_small)")

# fusegrad_take_share(<variable>): leaves of the list of sources those that are built here.
function(fusegrad_take_share variable)
  set(sources ${${variable}})
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

# Documents, lone headers, what is about the checkout: once.
set(fusegrad_tests_what_is_asked_once OFF)
if(FUSEGRAD_TESTS_SHARE MATCHES "^(whole|gcc)$")
  set(fusegrad_tests_what_is_asked_once ON)
endif()
