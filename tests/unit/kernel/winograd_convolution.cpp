// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/winograd_convolution.hpp>

#include "unit/kernel/image_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

struct plain {
  static constexpr auto table = expression_table<kept, 1>;
  static constexpr auto reads = accesses(access::product);
};
using rectified = decltype([](auto x, auto bias) { return max(x + bias, 0); });
struct short_one {
  static constexpr auto table = expression_table<rectified, 2>;
  static constexpr auto reads = accesses(access::product, access::column);
};
using long_expression = decltype([](auto x, auto other) { return values(tanh(x) * other, x + other); });
struct long_one {
  static constexpr auto table = expression_table<long_expression, 2>;
  static constexpr auto reads = accesses(access::product, access::element);
};

/// A product over windows by the algorithm, beside plain loops.
template <class T> struct winograd_case {
  images<T> left, other;
  rows<T> bias;
  panelled<T> weight;
  kernel::call<T> c;

  winograd_case(const image_layout& left_layout, const image_layout& made, std::size_t depth)
      : left{left_layout}, other{made}, bias{1, made.width}, weight{depth, made.width} {
    left.fill(), other.fill(), bias.fill(T(-11)), weight.fill(T(-9));
    c.samples = made.samples, c.columns = made.width, c.depth = depth;
    c.left_image = left.place(), c.right = weight.data();
  }
  template <class Run> std::vector<images<T>> made_by(std::size_t results, Run run) {
    std::vector<images<T>> made(results, images<T>(other.layout()));
    for (std::size_t k = 0; k < results; ++k) c.results[k] = made[k].place();
    run(c);
    return made;
  }
  template <class Epilogue, kernel::window_pattern P, std::size_t Columns, kernel::pooling Pool, bool KeepsPlace>
  void check() {
    constexpr auto tiles = kernel::tiles_for<T>(Columns);
    static_assert(kernel::can_be_winograd<T>(P, Pool));
    using tested = kernel::winograd_convolution<T, tiles, Epilogue::table, Epilogue::reads, P, Pool, KeepsPlace>;
    constexpr std::size_t results = Epilogue::table.result_count + (KeepsPlace ? 1 : 0);
    c.arguments[1] = Epilogue::reads[1] == access::column ? kernel::place<T>{bias.data(), 0, 0, 0} : other.place();
    auto found = made_by(results, [](const kernel::call<T>& call) { tested::run(call); });
    auto expected = made_by(results, [](const kernel::call<T>& call) { tested::run_plainly(call); });
    // So large is the sum of the magnitudes that are added, some ulps of it.
    const double tolerance = 4 * 9.0 * P.channels * std::numeric_limits<T>::epsilon();
    for (std::size_t k = 0; k < results; ++k) found[k].check(expected[k], tolerance);
    check_single_samples<tested>(found, results);
  }
  /// A sample's numbers have the same bits, whichever others are made with it.
  template <class Tested> void check_single_samples(std::vector<images<T>>& all, std::size_t results) {
    const kernel::call<T> whole = c;
    c.samples = 1;
    std::vector<images<T>> made(results, images<T>(other.layout()));
    for (std::size_t s = 0; s < whole.samples; ++s) {
      const auto of_sample = [&](kernel::place<T> p) {
        p.data += s * p.sample_step;
        return p;
      };
      c.left_image = of_sample(whole.left_image), c.arguments[1] = of_sample(whole.arguments[1]);
      for (std::size_t k = 0; k < results; ++k) c.results[k] = of_sample(made[k].place());
      Tested::run(c);
    }
    for (std::size_t k = 0; k < results; ++k) made[k].check(all[k], 0);
    c = whole;
  }
};

template <class T, geometry G, class Epilogue, bool KeepsPlace = false> void check_forward() {
  static constexpr kernel::window_pattern pattern = forward_pattern<T>(G);
  for (std::size_t samples = 1; samples <= 3; ++samples) {
    const image_layout made =
        aligned_layout<T>(samples, G.made_rows() / G.pool.rows, G.made_columns() / G.pool.columns, G.made, samples % 2);
    winograd_case<T> c(input_layout<T>(G, samples), made, G.depth());
    c.template check<Epilogue, pattern, G.made, G.pool, KeepsPlace>();
  }
}
/// dy lies in a border as wide as any tap reaches.
template <class T, geometry G, class Epilogue> void check_input_gradient() {
  constexpr image_layout dy = aligned_layout<T>(3, G.made_rows(), G.made_columns(), G.made, 2);
  static constexpr kernel::window_pattern pattern = input_gradient_patterns<T, G>(dy)[0];
  winograd_case<T> c(dy, aligned_layout<T>(3, G.rows, G.columns, G.channels, 1), G.taps() * G.made);
  c.template check<Epilogue, pattern, G.channels, kernel::pooling{}, false>();
}

constexpr kernel::pooling by_two{2, 2};

constexpr bool suits(const geometry& g, bool is_of_training = false) {
  return kernel::suits_winograd<float>(forward_pattern<float>(g), g.pool, g.made, is_of_training);
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_winograd_convolution)

