// SPDX-License-Identifier: MIT
// expect: concat joins the columns of values with the same positions
// expect: images_differ_in_positions<.*"with_mean".*position<0(UL)?>.*got<5(UL)?>.*needs<6(UL)?, 5(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

// A value of one position is not repeated by concat: a map that reads it with the image does that.
struct with_mean : fg::layer {
  static constexpr std::string_view name = "with_mean";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) {
    return fg::tensor::with_columns(in, 2 * in.columns());
  }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    fg::wire parts;
    parts.push_back(x);
#ifdef FUSEGRAD_FAIL
    parts.push_back(e.position_mean(x));
#else
    parts.push_back(e.map([](auto mean, auto number) { return mean + 0 * number; }, e.position_mean(x), x));
#endif
    return e.concat(parts);
  }
};
constexpr auto model = fg::input<6, 5> | with_mean{};
