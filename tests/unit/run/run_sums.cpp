// SPDX-License-Identifier: MIT
#include <fusegrad/run/run_sums.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <random>
#include <vector>

namespace {

using namespace fusegrad::execution;

/// What sharing takes of a program.
struct pretended_program {
  std::array<parameter_place, 2> parameters{};
};

step weight_gradient(std::uint32_t depth, std::uint32_t columns, std::int32_t parameter) {
  step s;
  s.what = fusegrad::graph::kind::weight_gradient;
  s.depth = depth, s.columns = columns, s.parameter = fusegrad::graph::parameter_id{parameter};
  return s;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_run_sums)

BOOST_AUTO_TEST_CASE(threads_do_every_unit_of_every_sum_once) {
  std::mt19937 engine(5);
  for (int i = 0; i < 300; ++i) {
    std::vector<sum_cost> sums(1 + engine() % 12);
    std::size_t total = 0;
    for (sum_cost& cost : sums) {
      cost = {engine() % 4 == 0 ? 0 : 1 + engine() % 5000, 1 + engine() % 60};
      total += cost.work;
    }
    for (int size = 1; size <= 8; ++size) {
      std::vector<std::size_t> next(sums.size(), 0);
      for (int rank = 0; rank < size; ++rank) {
        sharing_of_sums sharing(member{rank, size, nullptr}, total);
        for (std::size_t k = 0; k < sums.size(); ++k) {
          const share_of_sum share = sharing.next(sums[k]);
          if (share.first >= share.last) continue;
          BOOST_REQUIRE_EQUAL(share.first, next[k]);
          next[k] = share.last;
        }
      }
      for (std::size_t k = 0; k < sums.size(); ++k) BOOST_REQUIRE_EQUAL(next[k], sums[k].units);
    }
  }
}

BOOST_AUTO_TEST_CASE(threads_have_about_the_same_work) {
  const std::vector<sum_cost> sums{{784 * 512, 11 * 33}, {512, 1}, {512 * 512, 11 * 22}, {512, 1},
                                   {512 * 16, 22},       {16, 1}};
  std::size_t total = 0;
  for (const sum_cost& cost : sums) total += cost.work;
  for (int size : {2, 3, 4})
    for (int rank = 0; rank < size; ++rank) {
      sharing_of_sums sharing(member{rank, size, nullptr}, total);
      double work = 0;
      for (const sum_cost& cost : sums) {
        const share_of_sum share = sharing.next(cost);
        if (share.first < share.last)
          work += static_cast<double>((share.last - share.first) * cost.work) / static_cast<double>(cost.units);
      }
      BOOST_TEST(work * size == static_cast<double>(total), boost::test_tools::tolerance(0.02));
    }
}

// Each thread adds to its own part of a shared weight, whatever other sums there are.
BOOST_AUTO_TEST_CASE(sums_that_add_to_the_same_weights_are_cut_alike) {
  pretended_program program;
  program.parameters[0].contributions = 3;
  program.parameters[1].contributions = 1;
  const step shared = weight_gradient(200, 70, 0), own = weight_gradient(150, 33, 1);
  BOOST_TEST(cost_of_sum<float>(program, own).work > 0u);
  for (int size = 1; size <= 8; ++size)
    for (int rank = 0; rank < size; ++rank) {
      sharing_of_sums sharing(member{rank, size, nullptr}, 2 * cost_of_sum<float>(program, own).work);
      const share_of_sum first = sharing.next(cost_of_sum<float>(program, shared));
      for (int i = 0; i < 2; ++i) {
        sharing.next(cost_of_sum<float>(program, own));
        const share_of_sum again = sharing.next(cost_of_sum<float>(program, shared));
        BOOST_TEST((again.first == first.first && again.last == first.last));
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()