BOOST_AUTO_TEST_CASE_TEMPLATE(it_makes_what_plain_loops_make, T, both_types) {
  check_forward<T, geometry{.rows = 8, .columns = 6, .channels = 16, .made = 32, .border = 1}, short_one>();
  check_forward<T, geometry{.rows = 9, .columns = 7, .channels = 32, .made = 24}, long_one>();
  check_forward<T, geometry{.rows = 4, .columns = 5, .channels = 16, .made = 16, .border = 1}, plain>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_odd_number_of_positions_ends_in_half_a_tile, T, both_types) {
  check_forward<T, geometry{.rows = 7, .columns = 5, .channels = 16, .made = 50}, short_one>();
  check_forward<T, geometry{.rows = 4, .columns = 7, .channels = 16, .made = 20, .border = 1}, long_one>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_pool_takes_the_largest_and_its_place, T, both_types) {
  check_forward<T, geometry{.rows = 13, .columns = 13, .channels = 32, .made = 64, .pool = by_two}, short_one>();
  check_forward<T, geometry{.rows = 6, .columns = 7, .channels = 16, .made = 16, .border = 1, .pool = by_two},
                long_one>();
}

// Small whole numbers: transforms are exact, so that equal sums stay equal and the places are those of plain loops.
BOOST_AUTO_TEST_CASE_TEMPLATE(of_equal_sums_the_first_is_taken_and_not_a_number_is_the_largest, T, both_types) {
  constexpr geometry g{.rows = 10, .columns = 8, .channels = 16, .made = 18, .pool = by_two};
  static constexpr kernel::window_pattern pattern = forward_pattern<T>(g);
  winograd_case<T> c(input_layout<T>(g, 1), aligned_layout<T>(1, 4, 3, g.made, 0), g.depth());
  for (std::size_t k = 0; k < g.depth(); ++k)
    for (std::size_t o = 0; o < g.made; ++o) c.weight.at(k, o) = static_cast<T>(between(0, 8)) - 4;
  for (std::size_t y = 0; y < g.rows; ++y)
    for (std::size_t x = 0; x < g.columns; ++x)
      for (std::size_t k = 0; k < g.channels; ++k)
        c.left.position(0, y, x)[k] = y < 6 && k == 0 ? static_cast<T>(between(0, 1)) : T{};
  c.template check<plain, pattern, g.made, by_two, true>();

  using tested =
      kernel::winograd_convolution<T, kernel::tiles_for<T>(g.made), plain::table, plain::reads, pattern, by_two, false>;
  c.left.position(0, 9, 7)[3] = std::numeric_limits<T>::quiet_NaN();
  images<T> made = c.made_by(1, [](const kernel::call<T>& call) { tested::run(call); })[0];
  for (std::size_t o = 0; o < g.made; ++o) {
    BOOST_TEST(std::isnan(made.position(0, 3, 2)[o]));
    BOOST_TEST(!std::isnan(made.position(0, 2, 1)[o]));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_gradient_of_an_input_is_a_product_with_turned_windows, T, both_types) {
  check_input_gradient<T, geometry{.rows = 8, .columns = 7, .channels = 32, .made = 16, .border = 1}, short_one>();
  check_input_gradient<T, geometry{.rows = 5, .columns = 8, .channels = 16, .made = 48}, long_one>();
}

BOOST_AUTO_TEST_CASE(it_is_for_windows_of_three_by_three_over_many_channels) {
  static_assert(suits({.rows = 10, .columns = 10, .channels = 32, .made = 32}));
  static_assert(!suits({.rows = 10, .columns = 10, .channels = 32, .made = 32, .stride = 2}));
  static_assert(!suits({.rows = 10, .columns = 10, .channels = 32, .made = 32, .dilation = 2}));
  static_assert(!suits({.rows = 10, .columns = 10, .channels = 32, .made = 32, .tap_rows = 1}));
  static_assert(!suits({.rows = 14, .columns = 14, .channels = 32, .made = 32, .pool = {3, 3}}));
  static_assert(!suits({.rows = 10, .columns = 10, .channels = 3, .made = 32}));
  static_assert(!suits({.rows = 10, .columns = 10, .channels = 32, .made = 10}));
  static_assert(!suits({.rows = 10, .columns = 10, .channels = 37, .made = 32}));
  static_assert(!suits({.rows = 10, .columns = 10, .channels = 1024, .made = 32}));
}

BOOST_AUTO_TEST_CASE(few_tiles_are_worth_it_for_many_samples) {
  constexpr geometry small{.rows = 6, .columns = 6, .channels = 32, .made = 32},
      odd{.rows = 5, .columns = 5, .channels = 32, .made = 32},
      line{.rows = 3, .columns = 99, .channels = 32, .made = 32};
  static_assert(!suits(small) && suits(small, true));
  static_assert(!suits(odd, true) && !suits(line, true));
}

BOOST_AUTO_TEST_SUITE_END()
