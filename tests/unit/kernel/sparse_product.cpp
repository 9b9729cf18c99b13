// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/sparse_product.hpp>

#include "unit/kernel/product_case.hpp"

#include <limits>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

/// Makes about so many percent of the left side zero, of either sign.
template <class T> void clear_some(product_case<T>& c, std::size_t percent) {
  for (std::size_t k = 0; k < c.depth; ++k)
    if (between(0, 99) < percent) c.left.at(0, k) = between(0, 1) == 0 ? T{0} : -T{0};
}

template <class T> kernel::call<T> call_for(product_case<T>& c) {
  kernel::call<T> call;
  call.rows = 1, call.columns = c.columns, call.depth = c.depth, call.left = c.left.data(),
  call.right = c.weight.data();
  call.arguments[1] = {c.bias.data(), 0, 0, 0};
  call.results[0] = c.found[0].place();
  return call;
}

using biased = decltype([](auto x, auto bias) { return x + bias; });
using curved = decltype([](auto x, auto bias) { return tanh(x + bias); });

/// `behind`: by how many epsilons two results may differ that are computed of the same sum.
template <class T, std::size_t Depth, std::size_t Columns, class Function> void compare(T behind) {
  using tested = kernel::sparse_product<T, expression_table<Function, 2>, accesses(access::product, access::column),
                                        Depth, Columns>;
  constexpr std::size_t percents[] = {0, 20, 30, 50, 80, 95, 100};
  for (const std::size_t percent : percents) {
    product_case<T> c(1, Depth, Columns);
    clear_some(c, percent);
    kernel::call<T> call = call_for(c);
    tested::run(call);
    call.results[0] = c.expected[0].place();
    tested::dense::run_plainly(call);
    c.found[0].check_untouched_around();
    c.found[0].check_padding_is_zero();
    c.check_sums_in_any_order(behind);
  }
}

// What the kernel promises beside `product`: the rows of the weight that belong to zeros are not read.
template <class T, std::size_t Depth, std::size_t Columns> void read_no_weight_of_a_zero() {
  using tested = kernel::sparse_product<T, expression_table<kept, 1>, accesses(access::product), Depth, Columns>;
  product_case<T> c(1, Depth, Columns);
  clear_some(c, 60);
  kernel::call<T> call = call_for(c);
  call.results[0] = c.expected[0].place();
  tested::dense::run_plainly(call);
  const auto where_zero = [&](T weight) {
    for (std::size_t k = 0; k < Depth; ++k)
      for (std::size_t o = 0; c.left.at(0, k) == T{0} && o < Columns; ++o) c.weight.at(k, o) = weight;
  };
  where_zero(std::numeric_limits<T>::quiet_NaN());
  call.results[0] = c.found[0].place();
  tested::run(call);
  where_zero(T{0});
  c.check_sums_in_any_order();
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_sparse_product)

BOOST_AUTO_TEST_CASE_TEMPLATE(lists_what_is_not_zero_in_order, T, both_types) {
  for (std::size_t count = 0; count < 100; ++count) {
    product_case<T> c(1, count == 0 ? 1 : count, 1);
    clear_some(c, between(0, 100));
    if (count > 3)
      c.left.at(0, count / 2) = std::numeric_limits<T>::quiet_NaN(),
                           c.left.at(0, count - 1) = std::numeric_limits<T>::denorm_min();
    std::vector<kernel::position<T>> expected, found(kernel::padded<T>(count) + 1, -1);
    for (std::size_t k = 0; k < count; ++k)
      if (!(c.left.at(0, k) == T{0})) expected.push_back(static_cast<kernel::position<T>>(k));
    const std::size_t length = kernel::list_nonzeros(static_cast<const T*>(c.left.data()), count, found.data());
    BOOST_TEST(found.back() == -1);
    found.resize(length);
    BOOST_TEST(found == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sums_are_those_of_plain_loops, T, both_types) {
  compare<T, 1, 1, biased>(1);
  compare<T, 64, 64, biased>(1);
  compare<T, 301, 37, biased>(1);
  compare<T, 50, 130, biased>(1);
}

BOOST_AUTO_TEST_CASE(long_expressions_follow_too) {
  compare<float, 77, 90, curved>(5); // tanh is right to 2 of them
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_weights_of_zeros_are_not_read, T, both_types) {
  read_no_weight_of_a_zero<T, 200, 70>();
}

BOOST_AUTO_TEST_SUITE_END()
