// SPDX-License-Identifier: MIT
#include "laws/train/digest.hpp"

#include <limits>

namespace {

using fusegrad::test::digest_after;

// Too many weights for lanes: batches are blocks of several chunks, which the last completes. Tails everywhere.
constexpr auto wide = fg::input<77> | fg::dense<611> | fg::relu | fg::dense<530> | fg::tanh | fg::dense<3>;

} // namespace

BOOST_AUTO_TEST_SUITE(fused_update_wide, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(over_several_chunks) {
  const auto after = [](std::size_t batch, int threads, double clip_norm) {
    return digest_after(2, batch, wide, fg::softmax_cross_entropy, fg::momentum_sgd{.learning_rate = 0.01},
                        {.seed = 4, .threads = threads, .clip_norm = clip_norm});
  };
  constexpr double none = std::numeric_limits<double>::infinity();
  for (std::size_t batch : {61u, 600u})
    for (int threads : {1, 3})
      BOOST_TEST(after(batch, threads, none) == after(batch, threads, 1e18),
                 "batch " << batch << ", " << threads << " threads");
  BOOST_TEST(after(600, 1, none) == after(600, 4, none));
  BOOST_TEST(after(61, 1, none) != after(61, 1, 1e-3)); // a bound that is reached does something
}

BOOST_AUTO_TEST_SUITE_END()
