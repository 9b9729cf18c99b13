// SPDX-License-Identifier: MIT
#include "case.hpp"

#include <fusegrad/functions.hpp>

#include <array>
#include <cmath>
#include <memory>

namespace functions_benchmark {

namespace {

namespace fg = fusegrad;

/// y0' = x0, yi' = xi y(i-1) from 0 to 2 by classical Runge-Kutta: the last number at the end, by all x.
struct runge_kutta {
  static constexpr std::size_t size = 4;
  using numbers = std::array<double, size>;
  std::size_t steps;
  numbers x{0.9, -0.7, 1.1, 0.8}, dx{};

  struct step {
    template <class Y, class X, class H> constexpr auto operator()(Y y, const X& rate, const H& h) const {
      const auto slope = [&](const Y& at) {
        Y out = rate;
        for (std::size_t i = 1; i < size; ++i) out[i] = rate[i] * at[i - 1];
        return out;
      };
      const auto moved = [&](const Y& by, auto t) {
        Y out = y;
        for (std::size_t i = 0; i < size; ++i) out[i] = y[i] + t * by[i];
        return out;
      };
      const Y k1 = slope(y), k2 = slope(moved(k1, h / 2)), k3 = slope(moved(k2, h / 2)), k4 = slope(moved(k3, h));
      for (std::size_t i = 0; i < size; ++i) y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
      return y;
    }
  };
  double h() const { return 2.0 / static_cast<double>(steps); }
  double ours(int) { return fg::iterate(step{}, steps)(numbers{}, x, h())[size - 1]; }
  double our_gradient(int) {
    constexpr auto last = [](auto y, auto, auto) { return y[size - 1]; };
    const auto [value, slopes] =
        fg::iterate(step{}, steps).value_and_gradient(last, fg::constant(numbers{}), x, fg::constant(h()));
    dx = slopes;
    return value;
  }

  static numbers slope_at(const numbers& y, const numbers& rate) {
    numbers out = rate;
    for (std::size_t i = 1; i < size; ++i) out[i] = rate[i] * y[i - 1];
    return out;
  }
  static numbers moved(const numbers& y, const numbers& by, double t) {
    numbers out;
    for (std::size_t i = 0; i < size; ++i) out[i] = y[i] + t * by[i];
    return out;
  }
  /// What a slope's adjoint adds to those of the state and of x.
  static void back(const numbers& y, const numbers& rate, const numbers& adjoint, numbers& of_y, numbers& of_x) {
    of_x[0] += adjoint[0];
    for (std::size_t i = 1; i < size; ++i) of_x[i] += adjoint[i] * y[i - 1], of_y[i - 1] += adjoint[i] * rate[i];
  }
  template <bool WithGradient> double by_hand() {
    const double t = h();
    std::vector<numbers> kept(WithGradient ? steps : 0);
    numbers y{};
    for (std::size_t n = 0; n < steps; ++n) {
      if constexpr (WithGradient) kept[n] = y;
      const numbers k1 = slope_at(y, x), k2 = slope_at(moved(y, k1, t / 2), x), k3 = slope_at(moved(y, k2, t / 2), x),
                    k4 = slope_at(moved(y, k3, t), x);
      for (std::size_t i = 0; i < size; ++i) y[i] += t / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
    if constexpr (WithGradient) {
      numbers adjoint{}, of_x{};
      adjoint[size - 1] = 1;
      for (std::size_t n = steps; n-- > 0;) {
        const numbers& at = kept[n];
        const numbers k1 = slope_at(at, x), y2 = moved(at, k1, t / 2), k2 = slope_at(y2, x), y3 = moved(at, k2, t / 2),
                      k3 = slope_at(y3, x), y4 = moved(at, k3, t);
        numbers a1, a2, a3, a4, b{};
        for (std::size_t i = 0; i < size; ++i) a1[i] = a4[i] = t / 6 * adjoint[i], a2[i] = a3[i] = t / 3 * adjoint[i];
        numbers sum = adjoint;
        const auto through = [&](const numbers& state, const numbers& of, numbers& to, double factor) {
          b = {};
          back(state, x, of, b, of_x);
          for (std::size_t i = 0; i < size; ++i) sum[i] += b[i], to[i] += factor * b[i];
        };
        through(y4, a4, a3, t);
        through(y3, a3, a2, t / 2);
        through(y2, a2, a1, t / 2);
        b = {};
        back(at, x, a1, b, of_x);
        for (std::size_t i = 0; i < size; ++i) sum[i] += b[i];
        adjoint = sum;
      }
      dx = of_x;
    }
    return y[size - 1];
  }
  std::vector<double> gradient() const { return {dx.begin(), dx.end()}; }
};

/// Stochastic volatility: h follows an autoregression, y is normal with deviation exp(h / 2).
struct volatility {
  std::size_t n;
  std::vector<double> y, noise, h, dh, dnoise, g;
  double phi = 0.9, sigma = 0.3, mu = -0.2;
  explicit volatility(std::size_t steps)
      : n{steps}, y(random_numbers(n, 1)), noise(random_numbers(n, 2)), h(n), dh(n), dnoise(n), g(3 + n) {}

