// SPDX-License-Identifier: MIT
#include <fusegrad/run/slices.hpp>

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cstddef>

using fusegrad::execution::plan_slices;
using fusegrad::execution::slice_plan;

BOOST_AUTO_TEST_SUITE(run_slices_of_a_batch)

BOOST_AUTO_TEST_CASE(slices_cover_the_batch_and_none_is_empty) {
  for (std::size_t gradient : {64u, 1000u, 20'000u, 500'000u, 5'000'000u})
    for (std::size_t row : {0u, 64u, 700u, 9000u})
      for (double operations : {100.0, 30'000.0, 1e6})
        for (std::size_t batch = 1; batch <= 2000; ++batch) {
          const slice_plan slices = plan_slices(batch, {gradient, row, operations});
          BOOST_REQUIRE(slices.count >= 1 && slices.count <= fusegrad::execution::most_slices);
          BOOST_REQUIRE((slices.count - 1) * slices.rows < batch && batch <= slices.count * slices.rows);
        }
  BOOST_TEST((plan_slices(0, {64, 64, 64}) == slice_plan{}));
}

// Whatever number is given for the largest batch, the plan is one: sizes are judged where memory is taken.
BOOST_AUTO_TEST_CASE(the_largest_numbers_do_not_wrap_around) {
  for (std::size_t gradient : {64u, 20'000u, 5'000'000u})
    for (std::size_t row : {0u, 64u, 4'000'000'000u})
      for (std::size_t batch : {std::size_t{1} << 31, std::size_t{1} << 61, ~std::size_t{0} - 1, ~std::size_t{0}}) {
        const slice_plan slices = plan_slices(batch, {gradient, row, 1e6});
        BOOST_REQUIRE(slices.count >= 1 && slices.count <= fusegrad::execution::most_slices);
        BOOST_TEST((slices.count - 1) * (slices.rows / 2) < batch / 2);
        BOOST_TEST(slices.count == plan_slices(std::size_t{1} << 30, {gradient, row, 1e6}).count);
        BOOST_TEST(batch / slices.count <= slices.rows);
      }
}

// Memory is taken once, for the largest batch: as many gradients as the next power of two. No smaller batch may need
// more.
BOOST_AUTO_TEST_CASE(a_smaller_batch_never_has_more_slices_than_there_is_memory_for) {
  for (std::size_t gradient = 64; gradient < 3'000'000; gradient *= 3)
    for (std::size_t row = 64; row < 200'000; row *= 3)
      for (double operations = 30; operations < 1e7; operations *= 5) {
        std::size_t before = 0;
        for (std::size_t batch = 0; batch <= 5000; ++batch) {
          const std::size_t power = std::bit_ceil(plan_slices(batch, {gradient, row, operations}).count);
          if (power < before)
            BOOST_FAIL("gradient " << gradient << ", row " << row << ": " << power << " slices for " << batch << ", "
                                   << before << " for less");
          before = power;
        }
      }
}

BOOST_AUTO_TEST_CASE(small_models_get_slices_and_large_ones_a_block) {
  BOOST_TEST(plan_slices(4096, {4 * 1000, 600, 1e5}).count == fusegrad::execution::most_slices);
  BOOST_TEST(plan_slices(16, {4 * 1000, 600, 1e5}).count == 1u);
  BOOST_TEST(plan_slices(4096, {4 * 700'000, 6000, 4e6}).count == 1u);
}

BOOST_AUTO_TEST_CASE(little_work_gets_two_slices_where_each_has_samples_enough) {
  BOOST_TEST((plan_slices(256, {4 * 400, 280, 1800}) == slice_plan{2, 128})); // 2-16-16-1
  BOOST_TEST(plan_slices(200, {4 * 400, 280, 1800}).count == 1u);
  BOOST_TEST((plan_slices(128, {4 * 1700, 600, 8400}) == slice_plan{2, 64})); // 16-32-32-1
  BOOST_TEST(plan_slices(64, {4 * 1700, 600, 8400}).count == 1u);
  BOOST_TEST((plan_slices(1024, {4 * 400, 280, 1800}) == slice_plan{2, 512}));
}

BOOST_AUTO_TEST_CASE(small_steps_are_taken_together_and_large_ones_by_themselves) {
  using fusegrad::execution::steps_together;
  BOOST_TEST(steps_together(256, {4 * 400, 280, 1800}) == 43u);
  BOOST_TEST(steps_together(256, {4 * 12'000, 1900, 7e4}) == 1u);
  BOOST_TEST(steps_together(1, {4, 8, 0}) == 64u); // nothing that is counted
  BOOST_TEST(steps_together(std::size_t{1} << 60, {4, 8, 100}) == 1u);
}

BOOST_AUTO_TEST_CASE(chunks_stay_in_the_cache_where_the_gradient_does) {
  using fusegrad::execution::chunk_rows;
  BOOST_TEST(chunk_rows({4 * 12'000, 1900, 7e4}) == 128u);    // 64-64-64-64-1
  BOOST_TEST(chunk_rows({4 * 102'000, 4400, 6e5}) == 64u);    // 784-128-10
  BOOST_TEST(chunk_rows({4 * 700'000, 11'000, 4e6}) == 128u); // 784-512-512-10: its sums come from far away
  BOOST_TEST(chunk_rows({4 * 60'000, 150'000, 1.6e7}) == 8u); // an image
}

// What a benchmark prescribes is done; zeros leave it to the plan.
struct prescribing {
  static inline fusegrad::execution::prescribed_cut cut{};
};
struct usual {};
BOOST_AUTO_TEST_CASE(a_benchmark_can_prescribe_the_cut) {
  namespace execution = fusegrad::execution;
  constexpr execution::slice_costs costs{4 * 12'000, 1900, 7e4};
  BOOST_TEST((execution::slices_for<prescribing>(1000, costs) == plan_slices(1000, costs)));
  BOOST_TEST(execution::chunk_rows_for<prescribing>(costs) == execution::chunk_rows(costs));
  prescribing::cut = {4, 32};
  BOOST_TEST((execution::slices_for<prescribing>(1000, costs) == slice_plan{4, 250}));
  BOOST_TEST(execution::chunk_rows_for<prescribing>(costs) == 32u);
  BOOST_TEST((execution::slices_for<prescribing>(3, costs) == plan_slices(3, costs)));
  BOOST_TEST(execution::most_slices_for<prescribing>(3, costs) == execution::most_slices);
  BOOST_TEST((execution::slices_for<usual>(1000, costs) == plan_slices(1000, costs)));
  BOOST_TEST(execution::most_slices_for<usual>(3, costs) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
