// SPDX-License-Identifier: MIT
// expect: a layer needs `static constexpr std::string_view name
// expect: layer_has_no_name<doubled>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct doubled : fg::layer {
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) { return e.map([](auto v) { return v + v; }, x); }
#ifndef FUSEGRAD_FAIL
  static constexpr std::string_view name = "doubled";
#endif
};
constexpr auto model = fg::input<2> | doubled{};
