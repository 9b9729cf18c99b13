// SPDX-License-Identifier: MIT
// expect: does not lead to it \(see the rows and columns
// expect: window_does_not_fit_the_image<.*"doubled".*position<0(UL)?>.*got<1(UL)?, 5(UL)?>.*needs<1(UL)?, 6(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct doubled : fg::layer {
  static constexpr std::string_view name = "doubled";
#ifdef FUSEGRAD_FAIL
  static constexpr std::size_t length = 12;
#else
  static constexpr std::size_t length = 10;
#endif
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return fg::tensor::with_image(in, 1, length); }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    fg::graph::window two;
    two.columns.size = two.columns.stride = 2;
    return e.transposed_window_sum(x, two, output_shape(x.shape));
  }
};
constexpr auto model = fg::input<5, 3> | doubled{};
