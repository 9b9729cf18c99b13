// SPDX-License-Identifier: MIT
// expect: value_product takes values of \[rows\]\[matrices \* columns\] or of \[matrices\]\[rows\]\[columns\]
// expect: value_is_not_so_many_matrices<.*"scores".*position<0(UL)?>.*got<4(UL)?, 6(UL)?>.*needs<4(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct scores : fg::layer {
#ifdef FUSEGRAD_FAIL
  static constexpr std::size_t heads = 4;
#else
  static constexpr std::size_t heads = 3;
#endif
  static constexpr std::string_view name = "scores";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) {
    return {3, {heads, in[0], in[0]}};
  }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    return e.value_product(x, x, fg::tensor::transposed_factor::right_one, heads);
  }
};
constexpr auto model = fg::input<4, 6> | scores{};
