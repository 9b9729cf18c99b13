// SPDX-License-Identifier: MIT
#include <fusegrad/start/gain.hpp>

#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/gated.hpp>
#include <fusegrad/layer/groups.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/maxout.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/model/weights.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>
#include <string>
#include <type_traits>

namespace {

namespace fg = fusegrad;
namespace init = fg::init;
using fg::keep;

void check(double found, double expected) {
  BOOST_TEST(std::abs(found - expected) <= 1e-9 * expected, found << ", expected " << expected);
}

constexpr auto own = fg::activation([](auto x) { return max(x, 0) + fg::parameter<"slope">(0.5) * min(x, 0); });

template <keep What>
constexpr auto wide = decltype(fg::dense<300>)::template initialised<init::variance_preserving(What)>();
constexpr auto model =
    fg::input<600> |
    fg::branch(wide<keep::signal> | fg::relu, wide<keep::gradient> | fg::sigmoid, wide<keep::both> | fg::tanh,
               wide<keep::signal> | fg::swiglu, wide<keep::signal>.without_bias() | own.per_unit(),
               wide<keep::gradient> | fg::maxout<3>,
               wide<keep::signal> | fg::groups(fg::on<100>(fg::relu), fg::on<200>(fg::abs)), wide<keep::both>,
               wide<keep::signal> | fg::reshape<20, 15> | fg::relu | fg::flatten) |
    fg::concat;

/// The standard deviation of the weights of branch `i`, times the square root of `fan`.
double spread(const fg::weights<std::remove_cv_t<decltype(model)>, double>& weights, const std::string& layer,
              double fan) {
  double squares = 0;
  const auto numbers = weights.read(layer + ".weight");
  for (double w : numbers) squares += w * w;
  return std::sqrt(squares / static_cast<double>(numbers.size()) * fan);
}

} // namespace

BOOST_AUTO_TEST_SUITE(start_gain)

BOOST_AUTO_TEST_CASE(closed_forms) {
  const double pi = std::numbers::pi, e = std::numbers::e;
  check(fg::gain(fg::identity), 1);
  check(fg::gain(fg::relu), std::sqrt(2.0));
  check(fg::gain(fg::leaky_relu<0.3>), std::sqrt(2 / 1.09));
  check(fg::gain(fg::prelu.per_unit()), std::sqrt(2 / 1.0625));
  check(fg::gain(fg::abs), 1);
  check(fg::gain(fg::square), 1 / std::sqrt(3.0));
  check(fg::gain(fg::sine), std::sqrt(2 / (1 - std::exp(-2.0))));
  check(fg::gain(fg::gaussian), std::pow(5, 0.25));
  check(fg::gain([](auto x) { return exp(x); }), 1 / e);
  // The mean of min(|z|, 1)^2 by parts; kinks away from zero.
  const double inside = std::erf(1 / std::sqrt(2.0)), density = std::exp(-0.5) / std::sqrt(2 * pi);
  check(fg::gain(fg::hard_tanh), 1 / std::sqrt(1 - 2 * density));
  check(fg::gain(fg::hard_tanh, keep::gradient), 1 / std::sqrt(inside));
  // A jump.
  const double above = 0.5 * (1 - inside);
  check(fg::gain(fg::threshold<1.0, 0.5>), 1 / std::sqrt(density + above + 0.25 * (1 - above)));
  check(fg::gain(fg::threshold<1.0, 0.5>, keep::gradient), 1 / std::sqrt(above));
}

BOOST_AUTO_TEST_CASE(closed_forms_of_derivatives) {
  check(fg::gain(fg::relu, keep::gradient), std::sqrt(2.0));
  check(fg::gain(fg::leaky_relu<0.3>, keep::gradient), std::sqrt(2 / 1.09));
  check(fg::gain(fg::square, keep::gradient), 0.5);
  check(fg::gain(fg::sine, keep::gradient), std::sqrt(2 / (1 + std::exp(-2.0))));
  check(fg::gain(fg::sine, keep::both), std::sqrt(2.0));
  check(fg::gain(fg::softplus, keep::gradient), fg::gain(fg::sigmoid));
  // Of a surrogate the derivative that backward uses.
  check(fg::gain(fg::surrogate([](auto x) { return sign(x); }, fg::square), keep::gradient), 0.5);
}

BOOST_AUTO_TEST_CASE(of_several_parts) {
  check(fg::gain(fg::maxout<2>), 1);
  check(fg::gain(fg::maxout<3>), 1 / std::sqrt(1 + std::sqrt(3.0) / (2 * std::numbers::pi)));
  check(fg::gain(fg::maxout<3>, keep::gradient), std::sqrt(3.0));
  check(fg::gain(fg::bilinear), 1);
  check(fg::gain(fg::glu), fg::gain(fg::sigmoid));
  check(fg::gain(fg::gated(fg::softplus)), fg::gain(fg::softplus));
  check(fg::gain(fg::reglu, keep::gradient), std::sqrt(2.0));
  check(fg::gain(fg::groups(fg::on<3>(fg::relu), fg::on<1>(fg::abs))), std::sqrt(8.0 / 5));
}

BOOST_AUTO_TEST_CASE(what_has_no_gain) {
  check(fg::gain(fg::identity, keep::nothing), 1);
  check(fg::gain([](auto x) { return 0 * x; }), 1);
  // Their mean squares are infinite: far out, or around a point.
  check(fg::gain([](auto x) { return exp(x * x); }), 1);
  check(fg::gain([](auto x) { return 1 / x; }), 1);
  check(fg::gain([](auto x) { return 1 / (x - 0.3); }), 1);
}

BOOST_AUTO_TEST_CASE(weights_are_drawn_with_it) {
  const fg::weights<std::remove_cv_t<decltype(model)>, double> weights{model, 1};
  const auto near = [&](const char* layer, double fan, double expected) {
    const double found = spread(weights, layer, fan);
    BOOST_TEST(std::abs(found - expected) < 0.012 * expected, layer << ": " << found << ", expected " << expected);
  };
  near("0.0.0", 600, std::sqrt(2.0));
  near("0.1.0", 300, fg::gain(fg::sigmoid, keep::gradient));
  const double forward = fg::gain(fg::tanh), backward = fg::gain(fg::tanh, keep::gradient);
  near("0.2.0", 1, std::sqrt(2 / (600 / (forward * forward) + 300 / (backward * backward))));
  near("0.3.0", 600, fg::gain(fg::silu));
  near("0.4.0", 600, std::sqrt(2 / 1.25));
  near("0.5.0", 300, std::sqrt(3.0));
  near("0.6.0", 600, std::sqrt(1 / (0.5 / 3 + 2.0 / 3)));
  near("0.7", 450, 1);
  near("0.8.0", 600, std::sqrt(2.0));
}

BOOST_AUTO_TEST_SUITE_END()
