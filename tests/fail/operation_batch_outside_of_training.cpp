// SPDX-License-Identifier: MIT
// expect: ask e.is_training\(\) before
// expect: layer_reads_the_batch_outside_of_training<.*"noisy".*position<0(UL)?>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct noisy : fg::layer {
  static constexpr std::string_view name = "noisy";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
#ifndef FUSEGRAD_FAIL
    if (!e.is_training()) return x;
#endif
    return e.map([](auto number, auto noise) { return number + noise; }, x, e.random(fg::tensor::vector_of(x.width())));
  }
};
constexpr auto model = fg::input<8> | noisy{};
