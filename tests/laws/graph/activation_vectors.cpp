// SPDX-License-Identifier: MIT
#include <fusegrad/layer/catalogue.hpp>

#include "laws/graph/finite_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/expr/transform.hpp>

#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;
using namespace fusegrad::test;

/// In vectors the numbers are those that each has alone.
template <class Activation> void check_vectors(const std::string& name) {
  static const std::vector<float> x = finite_numbers<float>();
  constexpr auto both = fg::function(value_and_slope<Activation>{});
  std::vector<float> value(x.size()), slope(x.size());
  fg::transform(both, value, slope, x);
  int differences = 0;
  float first = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto alone = both(x[i]);
    if ((alone[0] != value[i] || alone[1] != slope[i]) && differences++ == 0) first = x[i];
  }
  BOOST_TEST(differences == 0,
             name << " alone differs from a vector of it for " << differences << " numbers, for " << first << " first");
}

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_activation_vectors)

BOOST_AUTO_TEST_CASE(vectors_have_the_bits_of_single_numbers) {
  fg::for_each_activation(
      []<class Activation>(std::string_view name, const Activation&) { check_vectors<Activation>(std::string(name)); });
}

BOOST_AUTO_TEST_SUITE_END()
