// SPDX-License-Identifier: MIT
#include <fusegrad/layer/units_of_weight.hpp>

#include <boost/test/unit_test.hpp>

using fusegrad::layers::units_of_weight;

BOOST_AUTO_TEST_SUITE(layer_units_of_weight)

BOOST_AUTO_TEST_CASE(the_first_extent_counts_units) {
  std::size_t number = 0;
  for (std::size_t unit = 0; unit < 3; ++unit)
    for (std::size_t i = 0; i < 4; ++i, ++number) BOOST_TEST(units_of_weight{}.unit_of(number, 12, 3) == unit);
}

// Plain loops over [in][unit of a group][taps].
BOOST_AUTO_TEST_CASE(or_they_stand_behind_what_comes_in_group_by_group) {
  for (const std::size_t groups : {1u, 2u, 3u}) {
    const std::size_t ins = 4 * groups, of_group = 5, taps = 6, units = of_group * groups;
    std::size_t number = 0;
    for (std::size_t in = 0; in < ins; ++in)
      for (std::size_t unit = 0; unit < of_group; ++unit)
        for (std::size_t tap = 0; tap < taps; ++tap, ++number)
          BOOST_TEST((units_of_weight{groups, taps}.unit_of(number, ins * of_group * taps, units)) ==
                     in / 4 * of_group + unit);
  }
}

BOOST_AUTO_TEST_SUITE_END()
