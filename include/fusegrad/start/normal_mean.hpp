// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/expression.hpp>
#include <fusegrad/expr/rules.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/start/past_the_largest.hpp>
#include <limits>
#include <utility>

namespace fusegrad::initial::inline FUSEGRAD_ABI {

namespace detail {

template <expr::operation Op> constexpr double value_of_node(double a, [[maybe_unused]] double b) {
  if constexpr (Op <= expr::operation::constant || Op == expr::operation::select)
    return a;
  else if constexpr (expr::operand_count(Op) == 1)
    return expr::rules::rule<Op>.value(a);
  else
    return expr::rules::rule<Op>.value(a, b);
}
template <std::size_t... Op> constexpr auto table_of_values(std::index_sequence<Op...>) {
  return std::array<double (*)(double, double), sizeof...(Op)>{&value_of_node<static_cast<expr::operation>(Op)>...};
}
inline constexpr auto values_of_nodes = table_of_values(std::make_index_sequence<expr::operation_count>{});

constexpr double integer_power(double x, int exponent) {
  double y = 1;
  for (int i = exponent < 0 ? -exponent : exponent; i > 0; --i) y = past_the_largest::product(y, x);
  return exponent < 0 ? past_the_largest::quotient(1, y) : y;
}

/// Any derivative of digamma by steps to where its series is exact: for the few orders and moderate numbers that occur.
constexpr double polygamma(double x, int order) {
  if (x != x) return x;
  if (order == 0) return math::digamma(x);
  // So far below zero the steps would be too many; of numbers below -1e16 they would lead nowhere.
  if (x < -1000) return past_the_largest::not_a_number;
  constexpr double bernoulli[] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66};
  double steps = 0, factorial = 1;
  for (int i = 2; i < order; ++i) factorial *= i;
  for (; x < 20 + 4 * order; x += 1)
    if (x != 0) steps += integer_power(x, -order - 1);
  double sum = 1 + order / (2 * x), binomial = 1;
  for (int k = 1; k <= 5; ++k) {
    binomial *= (order + 2 * k - 2) * (order + 2 * k - 1) / (2.0 * k * (2 * k - 1));
    sum += bernoulli[k - 1] * binomial * integer_power(x, -2 * k);
  }
  return (order % 2 == 0 ? -1 : 1) * factorial * (order * steps + integer_power(x, -order) * sum);
}

/// What an operation makes of numbers that may be infinite or none. Functions know their limits: exp(-inf) is 0.
constexpr double value_of(expr::operation op, double a, double b) {
  using expr::operation;
  if (op == operation::add) return past_the_largest::sum(a, b);
  if (op == operation::subtract) return past_the_largest::sum(a, -b);
  if (op == operation::multiply) return past_the_largest::product(a, b);
  if (op == operation::divide) return past_the_largest::quotient(a, b);
  // A function may compute with NaN, which compilers refuse. A comparison with it is false, and a surrogate is `a`
  // whatever `b` is.
  const bool has_value = (a == a && b == b) || expr::is_comparison(op) || op == operation::surrogate;
  return has_value ? values_of_nodes[static_cast<std::size_t>(op)](a, b) : past_the_largest::not_a_number;
}

/// A function of one number as data: for constant evaluation alone, where a function template for each expression would
/// cost more than running through its nodes.
class interpreted {
public:
  constexpr explicit interpreted(const expr::expression& f) : f_{f} { values_.resize(f.nodes.size()); }

