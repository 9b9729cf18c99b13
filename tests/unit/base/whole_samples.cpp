// SPDX-License-Identifier: MIT
#include <fusegrad/base/whole_samples.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using fusegrad::base::whole_samples;
using fusegrad::test::says;

static_assert(whole_samples(12, 4) == 3 && whole_samples(0, 4) == 0);

BOOST_AUTO_TEST_SUITE(base_whole_samples)

BOOST_AUTO_TEST_CASE(a_part_of_a_sample_is_refused) {
  BOOST_TEST(whole_samples(12, 3) == 4u);
  BOOST_CHECK_EXCEPTION(static_cast<void>(whole_samples(11, 3)), std::invalid_argument,
                        says("fusegrad: 11 numbers are not whole samples of 3."));
}

BOOST_AUTO_TEST_SUITE_END()
