// SPDX-License-Identifier: MIT
#include <fusegrad/layer/depthwise.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;
using sizes = std::vector<std::size_t>;

constexpr auto model = fg::input<7, 8, 3> | fg::depthwise2d<3, 2>.padded_same() |
                       fg::depthwise2d<2>.with_stride<2>().without_bias() | fg::reshape<12, 3> |
                       fg::depthwise1d<5>.causal();
static_assert(model.output_shape() == fg::shape<12, 3>);
static_assert(model.parameter_count() == 3 * 6 + 3 + 3 * 4 + 3 * 5 + 3);

// Strides larger than the kernel: no window sees some of the positions.
constexpr auto sparse = fg::input<5, 7, 2> | fg::dense<3> | fg::depthwise2d<1, 2>.with_stride<2, 3>() | fg::tanh |
                        fg::flatten | fg::dense<1>;
constexpr std::array<double, 2> train_a_little() {
  std::array<double, 2 * 70> images{};
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<double>(i * i % 7) / 4 - 1;
  constexpr std::array<double, 2> targets{1, -1};
  constexpr std::array<std::uint32_t, 2> both{0, 1};
  fg::trainer<std::remove_cv_t<decltype(sparse)>, std::remove_cv_t<decltype(fg::mean_squared_error)>, fg::sgd, double>
      trainer(sparse, fg::mean_squared_error, fg::sgd{.learning_rate = 0.02},
              {.seed = 3, .largest_batch = 2, .threads = 1});
  std::array<double, 2> losses{};
  for (double& loss : losses) loss = trainer.step(fg::with_targets<double>(images, 70, targets, 1), both).loss;
  return losses;
}
constexpr std::array<double, 2> losses = train_a_little();
static_assert(losses[1] < losses[0]);

} // namespace

BOOST_AUTO_TEST_SUITE(layer_depthwise)

BOOST_AUTO_TEST_CASE(parameters_have_the_shapes_of_pytorch) {
  const fg::weights w{model};
  BOOST_TEST(w.parameter_shape("0.weight") == (sizes{3, 1, 3, 2}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("0.bias") == (sizes{3}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("1.weight") == (sizes{3, 1, 2, 2}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("3.weight") == (sizes{3, 1, 5}), boost::test_tools::per_element());
}

// 1 2 3 4 under 1 10, and a second channel of -1 -2 -3 -4 under 1 0.
BOOST_AUTO_TEST_CASE(each_channel_has_a_kernel_of_its_own) {
  constexpr auto net = fg::input<4, 2> | fg::depthwise1d<2>;
  fg::weights w{net};
  w.write("0.weight", std::vector<float>{1, 10, 1, 0});
  w.write("0.bias", std::vector<float>{0, 0.5f});
  const auto y = fg::inference{w}(std::array<float, 8>{1, -1, 2, -2, 3, -3, 4, -4});
  BOOST_TEST(y == (std::array<float, 6>{21, -0.5f, 32, -1.5f, 43, -2.5f}), boost::test_tools::per_element());
}

// The same, with two kernels for the first channel and two for the second.
BOOST_AUTO_TEST_CASE(a_channel_may_have_several) {
  constexpr auto net = fg::input<4, 2> | fg::depthwise1d<2>.with_multiplier<2>().without_bias();
  static_assert(net.output_shape() == fg::shape<3, 4>);
  fg::weights w{net};
  BOOST_TEST(w.parameter_shape("0.weight") == (sizes{4, 1, 2}), boost::test_tools::per_element());
  w.write("0.weight", std::vector<float>{1, 10, 0, 1, 1, 0, 2, 0});
  const auto y = fg::inference{w}(std::array<float, 8>{1, -1, 2, -2, 3, -3, 4, -4});
  BOOST_TEST(y == (std::array<float, 12>{21, 2, -1, -2, 32, 3, -2, -4, 43, 4, -3, -6}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(weights_that_are_written_are_read) {
  fg::weights w{model};
  for (const std::string& name : w.parameter_names()) {
    std::vector<float> numbers(w.read(name).size());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
    w.write(name, numbers);
    BOOST_TEST(w.read(name) == numbers, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_stride_may_be_larger_than_the_kernel) {
  const std::array<double, 2> found = train_a_little();
  for (std::size_t i = 0; i < found.size(); ++i) BOOST_TEST(std::abs(found[i] - losses[i]) <= 1e-12 * losses[i]);
}

BOOST_AUTO_TEST_SUITE_END()
