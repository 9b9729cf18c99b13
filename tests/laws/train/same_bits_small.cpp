// SPDX-License-Identifier: MIT
#include "laws/train/digest.hpp"

using fusegrad::test::check_same_bits_on_threads;

BOOST_AUTO_TEST_SUITE(same_bits_small, *boost::unit_test::description("waits for threads"))

// Batches of one sample, of one block, of several chunks, and of as many slices as there can be.
BOOST_AUTO_TEST_CASE(a_tiny_net) {
  constexpr auto model = fg::input<2> | fg::dense<16> | fg::tanh | fg::dense<16> | fg::tanh | fg::dense<1>;
  for (std::size_t batch : {1u, 5u, 32u, 256u, 777u})
    check_same_bits_on_threads(model, fg::mean_squared_error, batch, 50);
  check_same_bits_on_threads(model, fg::mean_squared_error, 4096, 10);
}

BOOST_AUTO_TEST_SUITE_END()
