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
template <class Position, class Got, class Needs> struct output_transform_does_not_fit_model {
  static_assert(fits<output_transform_does_not_fit_model>,
                "fusegrad: output_transform calls its function with the model's outputs and then its inputs, one "
                "argument for each number (see got and needs).");
};
template <class Function, class Position> struct output_transform_has_derivatives {
  static_assert(fits<output_transform_has_derivatives>,
                "fusegrad: the function of output_transform is one of numbers, and of parameters: take derivatives in "
                "an equation, and write numbers for states and settings.");
};

} // namespace fusegrad::layers
