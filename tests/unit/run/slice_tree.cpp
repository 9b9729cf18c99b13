// SPDX-License-Identifier: MIT
#include <fusegrad/run/slice_tree.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace {

using fusegrad::execution::slice_tree;

/// What stands in each place after the groups have run in some order, as text that says in which order it was added.
std::vector<std::string> sums_of(std::size_t slices, std::size_t threads, bool backwards) {
  const slice_tree tree(slices, threads);
  std::vector<std::string> sum(slices);
  const auto add = [&](std::size_t to_slice, std::size_t from_slice) {
    BOOST_REQUIRE(to_slice < from_slice && from_slice < slices);
    const std::size_t to = tree.place_of(to_slice), from = tree.place_of(from_slice);
    BOOST_REQUIRE(!sum[to].empty() && !sum[from].empty());
    sum[to] = "(" + sum[to] + "+" + sum[from] + ")";
    sum[from].clear();
  };
  for (std::size_t i = 0; i < tree.groups(); ++i) {
    const std::size_t group = backwards ? tree.groups() - 1 - i : i;
    for (std::size_t slice = tree.first_of(group); slice < tree.first_of(group + 1); ++slice) {
      const std::size_t place = tree.place_of(slice, group);
      BOOST_REQUIRE(place == tree.place_of(slice));
      BOOST_REQUIRE(tree.first_of(group) <= place && place < tree.first_of(group + 1));
      BOOST_REQUIRE(sum[place].empty());
      sum[place] = std::to_string(slice);
      bool is_added_to_neighbour = false;
      tree.each_sum_after(slice, group, [&](std::size_t to, std::size_t from) {
        if (to + 1 == from && from == slice) is_added_to_neighbour = true;
        add(to, from);
      });
      BOOST_TEST(tree.is_added_to_neighbour(slice, group) == is_added_to_neighbour);
    }
  }
  std::size_t last_sums = 0, others = 0;
  tree.each_sum_of_groups([&](std::size_t to, std::size_t from) {
    BOOST_TEST(last_sums == 0u); // nothing behind the last
    ++(tree.is_last_sum(to, from) ? last_sums : others);
    add(to, from);
  });
  BOOST_TEST((last_sums == 1) == (tree.groups() > 1));
  return sum;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_slice_tree)

BOOST_AUTO_TEST_CASE(sums_have_one_order_whatever_threads_there_are) {
  for (std::size_t slices = 1; slices <= 16; ++slices) {
    const std::vector<std::string> expected = sums_of(slices, 1, false);
    for (std::size_t slice = 1; slice < slices; ++slice) BOOST_TEST(expected[slice].empty());
    for (std::size_t threads = 1; threads <= 20; ++threads)
      for (bool backwards : {false, true})
        BOOST_TEST(sums_of(slices, threads, backwards) == expected, slices << " slices, " << threads << " threads");
  }
  BOOST_TEST(sums_of(5, 1, false)[0] == "(((0+1)+(2+3))+4)");
}

BOOST_AUTO_TEST_CASE(threads_that_are_a_power_of_two_leave_one_sum_each_to_the_end) {
  for (std::size_t threads : {1u, 2u, 4u, 8u, 16u}) {
    std::size_t left = 0;
    slice_tree(16, threads).each_sum_of_groups([&](std::size_t, std::size_t) { ++left; });
    BOOST_TEST(left == threads - 1);
  }
}

BOOST_AUTO_TEST_CASE(few_places_are_used) {
  std::vector<std::size_t> most;
  for (std::size_t threads : {1u, 2u, 4u, 16u}) {
    const slice_tree tree(16, threads);
    std::size_t used = 0;
    for (std::size_t slice = 0; slice < tree.first_of(1); ++slice) used = std::max(used, 1 + tree.place_of(slice, 0));
    most.push_back(used);
  }
  BOOST_TEST(most == (std::vector<std::size_t>{5, 4, 3, 1}));
}

BOOST_AUTO_TEST_CASE(slices_are_shared_evenly) {
  for (std::size_t threads = 1; threads <= 16; ++threads) {
    const slice_tree tree(16, threads);
    for (std::size_t group = 0; group < tree.groups(); ++group) {
      const std::size_t own = tree.first_of(group + 1) - tree.first_of(group);
      BOOST_TEST((own == 16 / threads || own == 16 / threads + 1));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
