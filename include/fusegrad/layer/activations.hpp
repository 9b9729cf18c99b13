// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/activation.hpp>
#include <string_view>

namespace fusegrad {

/// The functions behind the named activations, in the form in which a user writes one. At a tie `min` and `max` have the second
/// operand's derivative: `min(0, x)` has slope 1 at 0, `max(x, 0)` slope 0.
namespace activation_functions {
struct identity {
  static constexpr std::string_view name = "identity";
  template <class X> constexpr auto operator()(X x) const { return x; }
};
struct relu {
  static constexpr std::string_view name = "relu";
  template <class X> constexpr auto operator()(X x) const { return max(x, 0); }
};
template <double Slope> struct leaky_relu {
  static constexpr std::string_view name = "leaky_relu";
  template <class X> constexpr auto operator()(X x) const { return select(x > 0, x, Slope * x); }
};
struct prelu {
  static constexpr std::string_view name = "prelu";
  template <class X> constexpr auto operator()(X x) const { return max(x, 0) + parameter<"slope">(0.25) * min(0, x); }
};
template <double Alpha> struct elu {
  static constexpr std::string_view name = "elu";
  template <class X> constexpr auto operator()(X x) const { return select(x > 0, x, Alpha * expm1(min(0, x))); }
};
struct gelu {
  static constexpr std::string_view name = "gelu";
  template <class X> constexpr auto operator()(X x) const { return 0.5 * x * (1 + erf(x * 0.70710678118654752440)); }
};
struct silu {
  static constexpr std::string_view name = "silu";
  template <class X> constexpr auto operator()(X x) const { return x * sigmoid(x); }
};
struct tanh {
  static constexpr std::string_view name = "tanh";
  template <class X> constexpr auto operator()(X x) const {
    using expr::tanh;
    return tanh(x);
  }
};
struct sigmoid {
  static constexpr std::string_view name = "sigmoid";
  template <class X> constexpr auto operator()(X x) const {
    using expr::sigmoid;
    return sigmoid(x);
  }
};
struct softplus {
  static constexpr std::string_view name = "softplus";
  template <class X> constexpr auto operator()(X x) const {
    using expr::softplus;
    return softplus(x);
  }
};
struct abs {
  static constexpr std::string_view name = "abs";
  template <class X> constexpr auto operator()(X x) const {
    using expr::abs;
    return abs(x);
  }
};
struct square {
  static constexpr std::string_view name = "square";
  template <class X> constexpr auto operator()(X x) const { return x * x; }
};
struct sine {
  static constexpr std::string_view name = "sine";
  template <class X> constexpr auto operator()(X x) const { return sin(x); }
};
} // namespace activation_functions

namespace layers {
/// A function object of the catalogue, which brings its own name.
template <class F> struct named_source : expr::traced_source<F> {
  static constexpr std::string_view name = F::name;
};
template <class F> inline constexpr auto catalogued = make_activation<named_source<F>>();
} // namespace layers

inline constexpr auto identity = layers::catalogued<activation_functions::identity>;
/// max(x, 0); the derivative at 0 is 0. Backward keeps the output.
inline constexpr auto relu = layers::catalogued<activation_functions::relu>;
/// x for x > 0, else `Slope` x.
template <double Slope = 0.01> inline constexpr auto leaky_relu = layers::catalogued<activation_functions::leaky_relu<Slope>>;
/// Leaky with a learned slope, shared by the layer; `prelu.per_unit()` learns one for each unit. He et al. 2015.
inline constexpr auto prelu = layers::catalogued<activation_functions::prelu>;
/// x for x > 0, else `Alpha` (exp(x) - 1). Clevert et al. 2016.
template <double Alpha = 1.0> inline constexpr auto elu = layers::catalogued<activation_functions::elu<Alpha>>;
/// x times the normal distribution function, exact form. Hendrycks and Gimpel 2016.
inline constexpr auto gelu = layers::catalogued<activation_functions::gelu>;
/// x sigmoid(x), also called swish.
inline constexpr auto silu = layers::catalogued<activation_functions::silu>;
/// Backward keeps the output.
inline constexpr auto tanh = layers::catalogued<activation_functions::tanh>;
/// 1 / (1 + exp(-x)). Backward keeps the output.
inline constexpr auto sigmoid = layers::catalogued<activation_functions::sigmoid>;
/// log(1 + exp(x)).
inline constexpr auto softplus = layers::catalogued<activation_functions::softplus>;
inline constexpr auto abs = layers::catalogued<activation_functions::abs>;
inline constexpr auto square = layers::catalogued<activation_functions::square>;
inline constexpr auto sine = layers::catalogued<activation_functions::sine>;

} // namespace fusegrad
