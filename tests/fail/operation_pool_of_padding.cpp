// SPDX-License-Identifier: MIT
// expect: max_pool has a largest number in every window: pad by less than the window's size
// expect: window_sees_nothing_of_the_image<.*"padded".*position<0(UL)?>.*got<1(UL)?, 6(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct padded : fg::layer {
  static constexpr std::string_view name = "padded";
  static constexpr fg::graph::window two = [] {
    fg::graph::window w;
    w.columns.size = 2;
#ifdef FUSEGRAD_FAIL
    w.columns.before = 2;
#else
    w.columns.before = 1;
#endif
    return w;
  }();
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return two.over(in); }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) { return e.max_pool(x, two); }
};
constexpr auto model = fg::input<6, 5> | padded{};
