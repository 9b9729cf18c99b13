// SPDX-License-Identifier: MIT
#pragma once

#include "harness.hpp"

#include <array>
#include <cstddef>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/expr/functions.hpp>
#include <fusegrad/expr/values.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace benchmarks {

/// One dense layer of a case at a batch.
struct shape {
  std::string_view from; ///< the case, and which of its layers
  std::size_t rows, depth, columns;

  constexpr double operations() const {
    return 2.0 * static_cast<double>(rows) * static_cast<double>(depth) * static_cast<double>(columns);
  }
  std::string name() const {
    return std::string(from) + ':' + std::to_string(rows) + 'x' + std::to_string(depth) + 'x' + std::to_string(columns);
  }
};

inline constexpr auto wide_shapes = std::to_array<shape>({
    {"A.2", 256, 16, 16},
    {"B.2", 256, 64, 64},
    {"B.2", 4096, 64, 64},
    {"C.1", 64, 784, 128},
    {"C.2", 64, 128, 10},
    {"D.1", 128, 784, 512},
    {"D.2", 128, 512, 512},
    {"E", 128, 64, 64},
    {"trigger.1", 64, 16, 64},
    {"trigger.2", 64, 64, 32},
    {"trigger.3", 64, 32, 32},
    {"deep5.2", 64, 100, 100},
    {"deep9.2", 64, 50, 50},
    {"mnist.1", 100, 784, 500},
    {"mnist.2", 100, 500, 250},
});

inline constexpr auto narrow_shapes = std::to_array<shape>({
    {"A.3", 256, 16, 1},
    {"B.4", 256, 64, 1},
    {"trigger.4", 64, 32, 5},
    {"deep5.6", 64, 100, 2},
    {"policy.3", 256, 64, 6},
});

/// The table of a generic function, and how its arguments are read.
template <class F, std::size_t Arity>
inline constexpr auto table_of = fusegrad::expr::recorded<fusegrad::expr::recipe_of<F>, Arity>.body;
template <fusegrad::kernel::access... How>
inline constexpr fusegrad::kernel::access_list<sizeof...(How)> read_as{{How...}};

/// Numbers of rows as kernels want them, and of a matrix in panels.
inline std::size_t size_of_rows(std::size_t rows, std::size_t width) {
  return (rows + fusegrad::kernel::row_slack) * fusegrad::kernel::row_stride<float>(width);
}
inline std::size_t size_of_panels(std::size_t rows, std::size_t width) {
  return rows * fusegrad::kernel::padded<float>(width);
}

/// Calls `use` with each index of an array as a constant.
template <const auto& Shapes, class Use> void for_each_shape(Use&& use) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (use(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<Shapes.size()>{});
}

} // namespace benchmarks
