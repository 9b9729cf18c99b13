// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/train/allocations.hpp"
#include "laws/train/digest.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/convolution.hpp>
#include <fusegrad/layer/depthwise.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/pool.hpp>
#include <fusegrad/layer/resize.hpp>
#include <fusegrad/layer/transposed_convolution.hpp>

namespace {

using fusegrad::test::check_same_bits_on_threads;
using fusegrad::test::compiled_model;

/// Every kind of product over windows: with a border and without, behind it a pool that makes its gradients sparse,
/// channel by channel, and with a stride, whose way back has four phases.
constexpr auto convnet = fg::input<9, 8, 2> | fg::conv2d<6, 3>.padded_same() | fg::tanh | fg::max_pool2d<2> |
                         fg::depthwise2d<3>.padded_same() | fg::conv2d<20, 3>.with_stride<2>().with_padding<1>() |
                         fg::tanh | fg::flatten | fg::dense<3>;
/// Layers that Winograd's algorithm is for, of which the last has a pool behind it.
constexpr auto wide = fg::input<9, 8, 3> | fg::conv2d<16, 3>.padded_same() | fg::tanh |
                      fg::conv2d<16, 3>.padded_same() | fg::tanh | fg::conv2d<16, 3>.padded_same() | fg::tanh |
                      fg::max_pool2d<2> | fg::flatten | fg::dense<2>;
/// In groups that fill no vectors, back to a larger image, between its positions, and two channels of each.
constexpr auto enlarged = fg::input<4, 3, 6> | fg::conv2d<15, 3>.with_groups<3>().padded_same() | fg::tanh |
                          fg::transposed_conv2d<10, 3, 2>.with_groups<5>().with_stride<2, 1>() | fg::tanh |
                          fg::upsample2d<2, 1>.bilinear() | fg::depthwise2d<2>.with_multiplier<2>() | fg::tanh |
                          fg::transposed_conv2d<2, 2>.with_stride<2>() | fg::average_pool2d<3> | fg::flatten |
                          fg::dense<3>;
constexpr auto normed = fg::input<10, 4> | fg::conv1d<17, 3>.causal() | fg::batch_norm | fg::relu |
                        fg::channel_dropout<0.2> | fg::residual(fg::dense<17> | fg::stochastic_depth<0.3>) |
                        fg::average_pool1d<2> | fg::conv1d<5, 2> | fg::global_max_pool | fg::dense<3>;

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_images, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(a_convolutional_net) { compiled_model(convnet, fg::mean_squared_error).everything(); }

BOOST_AUTO_TEST_CASE(many_channels) {
  compiled_model made(wide, fg::mean_squared_error);
  for (const std::size_t batch : {1u, 2u, 19u}) made.agrees_with_the_graph(batch);
  made.float_agrees_with_double();
  made.is_the_sum_of_its_samples();
  made.has_the_same_bits_on_any_number_of_threads();
  made.infers_one_sample_like_many();
}

BOOST_AUTO_TEST_CASE(images_that_grow) { compiled_model(enlarged, fg::mean_squared_error).everything_in_double(); }

BOOST_AUTO_TEST_CASE(the_same_bits_with_statistics_of_a_batch) {
  for (std::size_t batch : {2u, 7u, 64u}) check_same_bits_on_threads(normed, fg::softmax_cross_entropy, batch, 5);
}

BOOST_AUTO_TEST_CASE(no_allocation_in_a_step) {
  if (!fusegrad::test::allocations_are_counted) return;
  const fusegrad::test::samples_for given(40, normed.input_size(), normed.output_size(), true);
  std::vector<std::uint32_t> indices(40);
  for (std::uint32_t i = 0; i < 40; ++i) indices[i] = i;
  const auto samples = given.view();
  for (int threads : {1, 2}) {
    fg::trainer trainer{normed, fg::softmax_cross_entropy, fg::adam{},
                        fg::training_options<float>{.largest_batch = 40, .threads = threads}};
    BOOST_TEST(fusegrad::test::allocations_of([&] { trainer.step(samples, indices); }) == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
