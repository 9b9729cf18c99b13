// SPDX-License-Identifier: MIT
// expect: map takes so many operands at most
// expect: map_has_too_many_operands<.*"many".*position<0(UL)?>.*got<17(UL)?>.*needs<16(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct many : fg::layer {
  static constexpr std::string_view name = "many";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    const auto sum = [](auto... all) { return (all + ...); };
#ifdef FUSEGRAD_FAIL
    return e.map(sum, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x);
#else
    return e.map(sum, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x);
#endif
  }
};
constexpr auto model = fg::input<8> | many{};
