// SPDX-License-Identifier: MIT
// expect: a layer needs `static constexpr row emit
// expect: layer_has_no_emit<doubled>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct doubled : fg::layer {
  static constexpr std::string_view name = "doubled";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
#ifndef FUSEGRAD_FAIL
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) { return e.map([](auto v) { return v + v; }, x); }
#endif
};
constexpr auto model = fg::input<2> | doubled{};
