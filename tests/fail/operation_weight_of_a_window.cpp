// SPDX-License-Identifier: MIT
// expect: convolution takes a weight of \[outputs\]\[channels\]\[rows\]\[columns\] of its window
// expect: weight_does_not_fit_the_window<.*"edges".*position<0(UL)?>.*got<8(UL)?, 3(UL)?, 3(UL)?, 2(UL)?>.*needs<8(UL)?, 2(UL)?, 3(UL)?, 3(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct edges : fg::layer {
  static constexpr std::string_view name = "edges";
  static constexpr fg::graph::window three = [] {
    fg::graph::window w;
    w.rows.size = w.columns.size = 3;
    return w;
  }();
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) {
    return fg::tensor::with_columns(three.over(in), 8);
  }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
#ifdef FUSEGRAD_FAIL
    constexpr fg::tensor::extents shape = fg::shape<8, 3, 3, 2>;
#else
    constexpr fg::tensor::extents shape = fg::shape<8, 2, 3, 3>;
#endif
    return e.convolution(x, e.parameter("weight", shape, fg::init::ones), three);
  }
};
constexpr auto model = fg::input<5, 5, 2> | edges{};
