// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/narrow_product.hpp>

#include "unit/kernel/support.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

using biased = decltype([](auto p, auto b) { return values(p + b, tanh(p) * b); });

/// The weight lies by outputs, [columns][depth].
template <class T, int Columns> void check_columns() {
  constexpr auto columns = static_cast<std::size_t>(Columns);
  for (int i = 0; i < 30; ++i) {
    const std::size_t count = between(1, 30), depth = between(1, 150);
    rows<T> left(count, depth), bias(1, columns), first(count, columns), second(count, columns);
    panelled<T> weight(columns, depth);
    left.fill(T(-7)), bias.fill(T(-11));
    weight.fill(left.nan); // an update rule may have made anything of the padding
    kernel::call<T> c;
    c.rows = count, c.columns = columns, c.depth = depth;
    c.left = left.data(), c.right = weight.data(), c.arguments[1] = {bias.data(), 0, 0, 0};
    c.results[0] = first.place(), c.results[1] = second.place();
    kernel::narrow_product<T, Columns, expression_table<biased, 2>, accesses(access::product, access::column)>::run(c);
    for (std::size_t r = 0; r < count; ++r)
      for (std::size_t o = 0; o < columns; ++o) {
        double sum = 0, scale = 1;
        for (std::size_t k = 0; k < depth; ++k) {
          const double term = static_cast<double>(left.at(r, k)) * static_cast<double>(weight.at(o, k));
          sum += term, scale += std::abs(term);
        }
        const double b = static_cast<double>(bias.at(0, o)),
                     tolerance = 4 * static_cast<double>(std::numeric_limits<T>::epsilon()) * scale * (1 + std::abs(b));
        BOOST_REQUIRE_SMALL(static_cast<double>(first.at(r, o)) - (sum + b), tolerance);
        BOOST_REQUIRE_SMALL(static_cast<double>(second.at(r, o)) - std::tanh(sum) * b, tolerance);
      }
    for (rows<T>* result : {&first, &second}) {
      result->check_padding_is_zero();
      result->check_untouched_around();
      result->check_slack_untouched();
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_narrow_product)

BOOST_AUTO_TEST_CASE(few_outputs) {
  check_columns<float, 1>();
  check_columns<float, 2>();
  check_columns<float, 3>();
  check_columns<float, 5>();
  check_columns<float, 8>();
  check_columns<double, 1>();
  check_columns<double, 4>();
}

// The gradient of a layer's input for a single sample.
BOOST_AUTO_TEST_CASE(more_outputs_than_a_vector_has_numbers) {
  check_columns<float, 16>();
  check_columns<float, 37>();
  check_columns<double, 19>();
}

BOOST_AUTO_TEST_CASE(a_row_has_the_same_bits_wherever_it_stands) {
  rows<float> many(9, 45), one(1, 45), found(9, 3), alone(1, 3), bias(1, 3), unused(9, 3);
  panelled<float> weight(3, 45);
  many.fill(), weight.fill(), bias.fill();
  kernel::call<float> c;
  c.columns = 3, c.depth = 45, c.right = weight.data(), c.arguments[1] = {bias.data(), 0, 0, 0};
  const auto multiply = [&](rows<float>& from, rows<float>& to) {
    c.rows = from.count(), c.left = from.data(), c.results[0] = to.place(), c.results[1] = unused.place();
    kernel::narrow_product<float, 3, expression_table<biased, 2>, accesses(access::product, access::column)>::run(c);
  };
  multiply(many, found);
  for (std::size_t r = 0; r < 9; ++r) {
    std::memcpy(one.data(), &many.at(r, 0), kernel::padded<float>(45) * sizeof(float));
    multiply(one, alone);
    BOOST_TEST(std::memcmp(alone.data(), &found.at(r, 0), 3 * sizeof(float)) == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
