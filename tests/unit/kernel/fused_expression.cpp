// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/fused_expression.hpp>

#include "unit/kernel/product_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

using bias_relu = decltype([](auto p, auto b) { return max(p + b, 0); });
using bias_tanh = decltype([](auto p, auto b) { return tanh(p + b); });
using two_results = decltype([](auto p, auto b, auto other) { return values(sigmoid(p + b), p * other); });

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_fused_expression)

BOOST_AUTO_TEST_CASE(short_and_long_epilogues_and_several_results) {
  for (int i = 0; i < 150; ++i) {
    auto relu = random_case<float>();
    relu.run<bias_relu, 2, accesses(access::product, access::column)>(1);
    relu.found[0].check_equal(relu.expected[0], 0);
    auto curved = random_case<float>();
    curved.run<bias_tanh, 2, accesses(access::product, access::column)>(1);
    curved.found[0].check_equal(curved.expected[0], 2);
    auto both = random_case<float>();
    both.run<two_results, 3, accesses(access::product, access::column, access::element)>(2);
    both.found[0].check_equal(both.expected[0], 2);
    both.found[1].check_equal(both.expected[1], 0);
  }
}

BOOST_AUTO_TEST_CASE(a_sample_has_the_same_bits_alone_and_among_others) {
  for (std::size_t columns = 1; columns <= 200; columns += 7) {
    product_case<float> many(13, between(1, 100), columns), one(1, many.depth, columns);
    many.run<bias_tanh, 2, accesses(access::product, access::column)>(1);
    for (std::size_t r = 0; r < many.count; ++r) {
      std::memcpy(one.left.data(), &many.left.at(r, 0), many.depth * sizeof(float));
      std::memcpy(one.weight.data(), many.weight.data(), many.depth * many.weight.stride() * sizeof(float));
      std::memcpy(one.bias.data(), many.bias.data(), columns * sizeof(float));
      one.run<bias_tanh, 2, accesses(access::product, access::column)>(1);
      BOOST_TEST(std::memcmp(&one.found[0].at(0, 0), &many.found[0].at(r, 0), columns * sizeof(float)) == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(not_a_number_reaches_its_own_row_and_no_other) {
  product_case<float> c(11, 20, 50);
  c.left.at(4, 19) = c.left.nan;
  c.run<bias_tanh, 2, accesses(access::product, access::column)>(1);
  for (std::size_t r = 0; r < 11; ++r)
    for (std::size_t k = 0; k < 50; ++k) BOOST_TEST(std::isnan(c.found[0].at(r, k)) == (r == 4));
}

BOOST_AUTO_TEST_SUITE_END()
