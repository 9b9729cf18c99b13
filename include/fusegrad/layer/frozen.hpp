// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A name that the user gave stays the name.
template <class Inner> struct with_path_of {};
template <class Inner>
  requires requires { Inner::path_name; }
struct with_path_of<Inner> {
  static constexpr auto path_name = Inner::path_name;
};

/// A layer or block whose parameters stay as they are.
template <class Inner> struct frozen_layer : layer, with_path_of<Inner> {
  static constexpr std::string_view name = Inner::name;
  template <class Position, class In> static constexpr auto check() { return checked<Inner, Position, In>(); }
  static constexpr wire emit(emitter& e, const wire& in) {
    const graph::emission before = e.enter_frozen();
    wire out = emit_layer<Inner>(e, in);
    e.leave_frozen(before);
    return out;
  }
};

} // namespace layers

/// A layer or block that is not trained: no gradient, no update, no decay; it works as in inference, so that batch
/// normalisation uses its running statistics and dropout does nothing. Gradients go through it to what stands before.
/// Its parameters have the names that they would have, are saved and loaded: `frozen(named<"backbone">(block)) |
/// dense<10>` takes those of a model whose `named<"backbone">(block)` was trained.
template <class Inner> constexpr auto frozen(const Inner&) {
  layers::detail::require_layer<Inner>();
  return layers::frozen_layer<Inner>{};
}

} // namespace fusegrad
