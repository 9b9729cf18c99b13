// SPDX-License-Identifier: MIT
#pragma once

#include "net.hpp"

#include <cstddef>

namespace benchmarks {

/// A chain of dense layers of one width, with an activation after all but the last.
template <std::size_t Layers, std::size_t Width, class Activation> constexpr auto equal_layers(Activation activation) {
  if constexpr (Layers == 1)
    return fg::input<Width> | fg::dense<Width>;
  else
    return equal_layers<Layers - 1, Width>(activation) | activation | fg::dense<Width>;
}

} // namespace benchmarks
