// SPDX-License-Identifier: MIT
// expect: the window does not fit into the image
// expect: window_does_not_fit_the_image<.*"corner".*position<0(UL)?>.*got<3(UL)?, 8(UL)?>.*needs<4(UL)?, 4(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct corner : fg::layer {
  static constexpr std::string_view name = "corner";
  static constexpr fg::graph::window four = [] {
    fg::graph::window w;
    w.rows.size = w.columns.size = 4;
    return w;
  }();
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return four.over(in); }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) { return e.max_pool(x, four); }
};
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<3, 8, 2> | corner{};
#else
constexpr auto model = fg::input<4, 8, 2> | corner{};
#endif
