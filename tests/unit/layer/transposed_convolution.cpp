// SPDX-License-Identifier: MIT
#include <fusegrad/layer/transposed_convolution.hpp>

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
using sizes = std::vector<std::size_t>;

/// PyTorch's formula.
constexpr std::size_t positions(std::size_t n, std::size_t size, std::size_t stride, std::size_t dilation,
                                std::size_t padding, std::size_t behind) {
  return (n - 1) * stride + dilation * (size - 1) + behind + 1 - 2 * padding;
}
template <std::size_t I> constexpr bool has_the_shape_of_pytorch() {
  constexpr std::size_t rows = 1 + I % 5, columns = 1 + I % 3, down = 1 + I % 4, right = 1 + I / 2 % 3,
                        row_dilation = 1 + I % 2, column_dilation = 1 + I / 3 % 3, above = I % 3, left = I / 5 % 4,
                        rows_behind = I % down, columns_behind = I % column_dilation;
  using layer = std::remove_cvref_t<decltype(fg::transposed_conv2d<7, rows, columns>
                                                 .template with_stride<down, right>()
                                                 .template with_dilation<row_dilation, column_dilation>()
                                                 .template with_output_padding<rows_behind, columns_behind>()
                                                 .template with_padding<above, left>())>;
  for (std::uint32_t height = 9; height < 14; ++height)
    for (std::uint32_t width = 7; width < 12; ++width)
      if (layer::output_shape({3, {height, width, 3}}) !=
          fg::tensor::extents{
              3,
              {fg::tensor::extent_of(positions(height, rows, down, row_dilation, above, rows_behind)),
               fg::tensor::extent_of(positions(width, columns, right, column_dilation, left, columns_behind)), 7}})
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
static_assert(made(fg::transposed_conv1d<4, 3>.with_padding<1, 0>(), fg::shape<8, 1>) == fg::shape<9, 4>);
static_assert(made(fg::transposed_conv1d<4, 3>.with_stride<2>().with_output_padding<1>(), fg::shape<8, 1>) ==
              fg::shape<18, 4>);
// `padded_same`: the stride times as large, whatever the kernel.
static_assert(made(fg::transposed_conv2d<4, 3>.padded_same(), fg::shape<5, 8, 1>) == fg::shape<5, 8, 4>);
static_assert(made(fg::transposed_conv2d<4, 4>.padded_same().with_stride<2>(), fg::shape<5, 8, 1>) ==
              fg::shape<10, 16, 4>);
static_assert(made(fg::transposed_conv2d<4, 1, 5>.padded_same().with_stride<3, 2>(), fg::shape<5, 8, 1>) ==
              fg::shape<15, 16, 4>);

constexpr auto model = fg::input<3, 4, 2> | fg::transposed_conv2d<5, 2, 3>.with_stride<2>() | fg::relu |
                       fg::reshape<54, 5> | fg::transposed_conv1d<3, 4>.without_bias();
static_assert(model.parameter_count() == 2 * 5 * 6 + 5 + 5 * 3 * 4);

} // namespace

BOOST_AUTO_TEST_SUITE(layer_transposed_convolution)

BOOST_AUTO_TEST_CASE(parameters_have_the_shapes_of_pytorch) {
  const fg::weights w{model};
  BOOST_TEST(w.parameter_shape("0.weight") == (sizes{2, 5, 2, 3}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("0.bias") == (sizes{5}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("3.weight") == (sizes{5, 3, 4}), boost::test_tools::per_element());
}

// 1 and 2, each times 3 4 5, two apart; and, of a second channel, twice that.
BOOST_AUTO_TEST_CASE(kernels_are_added_up_where_they_overlap) {
  constexpr auto net = fg::input<2, 1> | fg::transposed_conv1d<2, 3>.with_stride<2>().with_output_padding<1>();
  fg::weights w{net};
  w.write("0.weight", std::vector<float>{3, 4, 5, 6, 8, 10});
  w.write("0.bias", std::vector<float>{0, 0.5f});
  const auto y = fg::inference{w}(std::array<float, 2>{1, 2});
  BOOST_TEST(y == (std::array<float, 12>{3, 6.5f, 4, 8.5f, 11, 22.5f, 8, 16.5f, 10, 20.5f, 0, 0.5f}),
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

// Inference has its own copy of the weights, however they are given to it.
BOOST_AUTO_TEST_CASE(inference_and_its_workspace_agree) {
  const fg::weights w{model, 3};
  std::array<float, 48> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 7) - 3;
  const fg::inference net{model, w};
  const auto copy = net;
  std::vector<float> both(2 * model.output_size());
  typename decltype(net)::workspace memory;
  copy.predict(x, both, memory);
  const auto first = net(std::span<const float, 24>(x.data(), 24));
  for (std::size_t i = 0; i < first.size(); ++i) BOOST_TEST(first[i] == both[i]);
}

BOOST_AUTO_TEST_SUITE_END()
