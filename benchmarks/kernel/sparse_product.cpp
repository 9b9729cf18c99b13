// SPDX-License-Identifier: MIT
// One sample times a square weight: skipping zeros against multiplying with them. Which numbers are zero changes from
// call to call; if it did not, the processor would learn the pattern.
#include "shapes.hpp"

#include <fusegrad/kernel/sparse_product.hpp>

namespace benchmarks {
namespace {

using fusegrad::kernel::access;
using rectified = decltype([](auto x, auto bias) { return max(x + bias, 0); });

constexpr std::size_t samples = 256;

/// Rows in which so many percent of the numbers are zero, at places of their own each.
numbers with_zeros(std::size_t width, unsigned percent) {
  const std::size_t stride = fusegrad::kernel::row_stride<float>(width);
  numbers rows = filled(samples * stride);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (50 * (signed_unit(4, i) + 1) < percent) rows[i] = 0;
  return rows;
}

template <std::size_t Width, std::size_t MostNonzeros> void run(benchmark::State& state, unsigned percent) {
  namespace kernel = fusegrad::kernel;
  using skipping = kernel::sparse_product<float, table_of<rectified, 2>, read_as<access::product, access::column>,
                                          Width, Width, MostNonzeros>;
  numbers x = with_zeros(Width, percent), w = filled(size_of_panels(Width, Width), 2);
  numbers y = filled(size_of_rows(1, Width)), bias = filled(kernel::padded<float>(Width), 3);
  kernel::call<float> c;
  c.rows = 1, c.depth = Width, c.columns = Width, c.right = w.data();
  c.arguments[1] = {bias.data(), 0};
  c.results[0] = {y.data(), kernel::row_stride<float>(Width)};
  std::size_t sample = 0;
  const auto next = [&] {
    c.left = x.data() + sample++ % samples * kernel::row_stride<float>(Width);
    launder(x.data());
  };
  const auto [seconds, dense] = in_turns(
      state, [&] { next(), skipping::run(c), launder(y.data()); },
      [&] { next(), skipping::dense::run(c), launder(y.data()); });
  state.counters["dense us"] = 1e6 * dense;
  state.counters["of dense"] = seconds / dense;
}

/// As inference does it, and without the way back to the dense product where zeros are few.
template <std::size_t Width> void add_width() {
  for (const unsigned percent : {0U, 10U, 25U, 50U, 75U, 90U, 95U, 99U}) {
    const std::string of = std::to_string(Width) + "/zeros:" + std::to_string(percent);
    add_benchmark("sparse_product/" + of,
                  [=](auto& state) { run<Width, fusegrad::kernel::most_nonzeros(Width)>(state, percent); });
    add_benchmark("sparse_product_always/" + of, [=](auto& state) { run<Width, Width>(state, percent); });
  }
}

const bool registered = [] {
  add_width<64>(), add_width<128>(), add_width<256>(), add_width<512>(), add_width<1024>(), add_width<2048>();
  return true;
}();

} // namespace
} // namespace benchmarks
