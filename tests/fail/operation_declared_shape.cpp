// SPDX-License-Identifier: MIT
// expect: emit makes another number of columns than output_shape says
// expect: layer_makes_another_shape<.*"total".*position<0(UL)?>.*got<1(UL)?>.*needs<5(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr std::size_t columns = 5;
#else
constexpr std::size_t columns = 1;
#endif

struct total : fg::layer {
  static constexpr std::string_view name = "total";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents) { return fg::tensor::vector_of(columns); }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    return e.row_sum(x);
  }
};
constexpr auto model = fg::input<8> | total{} | fg::dense<2>;
