// SPDX-License-Identifier: MIT
#include "case.hpp"

#include <fusegrad/functions.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <span>

namespace functions_benchmark {

namespace {

namespace fg = fusegrad;

/// log(sum(exp(x))), with the derivative by each number.
struct log_sum_exp {
  static constexpr auto f = fg::log_sum_exp_over([](auto x) { return x; });
  std::vector<double> x, dx;
  explicit log_sum_exp(std::size_t n) : x(random_numbers(n, 1)), dx(n) {}

  double ours(int threads) { return f.with_threads(threads)(fg::columns(x)); }
  double our_gradient(int threads) {
    return std::get<0>(f.with_threads(threads).value_and_gradient(fg::columns(fg::with_gradient(x, dx))));
  }
  template <bool WithGradient> double by_hand() {
    const double largest = *std::max_element(x.begin(), x.end());
    double sum = 0;
    if constexpr (WithGradient) {
      for (std::size_t i = 0; i < x.size(); ++i) sum += dx[i] = std::exp(x[i] - largest);
      const double factor = 1 / sum;
      for (double& slope : dx) slope *= factor;
    } else {
      for (double one : x) sum += std::exp(one - largest);
    }
    return largest + std::log(sum);
  }
  std::vector<double> gradient() const { return dx; }
};

/// Fits a polynomial of 128 coefficients to the sign of t by least squares.
struct least_squares {
  static constexpr std::size_t m = 128;
  static constexpr auto f = fg::sum_over([](auto t, auto s, auto c) {
    auto sum = c[0] + c[1] * t;
    auto power = t;
    for (std::size_t j = 2; j < m; ++j) {
      power *= t;
      sum += c[j] * power;
    }
    return 0.5 * square(s - sum);
  });
  std::vector<double> t, s, c, dc;
  explicit least_squares(std::size_t n) : t(n), s(n), c(random_numbers(m, 1)), dc(m) {
    for (std::size_t i = 0; i < n; ++i) {
      t[i] = -1 + 2.0 * static_cast<double>(i) / static_cast<double>(n - 1);
      s[i] = t[i] > 0 ? 1 : t[i] < 0 ? -1 : 0;
    }
  }
  auto coefficients() const { return std::span<const double, m>(c); }
  double ours(int threads) { return f.with_threads(threads)(fg::columns(t, s), coefficients()); }
  double our_gradient(int threads) {
    const auto [value, slopes] = f.with_threads(threads).value_and_gradient(fg::columns(t, s), coefficients());
    std::copy(slopes.begin(), slopes.end(), dc.begin());
    return value;
  }
  template <bool WithGradient> double by_hand() {
    if constexpr (WithGradient) dc.assign(m, 0);
    double total = 0;
    for (std::size_t i = 0; i < t.size(); ++i) {
      double sum = 0, power = 1;
      for (std::size_t j = 0; j < m; ++j, power *= t[i]) sum += c[j] * power;
      const double rest = s[i] - sum;
      total += 0.5 * rest * rest;
      if constexpr (WithGradient) {
        double adjoint = -rest;
        for (std::size_t j = 0; j < m; ++j, adjoint *= t[i]) dc[j] += adjoint;
      }
    }
    return total;
  }
  std::vector<double> gradient() const { return dc; }
};

/// The cost of the nearest centres, with gradient and diagonal of the Hessian.
struct k_means {
  static constexpr std::size_t d = 8;
  static constexpr auto f = fg::sum_over(fg::min_over([](auto point, auto centre) {
    auto sum = square(point[0] - centre[0]);
    for (std::size_t i = 1; i < d; ++i) sum += square(point[i] - centre[i]);
    return sum;
  }));
  std::size_t n, k;
  std::vector<double> x, c, dc, second;
  k_means(std::size_t rows, std::size_t centres)
      : n{rows}, k{centres}, x(random_numbers(n * d, 1)), c(random_numbers(k * d, 2)), dc(k * d), second(k * d) {}

