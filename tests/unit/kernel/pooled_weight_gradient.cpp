// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/pooled_weight_gradient.hpp>

#include <algorithm>

#include "unit/kernel/pooled_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

/// The weight after a step against the gradient, and what is left of a moment.
using updated = decltype([](auto gradient, auto weight, auto moment, auto rate) {
  return values(weight - rate * gradient, moment / 2 + gradient);
});

template <class T, geometry G> struct gradient_of {
  static constexpr auto pattern = forward_pattern<T>(G);
  template <class Function, std::size_t Arity, auto Accesses>
  using tested = kernel::pooled_weight_gradient<T, kernel::tiles_for<T>(G.made), expression_table<Function, Arity>,
                                                Accesses, pattern, G.pool, G.made>;
  images<T> left;
  pooled_dy<T, G> dy;
  kernel::call<T> c;

  explicit gradient_of(std::size_t samples) : left{input_layout<T>(G, samples)}, dy(samples) {
    left.fill();
    c.samples = samples, c.columns = G.made, c.depth = G.depth();
    c.left_image = left.place(), c.right_image = dy.gradient.place(), c.places_image = dy.place.place();
    c.last_unit = kernel::pooled_units<T, pattern, G.pool, G.made>(G.made);
  }
  /// Sums into `to`; with `accumulate` onto what is there.
  void sum(panelled<T>& to, bool accumulate, bool plainly = false) {
    using copied = tested<kept, 1, accesses(access::product)>;
    c.gradient = to.data(), c.accumulate = accumulate;
    c.results[0] = {to.data(), 0, 0, 0};
    plainly ? copied::run_plainly(c) : copied::run(c);
  }
};

/// Other orders of the sums differ by some ulps.
template <class T, geometry G> void check_gradient(int ulps = 0) {
  for (std::size_t samples = 1; samples <= 3; ++samples) {
    gradient_of<T, G> g(samples);
    panelled<T> found(G.depth(), G.made), expected(G.depth(), G.made);
    found.fill();
    expected.copy(found);
    const std::size_t units = g.c.last_unit, cut = between(0, units);
    g.c.first_unit = cut;
    g.sum(found, samples != 1);
    g.c.first_unit = 0, g.c.last_unit = cut;
    g.sum(found, samples != 1);
    g.sum(expected, samples != 1, true);
    found.check_equal(expected, ulps);
    found.check_padding_is_zero();
    found.check_untouched_around();
  }
}

template <class T, geometry G> void check_update(int ulps = 4) {
  gradient_of<T, G> g(2);
  using tested = typename gradient_of<T, G>::template tested<
      updated, 4, accesses(access::product, access::element, access::element, access::scalar)>;
  panelled<T> weight(G.depth(), G.made), moment(G.depth(), G.made), found[2]{weight, weight},
      expected[2]{weight, weight};
  weight.fill(), moment.fill();
  T rate = T(0.25);
  g.c.arguments[1] = {weight.data(), 0, 0, 0}, g.c.arguments[2] = {moment.data(), 0, 0, 0};
  g.c.arguments[3] = {&rate, 0, 0, 0};
  for (std::size_t k = 0; k < 2; ++k) g.c.results[k] = {found[k].data(), 0, 0, 0};
  tested::run(g.c);
  for (std::size_t k = 0; k < 2; ++k) g.c.results[k] = {expected[k].data(), 0, 0, 0};
  tested::run_plainly(g.c);
  for (std::size_t k = 0; k < 2; ++k) found[k].check_equal(expected[k], ulps);
}

/// One window of 1 x 2 sums, of which the second was the larger.
constexpr bool is_right_in_constant_expressions() {
  constexpr kernel::window_pattern pattern{
      .rows = 1, .columns = 2, .column_step = 1, .tap_columns = 2, .tap_column_step = 1};
  constexpr std::size_t lanes = kernel::padded<double>(1);
  double image[3] = {1, 2, 3}, dy[lanes] = {10}, place[lanes] = {1}, gradient[2 * lanes]{};
  kernel::call<double> c;
  c.left_image = {image, 1, 3, 3}, c.right_image = {dy, lanes, 0, 0}, c.places_image = {place, lanes, 0, 0};
  c.columns = 1, c.depth = 2, c.results[0] = {gradient, 0, 0, 0};
  kernel::pooled_weight_gradient<double, kernel::column_tiles{1, 0}, expression_table<kept, 1>,
                                 accesses(access::product), pattern, kernel::pooling{1, 2}>::run(c);
  return gradient[0] == 20 && gradient[lanes] == 30;
}
static_assert(is_right_in_constant_expressions());

