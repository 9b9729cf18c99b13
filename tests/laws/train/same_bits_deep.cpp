// SPDX-License-Identifier: MIT
#include "laws/train/digest.hpp"

using fusegrad::test::check_same_bits_on_threads;

BOOST_AUTO_TEST_SUITE(same_bits_deep, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(twenty_layers) {
  constexpr auto layer = fg::dense<64> | fg::sigmoid;
  constexpr auto five = layer | layer | layer | layer | layer;
  constexpr auto model = fg::input<64> | five | five | five | layer | layer | layer | layer | fg::dense<64>;
  check_same_bits_on_threads(model, fg::mean_squared_error, 128, 20);
  check_same_bits_on_threads(model, fg::mean_squared_error, 417, 5);
}

BOOST_AUTO_TEST_SUITE_END()