  constexpr void at(double x) {
    for (std::size_t i = 0; i < f_.nodes.size(); ++i) {
      const expr::node n = f_.nodes[i];
      double& y = values_[i];
      switch (n.op) {
      case expr::operation::argument: y = x; break;
      case expr::operation::constant: y = f_.constants[n.a]; break;
      case expr::operation::select: y = values_[n.a] != 0 ? values_[n.b] : values_[n.c]; break;
      case expr::operation::integer_power: y = integer_power(values_[n.a], static_cast<std::int16_t>(n.b)); break;
      case expr::operation::polygamma: y = polygamma(values_[n.a], n.b); break;
      default: {
        const double a = values_[n.a], b = expr::operand_count(n.op) > 1 ? values_[n.b] : 0;
        // Nearly always; a call costs a compiler more than what it is for.
        const bool is_moderate = a < moderate && a > -moderate && b < moderate && b > -moderate;
        const bool divides = n.op == expr::operation::divide && b < 1 / moderate && b > -1 / moderate;
        y = is_moderate && !divides ? values_of_nodes[static_cast<std::size_t>(n.op)](a, b) : value_of(n.op, a, b);
      }
      }
    }
  }
  [[nodiscard]] constexpr double result(std::size_t k) const { return values_[f_.results[k]]; }
  [[nodiscard]] constexpr std::size_t result_count() const { return f_.results.size(); }

private:
  static constexpr double moderate = 1e150; ///< below it neither sums nor products overflow
  const expr::expression& f_;
  growing<double> values_;
};

/// What changes its sign where `f` has a kink or a jump: the difference of the two sides of each comparison, minimum
/// and maximum, the operand of each `abs` and `sign`, and what gives another number its sign.
constexpr expr::expression switches_of(const expr::expression& f) {
  using expr::operation;
  expr::builder build;
  growing<int> argument, results;
  argument.push_back(build.argument(0));
  expr::expression all = f; // every node a result, so that all can be referred to
  all.results.clear();
  for (std::size_t i = 0; i < f.nodes.size(); ++i) all.results.push_back(static_cast<std::uint16_t>(i));
  const growing<int> nodes = expr::inline_into(build, all, argument);
  for (const expr::node& n : f.nodes) {
    int difference = -1;
    if (expr::is_comparison(n.op) || n.op == operation::min || n.op == operation::max)
      difference = build.make(operation::subtract, nodes[n.a], nodes[n.b]);
    else if (n.op == operation::abs || n.op == operation::sign)
      difference = nodes[n.a];
    else if (n.op == operation::copysign)
      difference = nodes[n.b];
    if (difference < 0 || build.is_constant(difference)) continue;
    bool known = false;
    for (int r : results) known = known || r == difference;
    if (!known) results.push_back(difference);
  }
  return expr::compact(build, results, 1);
}

/// Sixteen points of Gauss and Legendre on [-1, 1], the right half; the other mirrors it.
inline constexpr int half_points = 8;
inline constexpr double gauss_points[half_points] = {0.09501250983763744, 0.2816035507792589, 0.45801677765722737,
                                                     0.6178762444026438,  0.755404408355003,  0.8656312023878318,
                                                     0.9445750230732326,  0.9894009349916499};
inline constexpr double gauss_weights[half_points] = {0.18945061045506864,  0.18260341504492364, 0.16915651939500265,
                                                      0.1495959888165767,   0.12462897125553407, 0.0951585116824926,
                                                      0.062253523938647456, 0.027152459411754176};

/// The polynomials of degree 12 to 15 at the points: what is left in them tells how well a piece is resolved. Two of
/// them do not do: fast oscillations happen to be orthogonal to both.
inline constexpr int tail_count = 4;
struct last_polynomials {
  double degree[tail_count][half_points]{};
};
inline constexpr last_polynomials gauss_tails = [] {
  last_polynomials out;
  for (int i = 0; i < half_points; ++i) {
    double before = 1, now = gauss_points[i];
    for (int n = 1; n < 15; ++n) {
      const double next = ((2 * n + 1) * gauss_points[i] * now - n * before) / (n + 1);
      before = now;
      now = next;
      if (n >= 11) out.degree[n - 11][i] = now;
    }
  }
  return out;
}();

} // namespace detail

/// The mean of a function of a normally distributed number, for each result of `f`: integrals over +-9 standard
/// deviations, piece by piece between the kinks and jumps of `f`, and a piece in halves where sixteen points do not
/// resolve it. Infinite where the smallest pieces still hold a good part of all and are not resolved, since 1/x^2 has
/// no mean; and where `f` has no value, as log(x) left of zero.
class normal_mean {
public:
  static constexpr double limit = 9;

  constexpr explicit normal_mean(const expr::expression& f) : f_{f} {
    total_.resize(f.results.size());
    largest_.resize(f.results.size());
    unresolved_.resize(f.results.size());
    growing<double> bounds = kinks(f);
    for (double fixed : {-limit, -4.5, -2.0, 0.0, 2.0, 4.5, limit}) insert(bounds, fixed);
    // Outwards from the middle, so that the tails know what they are small against.
    std::size_t middle = 0;
    while (bounds[middle] < 0) ++middle;
    for (std::size_t i = middle; i + 1 < bounds.size(); ++i) add(bounds[i], bounds[i + 1], deepest);
    for (std::size_t i = middle; i > 0; --i) add(bounds[i - 1], bounds[i], deepest);
    for (std::size_t k = 0; k < total_.size(); ++k)
      if (unresolved_[k] > 0.2 * detail::magnitude(total_[k])) total_[k] = std::numeric_limits<double>::infinity();
  }

  [[nodiscard]] constexpr double operator[](std::size_t result) const { return total_[result]; }

