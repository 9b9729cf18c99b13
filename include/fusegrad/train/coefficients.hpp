// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <fusegrad/expr/recorded.hpp>
#include <fusegrad/layer/coefficients.hpp>
#include <fusegrad/layer/model.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad {

namespace train {

/// What a loss has to learn, each name once.
template <class... Coefficients> struct coefficient_list {
  static constexpr std::size_t size = sizeof...(Coefficients);
};

namespace detail {

template <class New, class... Known> constexpr auto with_one() {
  if constexpr (((Known::name == New::name && Known::initial != New::initial) || ...))
    return diagnostics::fault<coefficient_starts_at_two_numbers<New>>{};
  else if constexpr (((Known::name == New::name) || ...))
    return coefficient_list<Known...>{};
  else
    return coefficient_list<Known..., New>{};
}

/// All of several lists, or the fault that is found in them.
template <class... Lists> struct joined;
template <class Error, class... Lists> struct joined<diagnostics::fault<Error>, Lists...> {
  using type = diagnostics::fault<Error>;
};
template <class... Known> struct joined<coefficient_list<Known...>> {
  using type = coefficient_list<Known...>;
};
template <class... Known, class... Lists>
struct joined<coefficient_list<Known...>, coefficient_list<>, Lists...> : joined<coefficient_list<Known...>, Lists...> {
};
template <class... Known, class First, class... More, class... Lists>
struct joined<coefficient_list<Known...>, coefficient_list<First, More...>, Lists...>
    : joined<decltype(with_one<First, Known...>()), coefficient_list<More...>, Lists...> {};

template <class Recipe, std::size_t Arity, std::size_t Leaf> constexpr auto of_leaf() {
  constexpr const expr::named_leaf& leaf = expr::recorded<Recipe, Arity>.leaves[Leaf];
  if constexpr (leaf.kind != expr::leaf_kind::parameter) {
    return coefficient_list<>{};
  } else {
    constexpr auto name = [] {
      fixed_string<leaf.name.size()> text;
      for (std::size_t i = 0; i < text.size(); ++i) text.characters[i] = leaf.name[i];
      text.characters[text.size()] = '\0';
      return text;
    }();
    return coefficient_list<layers::coefficient<name, leaf.initial>>{};
  }
}

constexpr coefficient_list<> held_by(layer) { return {}; }
template <class... Known> constexpr coefficient_list<Known...> held_by(layers::coefficients_layer<Known...>) {
  return {};
}

/// Those of many layers, of which few hold any.
template <class... Layers> struct held_by_all {
  static constexpr bool some[] = {decltype(held_by(Layers{}))::size != 0 ..., false};
  static constexpr bool any = [] {
    for (bool holds : some)
      if (holds) return true;
    return false;
  }();
  static constexpr auto find() {
    if constexpr (any)
      return typename joined<coefficient_list<>, decltype(held_by(Layers{}))...>::type{};
    else
      return coefficient_list<>{};
  }
  using type = decltype(find());
};

template <std::size_t Count, class... Left> struct without_first {
  using layer_type = layers::coefficients_layer<Left...>;
};
template <std::size_t Count, class First, class... Left>
  requires(Count > 0)
struct without_first<Count, First, Left...> : without_first<Count - 1, Left...> {};

template <class Held, class All> struct layer_of_missing;
template <class Held, class... All> struct layer_of_missing<Held, coefficient_list<All...>> {
  using type = typename without_first<Held::size, All...>::layer_type;
};

template <class Loss, class In, class Out, class... Layers> constexpr auto completed(model<In, Out, Layers...> net) {
  using held = typename held_by_all<Layers...>::type;
  using all = typename joined<held, decltype(Loss::coefficients())>::type;
  if constexpr (diagnostics::is_fault<all>) {
    static_cast<void>(sizeof(typename all::error));
    return net;
  } else if constexpr (held::size == all::size) {
    return net;
  } else {
    return model<In, Out, Layers..., typename layer_of_missing<held, all>::type>{};
  }
}

} // namespace detail

/// The parameters that a recorded function names.
template <class Recipe, std::size_t Arity> constexpr auto coefficients_in() {
  return []<std::size_t... Leaf>(std::index_sequence<Leaf...>) {
    return typename detail::joined<coefficient_list<>, decltype(detail::of_leaf<Recipe, Arity, Leaf>())...>::type{};
  }(std::make_index_sequence<expr::recorded<Recipe, Arity>.leaf_count>{});
}
/// Those of several losses; the same name is the same number, or else a fault.
template <class... Losses> constexpr auto coefficients_of() {
  return typename detail::joined<coefficient_list<>, decltype(Losses::coefficients())...>::type{};
}

} // namespace train

/// A model that has the learned numbers of a loss among its parameters, each under its own name; the model itself,
/// where the loss has none. A trainer does it by itself: this is for weights and gradients without one.
template <class In, class Out, class... Layers, class Loss>
constexpr auto with_coefficients(const model<In, Out, Layers...>& net, const Loss&) {
  return train::detail::completed<Loss>(net);
}

} // namespace fusegrad