  double ours(int threads) {
    return f.with_threads(threads)(fg::columns(fg::row_major<d>(x)), fg::columns(fg::row_major<d>(c)));
  }
  double our_gradient(int threads) {
    const auto centres = fg::columns(fg::with_second_derivatives(fg::row_major<d>(c), dc, second));
    return std::get<0>(f.with_threads(threads).value_gradient_and_diagonal(fg::columns(fg::row_major<d>(x)), centres));
  }
  template <bool WithGradient> double by_hand() {
    if constexpr (WithGradient) dc.assign(k * d, 0), second.assign(k * d, 0);
    double total = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double best = std::numeric_limits<double>::infinity();
      std::size_t nearest = 0;
      for (std::size_t j = 0; j < k; ++j) {
        double sum = 0;
        for (std::size_t e = 0; e < d; ++e) sum += (x[i * d + e] - c[j * d + e]) * (x[i * d + e] - c[j * d + e]);
        if (sum < best) best = sum, nearest = j;
      }
      total += best;
      if constexpr (WithGradient)
        for (std::size_t e = 0; e < d; ++e) {
          dc[nearest * d + e] -= 2 * (x[i * d + e] - c[nearest * d + e]);
          second[nearest * d + e] += 2;
        }
    }
    return total;
  }
  std::vector<double> gradient() const {
    std::vector<double> all = dc;
    all.insert(all.end(), second.begin(), second.end());
    return all;
  }
};

/// The re-projection errors of bundle adjustment and the block of derivatives of each observation: 2 x (11 + 3 + 1).
struct bundle_adjustment {
  static constexpr auto f = fg::map_over([](auto camera, auto point, auto weight, auto feature) {
    const auto x = point[0] - camera[3], y = point[1] - camera[4], z = point[2] - camera[5];
    const auto angle2 = camera[0] * camera[0] + camera[1] * camera[1] + camera[2] * camera[2];
    const auto angle = sqrt(angle2);
    const auto c = cos(angle), s = sin(angle), inverse = 1 / angle;
    const auto a = camera[0] * inverse, b = camera[1] * inverse, e = camera[2] * inverse;
    const auto along = (a * x + b * y + e * z) * (1 - c);
    const auto px = x * c + (b * z - e * y) * s + a * along, py = y * c + (e * x - a * z) * s + b * along,
               pz = z * c + (a * y - b * x) * s + e * along;
    const auto u = px / pz, v = py / pz, r2 = u * u + v * v;
    const auto distortion = 1 + camera[9] * r2 + camera[10] * r2 * r2;
    return fg::values(weight * (u * distortion * camera[6] + camera[7] - feature[0]),
                      weight * (v * distortion * camera[6] + camera[8] - feature[1]));
  });
  std::size_t p;
  std::vector<double> cameras, points, weights, features, errors, block;
  std::vector<int> camera, point;
  bundle_adjustment(std::size_t cams, std::size_t pts, std::size_t observations)
      : p{observations}, cameras(random_numbers(11 * cams, 1)), points(random_numbers(3 * pts, 2)),
        weights(random_numbers(p, 3)), features(random_numbers(2 * p, 4)), errors(2 * p), block(30 * p), camera(p),
        point(p) {
    for (std::size_t i = 0; i < pts; ++i) points[3 * i + 2] += 6; // in front of the cameras
    for (std::size_t i = 0; i < p; ++i)
      camera[i] = static_cast<int>(i % cams), point[i] = static_cast<int>(i * 7 % pts);
  }
  auto rows() const {
    return fg::columns(fg::gathered<11>(cameras, camera), fg::gathered<3>(points, point), weights,
                       fg::constant(fg::row_major<2>(features)));
  }
  double ours(int threads) {
    f.with_threads(threads)(errors, rows());
    return errors[0];
  }
  double our_gradient(int threads) {
    f.with_threads(threads).values_and_jacobian(errors, block, rows());
    return errors[0];
  }

