// SPDX-License-Identifier: MIT
#include <fusegrad/layer/jacobian.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <fusegrad/layers.hpp>
#include <string>
#include <type_traits>

namespace {

namespace fg = fusegrad;

constexpr auto net = fg::input<2> | fg::dense<5> | fg::tanh | fg::dense<2>;

template <class Model> auto field_of(const Model& model) {
  const fg::weights<std::remove_const_t<decltype(net)>, double> learned{net, 5};
  fg::weights<Model, double> w{model, 0};
  for (const std::string& name : learned.parameter_names()) w.write(name, learned.read(name));
  return fg::inference(std::move(w));
}

BOOST_AUTO_TEST_SUITE(layer_jacobian)

BOOST_AUTO_TEST_CASE(against_differences) {
  constexpr auto slopes = fg::jacobian(net);
  constexpr auto source = fg::divergence(net);
  constexpr auto curvature = fg::laplacian(net);
  static_assert(slopes.output_shape() == fg::shape<2, 2>);
  static_assert(source.output_shape() == fg::shape<1>);
  static_assert(curvature.output_shape() == fg::shape<2>);
  static_assert(fg::derivatives(net, fg::by<0>, fg::by<1, 1>).output_count() == 2);
  const std::array<double, 2> at{0.3, -0.8};
  const auto field = field_of(net);
  const auto found = field_of(slopes)(at);
  const auto sum = field_of(source)(at);
  const auto bent = field_of(curvature)(at);
  for (std::size_t o = 0; o < 2; ++o) {
    double second = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      const auto moved = [&](double step) {
        std::array<double, 2> there = at;
        there[k] += step;
        return field(there)[o];
      };
      BOOST_TEST(std::abs(found[2 * o + k] - (moved(1e-5) - moved(-1e-5)) / 2e-5) < 1e-8);
      second += (moved(1e-3) - 2 * moved(0) + moved(-1e-3)) / 1e-6;
    }
    BOOST_TEST(std::abs(bent[o] - second) < 1e-5);
  }
  BOOST_TEST(sum[0] == found[0] + found[3], boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
