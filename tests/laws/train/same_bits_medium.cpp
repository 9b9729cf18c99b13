// SPDX-License-Identifier: MIT
#include "laws/train/digest.hpp"

using fusegrad::test::check_same_bits_on_threads;

BOOST_AUTO_TEST_SUITE(same_bits_medium, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(three_hidden_layers) {
  constexpr auto model =
      fg::input<64> | fg::dense<64> | fg::relu | fg::dense<64> | fg::relu | fg::dense<64> | fg::relu | fg::dense<1>;
  for (std::size_t batch : {1u, 7u, 256u}) check_same_bits_on_threads(model, fg::mean_squared_error, batch, 20);
  check_same_bits_on_threads(model, fg::mean_squared_error, 1025, 5);
  check_same_bits_on_threads(model, fg::mean_squared_error, 4096, 2);
}

BOOST_AUTO_TEST_SUITE_END()
