// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/apart.hpp>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <vector>

#include "../../../src/kernels/common_nets.hpp"

namespace kernel = fusegrad::kernel;

namespace {
/// Whether a list has each number once, and `found` has just those.
template <std::size_t Count> bool is_list_of(std::vector<std::uint64_t> found, const std::uint64_t (&list)[Count]) {
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::uint64_t> listed(list, list + Count);
  std::sort(listed.begin(), listed.end());
  return listed == found;
}
constexpr std::uint64_t print_of(auto epilogue) { return kernel::fingerprint(epilogue.table, epilogue.accesses); }
} // namespace

BOOST_AUTO_TEST_SUITE(apart)

BOOST_AUTO_TEST_CASE(what_is_listed_is_what_the_library_makes) {
  std::vector<std::uint64_t> products, updates;
  const auto add_product = [&](auto epilogue) { products.push_back(print_of(epilogue)); };
  kernel::each_epilogue_of_rectifiers(add_product);
  kernel::each_epilogue_of_exponentials(add_product);
  kernel::each_use_of_gradients([&](auto epilogue) { updates.push_back(print_of(epilogue)); });
  BOOST_TEST(is_list_of(products, kernel::detail::common_epilogues));
  BOOST_TEST(is_list_of(updates, kernel::detail::common_updates));
}

BOOST_AUTO_TEST_CASE(a_fingerprint_tells_each_part_of_an_expression) {
  constexpr auto same = fusegrad::expr::table_from<fusegrad::execution::identity_recipe>;
  constexpr kernel::access_list<1> sum{{kernel::access::product}};
  const std::uint64_t print = kernel::fingerprint(same, sum);
  auto node = same;
  node.code[0] += 1;
  auto constant = same;
  constant.constants[0] = 0.5;
  auto result = same;
  result.results[0] = 1;
  auto arguments = same;
  arguments.arguments = 2;
  auto part = sum;
  part.is_part = true;
  const std::array others{
      kernel::fingerprint(node, sum),   kernel::fingerprint(constant, sum),
      kernel::fingerprint(result, sum), kernel::fingerprint(arguments, sum),
      kernel::fingerprint(same, part),  kernel::fingerprint(same, kernel::access_list<1>{{kernel::access::element}})};
  for (std::size_t i = 0; i < others.size(); ++i) {
    BOOST_TEST(others[i] != print);
    for (std::size_t j = 0; j < i; ++j) BOOST_TEST(others[i] != others[j]);
  }
}

BOOST_AUTO_TEST_CASE(without_the_library_no_kernel_is_called_there) {
  constexpr auto kept = fusegrad::execution::kept_as_it_is;
  constexpr auto sum = fusegrad::execution::only_the_sum;
  static_assert(kernel::detail::is_listed(kernel::fingerprint(kept, sum), kernel::detail::common_updates));
  static_assert(!kernel::has_kernels_apart);
  static_assert(!kernel::is_weight_gradient_apart<float, kept, sum, kernel::fixed_shape{}, false, 1>());
}

BOOST_AUTO_TEST_SUITE_END()