  template <bool WithGradient> double by_hand() {
    for (std::size_t i = 0; i < p; ++i) one_by_hand<WithGradient>(i);
    return errors[0];
  }
  /// Rows of the rotation by each of its three numbers and by the point, then the chain rule.
  template <bool WithGradient> void one_by_hand(std::size_t i) {
    const double* const cam = &cameras[static_cast<std::size_t>(camera[i]) * 11];
    const double* const pt = &points[static_cast<std::size_t>(point[i]) * 3];
    const double w = weights[i];
    const double o[3]{pt[0] - cam[3], pt[1] - cam[4], pt[2] - cam[5]};
    const double angle = std::sqrt(cam[0] * cam[0] + cam[1] * cam[1] + cam[2] * cam[2]);
    const double c = std::cos(angle), s = std::sin(angle), inverse = 1 / angle;
    const double n[3]{cam[0] * inverse, cam[1] * inverse, cam[2] * inverse};
    const double dot = n[0] * o[0] + n[1] * o[1] + n[2] * o[2], along = dot * (1 - c);
    const double cross[3]{n[1] * o[2] - n[2] * o[1], n[2] * o[0] - n[0] * o[2], n[0] * o[1] - n[1] * o[0]};
    double q[3];
    for (int k = 0; k < 3; ++k) q[k] = o[k] * c + cross[k] * s + n[k] * along;
    const double iz = 1 / q[2], u = q[0] * iz, v = q[1] * iz, r2 = u * u + v * v;
    const double l = 1 + cam[9] * r2 + cam[10] * r2 * r2;
    const double e0 = u * l * cam[6] + cam[7] - features[2 * i], e1 = v * l * cam[6] + cam[8] - features[2 * i + 1];
    errors[2 * i] = w * e0;
    errors[2 * i + 1] = w * e1;
    if constexpr (WithGradient) {
      double dq[3][6]; // by the three numbers of the rotation, then by the point
      for (int j = 0; j < 3; ++j) {
        // of the axis and of the angle by number j of the rotation
        double dn[3];
        for (int k = 0; k < 3; ++k) dn[k] = ((k == j ? 1 : 0) - n[k] * n[j]) * inverse;
        const double da = n[j], dc = -s * da, ds = c * da;
        const double ddot = dn[0] * o[0] + dn[1] * o[1] + dn[2] * o[2];
        const double dalong = ddot * (1 - c) - dot * dc;
        const double dcross[3]{dn[1] * o[2] - dn[2] * o[1], dn[2] * o[0] - dn[0] * o[2], dn[0] * o[1] - dn[1] * o[0]};
        for (int k = 0; k < 3; ++k)
          dq[k][j] = o[k] * dc + dcross[k] * s + cross[k] * ds + dn[k] * along + n[k] * dalong;
      }
      const double skew[3][3]{{0, -n[2], n[1]}, {n[2], 0, -n[0]}, {-n[1], n[0], 0}};
      for (int k = 0; k < 3; ++k)
        for (int j = 0; j < 3; ++j) dq[k][3 + j] = (k == j ? c : 0) + skew[k][j] * s + n[k] * n[j] * (1 - c);
      const double slope = cam[9] + 2 * cam[10] * r2, f_w = cam[6] * w;
      for (int r = 0; r < 2; ++r) {
        const double at = r == 0 ? u : v;
        double* const to = &block[30 * i + 15 * static_cast<std::size_t>(r)];
        const double by_u = f_w * ((r == 0 ? l : 0) + at * slope * 2 * u),
                     by_v = f_w * ((r == 1 ? l : 0) + at * slope * 2 * v);
        const double by_q[3]{by_u * iz, by_v * iz, -(by_u * u + by_v * v) * iz};
        for (int j = 0; j < 6; ++j) {
          const double by = by_q[0] * dq[0][j] + by_q[1] * dq[1][j] + by_q[2] * dq[2][j];
          if (j < 3) to[j] = by;
          if (j >= 3) to[j] = -by, to[8 + j] = by;
        }
        to[6] = w * at * l;
        to[7] = r == 0 ? w : 0;
        to[8] = r == 1 ? w : 0;
        to[9] = f_w * at * r2;
        to[10] = f_w * at * r2 * r2;
        to[14] = r == 0 ? e0 : e1;
      }
    }
  }
  std::vector<double> gradient() const {
    std::vector<double> all = errors;
    all.insert(all.end(), block.begin(), block.end());
    return all;
  }
};

/// Bayesian linear regression: y is normal around w x + b, priors on w, b and sigma.
struct regression {
  static constexpr std::size_t p = 10;
  std::size_t n;
  std::vector<double> x, y, g;
  std::array<double, p> w{};
  double b = 0.1, sigma = 1.3;
  explicit regression(std::size_t rows) : n{rows}, x(random_numbers(n * p, 1)), y(random_numbers(n, 2)), g(p + 2) {
    const auto start = random_numbers(p, 3);
    std::copy(start.begin(), start.end(), w.begin());
  }
  auto objective(int threads) const {
    constexpr auto residual = [](auto row, auto target, auto slopes, auto offset, auto) {
      auto sum = target - offset;
      for (std::size_t i = 0; i < p; ++i) sum -= slopes[i] * row[i];
      return square(sum);
    };
    constexpr auto density = [](auto squares, auto slopes, auto offset, auto deviation) {
      auto prior = square(offset);
      for (std::size_t i = 0; i < p; ++i) prior += square(slopes[i]);
      const double rows = 10000;
      return -0.5 * squares / square(deviation) - rows * log(deviation) - 0.5 * prior - 0.5 * square(deviation);
    };
    return fg::compose(density, fg::sum_over(residual).with_threads(threads).over(fg::columns(fg::row_major<p>(x), y)));
  }
  double ours(int threads) { return objective(threads)(w, b, sigma); }
  double our_gradient(int threads) {
    const auto [value, dw, db, dsigma] = objective(threads).value_and_gradient(w, b, sigma);
    std::copy(dw.begin(), dw.end(), g.begin());
    g[p] = db, g[p + 1] = dsigma;
    return value;
  }
  template <bool WithGradient> double by_hand() {
    double squares = 0;
    std::array<double, p> dw{};
    double db = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double rest = y[i] - b;
      for (std::size_t j = 0; j < p; ++j) rest -= w[j] * x[i * p + j];
      squares += rest * rest;
      if constexpr (WithGradient) {
        for (std::size_t j = 0; j < p; ++j) dw[j] += rest * x[i * p + j];
        db += rest;
      }
    }
    const double precision = 1 / (sigma * sigma), rows = static_cast<double>(n);
    double prior = b * b;
    for (double one : w) prior += one * one;
    if constexpr (WithGradient) {
      for (std::size_t j = 0; j < p; ++j) g[j] = dw[j] * precision - w[j];
      g[p] = db * precision - b;
      g[p + 1] = squares * precision / sigma - rows / sigma - sigma;
    }
    return -0.5 * squares * precision - rows * std::log(sigma) - 0.5 * prior - 0.5 * sigma * sigma;
  }
  std::vector<double> gradient() const { return g; }
};

} // namespace

void add_sums() {
  for (std::size_t n : {10'000, 1'280'000})
    add("lse n " + std::to_string(n), [=] { return std::make_shared<log_sum_exp>(n); });
  for (std::size_t n : {1'024, 16'392})
    add("llsq m 128 n " + std::to_string(n), [=] { return std::make_shared<least_squares>(n); });
  for (std::size_t k : {10, 100, 1000})
    add("kmeans d 8 k " + std::to_string(k), [=] { return std::make_shared<k_means>(10'000, k); });
  add("ba 31843", [] { return std::make_shared<bundle_adjustment>(49, 7776, 31843); });
  add("regression n 10000", [] { return std::make_shared<regression>(10'000); });
}

} // namespace functions_benchmark
