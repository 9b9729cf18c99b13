// SPDX-License-Identifier: MIT
// expect: write them before asking e.is_training\(\)
// expect: layer_has_other_parameters_in_training<.*"scaled".*position<1(UL)?>.*got<0(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct scaled : fg::layer {
  static constexpr std::string_view name = "scaled";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
#ifdef FUSEGRAD_FAIL
    if (!e.is_training()) return x;
    const auto gain = e.parameter("gain", fg::tensor::vector_of(x.width()), fg::init::ones);
#else
    const auto gain = e.parameter("gain", fg::tensor::vector_of(x.width()), fg::init::ones);
    if (!e.is_training()) return x;
#endif
    return e.map([](auto number, auto factor) { return number * factor; }, x, gain);
  }
};
constexpr auto model = fg::input<8> | fg::dense<4> | scaled{};
