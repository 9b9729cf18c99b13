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

BOOST_AUTO_TEST_CASE(a_sample_has_the_same_bits_among_few_others_and_among_many) {
  for (std::size_t columns = 1; columns <= 200; columns += 7) {
    product_case<float> many(13, between(1, 100), columns), two(2, many.depth, columns);
    many.run<bias_tanh, 2, accesses(access::product, access::column)>(1);
    two.weight.copy(many.weight), two.bias.copy(many.bias);
    for (std::size_t r = 0; r + 1 < many.count; ++r) {
      std::memcpy(two.left.data(), &many.left.at(r, 0), 2 * many.left.stride() * sizeof(float));
      two.run<bias_tanh, 2, accesses(access::product, access::column)>(1);
      for (std::size_t i = 0; i < 2; ++i)
        BOOST_TEST(std::memcmp(&two.found[0].at(i, 0), &many.found[0].at(r + i, 0), columns * sizeof(float)) == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_sample_alone_has_an_epilogue_too) {
  for (std::size_t columns = 1; columns <= 200; columns += 3) {
    product_case<float> one(1, between(1, 100), columns);
    one.run<two_results, 3, accesses(access::product, access::column, access::element)>(2);
    for (std::size_t k = 0; k < columns; ++k) {
      float product = 0, scale = 0;
      for (std::size_t i = 0; i < one.depth; ++i)
        product += one.left.at(0, i) * one.weight.at(i, k), scale += std::abs(one.left.at(0, i) * one.weight.at(i, k));
      BOOST_REQUIRE_SMALL(one.found[0].at(0, k) - 1 / (1 + std::exp(-product - one.bias.at(0, k))),
                          1e-6f * (1 + scale));
      BOOST_REQUIRE_SMALL(one.found[1].at(0, k) - product * one.other.at(0, k),
                          1e-6f * (1 + scale) * (1 + std::abs(one.other.at(0, k))));
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
