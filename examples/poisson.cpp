// SPDX-License-Identifier: MIT
// -(u_xx + u_yy) = 2 pi^2 sin(pi x) sin(pi y) in a square, zero on its sides, solved by a small network.
// prints: relative L2 error below 0.001: yes

#include <cmath>
#include <cstdio>
#include <fusegrad/physics.hpp>

namespace fg = fusegrad;

static constexpr double pi = 3.14159265358979323846;
constexpr auto net = fg::input<2> | fg::repeat<2>(fg::dense<24> | fg::tanh) | fg::dense<1>;
constexpr auto poisson = fg::equation(
    [](auto u, auto x, auto y) { return d(u, x, x) + d(u, y, y) + 2 * pi * pi * sin(pi * x) * sin(pi * y); });
constexpr auto sides = fg::equation([](auto u, auto, auto) { return u; });

int main() {
  constexpr fg::box square{{0, 0}, {1, 1}};
  const auto inside = square.sobol(400, 1), at_sides = square.boundary().sobol(80, 1);

  fg::trainer trainer{net, fg::physics(poisson, 100 * sides), fg::adam{}, fg::training_options<double>{.seed = 1}};
  const auto result = trainer.minimise(fg::points(inside, at_sides), fg::lbfgs{.evaluations = 2000});

  const auto grid = square.grid({51, 51});
  std::vector<double> exact;
  for (std::size_t i = 0; i < grid.size(); i += 2) exact.push_back(std::sin(pi * grid[i]) * std::sin(pi * grid[i + 1]));
  const double error = fg::relative_error(trainer.predict(grid), exact);
  std::printf("loss %.2e after %zu evaluations, relative L2 error %.2e\n", result.loss, result.evaluations, error);
  std::printf("relative L2 error below 0.001: %s\n", error < 1e-3 ? "yes" : "no");
}
