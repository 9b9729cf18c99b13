// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/derivative_leaf.hpp>
#include <fusegrad/graph/tangent.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/model.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A derivative by columns of the model's inputs, counted through all of them: `by<0, 0>` is the second by the first.
template <std::size_t... Columns> struct by_columns {
  static constexpr std::array<std::size_t, sizeof...(Columns)> columns{Columns...};
};

/// What comes in, and behind it derivatives of it with respect to the model's inputs, one value each. Through the
/// layers between they are further rows beside those of the values, in the same operations; mixed ones share what they
/// have in common, and the sum of second derivatives (`laplacian`) is one of them.
template <class... By> struct derivatives_layer : layer {
  static constexpr std::string_view name = "derivatives";

  template <class Position, class In> static constexpr auto check() {
    if constexpr (In::count != 1)
      return fault<wrong_number_of_values<in_words<derivatives_layer>, Position, diagnostics::got<In::count>,
                                          diagnostics::needs<1>,
                                          diagnostics::fix<insert_concat_or_add_or_multiply_before_it>>>{};
    else
      return typename joined<In, same_as<By, In>...>::type{};
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    wire out = in;
    graph::tangent_pass pass(e);
    (out.push_back(derivative(e, pass, in[0], By{})), ...);
    return out;
  }

private:
  template <class, class In> using same_as = In;

  static constexpr std::size_t columns_of_inputs(const emitter& e) {
    std::size_t columns = 0;
    for (const tensor::extents& shape : e.result.inputs) columns += shape.size();
    return columns;
  }
  template <std::size_t... Columns>
  static constexpr row derivative(emitter& e, graph::tangent_pass& pass, const row& of, by_columns<Columns...>) {
    growing<std::int32_t> columns;
    for (std::size_t column : {Columns...}) {
      if (column >= columns_of_inputs(e)) {
        e.keeps({graph::rule::column_of_input, tensor::vector_of(column), tensor::vector_of(columns_of_inputs(e))});
        return of;
      }
      columns.push_back(static_cast<std::int32_t>(column));
    }
    return pass.derivative(of, columns);
  }
  template <class Operator>
  static constexpr row derivative(emitter& e, graph::tangent_pass& pass, const row& of, Operator) {
    return pass.derivative(of, Operator::of(columns_of_inputs(e)));
  }
};

/// The derivatives without what they are of.
template <class... By> struct derivatives_alone_layer : derivatives_layer<By...> {
  template <class Position, class In> static constexpr auto check() {
    using with_values = decltype(derivatives_layer<By...>::template check<Position, In>());
    if constexpr (is_fault<with_values>)
      return with_values{};
    else
      return typename joined<same_as<By, In>...>::type{};
  }
  static constexpr wire emit(emitter& e, const wire& in) {
    const wire all = derivatives_layer<By...>::emit(e, in);
    wire out;
    for (std::size_t i = 1; i < all.size(); ++i) out.push_back(all[i]);
    return out;
  }

private:
  template <class, class In> using same_as = In;
};

/// The sum of all second derivatives, each by one column twice.
struct laplacian_operator {
  /// As a function of a model: that of each of its outputs, alone.
  template <any_model Model> constexpr auto operator()(const Model& of) const {
    return of | derivatives_alone_layer<laplacian_operator>{};
  }
  /// In an equation: of one of its outputs, by some of its inputs.
  template <std::same_as<expr::traced> U, class X> constexpr auto operator()(U u, const X& x) const {
    return expr::laplacian(u, x);
  }
  static constexpr graph::differential of(std::size_t columns) {
    graph::differential sum;
    for (std::size_t k = 0; k < columns; ++k)
      sum.push_back({static_cast<std::int32_t>(k), static_cast<std::int32_t>(k), 1});
    return sum;
  }
};

} // namespace layers

/// Which derivative: by these columns of the model's inputs, one after the other.
template <std::size_t... Columns>
  requires(sizeof...(Columns) > 0)
inline constexpr layers::by_columns<Columns...> by{};
/// The sum of the second derivatives by each column of the model's inputs.
inline constexpr layers::laplacian_operator laplacian{};

/// Behind the last layer of a model: its outputs, then derivatives of them by its inputs, so that
/// `net | derivatives(by<0>, by<0, 0>, by<1>)` puts out u, u_x, u_xx and u_t. Wants smooth activations where it goes
/// beyond first derivatives. See graph/tangent.hpp.
template <class... By> constexpr auto derivatives(const By&...) { return layers::derivatives_layer<By...>{}; }
/// As a function of a model: the derivatives alone, `derivatives(net, by<0>, by<0, 0>)`.
template <class In, class Out, class... Layers, class... By>
constexpr auto derivatives(const model<In, Out, Layers...>& net, const By&...) {
  return net | layers::derivatives_alone_layer<By...>{};
}

} // namespace fusegrad
