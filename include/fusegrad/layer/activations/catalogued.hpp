// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/activation.hpp>
#include <string_view>

/// The functions behind the named activations, in the form in which a user writes one. What they call is written with
/// its namespace, `expr::tanh(x)`, since several of them have the name of an operation themselves.
namespace fusegrad::activation_functions {}

namespace fusegrad::layers {

/// A function object of the catalogue, which brings its own name.
template <class F> struct named_recipe : expr::traced_recipe<F> {
  static constexpr std::string_view name = F::name;
};
// Not made by `activation`: what that refuses is not in the catalogue, and to look for it would mean to trace
// every function of it in each file that includes one.
template <class F> inline constexpr activation_layer<named_recipe<F>> catalogued{};

} // namespace fusegrad::layers
