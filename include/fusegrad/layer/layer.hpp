// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/operation_errors.hpp>

#include <concepts>
#include <cstddef>
#include <fusegrad/expr/errors.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/layer/broken_rule.hpp>
#include <fusegrad/tensor/shape.hpp>
#include <string_view>
#include <type_traits>
#include <utility>

namespace fusegrad {

using graph::emitter;
using graph::row;
using graph::wire;

/// The base of every layer. A layer is an empty class with
///   `static constexpr std::string_view name`          what a summary calls it
///   `static constexpr extents output_shape(extents)`  the shape it makes of its input's
///   `static constexpr row emit(emitter&, const row&)` its operations and parameters
/// and, where it does not take every shape, `static constexpr extents required_shape(extents got)` (equal to `got`
/// where it fits) and `using cure = diagnostics::fix<...>`.
struct layer {
  /// `dense<32>()`: refused in words.
  template <std::size_t Arguments = 0> constexpr auto operator()() const {
    static_cast<void>(sizeof(expr::is_a_value_already<diagnostics::got<Arguments>>));
    return layer{};
  }
};

template <class In, class Out, class... Layers> struct model;

namespace layers {

/// The shapes of the values on a wire, as a type.
template <tensor::extents... Shapes> struct wire_shapes {
  static constexpr std::size_t count = sizeof...(Shapes);
  static constexpr tensor::extents list[count + 1]{Shapes...};
  static constexpr tensor::extents first = list[0];
};

// A fault is carried out of all nesting to the model, and said there.
using diagnostics::fault;
using diagnostics::is_fault;
using diagnostics::no_fault;

/// All shapes side by side, or the first fault among them. No operator: its lookup would instantiate the error in the
/// depth.
template <class... Made> struct joined {
  using type = wire_shapes<>;
};
template <tensor::extents... Shapes> struct joined<wire_shapes<Shapes...>> {
  using type = wire_shapes<Shapes...>;
};
template <tensor::extents... A, tensor::extents... B, class... More>
struct joined<wire_shapes<A...>, wire_shapes<B...>, More...> : joined<wire_shapes<A..., B...>, More...> {};
template <class Error, class... More> struct joined<fault<Error>, More...> {
  using type = fault<Error>;
};
template <tensor::extents... A, class Error, class... More> struct joined<wire_shapes<A...>, fault<Error>, More...> {
  using type = fault<Error>;
};

template <class L>
concept any_layer = std::derived_from<L, layer>;

/// A layer that reads one value and makes one.
template <class L>
concept simple_layer = any_layer<L> && requires(emitter& e, const row& x, tensor::extents in) {
  { L::output_shape(in) } -> std::same_as<tensor::extents>;
  { L::emit(e, x) } -> std::same_as<row>;
};

/// A layer that reads and makes any number of values, and checks their shapes itself.
template <class L>
concept block_layer = any_layer<L> && requires(emitter& e, const wire& x) {
  { L::emit(e, x) } -> std::same_as<wire>;
};

template <class> inline constexpr bool is_model = false;
template <class In, class Out, class... Layers> inline constexpr bool is_model<model<In, Out, Layers...>> = true;

namespace detail {

/// The cure for something that is no layer. What belongs to training is known by its looks: the headers that define it
/// come later.
template <class T> constexpr auto cure_for_no_layer() {
  if constexpr (requires { T::decision_threshold; })
    return std::type_identity<give_the_loss_to_the_trainer>{};
  else if constexpr (requires { T::penalises_weights; })
    return std::type_identity<add_the_penalty_to_the_loss>{};
  else if constexpr (requires(const T& rule) { rule.setting(std::string_view{}); })
    return std::type_identity<give_the_update_rule_to_the_trainer>{};
  else if constexpr (requires { T::on_a_part_of_a_layer; })
    return std::type_identity<put_it_into_groups>{};
  else if constexpr (std::is_integral_v<T>)
    return std::type_identity<write_dense_with_the_number_of_units>{};
  else if constexpr (std::is_class_v<T> && std::is_empty_v<T>)
    return std::type_identity<wrap_it_in_activation>{};
  else
    return std::type_identity<give_a_layer_such_as_dense_or_relu>{};
}

/// What is wrong with T as a layer, or no_fault.
template <class T> constexpr auto fault_of_layer() {
  if constexpr (is_model<T>)
    return fault<model_where_a_layer_is_expected<diagnostics::fix<leave_out_its_input>>>{};
  else if constexpr (!any_layer<T>)
    return fault<not_a_layer<T, diagnostics::fix<typename decltype(cure_for_no_layer<T>())::type>>>{};
  else if constexpr (!std::is_empty_v<T>)
    return fault<layer_has_data<T>>{};
  else if constexpr (!requires { std::string_view{T::name}; })
    return fault<layer_has_no_name<T>>{};
  else if constexpr (block_layer<T>)
    return no_fault{};
  else if constexpr (!requires(tensor::extents in) {
                       { T::output_shape(in) } -> std::same_as<tensor::extents>;
                     })
    return fault<layer_has_no_output_shape<T>>{};
  else if constexpr (!simple_layer<T>)
    return fault<layer_has_no_emit<T>>{};
  else
    return no_fault{};
}
template <class T> constexpr void require_layer() {
  using found = decltype(fault_of_layer<T>());
  if constexpr (is_fault<found>) static_cast<void>(sizeof(typename found::error));
}

// Shapes come in as types: with the extents themselves as arguments of an alias GCC 12 crashes.
template <class Shapes, std::size_t Which, template <auto...> class Word> struct shape_in_words {
  template <std::size_t... I>
  static Word<static_cast<std::size_t>(Shapes::list[Which].extent[I])...>* words(std::index_sequence<I...>);
  using type = std::remove_pointer_t<decltype(words(std::make_index_sequence<Shapes::list[Which].rank>{}))>;
};
template <class Shapes, std::size_t Which = 0>
using got = typename shape_in_words<Shapes, Which, diagnostics::got>::type;
template <class Shapes, std::size_t Which = 0>
using needs = typename shape_in_words<Shapes, Which, diagnostics::needs>::type;

template <class L> constexpr tensor::extents required_shape(tensor::extents got) {
  if constexpr (requires { L::required_shape(got); })
    return L::required_shape(got);
  else
    return got;
}
template <class L, class In> constexpr auto cure_of() {
  if constexpr (requires { typename L::template cure_for<In>; })
    return std::type_identity<typename L::template cure_for<In>>{};
  else if constexpr (requires { typename L::cure; })
    return std::type_identity<typename L::cure>{};
  else
    return std::type_identity<diagnostics::fix<>>{};
}

/// What a layer itself says is wrong with the shape that comes in.
template <class L, class Position, class In> constexpr auto own_fault() {
  if constexpr (requires { L::template fault_of<Position, In>(); })
    return L::template fault_of<Position, In>();
  else
    return no_fault{};
}

/// What a layer does wrong by itself, in training or outside of it, with one row of this shape.
template <class L, class In> struct tried_alone {
private:
  static constexpr void write(emitter& e) {
    e.expect_user_names();
    const row made = L::emit(e, e.input(In::first));
    if (e.keeps(graph::shape_rules::known_value(e.result, made.value, made.shape)))
      e.keeps(graph::shape_rules::declared(made.shape, L::output_shape(In::first)));
    e.keeps(graph::shape_rules::inputs_of_model(e.result));
  }

public:
  static constexpr graph::violation found = [] {
    emitter outside(graph::emission{false}), training(graph::emission{true});
    write(outside);
    if (outside.broken().broken != graph::rule::none) return outside.broken();
    write(training);
    training.keeps(graph::shape_rules::same_parameters(training.result, outside.result));
    return training.broken();
  }();
};
} // namespace detail

/// The shapes that a layer makes of what comes in, or the fault that was found.
template <class L, class Position, class In> constexpr auto checked() {
  using as_layer = decltype(detail::fault_of_layer<L>());
  if constexpr (is_fault<as_layer>) {
    return as_layer{};
  } else if constexpr (block_layer<L>) {
    return L::template check<Position, In>();
  } else if constexpr (In::count != 1) {
    return fault<wrong_number_of_values<in_words<L>, Position, diagnostics::got<In::count>, diagnostics::needs<1>,
                                        diagnostics::fix<insert_concat_or_add_or_multiply_before_it>>>{};
  } else {
    constexpr tensor::extents required = detail::required_shape<L>(In::first);
    if constexpr (!(required == In::first)) {
      return fault<shape_mismatch<in_words<L>, Position, detail::got<In>, detail::needs<wire_shapes<required>>,
                                  typename decltype(detail::cure_of<L, In>())::type>>{};
    } else if constexpr (is_fault<decltype(detail::own_fault<L, Position, In>())>) {
      return detail::own_fault<L, Position, In>();
    } else if constexpr (detail::tried_alone<L, In>::found.broken != graph::rule::none) {
      return fault<broken_rule<detail::tried_alone<L, In>, in_words<L>, Position>>{};
    } else {
      return wire_shapes<L::output_shape(In::first)>{};
    }
  }
}

/// Lets a layer write its operations.
template <any_layer L> constexpr wire emit_layer(emitter& e, const wire& in) {
  if constexpr (simple_layer<L>) {
    wire out;
    out.reserve(1);
    out.push_back(e.reshape(L::emit(e, in[0]), L::output_shape(in[0].shape))); // what was promised
    return out;
  } else {
    return L::emit(e, in);
  }
}

/// The part of the path that a layer's parameters have: its place, or the name that the user gave.
template <any_layer L> constexpr std::size_t enter_layer(emitter& e, std::size_t place) {
  if constexpr (requires { L::path_name; }) {
    e.expect_user_names();
    return e.enter(std::string_view{L::path_name});
  } else {
    return e.enter(place);
  }
}

namespace detail {
template <any_layer L> constexpr wire emit_at(emitter& e, const wire& in, std::size_t place) {
  const std::size_t length = enter_layer<L>(e, place);
  const std::size_t operations = e.result.operations.size();
  wire out = emit_layer<L>(e, in);
  e.mark(L::name, in, out, operations);
  e.leave(length);
  return out;
}

template <class Position, std::size_t Inner> struct inner_position;
template <std::size_t... Outer, std::size_t Inner> struct inner_position<diagnostics::position<Outer...>, Inner> {
  using type = diagnostics::position<Outer..., Inner>;
};
} // namespace detail

/// The place number `Inner` within the block at `Position`.
template <class Position, std::size_t Inner> using inside = typename detail::inner_position<Position, Inner>::type;

} // namespace layers

} // namespace fusegrad
