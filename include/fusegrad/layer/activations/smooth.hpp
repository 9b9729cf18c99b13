// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/activations/catalogued.hpp>
#include <string_view>

// Smooth relatives of relu.
namespace fusegrad {

namespace activation_functions {
struct gelu {
  static constexpr std::string_view name = "gelu";
  template <class X> constexpr auto operator()(X x) const {
    return 0.5 * x * (1 + expr::erf(x * 0.70710678118654752440));
  }
};
struct gelu_tanh {
  static constexpr std::string_view name = "gelu_tanh";
  // (1 + tanh(u)) / 2 is sigmoid(2 u). The bound is reached where the sigmoid is 0 or 1 in double too; without it the
  // slope of x*x, infinite far out, would be multiplied by zero.
  template <class X> constexpr auto operator()(X x) const {
    return x * expr::sigmoid(1.5957691216057308 * x * (1 + 0.044715 * expr::min(x * x, 576)));
  }
};
struct silu {
  static constexpr std::string_view name = "silu";
  template <class X> constexpr auto operator()(X x) const { return x * expr::sigmoid(x); }
};
template <double Beta> struct swish {
  static constexpr std::string_view name = "swish";
  template <class X> constexpr auto operator()(X x) const { return x * expr::sigmoid(Beta * x); }
};
struct learned_swish {
  static constexpr std::string_view name = "swish";
  template <class X> constexpr auto operator()(X x) const { return x * expr::sigmoid(parameter<"beta">(1) * x); }
};
struct mish {
  static constexpr std::string_view name = "mish";
  // tanh(log(1 + e)) is e(e + 2) / (e(e + 2) + 2) for e = exp(x): one exponential instead of two and a logarithm.
  // Beyond 20 the quotient is 1 in double too.
  template <class X> constexpr auto operator()(X x) const {
    const auto e = expr::exp(expr::min(x, 20));
    const auto n = e * (e + 2);
    return x * (n / (n + 2));
  }
};
struct softplus {
  static constexpr std::string_view name = "softplus";
  template <class X> constexpr auto operator()(X x) const { return expr::softplus(x); }
};
template <double Beta> struct softplus_with {
  static constexpr std::string_view name = "softplus";
  // Beyond 40 it is x in double too, and Beta x may overflow.
  template <class X> constexpr auto operator()(X x) const {
    return expr::select(Beta * x > 40, x, expr::softplus(Beta * x) / Beta);
  }
};
struct log_sigmoid {
  static constexpr std::string_view name = "log_sigmoid";
  template <class X> constexpr auto operator()(X x) const { return -expr::softplus(-x); }
};
struct hard_swish {
  static constexpr std::string_view name = "hard_swish";
  template <class X> constexpr auto operator()(X x) const {
    return x * ((1.0 / 6) * expr::min(expr::max(x + 3, 0), 6));
  }
};
} // namespace activation_functions

/// x times the normal distribution function, exact form. Hendrycks and Gimpel 2016.
inline constexpr auto gelu = layers::catalogued<activation_functions::gelu>;
/// The form of gelu with tanh, x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, written with a sigmoid.
inline constexpr auto gelu_tanh = layers::catalogued<activation_functions::gelu_tanh>;
/// x sigmoid(x), also called swish. Elfwing et al. 2017.
inline constexpr auto silu = layers::catalogued<activation_functions::silu>;
/// Another name of `silu`.
inline constexpr auto swish = silu;
/// x sigmoid(`Beta` x).
template <double Beta> inline constexpr auto swish_with = layers::catalogued<activation_functions::swish<Beta>>;
/// x sigmoid(beta x) with a learned beta, shared by the layer; `learned_swish.per_unit()` learns one for each unit.
/// Ramachandran et al. 2017.
inline constexpr auto learned_swish = layers::catalogued<activation_functions::learned_swish>;
/// x tanh(softplus(x)). Misra 2019.
inline constexpr auto mish = layers::catalogued<activation_functions::mish>;
/// log(1 + exp(x)).
inline constexpr auto softplus = layers::catalogued<activation_functions::softplus>;
/// log(1 + exp(`Beta` x)) / `Beta`, for `Beta` > 0.
template <double Beta>
inline constexpr auto softplus_with = layers::catalogued<activation_functions::softplus_with<Beta>>;
/// log(sigmoid(x)), finite for every finite x.
inline constexpr auto log_sigmoid = layers::catalogued<activation_functions::log_sigmoid>;
/// x hard_sigmoid(x); the derivative is 0 at -3 and 1 at 3. Howard et al. 2019.
inline constexpr auto hard_swish = layers::catalogued<activation_functions::hard_swish>;

} // namespace fusegrad
