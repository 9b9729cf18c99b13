// SPDX-License-Identifier: MIT
#include "laws/train/digest.hpp"

#include <fusegrad/model/network_plan.hpp>

// Without a bound on the norm an update rule uses gradients as they are made; with one that is never reached, after all
// have been. Both must leave the same bits.
namespace {

using fusegrad::test::digest_after;

constexpr auto cell = fg::shared<"cell">(fg::dense<19> | fg::tanh);
constexpr auto small = fg::input<5> | fg::dense<19> | fg::prelu | cell | cell |
                       fg::residual(fg::dense<19> | fg::prelu.per_unit()) | fg::dense<3>;

constexpr auto medium = fg::input<5> | fg::dense<50> | fg::prelu | fg::dense<50> | fg::prelu.per_unit() | fg::dense<3>;

template <class Model, class Loss, class Rule>
void check_fused_like_unfused(const Model& model, const Loss& loss, const Rule& rule,
                              std::initializer_list<std::size_t> batches, int steps) {
  for (std::size_t batch : batches)
    for (int threads : {1, 3}) {
      const std::uint64_t fused = digest_after(steps, batch, model, loss, rule, {.seed = 4, .threads = threads});
      const std::uint64_t unfused =
          digest_after(steps, batch, model, loss, rule, {.seed = 4, .threads = threads, .clip_norm = 1e18});
      BOOST_TEST(fused == unfused, "batch " << batch << ", " << threads << " threads");
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(fused_update, *boost::unit_test::description("waits for threads"))

// One sample, one block, several chunks of samples, lanes.
BOOST_AUTO_TEST_CASE(gradient_descent) {
  check_fused_like_unfused(small, fg::softmax_cross_entropy, fg::sgd{.learning_rate = 0.05}, {1, 2, 77, 513, 1500}, 10);
}

BOOST_AUTO_TEST_CASE(adam) {
  check_fused_like_unfused(small, fg::softmax_cross_entropy, fg::adam{.learning_rate = 0.01}, {1, 2, 77, 513, 1500},
                           10);
}

// The second is summed onto the first, and the rule uses the sum in registers: on one thread; on three it is made of
// both when they are there.
BOOST_AUTO_TEST_CASE(two_slices) {
  constexpr auto schedule = medium.plan().schedule(200);
  static_assert(schedule.slices.count == 2 && schedule.slices.rows <= schedule.chunk_rows);
  check_fused_like_unfused(medium, fg::softmax_cross_entropy, fg::adam{.learning_rate = 0.01}, {200}, 10);
}

BOOST_AUTO_TEST_SUITE_END()
