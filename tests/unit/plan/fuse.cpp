// SPDX-License-Identifier: MIT
#include <fusegrad/plan/fuse.hpp>

#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/graph/backward.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/plan/draft.hpp>
#include <fusegrad/train/losses.hpp>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using graph::kind;

constexpr std::size_t in = 5, hidden = 19, out = 13; // not so few outputs that the last layer is narrow

/// in -> hidden -> activation, `layers` times; then the output, and mean squared error.
template <class Activation> graph::graph trained(const Activation&, std::size_t layers = 1) {
  emitter e;
  row x = e.input(tensor::vector_of(in));
  for (std::size_t i = 0; i < layers; ++i) x = Activation::emit(e, emit_dense(e, x, hidden));
  x = emit_dense(e, x, out);
  e.result.outputs.push_back(x.value);
  std::remove_cvref_t<decltype(mean_squared_error)>::emit(e, x, e.input(x.shape));
  graph::append_backward(e);
  return e.result;
}
template <class Activation> plan::draft drafted(const Activation& activation, std::size_t layers = 1) {
  graph::graph g = trained(activation, layers);
  return plan::drafting<float>(g).result;
}

template <class Predicate> std::size_t count(const plan::draft& d, Predicate&& holds) {
  std::size_t n = 0;
  for (const execution::step& s : d.steps) n += holds(s) ? 1 : 0;
  return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_fuse)

BOOST_AUTO_TEST_CASE(inference_is_one_kernel_call_for_each_dense_layer) {
  emitter e;
  row x = e.input(tensor::vector_of(in));
  for (int i = 0; i < 3; ++i) x = fusegrad::softplus.emit(e, fusegrad::tanh.emit(e, emit_dense(e, x, hidden)));
  e.result.outputs.push_back(x.value);
  const plan::draft d = plan::drafting<float>(e.result).result;
  BOOST_TEST(d.steps.size() == 3u);
  BOOST_TEST(count(d, [](const execution::step& s) { return s.what == kind::matrix_product; }) == 3u);
}

BOOST_AUTO_TEST_CASE(bias_and_activation_are_one_call_forward_and_one_backward) {
  for (const plan::draft& d : {drafted(relu), drafted(fusegrad::tanh), drafted(gelu), drafted(leaky_relu<0.1>)}) {
    const auto on_its_own = [](const execution::step& s) { return s.what == kind::elementwise; };
    BOOST_TEST(count(d, [&](const execution::step& s) { return on_its_own(s) && s.columns == hidden; }) == 0u);
    // The derivative of the loss may be a call of its own: the loss is summed before it.
    BOOST_TEST(count(d, on_its_own) <= 1u);
    BOOST_TEST(count(d, [](const execution::step& s) { return s.what == kind::matrix_product && !s.transposed; }) ==
               2u);
    BOOST_TEST(count(d, [](const execution::step& s) { return s.transposed; }) == 1u);
    // The bias and the product before it have one gradient between them, not a copy each.
    BOOST_TEST(count(d, [](const execution::step& s) { return s.transposed && s.result_count == 1; }) == 1u);
    BOOST_TEST(count(d, [](const execution::step& s) { return s.what == kind::weight_gradient; }) == 2u);
    BOOST_TEST(count(d, [](const execution::step& s) { return s.what == kind::column_sum; }) == 2u);
    BOOST_TEST(count(d, [](const execution::step& s) { return s.what == kind::loss_term; }) == 1u);
    BOOST_TEST(d.steps.size() <= 9u);
  }
}

BOOST_AUTO_TEST_CASE(the_gradient_of_the_input_is_never_formed) {
  const plan::draft d = drafted(relu, 3);
  BOOST_TEST(count(d, [](const execution::step& s) { return s.transposed; }) == 3u);
  BOOST_TEST(count(d, [](const execution::step& s) { return s.transposed && s.columns == in; }) == 0u);
  BOOST_TEST(!d.parameters.places[0].needs_transpose);
}

