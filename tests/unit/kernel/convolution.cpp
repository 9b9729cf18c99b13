// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/convolution.hpp>

#include "unit/kernel/image_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

/// An expression, and how it reads its arguments.
struct plain {
  static constexpr auto table = expression_table<kept, 1>;
  static constexpr auto reads = accesses(access::product);
};
using rectified = decltype([](auto x, auto bias) { return max(x + bias, 0); });
struct short_one {
  static constexpr auto table = expression_table<rectified, 2>;
  static constexpr auto reads = accesses(access::product, access::column);
};
using every_access = decltype([](auto x, auto other, auto of_position, auto bias, auto factor) {
  return values(tanh(x * factor + bias) * other, x * of_position + factor);
});
struct long_one {
  static constexpr auto table = expression_table<every_access, 5>;
  static constexpr auto reads = accesses(access::product, access::element, access::row, access::column, access::scalar);
};

/// Runs a kernel and its plain loops on images of random numbers.
template <class T> struct convolution_case {
  images<T> left, other, of_position;
  rows<T> bias;
  panelled<T> weight;
  kernel::call<T> c;
  image_layout made;
  bool keeps_place = false;

  convolution_case(const image_layout& left_layout, const image_layout& made_, std::size_t depth)
      : left{left_layout}, other{made_}, of_position{{made_.samples, made_.rows, made_.columns, 1, 0, 1, 5}},
        bias{1, made_.width}, weight{depth, made_.width}, made{made_} {
    left.fill(), other.fill(), of_position.fill(), bias.fill(T(-11)), weight.fill(T(-9));
    c.samples = made.samples, c.columns = made.width, c.depth = depth;
    c.left_image = left.place(), c.right = weight.data();
  }

  template <std::size_t Columns, class Epilogue, auto Patterns, kernel::pooling Pool = kernel::pooling{},
            bool KeepsPlace = false>
  void run() {
    using tested = kernel::convolution<T, kernel::tiles_for<T>(Columns), Epilogue::table, Epilogue::reads, Patterns,
                                       Pool, KeepsPlace, Columns>;
    constexpr std::size_t results = Epilogue::table.result_count + (KeepsPlace ? 1 : 0);
    c.arguments[1] = Epilogue::reads.count == 2 ? kernel::place<T>{bias.data(), 1, 1, 1} : other.place();
    c.arguments[2] = of_position.place();
    c.arguments[3] = {bias.data(), 1, 1, 1};
    c.arguments[4] = {bias.data() + 1, 1, 1, 1};
    std::vector<images<T>> found(results, images<T>(made)), expected(results, images<T>(made));
    for (std::size_t k = 0; k < results; ++k) c.results[k] = found[k].place();
    tested::run(c);
    for (std::size_t k = 0; k < results; ++k) c.results[k] = expected[k].place();
    tested::run_plainly(c);
    for (std::size_t k = 0; k < results; ++k) found[k].check(expected[k], 8 * std::numeric_limits<T>::epsilon());
  }
};

template <class T, geometry G, class Epilogue, bool KeepsPlace = false> void check_forward() {
  constexpr std::array patterns{forward_pattern<T>(G)};
  for (std::size_t samples = 1; samples <= 3; ++samples) {
    const image_layout made =
        aligned_layout<T>(samples, G.made_rows() / G.pool.rows, G.made_columns() / G.pool.columns, G.made, samples % 2);
    convolution_case<T> c(input_layout<T>(G, samples), made, G.depth());
    c.template run<G.made, Epilogue, patterns, G.pool, KeepsPlace>();
  }
}

/// dy lies in a border as wide as any tap reaches.
template <class T, geometry G> constexpr image_layout gradient_layout(std::size_t samples) {
  return aligned_layout<T>(samples, G.made_rows(), G.made_columns(), G.made, (G.tap_rows - 1) * G.dilation);
}
template <class T, geometry G, class Epilogue> void check_input_gradient() {
  constexpr auto patterns = input_gradient_patterns<T, G>(gradient_layout<T, G>(1));
  for (std::size_t samples = 1; samples <= 3; samples += 2) {
    const image_layout made = aligned_layout<T>(samples, G.rows, G.columns, G.channels, samples % 2);
    convolution_case<T> c(gradient_layout<T, G>(samples), made, G.taps() * G.made);
    c.template run<G.channels, Epilogue, patterns>();
  }
}

constexpr kernel::pooling by_two{2, 2};

/// What a convolution is, number by number.
template <class T, geometry G>
double textbook_number(convolution_case<T>& c, std::size_t y, std::size_t x, std::size_t o) {
  double sum = 0;
  for (std::size_t i = 0; i < G.tap_rows; ++i)
    for (std::size_t j = 0; j < G.tap_columns; ++j)
      for (std::size_t k = 0; k < G.channels; ++k) {
        const std::size_t row = y * G.stride + i * G.dilation, column = x * G.stride + j * G.dilation;
        const bool is_inside =
            row >= G.border && row < G.rows + G.border && column >= G.border && column < G.columns + G.border;
        if (!is_inside) continue;
        sum += static_cast<double>(c.left.position(0, row - G.border, column - G.border)[k]) *
               static_cast<double>(c.weight.at((i * G.tap_columns + j) * G.channels + k, o));
      }
  return sum;
}

