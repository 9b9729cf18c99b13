// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/pooled_input_gradient.hpp>

#include "unit/kernel/pooled_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

struct plain {
  static constexpr auto table = expression_table<kept, 1>;
  static constexpr auto reads = accesses(access::product);
};
using behind_rectifier =
    decltype([](auto dx, auto x, auto factor) { return values(select(x > 0, dx, 0), dx * factor); });
struct two_results {
  static constexpr auto table = expression_table<behind_rectifier, 3>;
  static constexpr auto reads = accesses(access::product, access::element, access::column);
};

/// Sums come in another order: any is within some units in the last place of the sum of absolute values.
template <class T, geometry G> double tolerance() {
  return 8 * static_cast<double>(std::numeric_limits<T>::epsilon() * static_cast<T>(G.taps() * G.made));
}

template <class T, geometry G, class Epilogue, bool KnowsMade = false> void check_gradient() {
  constexpr std::size_t results = Epilogue::table.result_count;
  static constexpr auto pattern = forward_pattern<T>(G);
  using tested =
      kernel::pooled_input_gradient<T, Epilogue::table, Epilogue::reads, pattern, G.pool, KnowsMade ? G.made : 0>;
  for (std::size_t samples = 1; samples <= 3; ++samples) {
    const pooled_dy<T, G> source(samples);
    pooled_dy<T, G> dy = source;
    panelled<T> weight(G.taps() * G.made, G.channels);
    rows<T> factor(1, G.channels);
    weight.fill(), factor.fill(T(-11));
    const image_layout made = aligned_layout<T>(samples, G.rows, G.columns, G.channels, samples % 2),
                       input = input_layout<T>(G, samples);
    images<T> x(made);
    x.fill();
    kernel::call<T> c;
    c.samples = samples, c.image_rows = G.rows, c.rows = G.columns, c.columns = G.channels;
    c.depth = G.taps() * G.made, c.right = weight.data();
    c.left_image = {nullptr, input.stride, input.row_step(), input.sample_step()};
    c.right_image = dy.gradient.place(), c.places_image = dy.place.place();
    c.arguments[1] = x.place(), c.arguments[2] = {factor.data(), 0, 0, 0};
    std::vector<images<T>> found(results, images<T>(made)), expected(results, images<T>(made));
    for (std::size_t k = 0; k < results; ++k) c.results[k] = found[k].place();
    tested::run(c);
    for (std::size_t k = 0; k < results; ++k) c.results[k] = expected[k].place();
    tested::run_plainly(c);
    for (std::size_t k = 0; k < results; ++k) found[k].check(expected[k], tolerance<T, G>());
  }
}

/// One window of 1 x 2 sums of two taps, of which the second was the larger.
constexpr bool is_right_in_constant_expressions() {
  constexpr kernel::window_pattern pattern{
      .rows = 1, .columns = 2, .column_step = 1, .tap_columns = 2, .tap_column_step = 1};
  constexpr std::size_t lanes = kernel::padded<double>(1);
  double dy[lanes] = {10}, place[lanes] = {1}, weight[2 * lanes]{}, dx[4 * lanes]{};
  weight[0] = 2, weight[lanes] = 3;
  kernel::call<double> c;
  c.left_image = {nullptr, 1, 4, 4}, c.right_image = {dy, lanes, 0, 0}, c.places_image = {place, lanes, 0, 0};
  c.rows = 4, c.columns = 1, c.depth = 2, c.right = weight, c.results[0] = {dx, lanes, 0, 0};
  kernel::pooled_input_gradient<double, plain::table, plain::reads, pattern, kernel::pooling{1, 2}>::run(c);
  return dx[0] == 0 && dx[lanes] == 20 && dx[2 * lanes] == 30 && dx[3 * lanes] == 0;
}
static_assert(is_right_in_constant_expressions());

constexpr kernel::pooling by_two{2, 2};

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_pooled_input_gradient)

BOOST_AUTO_TEST_CASE_TEMPLATE(it_makes_what_plain_loops_make, T, both_types) {
  check_gradient<T, geometry{.rows = 13, .columns = 13, .channels = 32, .made = 64, .pool = by_two}, plain, true>();
  check_gradient<T,
                 geometry{.rows = 9,
                          .columns = 9,
                          .channels = 6,
                          .made = 16,
                          .tap_rows = 5,
                          .tap_columns = 5,
                          .border = 1,
                          .pool = by_two,
                          .is_tight = true},
                 two_results>();
  check_gradient<T, geometry{.rows = 6, .columns = 7, .channels = 64, .made = 10, .border = 1, .pool = {1, 2}},
                 two_results>();
  check_gradient<T,
                 geometry{.rows = 8,
                          .columns = 8,
                          .channels = 40,
                          .made = 3,
                          .tap_rows = 2,
                          .tap_columns = 1,
                          .pool = by_two,
                          .is_tight = true},
                 plain>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(strides_and_dilation_are_steps, T, both_types) {
  check_gradient<T,
                 geometry{.rows = 15,
                          .columns = 14,
                          .channels = 3,
                          .made = 40,
                          .stride = 2,
                          .dilation = 2,
                          .border = 2,
                          .pool = {3, 3}},
                 two_results>();
  check_gradient<T,
                 geometry{.rows = 10,
                          .columns = 9,
                          .channels = 16,
                          .made = 24,
                          .tap_rows = 1,
                          .tap_columns = 1,
                          .stride = 2,
                          .pool = {1, 2}},
                 plain>();
}

// More than a scratch holds at once.
BOOST_AUTO_TEST_CASE_TEMPLATE(large_images_go_band_by_band, T, both_types) {
  check_gradient<T, geometry{.rows = 40, .columns = 61, .channels = 24, .made = 6, .border = 1, .pool = by_two},
                 two_results>();
  check_gradient<T,
                 geometry{.rows = 9,
                          .columns = 300,
                          .channels = 50,
                          .made = 3,
                          .tap_columns = 2,
                          .stride = 3,
                          .border = 1,
                          .pool = {1, 2},
                          .is_tight = true},
                 plain>();
}

BOOST_AUTO_TEST_SUITE_END()