  static constexpr auto step = [](auto level, auto e, auto p, auto s, auto m) { return m + p * (level - m) + s * e; };
  static constexpr auto likelihood =
      fg::sum_over([](auto level, auto observed) { return -0.5 * (level + square(observed) * exp(-level)); });
  static constexpr auto noise_prior = fg::sum_over([](auto e) { return -0.5 * square(e); });

  double ours(int threads) {
    fg::iterate(step, fg::columns(noise)).states(h, mu, phi, sigma, mu);
    return likelihood.with_threads(threads)(fg::columns(h, y)) + noise_prior.with_threads(threads)(fg::columns(noise));
  }
  double our_gradient(int threads) {
    const auto run = fg::iterate(step, fg::columns(fg::with_gradient(noise, dnoise)));
    run.states(h, mu, phi, sigma, mu);
    const auto [fit] =
        likelihood.with_threads(threads).value_and_gradient(fg::columns(fg::with_gradient(h, dh), fg::constant(y)));
    const auto [of_start, by_phi, by_sigma, by_mu] = run.pull_back(h, dh, mu, phi, sigma, mu);
    double prior = 0;
    prior = noise_prior.with_threads(threads)(fg::columns(noise));
    for (std::size_t i = 0; i < n; ++i) g[3 + i] = dnoise[i] - noise[i];
    g[0] = by_phi, g[1] = by_sigma, g[2] = by_mu + of_start;
    return fit + prior;
  }
  template <bool WithGradient> double by_hand() {
    double level = mu, total = 0;
    for (std::size_t i = 0; i < n; ++i) {
      level = h[i] = mu + phi * (level - mu) + sigma * noise[i];
      const double part = y[i] * y[i] * std::exp(-level);
      total += -0.5 * (level + part) - 0.5 * noise[i] * noise[i];
      if constexpr (WithGradient) dh[i] = -0.5 * (1 - part);
    }
    if constexpr (WithGradient) {
      double adjoint = 0, by_phi = 0, by_sigma = 0, by_mu = 0;
      for (std::size_t i = n; i-- > 0;) {
        adjoint += dh[i];
        const double before = i == 0 ? mu : h[i - 1];
        by_phi += adjoint * (before - mu);
        by_sigma += adjoint * noise[i];
        by_mu += adjoint * (1 - phi);
        g[3 + i] = adjoint * sigma - noise[i];
        adjoint *= phi;
      }
      g[0] = by_phi, g[1] = by_sigma, g[2] = by_mu + adjoint;
    }
    return total;
  }
  std::vector<double> gradient() const { return g; }
};

} // namespace

void add_recurrences() {
  for (std::size_t n : {1'000, 100'000})
    add("ode n " + std::to_string(n), [=] { return std::make_shared<runge_kutta>(runge_kutta{n}); });
  add("volatility n 10000", [] { return std::make_shared<volatility>(10'000); });
}

} // namespace functions_benchmark
