// SPDX-License-Identifier: MIT
#include <fusegrad/math/elementary.hpp>

namespace fusegrad::math {
namespace {

static_assert(vector_bytes == 16 || vector_bytes == 32 || vector_bytes == 64);
static_assert(register_count >= 16 && !isa_name.empty());
static_assert(native_lanes<float> == 2 * native_lanes<double> && native_lanes<float> * 4 == vector_bytes);

static_assert(number<float> && number<double> && number<vector<float>> && !number<int> && !number<long double>);
static_assert(std::is_same_v<value_type_of<vector<double>>, double>);

template <class T> constexpr bool close(T a, T b, T tolerance = 2 * std::numeric_limits<T>::epsilon()) {
  return abs(a - b) <= tolerance * abs(b);
}

template <class T> constexpr bool exact_values_hold() {
  return exp(T(0)) == 1 && expm1(T(0)) == 0 && log(T(1)) == 0 && log1p(T(0)) == 0 && sin(T(0)) == 0 && cos(T(0)) == 1 &&
         tanh(T(0)) == 0 && sigmoid(T(0)) == T(0.5) && erf(T(0)) == 0 && sqrt(T(9)) == 3 && rsqrt(T(0.25)) == 2 &&
         pow(T(2), T(10)) == 1024 && pow<-3>(T(2)) == T(0.125) && pow(T(-2), T(3)) == -8 && square(T(-3)) == 9 &&
         reciprocal(T(4)) == T(0.25) && sign(T(-4)) == -1 && sign(T(0)) == 0 && abs(T(-1)) == 1 && max(T(-1), 0) == 0 &&
         min(T(-1), 0) == -1 && clamp(T(5), 0, 1) == 1 && select(true, T(1), T(2)) == 1 &&
         multiply_add(T(2), T(3), T(4)) == 10;
}
static_assert(exact_values_hold<float>() && exact_values_hold<double>());

template <class T> constexpr bool irrational_values_hold() {
  return close(exp(T(1)), T(2.718281828459045)) && close(expm1(T(1)), T(1.718281828459045)) &&
         close(log(T(10)), T(2.302585092994046)) && close(log1p(T(1)), T(0.6931471805599453)) &&
         close(sin(T(1)), T(0.8414709848078965)) && close(cos(T(1)), T(0.5403023058681398)) &&
         close(tanh(T(1)), T(0.7615941559557649)) && close(sigmoid(T(1)), T(0.7310585786300049)) &&
         close(softplus(T(1)), T(1.3132616875182228)) && close(erf(T(0.5)), T(0.5204998778130465)) &&
         close(erf(T(2)), T(0.9953222650189527)) && close(sqrt(T(2)), T(1.4142135623730951)) &&
         close(pow(T(10), T(0.5)), T(3.1622776601683795));
}
static_assert(irrational_values_hold<float>() && irrational_values_hold<double>());

template <class T> constexpr bool limits_hold() {
  constexpr T inf = std::numeric_limits<T>::infinity();
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  const auto is_nan = [](T x) { return x != x; };
  return exp(T(1000)) == inf && exp(T(-1000)) == 0 && exp(-inf) == 0 && expm1(-inf) == -1 && expm1(inf) == inf &&
         log(T(0)) == -inf && log(inf) == inf && log1p(T(-1)) == -inf && tanh(inf) == 1 && tanh(-inf) == -1 &&
         sigmoid(inf) == 1 && sigmoid(-inf) == 0 && softplus(inf) == inf && softplus(-inf) == 0 && erf(inf) == 1 &&
         sqrt(inf) == inf && pow(T(10), T(1000)) == inf && is_nan(exp(nan)) && is_nan(log(nan)) && is_nan(log(T(-1))) &&
         is_nan(sqrt(T(-1))) && is_nan(sin(inf)) && is_nan(cos(nan)) && is_nan(tanh(nan)) && is_nan(sigmoid(nan)) &&
         is_nan(softplus(nan)) && is_nan(erf(nan)) && is_nan(max(nan, 0)) && is_nan(max(T(0), nan)) &&
         is_nan(pow(nan, T(1))) && pow(nan, T(0)) == 1 && is_nan(sign(nan));
}
static_assert(limits_hold<float>() && limits_hold<double>());

// Large arguments take the exact reduction, in constant expressions too.
static_assert(close(sin(1e22), -0.8522008497671888) && close(cos(1e22), 0.5232147853951389));
static_assert(close(sin(0x1.fffffep+127F), -0.5218765F, 1e-6F));

// The closest numbers a root can be confused with.
static_assert(sqrt(2.0) == 0x1.6a09e667f3bcdp+0 && sqrt(2.0F) == 0x1.6a09e6p+0F && sqrt(0x1p-1074) == 0x1p-537);

} // namespace
} // namespace fusegrad::math
