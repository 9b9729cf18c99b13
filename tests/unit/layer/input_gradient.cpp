// SPDX-License-Identifier: MIT
#include <fusegrad/layer/input_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <fusegrad/layers.hpp>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

// Up to three atoms, each of two features, and which of them are there.
constexpr auto energy = fg::inputs<fg::shape<3, 2>, fg::shape<3>> |
                        fg::each(fg::dense<5> | fg::tanh | fg::dense<4> | fg::silu | fg::dense<1>, fg::identity) |
                        fg::masked_sum;
constexpr auto with_forces = energy | fg::forces;
constexpr auto slopes_alone = fg::input_gradient(energy);
using rows = std::array<double, 9>;

template <class Model> auto field_of(const Model& model, const auto& weights) {
  fg::weights<Model, double> w{model, 0};
  for (const std::string& name : weights.parameter_names()) w.write(name, weights.read(name));
  return fg::inference(std::move(w));
}
const fg::weights<std::remove_const_t<decltype(energy)>, double> learned{energy, 5};

BOOST_AUTO_TEST_SUITE(layer_input_gradient)

BOOST_AUTO_TEST_CASE(shapes_and_names) {
  static_assert(with_forces.output_count() == 2);
  static_assert(with_forces.output_shape(0) == fg::shape<1> && with_forces.output_shape(1) == fg::shape<3, 2>);
  static_assert(slopes_alone.output_count() == 2 && slopes_alone.output_shape(1) == fg::shape<3>);
  static_assert((energy | fg::input_gradient_by<1>).output_shape(1) == fg::shape<3>);
  static_assert(with_forces.parameter_count() == energy.parameter_count());
}

BOOST_AUTO_TEST_CASE(is_the_slope_of_the_energy) {
  const auto field = field_of(energy, learned);
  const auto forces = field_of(with_forces, learned);
  const auto slopes = field_of(slopes_alone, learned);
  const rows at{0.3, -0.5, 1.2, 0.4, -0.7, 0.1, 1, 1, 1};
  const auto made = forces(at);
  const auto both = slopes(at);
  BOOST_TEST(made[0] == field(at)[0], boost::test_tools::tolerance(1e-14));
  for (std::size_t k = 0; k < 9; ++k) {
    rows up = at, down = at;
    up[k] += 1e-5;
    down[k] -= 1e-5;
    const double slope = (field(up)[0] - field(down)[0]) / 2e-5;
    BOOST_TEST(std::abs(both[k] - slope) < 1e-8, "input " << k);
    if (k < 6) BOOST_TEST(made[1 + k] == -both[k], "input " << k);
  }
}

BOOST_AUTO_TEST_CASE(what_only_fills_up_has_no_part) {
  const auto forces = field_of(with_forces, learned);
  const auto a = forces(rows{0.3, -0.5, 1.2, 0.4, -0.7, 0.1, 1, 1, 0});
  const auto b = forces(rows{0.3, -0.5, 1.2, 0.4, 9, -8, 1, 1, 0});
  for (std::size_t k = 0; k < 7; ++k) BOOST_TEST(a[k] == b[k]);
  BOOST_TEST(a[5] == 0.0);
  BOOST_TEST(a[6] == 0.0);
  // One atom alone, twice: its energy counts twice.
  const auto one = forces(rows{0.3, -0.5, 0, 0, 0, 0, 1, 0, 0}),
             two = forces(rows{0.3, -0.5, 0.3, -0.5, 0, 0, 1, 1, 0});
  BOOST_TEST(two[0] == 2 * one[0], boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
