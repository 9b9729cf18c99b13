// SPDX-License-Identifier: MIT
#pragma once

// The normal form, row by row: what is written, and what it becomes. The static test checks each row, another test that
// docs/expressions.md shows the same rows. ROW(written, becomes) is defined by whoever includes this list.
// clang-format off: each row is shown as it is written
#define FUSEGRAD_NORMAL_FORM_ROWS(ROW)                                                                                 \
  ROW(x + 1, "1 + x")                                                                                                  \
  ROW(a * x, "x*a")                                                                                                    \
  ROW(x + x, "2*x")                                                                                                    \
  ROW(x + -a, "x - a")                                                                                                 \
  ROW(-x + a, "a - x")                                                                                                 \
  ROW(x - -a, "x + a")                                                                                                 \
  ROW(x + -2 * a, "x - 2*a")                                                                                           \
  ROW(x - 0, "x")                                                                                                      \
  ROW(x + 0, "0 + x")                                                                                                  \
  ROW(0 * x, "0*x")                                                                                                    \
  ROW(x - x, "x - x")                                                                                                  \
  ROW((x + a) + 1, "1 + (x + a)")                                                                                      \
  ROW(2 + 3 + x, "5 + x")                                                                                              \
  ROW(1 * x, "x")                                                                                                      \
  ROW(-1 * x, "-x")                                                                                                    \
  ROW(-(-x), "x")                                                                                                      \
  ROW(-(3 * x), "-3*x")                                                                                                \
  ROW(-x * a, "-(x*a)")                                                                                                \
  ROW(-x * -a, "x*a")                                                                                                  \
  ROW(-x / a, "-(x/a)")                                                                                                \
  ROW(0.5 * (2 * x), "x")                                                                                              \
  ROW(3 * (5 * x), "3*(5*x)")                                                                                          \
  ROW(x / 4, "0.25*x")                                                                                                 \
  ROW(x / 3, "x/3")                                                                                                    \
  ROW(x / 1, "x")                                                                                                      \
  ROW(x / (1 + exp(-x)), "x*sigmoid(x)")                                                                               \
  ROW(a / (1 + exp(x)), "a*sigmoid(-x)")                                                                               \
  ROW(exp(x) / (1 + exp(x)), "sigmoid(x)")                                                                             \
  ROW(log(1 + exp(x)), "softplus(x)")                                                                                  \
  ROW(log1p(exp(x)), "softplus(x)")                                                                                    \
  ROW(log(sigmoid(x)), "-softplus(-x)")                                                                                \
  ROW(log(1 - sigmoid(x)), "-softplus(x)")                                                                             \
  ROW(square(x), "x*x")                                                                                                \
  ROW(square(abs(x)), "x*x")                                                                                           \
  ROW(abs(-x), "abs(x)")                                                                                               \
  ROW(abs(abs(x)), "abs(x)")                                                                                           \
  ROW(reciprocal(x), "1/x")                                                                                            \
  ROW(pow<0>(x), "1")                                                                                                  \
  ROW(pow<1>(x), "x")                                                                                                  \
  ROW(pow<2>(x), "x*x")                                                                                                \
  ROW(pow<-1>(x), "1/x")                                                                                               \
  ROW(pow(x, 3), "pow<3>(x)")                                                                                          \
  ROW(pow(x, 2.5), "pow(x, 2.5)")                                                                                      \
  ROW(clamp(x, 0, 1), "min(max(x, 0), 1)")                                                                             \
  ROW(x > a, "a < x")                                                                                                  \
  ROW(x >= a, "a <= x")                                                                                                \
  ROW(x != a, "1 - (x == a)")                                                                                          \
  ROW(select(x < 0, a, a), "a")                                                                                        \
  ROW(select(true, x, a), "x")                                                                                         \
  ROW(surrogate(x, x), "x")
// clang-format on