/// A 2 x 2 window over an image of 3 x 3, and the largest of the four sums.
constexpr bool is_right_in_constant_expressions() {
  constexpr std::array patterns{kernel::window_pattern{.rows = 2,
                                                       .columns = 2,
                                                       .row_step = 3,
                                                       .column_step = 1,
                                                       .tap_rows = 2,
                                                       .tap_columns = 2,
                                                       .tap_row_step = 3,
                                                       .tap_column_step = 1,
                                                       .tap_row_distance = 2}};
  constexpr std::size_t lanes = kernel::padded<double>(1);
  double image[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, weight[4 * lanes]{}, sums[4 * lanes]{}, largest[2 * lanes]{};
  for (std::size_t k = 0; k < 4; ++k) weight[k * lanes] = static_cast<double>(k + 1);
  kernel::call<double> c;
  c.left_image = {image, 1, 3, 9}, c.right = weight, c.columns = 1, c.depth = 4;
  c.results[0] = {sums, lanes, 2 * lanes, 0};
  kernel::convolution<double, kernel::column_tiles{1, 0}, plain::table, plain::reads, patterns>::run(c);
  c.results[0] = {largest, 0, 0, 0}, c.results[1] = {largest + lanes, 0, 0, 0};
  kernel::convolution<double, kernel::column_tiles{1, 0}, plain::table, plain::reads, patterns, by_two, true>::run(c);
  return sums[0] == 37 && sums[lanes] == 47 && sums[2 * lanes] == 67 && sums[3 * lanes] == 77 && largest[0] == 77 &&
         largest[lanes] == 3;
}
static_assert(is_right_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_convolution)

BOOST_AUTO_TEST_CASE_TEMPLATE(it_makes_what_plain_loops_make, T, both_types) {
  check_forward<T, geometry{.rows = 7, .columns = 9, .channels = 1, .made = 3, .is_tight = true}, plain>();
  check_forward<T, geometry{.rows = 5, .columns = 29, .channels = 3, .made = 24, .border = 1}, short_one>();
  check_forward<T, geometry{.rows = 6, .columns = 5, .channels = 16, .made = 40, .is_tight = true}, long_one>();
  check_forward<T, geometry{.rows = 3, .columns = 2, .channels = 32, .made = 64, .border = 1}, short_one>();
}

BOOST_AUTO_TEST_CASE(plain_loops_make_what_a_textbook_says) {
  constexpr geometry g{
      .rows = 7, .columns = 9, .channels = 3, .made = 5, .tap_rows = 2, .stride = 2, .dilation = 2, .border = 1};
  static constexpr std::array patterns{forward_pattern<double>(g)};
  const image_layout layout = aligned_layout<double>(1, g.made_rows(), g.made_columns(), g.made, 0);
  convolution_case<double> c(input_layout<double>(g, 1), layout, g.depth());
  images<double> made(layout);
  c.c.results[0] = made.place();
  kernel::convolution<double, kernel::tiles_for<double>(g.made), plain::table, plain::reads, patterns>::run_plainly(
      c.c);
  for (std::size_t y = 0; y < g.made_rows(); ++y)
    for (std::size_t x = 0; x < g.made_columns(); ++x)
      for (std::size_t o = 0; o < g.made; ++o)
        BOOST_TEST(std::abs(made.position(0, y, x)[o] - textbook_number<double, g>(c, y, x, o)) < 1e-13);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(strides_and_dilation_are_steps, T, both_types) {
  check_forward<T, geometry{.rows = 9, .columns = 11, .channels = 6, .made = 10, .stride = 2, .border = 1}, plain>();
  check_forward<T,
                geometry{.rows = 9,
                         .columns = 12,
                         .channels = 3,
                         .made = 16,
                         .tap_columns = 2,
                         .dilation = 2,
                         .border = 1,
                         .is_tight = true},
                long_one>();
  check_forward<T,
                geometry{.rows = 1,
                         .columns = 40,
                         .channels = 16,
                         .made = 6,
                         .tap_rows = 1,
                         .tap_columns = 5,
                         .stride = 3,
                         .dilation = 2,
                         .is_tight = true},
                short_one>();
  check_forward<T, geometry{.rows = 4, .columns = 4, .channels = 3, .made = 1, .tap_rows = 1, .tap_columns = 1},
                plain>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_pool_takes_the_largest_and_its_place, T, both_types) {
  check_forward<T, geometry{.rows = 8, .columns = 30, .channels = 1, .made = 32, .pool = by_two, .is_tight = true},
                short_one, true>();
  check_forward<T, geometry{.rows = 7, .columns = 7, .channels = 16, .made = 64, .pool = by_two}, short_one, true>();
  check_forward<
      T, geometry{.rows = 8, .columns = 12, .channels = 3, .made = 6, .tap_rows = 2, .border = 1, .pool = {3, 3}},
      long_one>();
  check_forward<T, geometry{.rows = 6, .columns = 9, .channels = 3, .made = 40, .pool = {1, 2}}, plain, true>();
  check_forward<T, geometry{.rows = 9, .columns = 27, .channels = 1, .made = 16, .tap_rows = 2, .pool = {4, 26}}, plain,
                true>();
}

// Windows of one number: what is pooled is the image itself.
BOOST_AUTO_TEST_CASE_TEMPLATE(not_a_number_is_the_largest_and_of_equal_ones_the_first, T, both_types) {
  constexpr geometry g{.rows = 4,
                       .columns = 8,
                       .channels = 1,
                       .made = 1,
                       .tap_rows = 1,
                       .tap_columns = 1,
                       .pool = by_two,
                       .is_tight = true};
  static constexpr std::array patterns{forward_pattern<T>(g)};
  convolution_case<T> c(input_layout<T>(g, 1), aligned_layout<T>(1, 2, 4, 1, 0), 1);
  c.weight.at(0, 0) = 1;
  constexpr T nan = std::numeric_limits<T>::quiet_NaN(), infinity = std::numeric_limits<T>::infinity();
  const T rows[4][8] = {{1, 1, nan, 5, -infinity, -infinity, 0, T(-0.0)},
                        {1, 1, 7, 2, -infinity, -infinity, 3, infinity},
                        {1, 2, 1, nan, nan, nan, 4, 3},
                        {2, 1, nan, 2, 1, 1, 4, 4}};
  const T places[2][4] = {{0, 0, 0, 3}, {1, 2, 1, 0}}, values[2][4] = {{1, nan, -infinity, infinity}, {2, nan, nan, 4}};
  for (std::size_t y = 0; y < 4; ++y)
    for (std::size_t x = 0; x < 8; ++x) *c.left.position(0, y, x) = rows[y][x];
  images<T> largest(c.made), place(c.made);
  c.c.results[0] = largest.place(), c.c.results[1] = place.place();
  kernel::convolution<T, kernel::tiles_for<T>(1), plain::table, plain::reads, patterns, by_two, true>::run(c.c);
  for (std::size_t y = 0; y < 2; ++y)
    for (std::size_t x = 0; x < 4; ++x) {
      BOOST_TEST(*place.position(0, y, x) == places[y][x]);
      const T found = *largest.position(0, y, x);
      BOOST_TEST((found == values[y][x] || (std::isnan(found) && std::isnan(values[y][x]))));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(few_columns_are_made_two_positions_at_a_time, T, both_types) {
  constexpr geometry pooled{.rows = 12,
                            .columns = 15,
                            .channels = 1,
                            .made = 3,
                            .tap_rows = 5,
                            .tap_columns = 2,
                            .pool = by_two,
                            .is_tight = true};
  check_forward<T, pooled, short_one, true>();
  check_forward<T, geometry{.rows = 6, .columns = 10, .channels = 6, .made = 4, .border = 1}, long_one>();
  static_assert(kernel::makes_pairs<T>(forward_pattern<T>(pooled), by_two, 3) == (kernel::padded<T>(1) >= 6));
}

// Taps of 1 and 0: what is pooled is the image itself, with equal numbers in most windows.
BOOST_AUTO_TEST_CASE_TEMPLATE(of_equal_ones_of_a_pair_the_first_is_taken, T, both_types) {
  constexpr geometry g{.rows = 8,
                       .columns = 41,
                       .channels = 1,
                       .made = 1,
                       .tap_rows = 1,
                       .tap_columns = 2,
                       .pool = by_two,
                       .is_tight = true};
  static constexpr std::array patterns{forward_pattern<T>(g)};
  convolution_case<T> c(input_layout<T>(g, 1), aligned_layout<T>(1, 4, 20, 1, 0), 2);
  c.weight.at(0, 0) = 1, c.weight.at(1, 0) = 0;
  for (std::size_t y = 0; y < g.rows; ++y)
    for (std::size_t x = 0; x < g.columns; ++x) *c.left.position(0, y, x) = static_cast<T>(between(0, 2));
  c.template run<1, plain, patterns, by_two, true>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_gradient_of_an_input_is_made_phase_by_phase, T, both_types) {
  check_input_gradient<T, geometry{.rows = 6, .columns = 13, .channels = 16, .made = 3, .border = 1}, short_one>();
  check_input_gradient<T, geometry{.rows = 7, .columns = 9, .channels = 32, .made = 6, .stride = 2}, short_one>();
  check_input_gradient<
      T, geometry{.rows = 7, .columns = 8, .channels = 1, .made = 16, .tap_rows = 1, .tap_columns = 2, .stride = 3},
      long_one>();
  check_input_gradient<
      T, geometry{.rows = 9, .columns = 9, .channels = 6, .made = 10, .stride = 2, .dilation = 3, .border = 2},
      plain>();
}

BOOST_AUTO_TEST_SUITE_END()
