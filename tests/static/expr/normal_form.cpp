// SPDX-License-Identifier: MIT
#include "normal_form_rows.hpp"

#include <fusegrad/expr/calculus.hpp>

namespace {

using fusegrad::function, fusegrad::parameter;

#define ROW(written, becomes)                                                                                          \
  static_assert(function([](auto x) {                                                                                  \
                  [[maybe_unused]] const auto a = parameter<"a">(1);                                                   \
                  return written;                                                                                      \
                }).to_string() == becomes);
FUSEGRAD_NORMAL_FORM_ROWS(ROW)
#undef ROW

constexpr auto left_first = function([](auto x, auto y) { return x * y + exp(x); });
constexpr auto right_first = function([](auto x, auto y) {
  const auto e = exp(x);
  return e + y * x;
});
// Equal functions are equal values, though not for every order in which they can be written.
static_assert(function([](auto x) { return exp(x) + exp(x); }).table<> ==
              function([](auto x) { return 2 * exp(x); }).table<>);
static_assert(left_first.to_string() == "x1*x2 + exp(x1)");
static_assert(right_first.to_string() == "exp(x1) + x1*x2");

// x - 0 is x for every x; x - -0 and x + 0 are not, at -0.
static_assert(function([](auto x) { return x - (-0.0); }).to_string() == "x - -0");

} // namespace
