// SPDX-License-Identifier: MIT
// How viscous is it, and how strongly does it carry itself along? Both numbers of Burgers' equation are learned
// together with its solution, from 200 measurements with noise at scattered places.
// prints: speed 1.00 +- 0.05, nu 0.050 +- 0.005

#include "burgers/exact.hpp"

#include <cstdio>
#include <fusegrad/fusegrad.hpp>

namespace fg = fusegrad;

static constexpr double true_nu = 0.05;
constexpr auto net = fg::input<2> | fg::repeat<2>(fg::dense<20> | fg::tanh) | fg::dense<1>; // x, t
constexpr auto burgers = fg::equation([](auto u, auto x, auto t) {
  return d(u, t) + fg::parameter<"speed">(0.5) * u * d(u, x) - fg::parameter<"nu">(0.2) * d(u, x, x);
});

int main() {
  constexpr fg::box domain{{-1, 0}, {1, 1}};
  const auto inside = domain.sobol(600, 1), places = domain.uniform(200, 2);
  std::vector<double> measured;
  const fg::base::random_stream noise(3);
  for (std::size_t i = 0; i < places.size() / 2; ++i)
    measured.push_back(exact_burgers(places[2 * i], places[2 * i + 1], true_nu) + 0.01 * noise.normal(i));

  fg::trainer trainer{net, fg::physics(burgers, 10 * fg::mean_squared_error), fg::adam{.learning_rate = 3e-3},
                      fg::training_options<double>{.seed = 1}};
  const auto samples = fg::points(inside, fg::with_targets<double>(places, 2, measured, 1));
  trainer.fit(samples, {.epochs = 500});
  trainer.minimise(samples, fg::lbfgs{.evaluations = 1500});

  std::printf("true speed 1, nu %.3f\n", true_nu);
  std::printf("speed %.4f, nu %.4f\n", trainer.read("speed")[0], trainer.read("nu")[0]);
}
