// SPDX-License-Identifier: MIT
#include <fusegrad/layer/pool.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace {

namespace fg = fusegrad;

/// PyTorch's formula, with ceil_mode off.
constexpr std::size_t positions(std::size_t n, std::size_t size, std::size_t stride, std::size_t padding) {
  return (n + 2 * padding - size) / stride + 1;
}
template <std::size_t I> constexpr bool has_the_shape_of_pytorch() {
  constexpr std::size_t rows = 1 + I % 4, columns = 1 + I / 2 % 3, down = 1 + I % 3, right = 1 + I / 3 % 4,
                        above = I % 2 * (rows / 2), left = columns / 2;
  using largest = std::remove_cvref_t<
      decltype(fg::max_pool2d<rows, columns>.template with_stride<down, right>().template with_padding<above, left>())>;
  constexpr auto side_by_side = fg::average_pool2d<rows, columns>;
  using mean = std::remove_cvref_t<
      decltype(side_by_side.template with_stride<down, right>().template with_padding<above, left>())>;
  for (std::uint32_t height = 4; height < 9; ++height)
    for (std::uint32_t width = 4; width < 9; ++width) {
      const fg::tensor::extents in{3, {height, width, 5}};
      const fg::tensor::extents made{3,
                                     {fg::tensor::extent_of(positions(height, rows, down, above)),
                                      fg::tensor::extent_of(positions(width, columns, right, left)), 5}};
      if (largest::output_shape(in) != made || mean::output_shape(in) != made) return false;
    }
  return true;
}
template <std::size_t... I> constexpr bool all_have_the_shape_of_pytorch(std::index_sequence<I...>) {
  return (has_the_shape_of_pytorch<I>() && ...);
}
static_assert(all_have_the_shape_of_pytorch(std::make_index_sequence<40>{}));

static_assert((fg::input<9, 7, 2> | fg::max_pool2d<2>).output_shape() == fg::shape<4, 3, 2>);
static_assert((fg::input<9, 7, 2> | fg::max_pool2d<2, 3>).output_shape() == fg::shape<4, 2, 2>);
static_assert((fg::input<9, 2> | fg::max_pool1d<2> | fg::average_pool1d<3>.with_stride<1>()).output_shape() ==
              fg::shape<2, 2>);
static_assert((fg::input<9, 7, 2> | fg::global_average_pool).output_shape() == fg::shape<2>);
static_assert((fg::input<9, 2> | fg::global_max_pool).output_shape() == fg::shape<2>);
static_assert((fg::input<9, 7, 2> | fg::max_pool2d<2> | fg::global_max_pool).parameter_count() == 0);

template <class Model, std::size_t Count> auto made(const Model& model, const std::array<float, Count>& x) {
  return fg::inference{fg::weights{model}}(x);
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_pool)

// Columns and rows that fill no window are left out.
BOOST_AUTO_TEST_CASE(the_largest_of_windows_side_by_side) {
  const auto y = made(fg::input<3, 5, 1> | fg::max_pool2d<2>,
                      std::array<float, 15>{1, -2, 3, 4, 99, 0, 5, -7, -8, 99, 99, 99, 99, 99, 99});
  BOOST_TEST(y == (std::array<float, 2>{5, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_largest_does_not_see_what_lies_around_the_image) {
  const auto y = made(fg::input<4, 2> | fg::max_pool1d<3>.with_stride<2>().with_padding<1>(),
                      std::array<float, 8>{-1, -10, -2, -9, -3, -8, -4, -7});
  BOOST_TEST(y == (std::array<float, 4>{-1, -9, -2, -7}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(zeros_around_the_image_count_in_a_mean) {
  const auto y = made(fg::input<2, 2, 1> | fg::average_pool2d<2>.with_stride<1>().with_padding<1>(),
                      std::array<float, 4>{4, 8, 12, 16});
  BOOST_TEST(y == (std::array<float, 9>{1, 3, 2, 4, 10, 6, 3, 7, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(global_pools_are_of_each_channel) {
  constexpr std::array<float, 12> x{1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 9, -9};
  const auto mean = made(fg::input<2, 3, 2> | fg::global_average_pool, x);
  BOOST_TEST(mean == (std::array<float, 2>{4, -4}), boost::test_tools::per_element());
  const auto largest = made(fg::input<2, 3, 2> | fg::global_max_pool, x);
  BOOST_TEST(largest == (std::array<float, 2>{9, -1}), boost::test_tools::per_element());
  const auto of_vector = made(fg::input<3> | fg::branch(fg::global_max_pool, fg::global_average_pool) | fg::add,
                              std::array<float, 3>{1, -2, 3}); // a vector is one position
  BOOST_TEST(of_vector == (std::array<float, 3>{2, -4, 6}), boost::test_tools::per_element());
}

// Of an image of one position, too, each sample by itself.
BOOST_AUTO_TEST_CASE(a_pool_of_one_position_is_that_position) {
  using model = std::remove_cvref_t<decltype(fg::input<2, 2, 2> | fg::max_pool2d<2> |
                                             fg::branch(fg::global_average_pool, fg::global_max_pool) | fg::concat)>;
  std::array<float, 3 * 8> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
  std::array<float, 3 * 4> y{};
  fg::inference<model>::workspace memory;
  fg::inference<model>{fg::weights<model>{}}.predict(x, y, memory);
  BOOST_TEST(y == (std::array<float, 12>{6, 7, 6, 7, 14, 15, 14, 15, 22, 23, 22, 23}),
             boost::test_tools::per_element());
}

// In training, too, where a pool behind a convolution is a part of it and remembers where its numbers were.
BOOST_AUTO_TEST_CASE(a_pool_of_single_numbers_changes_nothing) {
  constexpr auto start = fg::input<3, 3, 1> | fg::conv2d<2, 2> | fg::relu;
  constexpr auto plain = start | fg::flatten | fg::dense<2>;
  constexpr auto pooled = start | fg::max_pool2d<1> | fg::flatten | fg::dense<2>;
  const std::array x{0.5F, -1.0F, 2.0F, 0.25F, 1.0F, -0.5F, 3.0F, -2.0F, 1.0F};
  const std::array y{1.0F, -1.0F};
  const auto trained = [&](auto model, const char* last) {
    fg::trainer trainer{model, fg::mean_squared_error, fg::sgd{.learning_rate = 0.1}};
    const auto weights = [&](const char* name, float scale) {
      auto numbers = trainer.read(name);
      for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = scale * static_cast<float>(i % 5) - scale;
      trainer.parameters().write(name, numbers);
    };
    weights("0.weight", 0.3F);
    weights(last, 0.2F);
    trainer.step(fg::with_targets(x, 9, y, 2), std::array{0U});
    return trainer.read("0.weight");
  };
  BOOST_TEST(trained(plain, "3.weight") == trained(pooled, "4.weight"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_the_largest) {
  std::array<float, 4> x{1, std::numeric_limits<float>::quiet_NaN(), 3, 4};
  const auto y = made(fg::input<4, 1> | fg::relu | fg::max_pool1d<2>, x);
  BOOST_TEST(std::isnan(y[0]));
  BOOST_TEST(y[1] == 4);
}

BOOST_AUTO_TEST_SUITE_END()
