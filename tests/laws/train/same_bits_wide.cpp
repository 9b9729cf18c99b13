// SPDX-License-Identifier: MIT
#include "laws/train/digest.hpp"

using fusegrad::test::check_same_bits_on_threads;

BOOST_AUTO_TEST_SUITE(same_bits_wide, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(one_hidden_layer) {
  constexpr auto model = fg::input<784> | fg::dense<128> | fg::relu | fg::dense<10>;
  for (std::size_t batch : {1u, 37u, 64u}) check_same_bits_on_threads(model, fg::softmax_cross_entropy, batch, 20);
}

BOOST_AUTO_TEST_CASE(two_large_hidden_layers) {
  constexpr auto model = fg::input<784> | fg::dense<512> | fg::relu | fg::dense<512> | fg::relu | fg::dense<10>;
  check_same_bits_on_threads(model, fg::softmax_cross_entropy, 13, 3);
  check_same_bits_on_threads(model, fg::softmax_cross_entropy, 128, 3);
}

BOOST_AUTO_TEST_SUITE_END()
