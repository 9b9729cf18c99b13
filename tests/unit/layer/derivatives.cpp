// SPDX-License-Identifier: MIT
#include <fusegrad/layer/derivatives.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/model/inference.hpp>
#include <vector>

namespace {

namespace fg = fusegrad;

// x^3 of two columns, without a weight.
constexpr auto cubes = fg::input<2> | fg::activation([](auto x) { return x * x * x; }) |
                       fg::derivatives(fg::by<0>, fg::by<1, 1>, fg::by<0, 0, 0>, fg::by<0, 1>, fg::laplacian);
static_assert(cubes.output_count() == 6 && cubes.output_size() == 12);
constexpr auto of_cubes = [] {
  const fg::inference model(fg::weights<std::remove_const_t<decltype(cubes)>, double>{});
  return model(std::array{2.0, -3.0});
}();
static_assert(of_cubes == std::array{8.0, -27.0, 12.0, 0.0, 0.0, -18.0, 6.0, 0.0, 0.0, 0.0, 12.0, -18.0});

constexpr auto field = fg::input<2> | fg::dense<20> | fg::tanh | fg::residual(fg::dense<20> | fg::silu) | fg::dense<1>;
constexpr auto with_derivatives =
    field | fg::derivatives(fg::by<0>, fg::by<1>, fg::by<0, 0>, fg::by<0, 1>, fg::by<0, 0, 1>, fg::by<0, 0, 1, 1>);

BOOST_AUTO_TEST_SUITE(layer_derivatives)

BOOST_AUTO_TEST_CASE(each_is_the_slope_of_a_lower_one) {
  const fg::inference model(fg::weights<std::remove_const_t<decltype(with_derivatives)>, double>{with_derivatives, 5});
  const double step = 1e-5;
  for (const auto& [x, t] : {std::array{0.3, -0.7}, std::array{-1.2, 0.1}, std::array{0.0, 2.0}}) {
    const auto at = [&](double dx, double dt) { return model(std::array{x + dx, t + dt}); };
    const auto here = at(0, 0), right = at(step, 0), left = at(-step, 0), later = at(0, step), earlier = at(0, -step);
    const auto check = [&](std::size_t found, std::size_t of, bool by_time) {
      const double slope = by_time ? (later[of] - earlier[of]) / (2 * step) : (right[of] - left[of]) / (2 * step);
      BOOST_TEST(std::abs(here[found] - slope) < 1e-7, "output " << found << ": " << here[found] << ", " << slope);
    };
    check(1, 0, false);
    check(2, 0, true);
    check(3, 1, false);
    check(4, 1, true);
    check(5, 3, true);
    check(6, 5, true);
  }
}

BOOST_AUTO_TEST_CASE(parameters_have_the_names_of_the_net) {
  using weights = fg::weights<std::remove_const_t<decltype(with_derivatives)>>;
  using plain = fg::weights<std::remove_const_t<decltype(field)>>;
  BOOST_TEST(weights::parameter_names() == plain::parameter_names(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_samples_have_the_bits_of_any_number_of_threads) {
  const fg::inference model(fg::weights<std::remove_const_t<decltype(with_derivatives)>>{with_derivatives, 5});
  std::vector<float> x;
  for (int i = 0; i < 2 * 333; ++i) x.push_back(std::sin(static_cast<float>(i)));
  const auto predicted = [&](int threads) {
    decltype(model)::workspace memory(threads);
    std::vector<float> out(333 * 7);
    model.predict(x, out, memory);
    return out;
  };
  BOOST_TEST(predicted(1) == predicted(3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
