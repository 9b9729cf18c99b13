// SPDX-License-Identifier: MIT
#include <fusegrad/layer/convolution.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fg = fusegrad;
using names = std::vector<std::string>;
using sizes = std::vector<std::size_t>;

/// PyTorch's formula.
constexpr std::size_t positions(std::size_t n, std::size_t size, std::size_t stride, std::size_t dilation,
                                std::size_t padding) {
  return (n + 2 * padding - dilation * (size - 1) - 1) / stride + 1;
}
/// One of many geometries: other ones for rows and for columns.
template <std::size_t I> constexpr bool has_the_shape_of_pytorch() {
  constexpr std::size_t rows = 1 + I % 5, columns = 1 + I % 3, down = 1 + I % 4, right = 1 + I / 2 % 3,
                        row_dilation = 1 + I % 2, column_dilation = 1 + I / 3 % 3, above = I % 3, left = I / 5 % 4;
  using layer = std::remove_cvref_t<decltype(fg::conv2d<7, rows, columns>.template with_stride<down, right>()
                                                 .template with_dilation<row_dilation, column_dilation>()
                                                 .template with_padding<above, left>())>;
  for (std::uint32_t height = 9; height < 14; ++height)
    for (std::uint32_t width = 7; width < 12; ++width)
      if (layer::output_shape({3, {height, width, 3}}) !=
          fg::tensor::extents{3,
                              {fg::tensor::extent_of(positions(height, rows, down, row_dilation, above)),
                               fg::tensor::extent_of(positions(width, columns, right, column_dilation, left)), 7}})
        return false;
  return true;
}
template <std::size_t... I> constexpr bool all_have_the_shape_of_pytorch(std::index_sequence<I...>) {
  return (has_the_shape_of_pytorch<I>() && ...);
}
static_assert(all_have_the_shape_of_pytorch(std::make_index_sequence<60>{}));

template <class Layer> constexpr fg::tensor::extents made(const Layer&, fg::tensor::extents in) {
  return Layer::output_shape(in);
}
static_assert(made(fg::conv2d<4, 3>.with_padding<1, 2, 3, 4>(), fg::shape<8, 9, 1>) == fg::shape<9, 14, 4>);
static_assert(made(fg::conv1d<4, 3>.with_padding<1, 2>(), fg::shape<8, 1>) == fg::shape<9, 4>);
static_assert(made(fg::conv1d<4, 3>.with_padding<2>().with_stride<3>(), fg::shape<8, 1>) == fg::shape<4, 4>);
// `padded_same`: a position for each stride of the image, whatever the kernel.
static_assert(made(fg::conv2d<4, 3>.padded_same(), fg::shape<5, 8, 1>) == fg::shape<5, 8, 4>);
static_assert(made(fg::conv2d<4, 2, 5>.padded_same(), fg::shape<5, 8, 1>) == fg::shape<5, 8, 4>);
static_assert(made(fg::conv2d<4, 3>.padded_same().with_stride<2>(), fg::shape<5, 8, 1>) == fg::shape<3, 4, 4>);
static_assert(made(fg::conv2d<4, 1>.padded_same().with_stride<3>(), fg::shape<5, 9, 1>) == fg::shape<2, 3, 4>);
static_assert(made(fg::conv2d<4, 3>.padded_same().with_dilation<4>(), fg::shape<5, 8, 1>) == fg::shape<5, 8, 4>);
static_assert(made(fg::conv1d<4, 6>.causal().with_dilation<2>(), fg::shape<5, 1>) == fg::shape<5, 4>);

constexpr auto model = fg::input<9, 8, 3> | fg::conv2d<5, 3, 2>.with_padding<1>() | fg::tanh |
                       fg::conv2d<17, 2>.without_bias() | fg::reshape<64, 17> | fg::named<"last">(fg::conv1d<2, 4>);
static_assert(model.output_shape() == fg::shape<61, 2>);
static_assert(model.parameter_count() == 5 * 3 * 6 + 5 + 17 * 5 * 4 + 2 * 17 * 4 + 2);

/// A network whose only convolution has this weight, and no bias.
template <class T = float, class Model>
fg::inference<Model, T> with_weight(const Model&, const std::vector<T>& weight) {
  fg::weights<Model, T> weights;
  weights.write("0.weight", weight);
  return fg::inference{weights};
}

/// Losses of three steps, and what the network says then.
constexpr auto tiny = fg::input<3, 4, 2> | fg::conv2d<3, 2> | fg::relu |
                      fg::conv2d<2, 2>.padded_same().with_stride<2>() | fg::flatten | fg::dense<1>;
constexpr std::array<double, 3> train_a_little() {
  std::array<double, 2 * 24> images{};
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<double>(i * i % 7) / 4 - 1;
  constexpr std::array<double, 2> targets{1, -1};
  constexpr std::array<std::uint32_t, 2> both{0, 1};
  fg::trainer<std::remove_cv_t<decltype(tiny)>, std::remove_cv_t<decltype(fg::mean_squared_error)>, fg::sgd, double>
      trainer(tiny, fg::mean_squared_error, fg::sgd{.learning_rate = 0.05},
              {.seed = 3, .largest_batch = 2, .threads = 1});
  std::array<double, 3> losses{};
  for (double& loss : losses) loss = trainer.step(fg::with_targets<double>(images, 24, targets, 1), both).loss;
  return losses;
}
constexpr std::array<double, 3> losses = train_a_little();
static_assert(losses[1] < losses[0] && losses[2] < losses[1]);

} // namespace

