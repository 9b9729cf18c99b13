// SPDX-License-Identifier: MIT
// Newton's method for a net, by conjugate gradients: each step is solved for with exact products of the Hessian of the
// loss and directions, and without the Hessian itself.
// prints: norm of the gradient below 1e-9: yes

#include <cmath>
#include <cstdio>
#include <fusegrad/physics.hpp>
#include <span>
#include <vector>

namespace fg = fusegrad;

constexpr auto net = fg::input<1> | fg::dense<8> | fg::tanh | fg::dense<1>;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// to += factor * by
void add(std::span<double> to, double factor, std::span<const double> by) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * by[i];
}

/// A step p with (H + damping) p = -g, or as far as curvature is positive.
template <class Multiply>
std::vector<double> newton_step(std::span<const double> gradient, double damping, Multiply multiply) {
  std::vector<double> step(gradient.size()), rest(gradient.size()), product(gradient.size());
  add(rest, -1, gradient);
  std::vector<double> direction = rest;
  const double first = dot(rest, rest);
  double now = first;
  for (std::size_t i = 0; i < 3 * gradient.size() && now > 1e-20 * first; ++i) {
    multiply(direction, product);
    add(product, damping, direction);
    const double curvature = dot(direction, product);
    if (curvature <= 0) return i == 0 ? rest : step;
    add(step, now / curvature, direction);
    add(rest, -now / curvature, product);
    const double next = dot(rest, rest);
    for (std::size_t k = 0; k < rest.size(); ++k) direction[k] = rest[k] + next / now * direction[k];
    now = next;
  }
  return step;
}

template <class Trainer> void move(Trainer& trainer, double factor, std::span<const double> step) {
  for (const auto& name : trainer.parameter_names()) {
    std::vector<double> values = trainer.read(name);
    add(values, factor, step.first(values.size()));
    step = step.subspan(values.size());
    trainer.write(name, values);
  }
}

int main() {
  std::vector<double> x, y;
  for (int i = 0; i < 64; ++i) {
    x.push_back(-2 + 4 * i / 63.0);
    y.push_back(std::sin(2 * x.back()));
  }
  const auto samples = fg::with_targets<double>(x, 1, y, 1);
  fg::trainer trainer{net, fg::mean_squared_error + fg::l2<1e-3>, fg::adam{.learning_rate = 0.02},
                      fg::training_options<double>{.seed = 1}};
  trainer.fit(samples, {.epochs = 300, .batch_size = 64, .progress = fg::progress_style::silent});

  fg::loss_hessian second{trainer};
  const auto multiply = [&](const auto& direction, auto& product) { second.multiply(samples, direction, product); };
  std::vector<double> gradient(second.size()), tried(second.size());
  double loss = trainer.loss_and_gradient(samples, gradient), damping = 1e-3;
  int steps = 0;
  for (; steps < 1000 && std::sqrt(dot(gradient, gradient)) >= 1e-9; ++steps) {
    const std::vector<double> step = newton_step(gradient, damping, multiply);
    move(trainer, 1, step);
    const double there = trainer.loss_and_gradient(samples, tried);
    // At the bottom the loss itself no longer tells two places apart.
    const bool is_level = there - loss < 1e-13, is_flatter = dot(tried, tried) < dot(gradient, gradient);
    const bool is_better = there < loss || (is_level && is_flatter);
    if (!is_better) move(trainer, -1, step);
    damping *= is_better ? 0.5 : 4;
    if (!is_better) continue;
    loss = there;
    gradient = tried;
  }
  const double norm = std::sqrt(dot(gradient, gradient));
  std::printf("loss %.3e, norm of the gradient %.1e after %d steps\n", loss, norm, steps);
  std::printf("norm of the gradient below 1e-9: %s\n", norm < 1e-9 ? "yes" : "no");
}
