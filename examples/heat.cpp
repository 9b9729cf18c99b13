// SPDX-License-Identifier: MIT
// u_t = 0.4 u_xx on a rod whose ends are kept at zero, from a start of two waves: ends and start are built into what is
// solved for, so that the equation is all that a small network has to learn.
// prints: relative L2 error below 0.001: yes

#include <cmath>
#include <cstdio>
#include <fusegrad/physics.hpp>

namespace fg = fusegrad;

static constexpr double pi = 3.14159265358979323846, conductivity = 0.4;
/// The two waves at the start and 0 at the ends, whatever the network puts out.
constexpr auto built_in = fg::output_transform(
    [](auto out, auto x, auto t) { return sin(pi * x) + 0.5 * sin(2 * pi * x) + t * x * (1 - x) * out; });
constexpr auto net = fg::input<2> | fg::repeat<2>(fg::dense<24> | fg::tanh) | fg::dense<1> | built_in; // x, t
constexpr auto heat = fg::equation([](auto u, auto x, auto t) { return d(u, t) - conductivity * d(u, x, x); });

int main() {
  constexpr fg::box domain{{0, 0}, {1, 1}};
  const auto inside = domain.sobol(500, 1);

  fg::trainer trainer{net, fg::physics(heat), fg::adam{}, fg::training_options<double>{.seed = 1}};
  const auto result = trainer.minimise(fg::points(inside), fg::lbfgs{.evaluations = 2000, .history = 100});

  const auto grid = domain.grid({51, 51});
  const std::vector<double> found = trainer.predict(grid);
  std::vector<double> exact;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double x = grid[2 * i], t = grid[2 * i + 1], rate = conductivity * pi * pi * t;
    exact.push_back(std::sin(pi * x) * std::exp(-rate) + 0.5 * std::sin(2 * pi * x) * std::exp(-4 * rate));
  }
  const double error = fg::relative_error(found, exact);
  std::printf("loss %.2e after %zu evaluations, relative L2 error %.2e\n", result.loss, result.evaluations, error);
  std::printf("relative L2 error below 0.001: %s\n", error < 1e-3 ? "yes" : "no");
}
