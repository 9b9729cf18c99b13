// SPDX-License-Identifier: MIT
// expect: inputs are added where the model begins: inputs<\.\.\.>
// expect: layer_adds_an_input<.*"shifted".*position<0(UL)?>.*got<2(UL)?>.*needs<1(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct shifted : fg::layer {
  static constexpr std::string_view name = "shifted";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
#ifdef FUSEGRAD_FAIL
    const auto other = e.input(x.shape);
#else
    const auto other = e.parameter("shift", x.shape, fg::init::zeros);
#endif
    return e.map([](auto number, auto shift) { return number + shift; }, x, other);
  }
};
constexpr auto model = fg::input<8> | shifted{} | fg::dense<4>;
