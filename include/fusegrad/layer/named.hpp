// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/fixed_string.hpp>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A layer whose parameters carry a name in their path instead of a number.
template <fixed_string Name, class Inner> struct named_layer : layer {
  static constexpr std::string_view name = Inner::name;
  static constexpr fixed_string path_name = Name;
  template <class Position, class In> static constexpr auto check() { return checked<Inner, Position, In>(); }
  static constexpr wire emit(emitter& e, const wire& in) { return emit_layer<Inner>(e, in); }
};

/// A layer whose parameters exist once, under their own name, however often it stands in the model.
template <fixed_string Name, class Inner> struct shared_layer : layer {
  static constexpr std::string_view name = Inner::name;
  template <class Position, class In> static constexpr auto check() { return checked<Inner, Position, In>(); }
  static constexpr wire emit(emitter& e, const wire& in) {
    const auto before = e.enter_shared(Name.view());
    wire out = emit_layer<Inner>(e, in);
    e.leave_shared(before);
    return out;
  }
};

} // namespace layers

/// Names a layer or block: the parameters of `named<"encoder">(dense<32>)` are `encoder.weight` and `encoder.bias`.
template <fixed_string Name, class Inner> constexpr auto named(const Inner&) {
  layers::detail::require_layer<Inner>();
  return layers::named_layer<Name, Inner>{};
}

/// The same weights wherever it is used: every `shared<"cell">(block)` in a model has the parameters `cell....`.
template <fixed_string Name, class Inner> constexpr auto shared(const Inner&) {
  layers::detail::require_layer<Inner>();
  return layers::shared_layer<Name, Inner>{};
}

} // namespace fusegrad
