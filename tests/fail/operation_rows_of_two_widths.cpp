// SPDX-License-Identifier: MIT
// expect: map takes values of one shape
// expect: rows_differ_in_width<.*"joined".*position<0(UL)?>.*got<3(UL)?>.*needs<5(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct joined : fg::layer {
  static constexpr std::string_view name = "joined";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents) { return fg::tensor::vector_of(5); }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    fusegrad::growing<std::size_t> widths;
#ifdef FUSEGRAD_FAIL
    widths.push_back(3);
#else
    widths.push_back(1);
#endif
    widths.push_back(5);
    const auto parts = e.split(x, widths);
    return e.map([](auto a, auto b) { return 10 * a + b; }, parts[0], parts[1]);
  }
};
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | joined{};
#else
constexpr auto model = fg::input<6> | joined{};
#endif
