// SPDX-License-Identifier: MIT
#include <fusegrad/start/gain.hpp>

#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/gated.hpp>
#include <fusegrad/layer/groups.hpp>
#include <fusegrad/layer/maxout.hpp>

#include <limits>

// Gains are constants of the program. tests/unit/plan/gain.cpp compares all of the catalogue with closed forms.
namespace {

namespace fg = fusegrad;
using fg::keep;

constexpr bool near(double found, double expected) { return found - expected < 1e-9 && expected - found < 1e-9; }
constexpr double root(double x) { return fg::math::sqrt(x); }

static_assert(near(fg::gain(fg::relu), 1.41421356237309505));
static_assert(near(fg::gain(fg::relu, keep::gradient), 1.41421356237309505));
static_assert(near(fg::gain(fg::leaky_relu<0.1>, keep::both), root(2 / 1.01)));
static_assert(near(fg::gain(fg::square), 1 / root(3)));
static_assert(near(fg::gain(fg::sine), root(2 / (1 - fg::math::exp(-2.0)))));
static_assert(near(fg::gain([](auto x) { return fg::parameter<"slope">(0.5) * abs(x - 1); }), root(2)));
static_assert(near(fg::gain(fg::maxout<2>, keep::gradient), root(2)));
static_assert(near(fg::gain(fg::reglu), root(2)));
static_assert(near(fg::gain(fg::groups(fg::on<3>(fg::relu), fg::on<1>(fg::identity))), root(8.0 / 5)));

// What has no value somewhere, or no bound, has no gain; compilers refuse what it would be worked out of.
constexpr double infinity = std::numeric_limits<double>::infinity();
static_assert(fg::gain([](auto x) { return log(x); }) == 1);
static_assert(fg::gain([](auto x) { return 1 / x; }) == 1);
static_assert(fg::gain([](auto x) { return abs(1 / x) + x; }) == 1);
static_assert(fg::gain([](auto x) { return 1 / (x - x); }, keep::both) == 1);
static_assert(fg::gain([](auto x) { return select(x < 0, -infinity, x); }) == 1);
static_assert(fg::gain([](auto x) { return pow(x, 1e10); }) == 1);
static_assert(fg::gain([](auto x) { return pow<-300>(x); }) == 1);
static_assert(fg::gain([](auto x) { return exp(exp(exp(x))); }) == 1);
static_assert(fg::gain([](auto x) { return rsqrt(x); }) == 1);
static_assert(fg::gain([](auto x) { return asin(x); }, keep::both) == 1);
static_assert(fg::gain([](auto x) { return round(exp(exp(exp(x)))); }) == 1);
static_assert(near(fg::gain([](auto x) { return select(x > 0, max(log(x), x), 0); }), root(2)));
static_assert(near(fg::gain([](auto x) { return min(x, infinity); }), 1));

// What overflows on the way to a limit has a value.
constexpr bool roughly(double found, double expected) { return found - expected < 1e-5 && expected - found < 1e-5; }
static_assert(roughly(fg::gain([](auto x) { return exp(-exp(exp(x))) + x; }), 1.09995));
static_assert(roughly(fg::gain([](auto x) { return tanh(exp(exp(x))) * x; }), 1.07576));
static_assert(near(fg::gain([](auto x) { return 2 * tanh(round(exp(exp(exp(x * x))))) * x; }), 0.5));
static_assert(near(fg::gain([](auto x) { return 2 * x + 1 / exp(exp(exp(exp(x * x)))); }), 0.5));
static_assert(near(fg::gain([](auto x) { return 8e5 * x; }), 1 / 8e5));

} // namespace
