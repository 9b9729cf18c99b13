// SPDX-License-Identifier: MIT
// Inference and functions in a program without exceptions and run-time types, as firmware and audio plug-ins are built.
#include <array>
#include <cmath>
#include <cstdio>
#include <fusegrad/layers.hpp>
#include <type_traits>

namespace fg = fusegrad;

namespace {

constexpr auto model = fg::input<2> | fg::dense<2> | fg::tanh | fg::dense<1>;
constexpr std::array hidden{0.5F, -1.0F, 0.25F, 2.0F};
constexpr std::array hidden_bias{0.1F, -0.2F};
constexpr std::array out{1.5F, -0.5F};
constexpr std::array out_bias{0.3F};

float by_hand(float x, float y) {
  const float a = std::tanh(0.5F * x - y + 0.1F), b = std::tanh(0.25F * x + 2 * y - 0.2F);
  return 1.5F * a - 0.5F * b + 0.3F;
}

} // namespace

int main() {
  fg::weights<std::remove_const_t<decltype(model)>> weights;
  weights.write("0.weight", hidden);
  weights.write("0.bias", hidden_bias);
  weights.write("2.weight", out);
  weights.write("2.bias", out_bias);
  const fg::inference net{weights};
  const float found = net(std::array{0.5F, 1.0F})[0], expected = by_hand(0.5F, 1.0F);
  constexpr auto slope = fg::derivative(fg::function([](auto x) { return x * tanh(x); }));
  const double derivative = slope(0.5), expected_derivative = std::tanh(0.5) + 0.5 / (std::cosh(0.5) * std::cosh(0.5));
  std::printf("%g %g, %g %g\n", static_cast<double>(found), static_cast<double>(expected), derivative,
              expected_derivative);
  return std::fabs(found - expected) < 1e-6F && std::fabs(derivative - expected_derivative) < 1e-12 ? 0 : 1;
}
