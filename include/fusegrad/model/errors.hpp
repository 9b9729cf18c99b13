// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/diagnostics.hpp>

// What can be wrong with weights and inference, in words; docs/errors.md has an entry for each.
namespace fusegrad {

template <class Got> struct weights_need_a_model {
  static_assert(fits<weights_need_a_model>, "fusegrad: weights are those of a model that starts with input<...>.");
};
template <class Got, class Needs, class GotNumber, class NeedsNumber> struct no_sample_of_this_model {
  static_assert(
      fits<no_sample_of_this_model>,
      "fusegrad: a sample is an array or span of as many numbers as the model has inputs, of its number type.");
};
template <class Got, class Needs> struct sample_of_unknown_size {
  static_assert(fits<sample_of_unknown_size>,
                "fusegrad: the compiler does not know how many numbers this has: a sample is a std::array, or a "
                "std::span<const float, N>(numbers); predict takes any number of samples.");
};
template <class Model> struct live_weights_are_turned_around {
  static_assert(fits<Model>,
                "fusegrad: inference of this model reads some weights turned around, which takes a copy of "
                "them: call inference() after the steps, not live().");
};
template <class Model> struct model_has_no_dropout {
  static_assert(fits<Model>,
                "fusegrad: dropout_passes needs a model with dropout<rate> in it, and not in a frozen(...) part: all "
                "passes would be the same.");
};
template <class Got, class Needs> struct sample_too_large_for_the_stack {
  static_assert(fits<sample_too_large_for_the_stack>,
                "fusegrad: one sample of this model takes more memory than a stack should: call predict with a "
                "workspace.");
};

} // namespace fusegrad
