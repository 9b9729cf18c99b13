// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/weight_gradient.hpp>

#include "unit/kernel/support.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

template <class T> void check_shape(std::size_t count, std::size_t depth, std::size_t columns, bool accumulate) {
  rows<T> x(count, depth), dy(count, columns), found(depth, columns), expected(depth, columns);
  x.fill(T(-7));
  dy.fill();
  if (accumulate) {
    found.fill();
    std::memcpy(expected.data(), found.data(), depth * found.stride() * sizeof(T));
  }
  kernel::call<T> c;
  c.rows = count, c.columns = columns, c.depth = depth;
  c.left = x.data(), c.right = dy.data();
  c.accumulate = accumulate;
  with_tiles_for<T>(columns, [&](auto wide, auto rest) {
    using tested = kernel::weight_gradient<T, kernel::column_tiles{wide, rest}>;
    c.gradient = found.data();
    tested::run(c);
    c.gradient = expected.data();
    tested::run_plainly(c);
  });
  found.check_equal(expected, 0);
  found.check_padding_is_zero();
  found.check_untouched_around();
  found.check_slack_untouched();
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_weight_gradient)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_bits_are_those_of_plain_loops, T, both_types) {
  for (int i = 0; i < 150; ++i) check_shape<T>(between(1, 70), between(1, 100), between(1, 200), i % 2 == 0);
}

BOOST_AUTO_TEST_CASE(not_a_number_reaches_its_own_unit_and_no_other) {
  rows<float> x(5, 9), dy(5, 20), gradient(9, 20);
  x.fill(), dy.fill();
  dy.at(3, 17) = dy.nan;
  kernel::call<float> c;
  c.rows = 5, c.columns = 20, c.depth = 9;
  c.left = x.data(), c.right = dy.data(), c.gradient = gradient.data();
  with_tiles_for<float>(20, [&](auto wide, auto rest) { kernel::weight_gradient<float, kernel::column_tiles{wide, rest}>::run(c); });
  for (std::size_t i = 0; i < 9; ++i)
    for (std::size_t o = 0; o < 20; ++o) BOOST_TEST(std::isnan(gradient.at(i, o)) == (o == 17));
}

BOOST_AUTO_TEST_SUITE_END()
