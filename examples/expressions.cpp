// SPDX-License-Identifier: MIT
// A function, its derivatives, and where they can be evaluated.
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <string_view>
#include <vector>
namespace fg = fusegrad;

// A plain generic function. The compiler runs it once with traced values and keeps what it did.
constexpr auto f = [](auto u, auto v) { return u * sin(v) + 2 * exp(u); };

// Derivatives are functions of the same kind: they can be differentiated again, printed, and called.
constexpr auto f_u = fg::derivative<0>(f);
constexpr auto f_uu = fg::derivative<0>(f_u);

// Everything works in constant expressions.
static_assert(fg::gradient(f)(0.0, 0.0) == fg::values(2.0, 0.0));
static_assert(f_uu(0.0, 5.0) == 2.0);
static_assert(fg::derivative(fg::tanh).to_string() == "1 - y*y"); // y is the value of the function itself

template <class F> void print(const char* what, const F& function) {
  const auto formula = function.to_string();
  const std::string_view text = formula;
  std::printf("%-8s %.*s\n", what, static_cast<int>(text.size()), text.data());
}

int main() {
  print("f", fg::function(f));
  print("df/du", f_u);
  print("grad f", fg::gradient(f));
  // prints: f x1*sin(x2) + 2*exp(x1)
  // prints: df/du sin(x2) + 2*exp(x1)
  // prints: grad f (sin(x2) + 2*exp(x1), x1*cos(x2))

  // At run time, at one point ...
  const auto h = fg::hessian(f)(0.5, 1.0);
  std::printf("hessian  %g %g\n         %g %g\n", h[0][0], h[0][1], h[1][0], h[1][1]); // 2 exp(u), cos(v), -u sin(v)
  // prints: hessian 3.29744 0.540302
  // prints: 0.540302 -0.420735

  // ... or over whole arrays in one fused loop: first what comes out, then what goes in.
  const std::vector<float> u{0, 1, 2, 3}, v{0, 0, 0, 0};
  std::vector<float> du(4), dv(4);
  fg::transform(fg::gradient(f), du, dv, u, v);

  const bool symmetric = h[0][1] == h[1][0];
  return symmetric && du[0] == 2.0f && dv[3] == 3.0f ? 0 : 1;
}