BOOST_AUTO_TEST_CASE(backward_keeps_the_output_where_that_is_enough) {
  const auto results = [](const plan::draft& d) { return d.steps[0].result_count; };
  BOOST_TEST(results(drafted(fusegrad::tanh)) == 1);
  BOOST_TEST(results(drafted(fusegrad::sigmoid)) == 1);
  BOOST_TEST(results(drafted(relu)) == 1);
  BOOST_TEST(results(drafted(elu<1.0>)) <= 2);
  // softplus needs what went in; the next layer what came out.
  BOOST_TEST(results(drafted(fusegrad::softplus)) == 2);
  BOOST_TEST(results(drafted(gelu)) == 2);
}

BOOST_AUTO_TEST_CASE(equal_layers_share_their_kernels) {
  const auto kernels = [](std::size_t layers) { return drafted(fusegrad::tanh, layers).kernels.size(); };
  const std::size_t few = kernels(4);
  BOOST_TEST(kernels(16) == few);
  BOOST_TEST(kernels(64) == few);
  BOOST_TEST(drafted(fusegrad::tanh, 64).steps.size() > 64 * 3u);
}

BOOST_AUTO_TEST_CASE(equal_blocks_share_their_kernels) {
  const auto kernels = [](std::size_t blocks) {
    emitter e;
    row x = emit_dense(e, e.input(tensor::vector_of(in)), hidden);
    for (std::size_t i = 0; i < blocks; ++i)
      x = emit_residual(e, x, [](emitter& inner, const wire& w) {
        return wire_of(emit_dense(inner, fusegrad::silu.emit(inner, emit_dense(inner, w[0], 24)), hidden));
      })[0];
    x = emit_dense(e, x, out);
    e.result.outputs.push_back(x.value);
    std::remove_cvref_t<decltype(mean_squared_error)>::emit(e, x, e.input(x.shape));
    graph::append_backward(e);
    return plan::drafting<float>(e.result).result.kernels.size();
  };
  BOOST_TEST(kernels(4) == kernels(32));
}

// Sums forward, of x and of its squared distance; back one reading of x and dy, for both of their sums.
BOOST_AUTO_TEST_CASE(batch_normalisation_reads_its_input_and_gradient_once_for_all_sums) {
  for (const tensor::extents& image : {tensor::vector_of(in), tensor::extents{3, {4, 3, in}}}) {
    emitter e(graph::emission{true});
    row x = emit_dense(e, e.input(image), hidden);
    x = relu.emit(e, layers::batch_norm_layer<0.1, 1e-5, true>::emit(e, x));
    x = emit_dense(e, x, out);
    e.result.outputs.push_back(x.value);
    std::remove_cvref_t<decltype(mean_squared_error)>::emit(e, x, e.input(x.shape));
    graph::append_backward(e);
    const plan::draft d = plan::drafting<float>(e.result).result;
    const bool is_image = image.positions() > 1;
    const auto sums = [&](const execution::step& s) {
      return s.what == (is_image ? kind::position_sum : kind::batch_sum) && s.columns == hidden;
    };
    BOOST_TEST(count(d, sums) == 3u);
    BOOST_TEST(count(d, [&](const execution::step& s) { return sums(s) && s.result_count == 2; }) == 1u);
    // Nothing but bias, gain, shift and the next states is summed over rows besides.
    BOOST_TEST(count(d, [](const execution::step& s) {
                 return s.what == kind::column_sum && s.columns == hidden && !s.is_of_batch;
               }) == 1u);
    // What goes to the layer before, and into the sums, is stored once.
    for (const execution::step& s : d.steps)
      if (s.transposed) BOOST_TEST(s.result_count == 1);
    BOOST_TEST(count(d, [](const execution::step& s) {
                 return s.what == kind::elementwise && !s.is_of_batch && s.columns == hidden;
               }) == 2u); // there and back
  }
}

BOOST_AUTO_TEST_CASE(memory_of_a_chain_in_inference_does_not_grow_with_depth) {
  const auto row_size = [](std::size_t layers) {
    emitter e;
    row x = e.input(tensor::vector_of(hidden));
    for (std::size_t i = 0; i < layers; ++i) x = relu.emit(e, emit_dense(e, x, hidden));
    e.result.outputs.push_back(x.value);
    return plan::drafting<float>(e.result).result.row_size;
  };
  BOOST_TEST(row_size(50) == row_size(2));
}

BOOST_AUTO_TEST_SUITE_END()
