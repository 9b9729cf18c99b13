// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/weight_gradient.hpp>

#include "unit/kernel/gradient_case.hpp"

#include <array>
#include <fusegrad/kernel/elementwise.hpp>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

using moved_with_memory = decltype([](auto weight, auto gradient, auto mean, auto rate) {
  const auto next = 0.9 * mean + gradient;
  return values(weight - rate * next / (abs(next) + 1), next);
});

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_weight_gradient_update)

// An update rule as epilogue gives what storing the gradient and then applying the rule gives.
BOOST_AUTO_TEST_CASE(an_update_at_once_has_the_bits_of_one_afterwards) {
  for (int i = 0; i < 100; ++i) {
    auto c = random_gradient<float>();
    panelled<float> before(c.depth, c.columns), gradient(c.depth, c.columns), weight(c.depth, c.columns),
        mean(c.depth, c.columns), expected_weight(c.depth, c.columns), expected_mean(c.depth, c.columns);
    gradient.copy(before.fill());
    expected_weight.copy(weight.fill()), expected_mean.copy(mean.fill());
    float rate = 0.125f;
    const bool accumulate = i % 2 == 0;

    c.sum(gradient, accumulate);
    kernel::call<float> after;
    after.rows = 1, after.columns = gradient.size();
    after.arguments[0] = {expected_weight.data(), 0, 0, 0}, after.arguments[1] = {gradient.data(), 0, 0, 0};
    after.arguments[2] = {expected_mean.data(), 0, 0, 0}, after.arguments[3] = {&rate, 0, 0, 0};
    after.results[0] = {expected_weight.data(), 0, 0, 0}, after.results[1] = {expected_mean.data(), 0, 0, 0};
    kernel::elementwise<float, expression_table<moved_with_memory, 4>,
                        accesses(access::element, access::element, access::element, access::scalar)>::run(after);

    c.c.gradient = before.data(), c.c.accumulate = accumulate;
    c.c.arguments[0] = {weight.data(), 0, 0, 0}, c.c.arguments[2] = {mean.data(), 0, 0, 0},
    c.c.arguments[3] = {&rate, 0, 0, 0};
    c.c.results[0] = {weight.data(), 0, 0, 0}, c.c.results[1] = {mean.data(), 0, 0, 0};
    const std::size_t cut = between(0, c.units());
    for (const auto& [first, last] : {std::array{std::size_t{0}, cut}, std::array{cut, c.units()}}) {
      c.c.first_unit = first, c.c.last_unit = last;
      c.run<moved_with_memory, 4, accesses(access::element, access::product, access::element, access::scalar)>();
    }
    BOOST_TEST(same_bits(weight, expected_weight));
    BOOST_TEST(same_bits(mean, expected_mean));
    weight.check_untouched_around();
    mean.check_untouched_around();
  }
}

// One kernel for all calls of a layer: those that use the sum and those that keep it, of rows that lie one behind the
// other and of rows that are listed.
BOOST_AUTO_TEST_CASE(one_kernel_uses_or_keeps_sums_of_any_rows) {
  for (int i = 0; i < 100; ++i) {
    auto c = random_gradient<float>();
    panelled<float> kept_sum(c.depth, c.columns), used(c.depth, c.columns), weight(c.depth, c.columns),
        mean(c.depth, c.columns), found(c.depth, c.columns), expected_mean(c.depth, c.columns);
    if (i % 2 == 0) found.copy(kept_sum.fill());
    panelled<float> before(c.depth, c.columns);
    before.copy(found), used.copy(weight.fill()), expected_mean.copy(mean.fill());
    float rate = 0.125f;
    c.sum(kept_sum, i % 2 == 0);
    const auto point_to = [&](panelled<float>& moved, panelled<float>& memory) {
      c.c.gradient = before.data();
      c.c.arguments[0] = c.c.results[0] = {moved.data(), 0, 0, 0};
      c.c.arguments[2] = c.c.results[1] = {memory.data(), 0, 0, 0};
      c.c.arguments[3] = {&rate, 0, 0, 0};
    };
    constexpr auto how = accesses(access::element, access::product, access::element, access::scalar);
    point_to(used, expected_mean);
    c.run<moved_with_memory, 4, how>();

    std::vector<const float*> listed;
    for (std::size_t row = 0; row < c.count + kernel::row_slack; ++row)
      listed.push_back(&c.x.at(row < c.count ? row : 0, 0));
    if (i % 3 == 0) c.c.left_rows = listed.data();
    const auto run = [&] {
      with_tiles_for<float>(c.columns, [&](auto wide, auto rest) {
        kernel::weight_gradient<float, kernel::column_tiles{wide, rest}, expression_table<moved_with_memory, 4>, how,
                                kernel::fixed_shape{}, false, 1, true, true>::run(c.c);
      });
    };
    point_to(weight, mean);
    run();
    BOOST_TEST(same_bits(weight, used));
    BOOST_TEST(same_bits(mean, expected_mean));
    c.c.gradient = found.data();
    kernel::keep_sum<4, 2>(c.c);
    run();
    BOOST_TEST(same_bits(found, kept_sum));
    BOOST_TEST(same_bits(weight, used));
    BOOST_TEST(same_bits(mean, expected_mean));
    for (panelled<float>* all : {&found, &weight, &mean}) all->check_untouched_around();
  }
}

BOOST_AUTO_TEST_SUITE_END()
