// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/calculus.hpp>

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace fusegrad::test {

inline constexpr float infinity = std::numeric_limits<float>::infinity();
inline constexpr float largest_float = std::numeric_limits<float>::max();

/// Every 49,999th float of both signs, with the edges.
inline const std::vector<float>& floats() {
  static const std::vector<float> all = [] {
    std::vector<float> list{0.0F,
                            -0.0F,
                            largest_float,
                            -largest_float,
                            1e4F,
                            -1e4F,
                            88.7F,
                            -88.7F,
                            88.8F,
                            -88.8F,
                            103.9F,
                            -104.0F,
                            1e-45F,
                            -1e-45F,
                            std::numeric_limits<float>::min(),
                            -std::numeric_limits<float>::min()};
    for (std::uint32_t magnitude = 0; magnitude < 0x7F80'0000U; magnitude += 49'999U) {
      list.push_back(std::bit_cast<float>(magnitude));
      list.push_back(std::bit_cast<float>(magnitude | 0x8000'0000U));
    }
    return list;
  }();
  return all;
}

template <class F> void check_finite(const char* name, F f) {
  int failures = 0;
  float first = 0;
  for (float x : floats()) {
    if (std::isfinite(f(x))) continue;
    if (failures++ == 0) first = x;
  }
  BOOST_TEST(failures == 0, name << " is not finite for " << failures << " floats, for " << first << " first");
}

} // namespace fusegrad::test

#define CHECK_STABLE(...)                                                                                              \
  do {                                                                                                                 \
    constexpr auto f = [](auto x) { return __VA_ARGS__; };                                                             \
    fusegrad::test::check_finite(#__VA_ARGS__, fusegrad::function(f));                                                 \
    fusegrad::test::check_finite("the derivative of " #__VA_ARGS__, fusegrad::derivative(f));                          \
  } while (false)
#define CHECK_STABLE_TWICE(...)                                                                                        \
  do {                                                                                                                 \
    CHECK_STABLE(__VA_ARGS__);                                                                                         \
    fusegrad::test::check_finite("the second derivative of " #__VA_ARGS__,                                             \
                                 fusegrad::derivative(fusegrad::derivative([](auto x) { return __VA_ARGS__; })));      \
  } while (false)
