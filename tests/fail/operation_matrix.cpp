// SPDX-License-Identifier: MIT
// expect: matrix_product takes a weight of \[outputs\]\[width of the row\]
// expect: matrix_does_not_fit_the_row<.*"mixed".*position<1(UL)?>.*got<8(UL)?, 64(UL)?>.*needs<8(UL)?, 4(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct mixed : fg::layer {
  static constexpr std::string_view name = "mixed";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents) { return fg::tensor::vector_of(8); }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
#ifdef FUSEGRAD_FAIL
    constexpr std::size_t inputs = 64;
#else
    constexpr std::size_t inputs = 4;
#endif
    return e.matrix_product(x, e.parameter("weight", fg::tensor::matrix_of(8, inputs), fg::init::ones));
  }
};
constexpr auto model = fg::input<4> | fg::relu | mixed{};
