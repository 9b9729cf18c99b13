// SPDX-License-Identifier: MIT
// expect: value_product takes a right factor with a row for each column of the left one
// expect: factors_do_not_fit<.*"scores".*position<0(UL)?>.*got<4(UL)?, 6(UL)?>.*needs<6(UL)?, 6(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct scores : fg::layer {
  static constexpr std::string_view name = "scores";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) {
    return fg::tensor::with_columns(in, in.positions());
  }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
#ifdef FUSEGRAD_FAIL
    return e.value_product(x, x);
#else
    return e.value_product(x, x, fg::tensor::transposed_factor::right_one);
#endif
  }
};
constexpr auto model = fg::input<4, 6> | scores{};
