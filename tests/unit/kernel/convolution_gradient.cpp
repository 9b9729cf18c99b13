// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/convolution_gradient.hpp>

#include <algorithm>

#include "unit/kernel/image_case.hpp"

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
  static constexpr auto tiles = kernel::tiles_for<T>(G.made);
  template <class Function, std::size_t Arity, auto Accesses>
  using tested = kernel::convolution_gradient<T, tiles, expression_table<Function, Arity>, Accesses, pattern>;

  images<T> left, dy;
  kernel::call<T> c;

  explicit gradient_of(std::size_t samples)
      : left{input_layout<T>(G, samples)}, dy{aligned_layout<T>(samples, G.made_rows(), G.made_columns(), G.made, 1)} {
    left.fill(), dy.fill(T{});
    c.samples = samples, c.columns = G.made, c.depth = G.depth();
    c.left_image = left.place(), c.right_image = dy.place();
    c.last_unit = kernel::convolution_units<T>(pattern, G.made);
  }
  /// Sums into `to`; with `accumulate` onto what is there.
  void sum(panelled<T>& to, bool accumulate, bool plainly = false) {
    using copied = tested<kept, 1, accesses(access::product)>;
    c.gradient = to.data(), c.accumulate = accumulate;
    c.results[0] = {to.data(), 0, 0, 0};
    plainly ? copied::run_plainly(c) : copied::run(c);
  }
  /// In parts, in whatever order.
  void sum_in_parts(panelled<T>& to, bool accumulate) {
    const std::size_t units = c.last_unit;
    std::vector<std::size_t> cuts{0, units, between(0, units), between(0, units)};
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t k = cuts.size() - 1; k > 0; --k) {
      c.first_unit = cuts[k - 1], c.last_unit = cuts[k];
      sum(to, accumulate);
    }
    c.first_unit = 0, c.last_unit = units;
  }
};

template <class T, geometry G> void check_gradient() {
  for (std::size_t samples = 1; samples <= 3; ++samples) {
    gradient_of<T, G> g(samples);
    panelled<T> found(G.depth(), G.made), expected(G.depth(), G.made);
    found.fill();
    expected.copy(found);
    g.sum_in_parts(found, samples != 1);
    g.sum(expected, samples != 1, true);
    found.check_equal(expected, 0);
    found.check_padding_is_zero();
    found.check_untouched_around();
  }
}

template <class T, geometry G> void check_update() {
  gradient_of<T, G> g(2);
  using tested = typename gradient_of<T, G>::template tested<
      updated, 4, accesses(access::product, access::element, access::element, access::scalar)>;
  panelled<T> weight(G.depth(), G.made), moment(G.depth(), G.made), found[2]{weight, weight},
      expected[2]{weight, weight};
  weight.fill(), moment.fill();
  const T rate = T(0.25);
  g.c.arguments[1] = {weight.data(), 0, 0, 0}, g.c.arguments[2] = {moment.data(), 0, 0, 0};
  g.c.arguments[3] = {const_cast<T*>(&rate), 0, 0, 0};
  for (std::size_t k = 0; k < 2; ++k) g.c.results[k] = {found[k].data(), 0, 0, 0};
  tested::run(g.c);
  for (std::size_t k = 0; k < 2; ++k) g.c.results[k] = {expected[k].data(), 0, 0, 0};
  tested::run_plainly(g.c);
  for (std::size_t k = 0; k < 2; ++k) found[k].check_equal(expected[k], 4);
}

/// Windows of two numbers over a row of three.
constexpr bool is_right_in_constant_expressions() {
  constexpr kernel::window_pattern pattern{
      .rows = 1, .columns = 2, .column_step = 1, .tap_columns = 2, .tap_column_step = 1};
  constexpr std::size_t lanes = kernel::padded<double>(1);
  double image[3] = {1, 2, 3}, dy[2 * lanes]{}, gradient[2 * lanes]{};
  dy[0] = 10, dy[lanes] = 1;
  kernel::call<double> c;
  c.left_image = {image, 1, 3, 3}, c.right_image = {dy, lanes, 0, 0}, c.columns = 1, c.depth = 2;
  c.last_unit = kernel::convolution_units<double>(pattern, 1);
  c.results[0] = {gradient, 0, 0, 0};
  kernel::convolution_gradient<double, kernel::column_tiles{1, 0}, expression_table<kept, 1>, accesses(access::product),
                               pattern>::run(c);
  return gradient[0] == 12 && gradient[lanes] == 23;
}
static_assert(is_right_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_convolution_gradient)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_bits_are_those_of_plain_loops, T, both_types) {
  check_gradient<T, geometry{.rows = 7, .columns = 9, .channels = 1, .made = 32, .is_tight = true}>();
  check_gradient<T, geometry{.rows = 5, .columns = 8, .channels = 3, .made = 10, .border = 1}>();
  check_gradient<
      T, geometry{
             .rows = 6, .columns = 6, .channels = 6, .made = 16, .tap_rows = 5, .tap_columns = 5, .is_tight = true}>();
  check_gradient<T, geometry{.rows = 6, .columns = 5, .channels = 32, .made = 64, .border = 1}>();
  check_gradient<T, geometry{.rows = 4, .columns = 4, .channels = 16, .made = 40}>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(strides_and_dilation_are_steps, T, both_types) {
  check_gradient<T, geometry{.rows = 9, .columns = 11, .channels = 3, .made = 24, .stride = 2, .border = 1}>();
  check_gradient<T, geometry{.rows = 9, .columns = 9, .channels = 1, .made = 6, .dilation = 2, .is_tight = true}>();
  check_gradient<T, geometry{.rows = 30,
                             .columns = 1,
                             .channels = 1,
                             .made = 3,
                             .tap_rows = 11,
                             .tap_columns = 1,
                             .stride = 2,
                             .border = 0,
                             .is_tight = true}>();
  check_gradient<
      T,
      geometry{.rows = 1, .columns = 40, .channels = 6, .made = 1, .tap_rows = 1, .tap_columns = 7, .dilation = 3}>();
  check_gradient<T, geometry{.rows = 3, .columns = 4, .channels = 16, .made = 16, .tap_rows = 1, .tap_columns = 1}>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_update_rule_takes_the_sum_before_it_reaches_memory, T, both_types) {
  check_update<T, geometry{.rows = 5, .columns = 5, .channels = 3, .made = 40, .border = 1}>();
  check_update<T, geometry{.rows = 5, .columns = 5, .channels = 16, .made = 6, .is_tight = true}>();
}

BOOST_AUTO_TEST_SUITE_END()
