// SPDX-License-Identifier: MIT
// expect: one number for each column, or with a single one
// expect: parameter_does_not_fit_the_columns<.*"scaled".*position<1(UL)?, 0(UL)?>.*got<3(UL)?>.*needs<40(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct scaled : fg::layer {
  static constexpr std::string_view name = "scaled";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
#ifdef FUSEGRAD_FAIL
    const auto gain = e.parameter("gain", fg::tensor::vector_of(3), fg::init::ones);
#else
    const auto gain = e.parameter("gain", fg::tensor::vector_of(x.width()), fg::init::ones);
#endif
    return e.map([](auto number, auto factor) { return number * factor; }, x, gain);
  }
};
constexpr auto model = fg::input<40> | fg::relu | fg::residual(scaled{} | fg::tanh);
