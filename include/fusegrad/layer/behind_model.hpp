// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/layer.hpp>

namespace fusegrad::layers {

// What layers that read the model's inputs have in common: they stand behind a model, where those are known.

template <class Shapes> constexpr std::size_t total_size() {
  std::size_t size = 0;
  for (std::size_t i = 0; i < Shapes::count; ++i) size += Shapes::list[i].size();
  return size;
}

template <class Layer, class Position> struct layer_stands_behind_a_model {
  static_assert(
      fits<layer_stands_behind_a_model>,
      "fusegrad: the layer reads the inputs of the model: write it behind the model's other layers, not inside "
      "of a block (see position).");
};
template <class Layer, class Position, class Got, class Needs> struct gradient_of_several_numbers {
  static_assert(fits<gradient_of_several_numbers>,
                "fusegrad: a gradient is that of one number: end the model in dense<1> or a sum (see got), or take "
                "jacobian or derivatives.");
};
template <class Layer, class Position, class Got, class Needs> struct no_such_input {
  static_assert(fits<no_such_input>, "fusegrad: the model has fewer inputs than that (see got, counted from 0, and "
                                     "needs).");
};

} // namespace fusegrad::layers