constexpr kernel::pooling by_two{2, 2};

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_pooled_weight_gradient)

BOOST_AUTO_TEST_CASE_TEMPLATE(small_windows_are_spread_with_the_bits_of_plain_loops, T, both_types) {
  check_gradient<T, geometry{.rows = 8, .columns = 10, .channels = 1, .made = 32, .pool = by_two, .is_tight = true}>();
  check_gradient<T, geometry{.rows = 7,
                             .columns = 9,
                             .channels = 1,
                             .made = 40,
                             .tap_rows = 5,
                             .tap_columns = 2,
                             .border = 1,
                             .pool = {1, 2}}>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(of_others_each_number_is_taken_at_its_place, T, both_types) {
  check_gradient<T, geometry{.rows = 13, .columns = 13, .channels = 32, .made = 64, .pool = by_two}>();
  check_gradient<T, geometry{.rows = 9,
                             .columns = 9,
                             .channels = 6,
                             .made = 16,
                             .tap_rows = 5,
                             .tap_columns = 5,
                             .border = 1,
                             .pool = by_two,
                             .is_tight = true}>();
  check_gradient<
      T,
      geometry{.rows = 8, .columns = 8, .channels = 6, .made = 10, .tap_rows = 5, .tap_columns = 5, .pool = {1, 2}}>();
  check_gradient<T, geometry{.rows = 13,
                             .columns = 8,
                             .channels = 3,
                             .made = 6,
                             .stride = 2,
                             .dilation = 2,
                             .border = 2,
                             .pool = {3, 3}}>();
  check_gradient<T, geometry{.rows = 10,
                             .columns = 10,
                             .channels = 150,
                             .made = 24,
                             .tap_rows = 2,
                             .border = 1,
                             .pool = by_two,
                             .is_tight = true}>();
  check_gradient<
      T,
      geometry{.rows = 24, .columns = 8, .channels = 16, .made = 3, .tap_columns = 4, .dilation = 2, .pool = {1, 2}}>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_update_rule_takes_the_sum_before_it_reaches_memory, T, both_types) {
  check_update<T, geometry{.rows = 8, .columns = 10, .channels = 1, .made = 6, .pool = by_two, .is_tight = true}>();
  check_update<T, geometry{.rows = 8, .columns = 6, .channels = 10, .made = 40, .border = 1, .pool = by_two}>();
}

// The two halves are sums of their own, added at the end.
BOOST_AUTO_TEST_CASE_TEMPLATE(of_few_columns_both_positions_of_a_window_share_a_vector, T, both_types) {
  constexpr geometry tight{.rows = 12,
                           .columns = 14,
                           .channels = 1,
                           .made = 4,
                           .tap_rows = 5,
                           .tap_columns = 4,
                           .border = 2,
                           .pool = by_two,
                           .is_tight = true},
      rgb{.rows = 6, .columns = 9, .channels = 3, .made = 3, .tap_columns = 2, .pool = {3, 2}},
      strided{.rows = 9, .columns = 9, .channels = 1, .made = 3, .stride = 2, .border = 1, .pool = {1, 2}};
  constexpr bool fits = math::native_lanes<T> >= 8;
  static_assert(kernel::sums_pairs<T>(forward_pattern<T>(tight), tight.pool, tight.made) == fits);
  static_assert(!kernel::sums_pairs<T>(forward_pattern<T>(strided), strided.pool, strided.made));
  check_gradient<T, tight>(64);
  check_gradient<T, rgb>(64);
  check_update<T, rgb>(64);
}

BOOST_AUTO_TEST_SUITE_END()