  /// Where a comparison in `f` turns, or the operand of an `abs` its sign; in order.
  static constexpr growing<double> kinks(const expr::expression& f) {
    const expr::expression switches = detail::switches_of(f);
    growing<double> found;
    detail::interpreted g(switches);
    for (std::size_t k = 0; k < switches.results.size(); ++k) {
      constexpr int steps = 72;
      double left = -limit;
      g.at(left);
      double at_left = g.result(k);
      for (int i = 1; i <= steps; ++i) {
        const double right = -limit + 2 * limit / steps * i;
        g.at(right);
        const double at_right = g.result(k);
        if (sign(at_left) != sign(at_right)) insert(found, turning_point(g, k, left, at_left, right, at_right));
        left = right;
        at_left = at_right;
      }
    }
    return found;
  }

private:
  static constexpr int deepest = 7;
  /// Below it nothing overflows: weights add up to 1, and the sum of the tails counts each number 60 times at most.
  static constexpr double too_large = std::numeric_limits<double>::max() / 100;
  static constexpr int sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

  static constexpr void insert(growing<double>& sorted, double x) {
    for (double known : sorted)
      if (known - x < 1e-12 && x - known < 1e-12) return;
    sorted.push_back(x);
    for (std::size_t i = sorted.size() - 1; i > 0 && sorted[i] < sorted[i - 1]; --i) {
      const double other = sorted[i - 1];
      sorted[i - 1] = sorted[i];
      sorted[i] = other;
    }
  }

  static constexpr double turning_point(detail::interpreted& g, std::size_t k, double left, double at_left,
                                        double right, double at_right) {
    const int before = sign(at_left);
    if (before == 0 && at_right == at_right) {
      // It may have been zero at this very point only, which is then the kink.
      g.at(left + 1e-9);
      if (sign(g.result(k)) != 0) return left;
    }
    if (before * sign(at_right) < 0 && detail::magnitude(at_left) < 1e150 && detail::magnitude(at_right) < 1e150) {
      // Nearly all are straight lines: then this is the point. Of larger numbers the difference may overflow.
      const double guess = left - at_left * (right - left) / (at_right - at_left);
      g.at(guess);
      if (g.result(k) == 0) return guess;
    }
    for (int i = 0; i < 50; ++i) {
      const double middle = 0.5 * (left + right);
      g.at(middle);
      (sign(g.result(k)) == before ? left : right) = middle;
    }
    return right;
  }

  constexpr void add(double left, double right, int depth) {
    constexpr double root_of_two_pi = 2.5066282746310005;
    const double middle = 0.5 * (left + right), half = 0.5 * (right - left);
    const std::size_t count = total_.size();
    growing<double> sum, size, tails;
    sum.resize(count), size.resize(count), tails.resize(count * detail::tail_count);
    for (int i = 0; i < detail::half_points; ++i)
      for (int side = -1; side <= 1; side += 2) {
        const double z = middle + side * half * detail::gauss_points[i];
        const double weight = detail::gauss_weights[i] * half * math::exp(-0.5 * z * z) / root_of_two_pi;
        f_.at(z);
        for (std::size_t k = 0; k < count; ++k) {
          const double value = f_.result(k);
          if (!(value < too_large && value > -too_large)) {
            total_[k] = std::numeric_limits<double>::infinity(); // and stays so
            continue;
          }
          const double term = weight * value;
          sum[k] += term;
          size[k] += detail::magnitude(term);
          for (int n = 0; n < detail::tail_count; ++n)
            tails[k * detail::tail_count + static_cast<std::size_t>(n)] +=
                (n % 2 == 0 ? 1 : side) * term * detail::gauss_tails.degree[n][i];
        }
      }
    bool resolved = true;
    for (std::size_t k = 0; k < count; ++k) {
      if (size[k] > largest_[k]) largest_[k] = size[k];
      // Coefficients of the highest degrees of a sum that is exact up to degree 31: its error is about their square,
      // or their own size where a piece is not resolved at all.
      double tail = 0;
      for (std::size_t n = 0; n < detail::tail_count; ++n)
        tail += 15 * detail::magnitude(tails[k * detail::tail_count + n]);
      resolved = resolved && !(tail > 1e-7 * largest_[k]);
    }
    if (!resolved && depth > 0) {
      add(left, middle, depth - 1);
      add(middle, right, depth - 1);
      return;
    }
    for (std::size_t k = 0; k < count; ++k) {
      total_[k] += sum[k];
      if (!resolved && size[k] > unresolved_[k]) unresolved_[k] = size[k];
    }
  }

  detail::interpreted f_;
  growing<double> total_, largest_;
  growing<double> unresolved_; // the largest of the smallest pieces that sixteen points do not do for
};

} // namespace fusegrad::initial::inline FUSEGRAD_ABI
