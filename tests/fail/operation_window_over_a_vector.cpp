// SPDX-License-Identifier: MIT
// expect: a window moves over \[height\]\[width\]\[channels\], or along a row of \[time\]\[channels\]
// expect: window_needs_an_image<.*"pairs".*position<1(UL)?>.*got<6(UL)?, 5(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

// Two rows of what has only one.
struct pairs : fg::layer {
  static constexpr std::string_view name = "pairs";
  static constexpr fg::graph::window two = [] {
    fg::graph::window w;
#ifdef FUSEGRAD_FAIL
    w.rows.size = 2;
#else
    w.columns.size = 2;
#endif
    return w;
  }();
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return two.over(in); }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) { return e.window_sum(x, two); }
};
constexpr auto model = fg::input<6, 5> | fg::relu | pairs{};
