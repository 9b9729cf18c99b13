// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/winograd_gradient.hpp>

#include "unit/kernel/image_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

/// The weight after a step against the gradient.
using updated = decltype([](auto gradient, auto weight, auto rate) { return weight - rate * gradient; });

template <class T, geometry G> struct gradient_of {
  static constexpr auto pattern = forward_pattern<T>(G);
  static constexpr auto tiles = kernel::tiles_for<T>(G.made);
  static_assert(kernel::can_be_winograd<T>(pattern, kernel::pooling{}));
  using summed = kernel::winograd_gradient<T, tiles, expression_table<kept, 1>, accesses(access::product), pattern>;
  using used = kernel::winograd_gradient<T, tiles, expression_table<updated, 3>,
                                         accesses(access::product, access::element, access::scalar), pattern>;
  /// Some ulps of the sum of the magnitudes that are added.
  static constexpr double tolerance =
      16.0 * static_cast<double>(G.made_rows() * G.made_columns()) * std::numeric_limits<T>::epsilon();

  images<T> left, dy;
  kernel::call<T> c;
  std::size_t units = kernel::winograd_units<T>(pattern, G.made);

  explicit gradient_of(std::size_t samples)
      : left{input_layout<T>(G, samples)}, dy{aligned_layout<T>(samples, G.made_rows(), G.made_columns(), G.made, 1)} {
    left.fill(), dy.fill(T{});
    c.samples = samples, c.columns = G.made, c.depth = G.depth();
    c.left_image = left.place(), c.right_image = dy.place();
    c.first_unit = 0, c.last_unit = units;
  }
  void point_to(panelled<T>& to, bool accumulate) {
    c.gradient = to.data(), c.accumulate = accumulate;
    c.results[0] = {to.data(), 0, 0, 0};
  }
  void sum_in_parts(panelled<T>& to, bool accumulate) {
    point_to(to, accumulate);
    for (c.first_unit = units; c.first_unit > 0;) {
      c.last_unit = c.first_unit;
      c.first_unit = between(0, c.last_unit - 1);
      summed::run(c);
    }
    c.last_unit = units;
  }
};

template <class T, geometry G> void check_gradient() {
  for (std::size_t samples = 1; samples <= 3; ++samples) {
    gradient_of<T, G> g(samples);
    panelled<T> found(G.depth(), G.made), in_parts(G.depth(), G.made), expected(G.depth(), G.made);
    found.fill();
    expected.copy(found), in_parts.copy(found);
    g.point_to(found, samples != 1);
    gradient_of<T, G>::summed::run(g.c);
    g.point_to(expected, samples != 1);
    gradient_of<T, G>::summed::run_plainly(g.c);
    for (std::size_t i = 0; i < G.depth(); ++i)
      for (std::size_t o = 0; o < G.made; ++o)
        BOOST_REQUIRE_SMALL(static_cast<double>(found.at(i, o) - expected.at(i, o)),
                            static_cast<double>(samples) * g.tolerance);
    found.check_padding_is_zero();
    found.check_untouched_around();
    g.sum_in_parts(in_parts, samples != 1);
    in_parts.check_equal(found, 0);
  }
}

template <class T, geometry G> void check_update() {
  gradient_of<T, G> g(2);
  panelled<T> weight(G.depth(), G.made), found(G.depth(), G.made), expected(G.depth(), G.made);
  weight.fill();
  const T rate = T(0.25);
  g.c.arguments[1] = {weight.data(), 0, 0, 0}, g.c.arguments[2] = {const_cast<T*>(&rate), 0, 0, 0};
  g.c.results[0] = {found.data(), 0, 0, 0};
  gradient_of<T, G>::used::run(g.c);
  g.c.results[0] = {expected.data(), 0, 0, 0};
  gradient_of<T, G>::used::run_plainly(g.c);
  for (std::size_t i = 0; i < G.depth(); ++i)
    for (std::size_t o = 0; o < G.made; ++o)
      BOOST_REQUIRE_SMALL(static_cast<double>(found.at(i, o) - expected.at(i, o)), 2 * g.tolerance);
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_winograd_gradient)

BOOST_AUTO_TEST_CASE_TEMPLATE(it_sums_what_plain_loops_sum_and_the_same_bits_in_parts, T, both_types) {
  check_gradient<T, geometry{.rows = 8, .columns = 6, .channels = 32, .made = 32, .border = 1}>();
  check_gradient<T, geometry{.rows = 7, .columns = 9, .channels = 16, .made = 24}>();
  check_gradient<T, geometry{.rows = 4, .columns = 5, .channels = 16, .made = 50, .border = 1}>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_update_rule_takes_the_sum_before_it_reaches_memory, T, both_types) {
  check_update<T, geometry{.rows = 5, .columns = 7, .channels = 16, .made = 16, .border = 1}>();
}

BOOST_AUTO_TEST_SUITE_END()
