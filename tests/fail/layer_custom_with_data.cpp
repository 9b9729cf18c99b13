// SPDX-License-Identifier: MIT
// expect: a layer is an empty class
// expect: layer_has_data<doubled>
#include <fusegrad/layers.hpp>
#include <string_view>
namespace fg = fusegrad;

struct doubled : fg::layer {
  static constexpr std::string_view name = "doubled";
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }
  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) { return e.map([](auto v) { return v + v; }, x); }
#ifdef FUSEGRAD_FAIL
  double factor = 2;
#endif
};
constexpr auto model = fg::input<2> | doubled{};
