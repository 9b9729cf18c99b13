// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/activations/catalogued.hpp>
#include <string_view>

// Straight lines with a kink, and what bends on one side only. At a tie `min` and `max` have the second operand's
// derivative: `min(0, x)` has slope 1 at 0, `max(x, 0)` slope 0.
namespace fusegrad {

namespace activation_functions {
struct relu {
  static constexpr std::string_view name = "relu";
  template <class X> constexpr auto operator()(X x) const { return expr::max(x, 0); }
};
struct relu_with_slope_one_at_zero {
  static constexpr std::string_view name = "relu";
  template <class X> constexpr auto operator()(X x) const { return expr::max(0, x); }
};
struct relu6 {
  static constexpr std::string_view name = "relu6";
  template <class X> constexpr auto operator()(X x) const { return expr::min(expr::max(x, 0), 6); }
};
template <double Slope> struct leaky_relu {
  static constexpr std::string_view name = "leaky_relu";
  template <class X> constexpr auto operator()(X x) const { return expr::select(x > 0, x, Slope * x); }
};
struct prelu {
  static constexpr std::string_view name = "prelu";
  template <class X> constexpr auto operator()(X x) const {
    return expr::max(x, 0) + parameter<"weight">(0.25) * expr::min(0, x);
  }
};
template <double Slope> struct necro_relu {
  static constexpr std::string_view name = "necro_relu";
  template <class X> constexpr auto operator()(X x) const { return expr::surrogate(relu{}(x), leaky_relu<Slope>{}(x)); }
};
template <double Threshold, double Value> struct threshold {
  static constexpr std::string_view name = "threshold";
  template <class X> constexpr auto operator()(X x) const { return expr::select(x > Threshold, x, Value); }
};
template <double Alpha> struct elu {
  static constexpr std::string_view name = "elu";
  template <class X> constexpr auto operator()(X x) const {
    return expr::select(x > 0, x, Alpha * expr::expm1(expr::min(0, x)));
  }
};
struct selu {
  static constexpr std::string_view name = "selu";
  // The fixed point of mean 0 and variance 1 (Klambauer et al. 2017), to the precision of a double.
  static constexpr double scale = 1.0507009873554804934, alpha = 1.6732632423543772848;
  template <class X> constexpr auto operator()(X x) const {
    return expr::select(x > 0, scale * x, scale * alpha * expr::expm1(expr::min(0, x)));
  }
};
template <double Alpha> struct celu {
  static constexpr std::string_view name = "celu";
  template <class X> constexpr auto operator()(X x) const {
    return expr::select(x > 0, x, Alpha * expr::expm1(expr::min(0, x) / Alpha));
  }
};
} // namespace activation_functions

namespace layers {
template <int Slope> constexpr auto rectifier() {
  static_assert(Slope == 0 || Slope == 1, "fusegrad: the derivative of relu at 0 is one of its slopes, 0 or 1");
  if constexpr (Slope == 0)
    return catalogued<activation_functions::relu>;
  else
    return catalogued<activation_functions::relu_with_slope_one_at_zero>;
}
} // namespace layers

/// max(x, 0); the derivative at 0 is 0. Backward keeps the output.
inline constexpr auto relu = layers::catalogued<activation_functions::relu>;
/// The same with the derivative at 0 chosen, 0 or 1. With 1 backward keeps the input: the output no longer tells.
template <int Slope> inline constexpr auto relu_with_slope_at_zero = layers::rectifier<Slope>();
/// min(max(x, 0), 6). Krizhevsky 2010.
inline constexpr auto relu6 = layers::catalogued<activation_functions::relu6>;
/// x for x > 0, else `Slope` x. Maas et al. 2013.
template <double Slope = 0.01>
inline constexpr auto leaky_relu = layers::catalogued<activation_functions::leaky_relu<Slope>>;
/// Leaky with a learned slope, shared by the layer; `prelu.per_unit()` learns one for each unit. He et al. 2015.
inline constexpr auto prelu = layers::catalogued<activation_functions::prelu>;
/// The value of relu with the derivative of `leaky_relu<Slope>`, so that a dead unit can come back. A surrogate, no
/// gradient.
template <double Slope = 0.01>
inline constexpr auto necro_relu = layers::catalogued<activation_functions::necro_relu<Slope>>;
/// x for x > `Threshold`, else `Value`; it jumps where the two differ.
template <double Threshold, double Value>
inline constexpr auto threshold = layers::catalogued<activation_functions::threshold<Threshold, Value>>;
/// x for x > 0, else `Alpha` (exp(x) - 1). Clevert et al. 2016.
template <double Alpha = 1.0> inline constexpr auto elu = layers::catalogued<activation_functions::elu<Alpha>>;
/// elu, scaled so that mean 0 and variance 1 are kept. Klambauer et al. 2017.
inline constexpr auto selu = layers::catalogued<activation_functions::selu>;
/// x for x > 0, else `Alpha` (exp(x / `Alpha`) - 1): smooth for any `Alpha` > 0. Barron 2017.
template <double Alpha = 1.0> inline constexpr auto celu = layers::catalogued<activation_functions::celu<Alpha>>;

} // namespace fusegrad
