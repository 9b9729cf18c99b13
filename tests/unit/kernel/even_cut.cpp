// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/even_cut.hpp>

#include <boost/test/unit_test.hpp>

using fusegrad::kernel::cut_evenly;
using fusegrad::kernel::even_cut;

BOOST_AUTO_TEST_SUITE(kernel_even_cut)

BOOST_AUTO_TEST_CASE(parts_cover_the_length_and_differ_by_one_at_most) {
  for (std::size_t length = 0; length <= 100; ++length)
    for (std::size_t most = 1; most <= 30; ++most) {
      const even_cut cut = cut_evenly(length, most);
      BOOST_REQUIRE_EQUAL(cut.longer * (cut.size + 1) + cut.others * cut.size, length);
      BOOST_REQUIRE_EQUAL(cut.parts(), (length + most - 1) / most);
      BOOST_REQUIRE_EQUAL(cut.begin(0), 0u);
      BOOST_REQUIRE_EQUAL(cut.begin(cut.parts()), length);
      if (cut.parts() == 0) continue;
      BOOST_REQUIRE_LE(cut.longest(), most);
      BOOST_REQUIRE_EQUAL(cut.begin(1), cut.longest());
    }
  BOOST_TEST((cut_evenly(13, 5) == even_cut{1, 2, 4}));
}

BOOST_AUTO_TEST_SUITE_END()
