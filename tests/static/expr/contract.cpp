// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>
#include <type_traits>

namespace {

namespace fg = fusegrad;

constexpr auto f = [](auto u, auto v) { return u * sin(v) + 2 * exp(u); };
static_assert(fg::gradient(f)(0.0, 0.0) == fg::values(2.0, 0.0));

constexpr auto fuu = fg::derivative<0>(fg::derivative<0>(f));
static_assert(fuu(0.0, 2.0) == 2.0);
static_assert(fuu.to_string() == "2*exp(x1)");
static_assert(fg::derivative<1>(f).to_string() == "x1*cos(x2)");

// Traced functions are empty objects, whatever they are made of.
static_assert(std::is_empty_v<decltype(fuu)> && std::is_trivially_copyable_v<decltype(fuu)>);
static_assert(std::is_empty_v<decltype(fg::gradient(f))> && std::is_empty_v<decltype(fg::hessian(f))>);
static_assert(std::is_empty_v<decltype(fg::vjp(f))> && std::is_empty_v<decltype(fg::function(f))>);

// Copied, returned, stored: nothing refers to what is gone.
constexpr auto squared(auto x) { return x * x; }
constexpr auto use_squared = [](auto x) {
  auto y = squared(x);
  auto z = y;
  y = z;
  return y;
};
static_assert(fg::derivative(use_squared)(3.0) == 6.0);
constexpr auto make_derivative() {
  auto g = [](auto x) { return squared(x) * x; };
  auto d = fg::derivative(g);
  return d;
}
static_assert(make_derivative()(2.0) == 12.0);

constexpr auto swish = [](auto x) { return x / (1 + exp(-x)); };
static_assert(fg::function(swish).to_string() == "x*sigmoid(x)");
static_assert(fg::derivative(swish)(0.0) == 0.5);

constexpr auto prelu = [](auto x) { return max(x, 0) + fg::parameter<"slope">(0.25) * min(x, 0); };
static_assert(fg::function(prelu)(-4.0) == -1.0);
static_assert(fg::derivative(prelu)(-4.0) == 0.25);
static_assert(fg::function(prelu).to_string() == "max(x, 0) + min(x, 0)*slope");

constexpr auto relu = fg::function([](auto x) { return max(x, 0); });
constexpr auto leaky = fg::function([](auto x) { return max(x, 0.1 * x); });
constexpr auto necro_relu = fg::function([](auto x) { return surrogate(relu(x), leaky(x)); });
static_assert(necro_relu(-2.0) == 0.0 && fg::derivative(necro_relu)(-2.0) == 0.1);
static_assert(fg::derivative(relu).to_string() == "select(0 < y, 1, 0)");

constexpr auto huber = [](auto prediction, auto target) {
  auto e = abs(prediction - target);
  return select(e < 1, 0.5 * square(e), e - 0.5);
};
static_assert(fg::gradient(huber)(0.5, 0.0) == fg::values(0.5, -0.5));
static_assert(fg::gradient(huber)(5.0, 0.0) == fg::values(1.0, -1.0));

constexpr auto hyperbolic_tangent = [](auto x) { return tanh(x); };
static_assert(fg::derivative(hyperbolic_tangent).to_string() == "1 - y*y");
static_assert(fg::derivative(fg::derivative(hyperbolic_tangent)).to_string() == "-2*(y*(1 - y*y))");

// Several results, matrices of derivatives, directions.
constexpr auto polar = [](auto r, auto phi) { return fg::values(r * cos(phi), r * sin(phi)); };
static_assert(fg::jacobian(polar)(2.0, 0.0)[0] == fg::values(1.0, 0.0));
static_assert(fg::jacobian(polar)(2.0, 0.0)[1] == fg::values(0.0, 2.0));
static_assert(fg::jvp(polar)(2.0, 0.0, 1.0, 1.0) == fg::values(1.0, 2.0));
static_assert(fg::vjp(polar)(2.0, 0.0, 1.0, 1.0) == fg::values(1.0, 2.0));
constexpr auto product = [](auto u, auto v) { return u * u * v; };
static_assert(fg::hessian(product)(2.0, 3.0)[0] == fg::values(6.0, 4.0));
static_assert(fg::hessian(product)(2.0, 3.0)[1] == fg::values(4.0, 0.0));
static_assert(fg::gradient(fg::derivative<1>(product))(2.0, 3.0) == fg::values(4.0, 0.0));

// A derivative is exactly zero where a branch is not taken, even where that branch has an infinite slope.
constexpr auto safe_root = [](auto x) { return select(x > 0, sqrt(x), 0); };
static_assert(fg::gradient(safe_root).to_string() == fg::derivative(safe_root).to_string());
static_assert(fg::gradient(safe_root)(4.0) == 0.25);

// What stands still has derivative zero.
static_assert(fg::derivative([](auto x) { return x * stop_gradient(x); })(3.0) == 3.0);
static_assert(fg::derivative([](auto x) { return sign(x) + 0 * x; })(3.0) == 0.0);

// An update rule: the weight comes first, then the states in the order in which they are written.
constexpr auto momentum = [](auto weight, auto slope) {
  const auto velocity = fg::setting<"momentum">(0.9) * fg::state<"velocity">() + slope;
  return fg::updated(weight - fg::setting<"learning_rate">(0.1) * velocity, fg::next<"velocity">(velocity),
                     fg::next<"steps">(fg::state<"steps">() + 1));
};
constexpr const auto& recorded = fg::expr::recorded<fg::expr::recipe_of<decltype(momentum)>, 2>;
static_assert(recorded.positional == 2 && recorded.leaf_count == 4 && recorded.stored_count == 2);
static_assert(recorded.body.result_count == 3 && recorded.body.arguments == 6);
static_assert(recorded.stored[0].name == "velocity" && recorded.stored[0].node == 1);
static_assert(recorded.stored[1].name == "steps" && recorded.stored[1].node == 2);

// Integers are welcome; the answer is a real number.
static_assert(fg::derivative(product)(2, 3) == 12.0 && std::is_same_v<decltype(fg::derivative(product)(2, 3)), double>);
static_assert(std::is_same_v<decltype(fg::derivative(product)(2.0F, 3)), float>);
static_assert(std::is_same_v<decltype(fg::derivative(swish)(2.0F)), float>);
static_assert(std::is_same_v<decltype(fg::derivative(swish)(2)), double>);

} // namespace
