// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/math/basic.hpp>
#include <fusegrad/model/inference.hpp>
#include <span>
#include <type_traits>

namespace fusegrad {

/// A number made of the names and shapes of a model's parameters: other models have another one.
template <any_model Model> constexpr std::uint64_t fingerprint() {
  constexpr auto& held = plan::compiled<Model, plan::no_loss, plan::purpose::hold, float>::value;
  std::uint64_t sum = 0xCBF29CE484222325; // FNV-1a
  const auto mix = [&](std::uint64_t number) { sum = (sum ^ number) * 0x100000001B3; };
  for (std::size_t p = 0; p < held.parameter_count; ++p) {
    for (const char c : held.parameter_name(p)) mix(static_cast<unsigned char>(c));
    const tensor::extents& shape = held.facts[p].shape;
    mix(256 + shape.rank);
    for (std::uint32_t i = 0; i < shape.rank; ++i) mix(shape[i]);
  }
  return sum;
}

/// The network of a header that `io::save_header` wrote: `Model` with the weights `Numbers`, all parameters one behind
/// the other, row-major. The numbers lie in the program; they are packed once, into memory of the program too, as its
/// kernels want them. Nothing is allocated but for models that read weights turned around (transposed convolutions).
template <const auto& Model, const auto& Numbers> class embedded {
  using model = std::remove_cvref_t<decltype(Model)>;
  static constexpr std::size_t count() {
    constexpr auto& facts = plan::compiled<model, plan::no_loss, plan::purpose::hold, float>::value.facts;
    std::size_t sum = 0;
    for (const auto& parameter : facts) sum += parameter.shape.size();
    return sum;
  }
  static_assert(std::size(Numbers) == count(), "fusegrad: these are the weights of another model.");

public:
  using number_type = std::remove_cvref_t<decltype(Numbers[0])>;
  using inference_type = inference<model, number_type, multiplying_zeros, weights_of_the_program>;

  /// The network; made by the first call, whichever thread it is on.
  static const inference_type& network() {
    static const inference_type net{pack()};
    return net;
  }

  /// Whether the network makes of `input` what it made where it was saved, but for a tolerance.
  template <class Input, class Output>
  static bool reproduces(const Input& input, const Output& output, double tolerance = 1e-5) {
    const auto made = network()(input);
    for (std::size_t i = 0; i < made.size(); ++i) {
      const double saved = output[i], distance = math::abs(static_cast<double>(made[i]) - saved),
                   size = math::abs(saved);
      if (!(distance <= tolerance * (size > 1 ? size : 1))) return false; // nor is NaN
    }
    return true;
  }

private:
  using held = plan::compiled<model, plan::no_loss, plan::purpose::hold, number_type>;
  alignas(tensor::alignment) static inline number_type packed_[held::value.parameter_size + 1]{};

  static const number_type* pack() noexcept {
    const number_type* next = Numbers;
    for (std::size_t p = 0; p < held::value.parameter_count; ++p) {
      execution::pack(held::value.parameters[p], next, packed_);
      next += held::value.facts[p].shape.size();
    }
    return packed_;
  }
};

} // namespace fusegrad
