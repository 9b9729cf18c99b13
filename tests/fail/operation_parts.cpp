// SPDX-License-Identifier: MIT
// expect: split takes widths of 1 or more that add up
// expect: parts_do_not_add_up<.*"second_part".*position<0(UL)?>.*got<20(UL)?>.*needs<8(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct second_part : fg::layer {
  static constexpr std::string_view name = "second_part";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents) { return fg::tensor::vector_of(12); }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    fusegrad::growing<std::size_t> widths;
    widths.push_back(8);
    widths.push_back(12);
    return e.split(x, widths)[1];
  }
};
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | second_part{};
#else
constexpr auto model = fg::input<20> | second_part{};
#endif
