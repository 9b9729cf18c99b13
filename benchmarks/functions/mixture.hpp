// SPDX-License-Identifier: MIT
#pragma once

#include "case.hpp"

#include <algorithm>
#include <fusegrad/functions.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace functions_benchmark {

namespace fg = fusegrad;

/// A Gaussian mixture of full covariances with a Wishart prior (gamma 1, m 0), as in gradbench: the parameters of each
/// component are alpha, mu, the logarithms q of the diagonal and the rest l of a lower triangular matrix.
template <std::size_t D> struct mixture {
  static constexpr std::size_t lower = D * (D - 1) / 2;
  std::size_t n, k;
  std::vector<double> x, alpha, mu, q, l, dalpha, dmu, dq, dl;
  // Of the plain loops.
  std::vector<double> diagonal, terms, weights;

  mixture(std::size_t rows, std::size_t components)
      : n{rows}, k{components}, x(random_numbers(n * D, 1)), alpha(random_numbers(k, 2)), mu(random_numbers(k * D, 3)),
        q(random_numbers(k * D, 4)), l(random_numbers(k * lower, 5)), dalpha(k), dmu(k * D), dq(k * D), dl(k * lower),
        diagonal(k * D), terms(k), weights(k) {}

  struct log_density {
    template <class X, class A, class M, class Q, class L, class N>
    constexpr auto operator()(const X& point, const A& a, const M& m, const Q& log_diagonal, const L& rest,
                              const N&) const {
      auto sum = a;
      auto squares = a;
      for (std::size_t i = 0, at = 0; i < D; ++i) {
        sum += log_diagonal[i];
        auto row = exp(log_diagonal[i]) * (point[i] - m[i]);
        for (std::size_t j = 0; j < i; ++j) row += rest[at++] * (point[j] - m[j]);
        squares = i == 0 ? row * row : squares + row * row;
      }
      return sum - 0.5 * squares;
    }
  };
  struct prior {
    template <class A, class M, class Q, class L, class N>
    constexpr auto operator()(const A&, const M&, const Q& log_diagonal, const L& rest, const N&) const {
      auto sum = square(exp(log_diagonal[0]));
      for (std::size_t i = 1; i < D; ++i) sum += square(exp(log_diagonal[i]));
      for (std::size_t i = 0; i < lower; ++i) sum += square(rest[i]);
      return 0.5 * sum;
    }
  };
  struct weight {
    template <class A, class M, class Q, class L, class N>
    constexpr auto operator()(const A& a, const M&, const Q&, const L&, const N&) const {
      return a;
    }
  };

  auto objective(int threads) {
    const auto points = fg::columns(fg::row_major<D>(x));
    const auto components =
        fg::columns(fg::with_gradient(alpha, dalpha), fg::with_gradient(fg::row_major<D>(mu), dmu),
                    fg::with_gradient(fg::row_major<D>(q), dq), fg::with_gradient(fg::row_major<lower>(l), dl));
    return fg::compose(
        [](auto fit, auto normaliser, auto penalty, auto rows) { return fit - rows * normaliser - penalty; },
        fg::sum_over(fg::log_sum_exp_over(log_density{})).with_threads(threads).over(points, components),
        fg::log_sum_exp_over(weight{}).with_threads(1).over(components),
        fg::sum_over(prior{}).with_threads(1).over(components));
  }
  double ours(int threads) { return objective(threads)(static_cast<double>(n)); }
  double our_gradient(int threads) {
    return std::get<0>(objective(threads).value_and_gradient(fg::constant(static_cast<double>(n))));
  }

  static double log_sum_exp(const double* of, std::size_t count) {
    double largest = of[0], sum = 0;
    for (std::size_t i = 1; i < count; ++i) largest = std::max(largest, of[i]);
    for (std::size_t i = 0; i < count; ++i) sum += std::exp(of[i] - largest);
    return largest + std::log(sum);
  }

  template <bool WithGradient> double by_hand() {
    if (WithGradient) {
      dalpha.assign(k, 0), dmu.assign(k * D, 0), dq.assign(k * D, 0), dl.assign(k * lower, 0);
    }
    for (std::size_t i = 0; i < k * D; ++i) diagonal[i] = std::exp(q[i]);
    std::vector<double> sums(k), centred(k * D), rows(k * D);
    for (std::size_t c = 0; c < k; ++c)
      for (std::size_t i = 0; i < D; ++i) sums[c] += q[c * D + i];
    double total = 0;
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t c = 0; c < k; ++c) {
        double* const z = &centred[c * D];
        double* const r = &rows[c * D];
        const double* rest = &l[c * lower];
        double squares = 0;
        for (std::size_t i = 0; i < D; ++i) z[i] = x[p * D + i] - mu[c * D + i];
        for (std::size_t i = 0; i < D; ++i) {
          double sum = diagonal[c * D + i] * z[i];
          for (std::size_t j = 0; j < i; ++j) sum += rest[j] * z[j];
          rest += i;
          r[i] = sum;
          squares += sum * sum;
        }
        terms[c] = alpha[c] + sums[c] - 0.5 * squares;
      }
      const double value = log_sum_exp(terms.data(), k);
      total += value;
      if constexpr (WithGradient)
        for (std::size_t c = 0; c < k; ++c) {
          const double w = std::exp(terms[c] - value);
          const double* const z = &centred[c * D];
          const double* const r = &rows[c * D];
          const double* rest = &l[c * lower];
          double* drest = &dl[c * lower];
          dalpha[c] += w;
          for (std::size_t i = 0; i < D; ++i) {
            const double adjoint = -w * r[i];
            dq[c * D + i] += w + adjoint * z[i] * diagonal[c * D + i];
            dmu[c * D + i] -= adjoint * diagonal[c * D + i];
            for (std::size_t j = 0; j < i; ++j) drest[j] += adjoint * z[j];
            for (std::size_t j = 0; j < i; ++j) dmu[c * D + j] -= adjoint * rest[j];
            rest += i, drest += i;
          }
        }
    }
    const double normaliser = log_sum_exp(alpha.data(), k);
    double penalty = 0;
    for (std::size_t i = 0; i < k * D; ++i) penalty += 0.5 * diagonal[i] * diagonal[i];
    for (double entry : l) penalty += 0.5 * entry * entry;
    if constexpr (WithGradient) {
      for (std::size_t c = 0; c < k; ++c) dalpha[c] -= static_cast<double>(n) * std::exp(alpha[c] - normaliser);
      for (std::size_t i = 0; i < k * D; ++i) dq[i] -= diagonal[i] * diagonal[i];
      for (std::size_t i = 0; i < k * lower; ++i) dl[i] -= l[i];
    }
    return total - static_cast<double>(n) * normaliser - penalty;
  }

  std::vector<double> gradient() const {
    std::vector<double> all = dalpha;
    for (const auto* part : {&dmu, &dq, &dl}) all.insert(all.end(), part->begin(), part->end());
    return all;
  }
};

} // namespace functions_benchmark
