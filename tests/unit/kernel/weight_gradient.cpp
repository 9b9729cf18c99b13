// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/weight_gradient.hpp>

#include "unit/kernel/gradient_case.hpp"

#include <algorithm>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_weight_gradient)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_bits_are_those_of_plain_loops, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    auto c = random_gradient<T>();
    panelled<T> found(c.depth, c.columns), expected(c.depth, c.columns);
    if (i % 2 == 0) expected.copy(found.fill());
    c.sum(found, i % 2 == 0);
    c.sum(expected, i % 2 == 0, true);
    found.check_equal(expected, 0);
    found.check_padding_is_zero();
    found.check_untouched_around();
  }
}

// As threads share it: wherever the work is cut, and in whatever order the parts run.
BOOST_AUTO_TEST_CASE_TEMPLATE(in_parts_the_bits_are_the_same, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    gradient_case<T> c(between(1, 40), between(1, 300), between(1, 200));
    panelled<T> whole(c.depth, c.columns), found(c.depth, c.columns);
    if (i % 2 == 0) found.copy(whole.fill());
    c.sum(whole, i % 2 == 0);
    std::vector<std::size_t> cuts{0, c.units()};
    for (std::size_t k = between(0, 7); k > 0; --k) cuts.push_back(between(0, c.units()));
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t k = cuts.size() - 1; k > 0; --k) {
      c.c.first_unit = cuts[k - 1], c.c.last_unit = cuts[k];
      c.sum(found, i % 2 == 0);
    }
    BOOST_TEST(same_bits(found, whole),
               c.count << " samples, " << c.depth << " by " << c.columns << ", " << cuts.size() - 1 << " parts");
    found.check_untouched_around();
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_part_touches_nothing_else, T, both_types) {
  for (int i = 0; i < 40; ++i) {
    auto c = random_gradient<T>();
    panelled<T> whole(c.depth, c.columns), found(c.depth, c.columns);
    c.sum(whole, false);
    std::size_t written = 0;
    for (std::size_t unit = 0; unit < c.units(); ++unit) {
      for (std::size_t k = 0; k < found.size(); ++k) found.data()[k] = found.nan;
      c.c.first_unit = unit, c.c.last_unit = unit + 1;
      c.sum(found, false);
      for (std::size_t k = 0; k < found.size(); ++k) {
        if (std::isnan(found.data()[k])) continue;
        ++written;
        BOOST_REQUIRE_EQUAL(found.data()[k], whole.data()[k]);
      }
    }
    BOOST_TEST(written == found.size());
  }
}

// Slices are added so: the bits must be those of two sums that are added afterwards.
BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_there_is_added_to_the_whole_sum, T, both_types) {
  for (int i = 0; i < 60; ++i) {
    auto c = random_gradient<T>();
    panelled<T> alone(c.depth, c.columns), found(c.depth, c.columns), before(c.depth, c.columns);
    before.copy(found.fill());
    c.sum(alone, false);
    c.sum(found, true);
    for (std::size_t k = 0; k < c.depth; ++k)
      for (std::size_t o = 0; o < c.columns; ++o) BOOST_REQUIRE_EQUAL(found.at(k, o), before.at(k, o) + alone.at(k, o));
  }
}

// As of a layer that works on values and on their derivatives: the bits are those of one pair with the rows of both.
BOOST_AUTO_TEST_CASE_TEMPLATE(several_pairs_are_summed_in_their_order, T, both_types) {
  for (int i = 0; i < 40; ++i) {
    auto c = random_gradient<T>();
    rows<T> x(c.count, c.depth), dy(c.count, c.columns);
    x.fill(T(-7)), dy.fill();
    gradient_case<T> both(2 * c.count, c.depth, c.columns);
    for (std::size_t row = 0; row < c.count; ++row) {
      for (std::size_t k = 0; k < c.depth; ++k)
        both.x.at(row, k) = c.x.at(row, k), both.x.at(c.count + row, k) = x.at(row, k);
      for (std::size_t o = 0; o < c.columns; ++o)
        both.dy.at(row, o) = c.dy.at(row, o), both.dy.at(c.count + row, o) = dy.at(row, o);
    }
    panelled<T> one_after_the_other(c.depth, c.columns), together(c.depth, c.columns);
    both.sum(one_after_the_other, false);
    c.c.more_factors[0] = {x.place(), dy.place()};
    c.c.gradient = together.data(), c.c.accumulate = false;
    c.c.results[0] = {together.data(), 0, 0, 0};
    with_tiles_for<T>(c.columns, [&](auto wide, auto rest) {
      constexpr kernel::column_tiles tiles{wide, rest};
      kernel::weight_gradient<T, tiles, expression_table<kept, 1>, accesses(access::product), kernel::fixed_shape{},
                              false, 2>::run(c.c);
    });
    BOOST_TEST(same_bits(together, one_after_the_other));
    together.check_untouched_around();
  }
}

BOOST_AUTO_TEST_CASE(not_a_number_reaches_its_own_unit_and_no_other) {
  gradient_case<float> c(5, 9, 20);
  panelled<float> gradient(9, 20);
  c.dy.at(3, 17) = c.dy.nan;
  c.sum(gradient, false);
  for (std::size_t i = 0; i < 9; ++i)
    for (std::size_t o = 0; o < 20; ++o) BOOST_TEST(std::isnan(gradient.at(i, o)) == (o == 17));
}

BOOST_AUTO_TEST_SUITE_END()