BOOST_AUTO_TEST_SUITE(layer_convolution)

BOOST_AUTO_TEST_CASE(parameters_have_the_names_and_shapes_of_pytorch) {
  const fg::weights w{model};
  BOOST_TEST(w.parameter_names() == (names{"0.weight", "0.bias", "2.weight", "last.weight", "last.bias"}),
             boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("0.weight") == (sizes{5, 3, 3, 2}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("0.bias") == (sizes{5}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("2.weight") == (sizes{17, 5, 2, 2}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("last.weight") == (sizes{2, 17, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(weights_that_are_written_are_read) {
  fg::weights<std::remove_cv_t<decltype(model)>, double> w;
  double next = 0;
  for (const std::string& name : w.parameter_names()) {
    std::vector<double> numbers(w.read(name).size());
    for (double& number : numbers) number = next++;
    w.write(name, numbers);
  }
  next = 0;
  for (const std::string& name : w.parameter_names())
    for (const double number : w.read(name)) BOOST_REQUIRE_EQUAL(number, next++);
  BOOST_TEST(next == static_cast<double>(model.parameter_count()));
}

// 1 2 3 / 4 5 6 / 7 8 9 under 1 2 / 3 4; a second channel of ones under 0 0 / 0 100.
BOOST_AUTO_TEST_CASE(values_are_those_of_a_sheet_of_paper) {
  constexpr auto net = fg::input<3, 3, 2> | fg::conv2d<1, 2>;
  std::array<float, 18> image{};
  for (std::size_t i = 0; i < 9; ++i) image[2 * i] = static_cast<float>(i + 1), image[2 * i + 1] = 1;
  const auto y = with_weight(net, {1, 2, 3, 4, 0, 0, 0, 100})(image);
  BOOST_TEST(y == (std::array<float, 4>{137, 147, 167, 177}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(strides_dilations_and_edges_are_those_of_a_sheet_of_paper) {
  constexpr auto net =
      fg::input<5, 1> | fg::conv1d<1, 3>.without_bias().with_padding<1, 3>().with_dilation<2>().with_stride<2>();
  const auto y = with_weight(net, {1, 10, 100})(std::array<float, 5>{1, 2, 3, 4, 5});
  // Taps at -1 1 3, at 1 3 5, at 3 5 7.
  BOOST_TEST(y == (std::array<float, 3>{420, 42, 4}), boost::test_tools::per_element());
}

// Where the number of zeros is odd, one more stands behind: for 4 columns and a kernel of 2 none before.
BOOST_AUTO_TEST_CASE(an_odd_number_of_zeros_has_one_more_behind) {
  constexpr auto net = fg::input<4, 1> | fg::conv1d<1, 2>.without_bias().padded_same();
  const auto y = with_weight(net, {1, 10})(std::array<float, 4>{1, 2, 3, 4});
  BOOST_TEST(y == (std::array<float, 4>{21, 32, 43, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_causal_convolution_sees_nothing_of_what_comes_after) {
  constexpr std::size_t length = 12, channels = 2;
  constexpr auto net = fg::input<length, channels> | fg::conv1d<3, 3>.causal() | fg::tanh |
                       fg::conv1d<channels, 2>.with_dilation<3>().causal();
  static_assert(net.output_shape() == fg::shape<length, channels>);
  const fg::inference run{fg::weights{net}};
  std::array<float, length * channels> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * i % 11) / 8 - 0.5f;
  const auto before = run(x);
  for (std::size_t t = 0; t < length; ++t) {
    auto changed = x;
    changed[t * channels + 1] += 1;
    const auto after = run(changed);
    for (std::size_t s = 0; s < t * channels; ++s) BOOST_REQUIRE_EQUAL(after[s], before[s]);
    BOOST_TEST((after[t * channels] != before[t * channels] || after[t * channels + 1] != before[t * channels + 1]));
  }
}

// The channels of an input fill no vector; the sum with them works on whole ones.
BOOST_AUTO_TEST_CASE(few_channels_pass_beside_a_convolution) {
  constexpr auto net = fg::input<4, 4, 3> | fg::residual(fg::conv2d<3, 1>.without_bias());
  fg::weights w{net};
  w.write("0.body.weight", std::vector<float>{0, 10, 0, 0, 0, 10, 10, 0, 0});
  std::array<float, 48> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
  const auto y = fg::inference{w}(x);
  for (std::size_t i = 0; i < x.size(); ++i)
    BOOST_TEST(y[i] == x[i] + 10 * x[i / 3 * 3 + (i + 1) % 3], "number " << i << " is " << y[i]);
}

BOOST_AUTO_TEST_CASE(a_constant_expression_trains_as_the_machine_does) {
  const std::array<double, 3> found = train_a_little();
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(std::abs(found[i] - losses[i]) <= 1e-12 * losses[i]);
}

// Two groups: 1 2 of the first channel under 1 10, 3 4 of the second under 1 100.
BOOST_AUTO_TEST_CASE(groups_see_their_own_channels) {
  constexpr auto net = fg::input<2, 4> | fg::conv1d<2, 2>.with_groups<2>().without_bias();
  fg::weights w{net};
  BOOST_TEST(w.parameter_shape("0.weight") == (sizes{2, 2, 2}), boost::test_tools::per_element());
  w.write("0.weight", std::vector<float>{1, 10, 0, 0, 0, 0, 1, 100});
  const auto y = fg::inference{w}(std::array<float, 8>{1, 7, 7, 3, 2, 7, 7, 4});
  BOOST_TEST(y == (std::array<float, 2>{21, 403}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
