// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/graph/input_gradient.hpp>
#include <fusegrad/layer/behind_model.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/model.hpp>
#include <string_view>
#include <utility>

namespace fusegrad {

namespace layers {

/// Whether a layer hands on what comes in, in front of what it makes of it.
enum class made_from : bool { beside_it, instead_of_it };

/// The gradient of the only number that comes in with respect to inputs of the model, a value for each of them, times a
/// sign. By reverse mode: as dear as the number itself, however many inputs there are.
template <int Sign, made_from How, std::size_t... Inputs> struct input_gradient_layer : layer {
  static constexpr std::string_view name = Sign < 0 ? "forces" : "input_gradient";

  template <class Position, class In> static constexpr auto check() {
    return fault<layer_stands_behind_a_model<in_words<input_gradient_layer>, Position>>{};
  }
  template <class Position, class Inputs_, class In> static constexpr auto check_behind() {
    if constexpr (In::count != 1 || In::first.size() != 1)
      return fault<gradient_of_several_numbers<in_words<input_gradient_layer>, Position,
                                               diagnostics::got<total_size<In>()>, diagnostics::needs<1>>>{};
    else if constexpr (((Inputs >= Inputs_::count) || ...))
      return fault<no_such_input<in_words<input_gradient_layer>, Position, diagnostics::got<Inputs...>,
                                 diagnostics::needs<Inputs_::count>>>{};
    else
      return shapes<In, Inputs_>(std::make_index_sequence < sizeof...(Inputs) == 0 ? Inputs_::count
                                                                                   : sizeof...(Inputs) > {});
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    wire out;
    if constexpr (How == made_from::beside_it) out = in;
    const wire slopes = graph::input_gradient(e, in[0]);
    constexpr std::array<std::size_t, sizeof...(Inputs)> chosen{Inputs...};
    for (std::size_t i = 0; i < (chosen.empty() ? slopes.size() : chosen.size()); ++i) {
      const row& slope = slopes[chosen.empty() ? i : chosen[i]];
      out.push_back(Sign < 0 ? e.scaled(slope, -1) : slope);
    }
    return out;
  }

  /// As a function of a model: the gradient alone.
  template <any_model Model> constexpr auto operator()(const Model& of) const {
    return of | input_gradient_layer<Sign, made_from::instead_of_it, Inputs...>{};
  }

private:
  template <class In, class All, std::size_t... I> static constexpr auto shapes(std::index_sequence<I...>) {
    constexpr std::array<std::size_t, sizeof...(I)> chosen = [] {
      if constexpr (sizeof...(Inputs) == 0)
        return std::array<std::size_t, sizeof...(I)>{I...};
      else
        return std::array<std::size_t, sizeof...(I)>{Inputs...};
    }();
    using slopes = wire_shapes<All::list[chosen[I]]...>;
    if constexpr (How == made_from::beside_it)
      return typename joined<In, slopes>::type{};
    else
      return slopes{};
  }
};

} // namespace layers

/// Behind a model that puts out one number: the number, and its gradient with respect to each input of the model.
/// `input_gradient(net)` is a model of the gradient alone.
inline constexpr layers::input_gradient_layer<1, layers::made_from::beside_it> input_gradient{};
/// The same with respect to these inputs, counted from 0.
template <std::size_t... Inputs>
  requires(sizeof...(Inputs) > 0)
inline constexpr layers::input_gradient_layer<1, layers::made_from::beside_it, Inputs...> input_gradient_by{};

/// Behind a model of an energy: the energy, and the forces, which are minus its gradient with respect to the first
/// input: `net | forces`, trained with `losses(mean_squared_error, 0.1 * mean_squared_error)`.
inline constexpr layers::input_gradient_layer<-1, layers::made_from::beside_it, 0> forces{};

} // namespace fusegrad
