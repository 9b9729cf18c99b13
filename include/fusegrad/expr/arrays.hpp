// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/traced.hpp>

#include <array>
#include <cstddef>
#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/expr/linear_algebra.hpp>
#include <fusegrad/expr/shape.hpp>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// Records the user's generic function F of arguments of the given shapes: it is called with arrays of traced values.
template <class F, class... Shapes> struct array_recipe {
  static constexpr std::size_t arity = (Shapes::size + ... + 0);
  static constexpr std::size_t argument_count = sizeof...(Shapes);
  static constexpr std::array<std::size_t, argument_count + 1> first_place = [] {
    std::array<std::size_t, argument_count + 1> places{};
    const std::size_t sizes[]{Shapes::size...};
    for (std::size_t i = 0; i < argument_count; ++i) places[i + 1] = places[i] + sizes[i];
    return places;
  }();
  template <class Shape> using traced_of = typename Shape::template with<traced>;

  static constexpr bool takes() {
    return requires(const F& f, traced_of<Shapes>... x) { f(x...); };
  }
  /// Calls F with what the recorder has as arguments.
  static constexpr auto call(recorder& r) {
    std::array<traced, arity> all{};
    for (std::size_t i = 0; i < arity; ++i) all[i] = traced{&r, static_cast<int>(i)};
    const traced* from = all.data();
    // In braces: there the arguments are made from left to right.
    return std::apply(F{}, std::tuple<traced_of<Shapes>...>{built<Shapes>(from)...});
  }

  static constexpr bool try_out() {
    recorder r(static_cast<int>(arity));
    return detail::starts_each_name_once(r, call(r));
  }

  template <std::size_t Arity> static constexpr auto fault_of() {
    if constexpr (!std::is_empty_v<F> || !std::is_default_constructible_v<F>) {
      return diagnostics::fault<not_an_empty_function<F>>{};
    } else if constexpr (!takes()) {
      return wrong_arity<argument_count, expr::arity<F>>{};
    } else {
      using result = std::invoke_result_t<const F&, traced_of<Shapes>...>;
      if constexpr (!detail::traceable_result<result>)
        return diagnostics::fault<result_is_no_traced_value<result>>{};
      else if constexpr (!try_out())
        return diagnostics::fault<named_number_starts_at_two_numbers<F>>{};
      else
        return diagnostics::no_fault{};
    }
  }
  template <std::size_t Arity> static consteval recording record() {
    recorder r(static_cast<int>(arity));
    return detail::finished(r, call(r));
  }
};

/// A recipe for arguments of given shapes; `result` is the shape of what it gives. Where there is none, `fault` says
/// why.
template <class Recipe, class... Shapes> struct with_shapes {
  using fault = diagnostics::fault<no_arrays_here<Recipe>>;
  using type = Recipe;
  using result = number_shape;
};

namespace detail {
template <class F, class... Shapes> struct shape_of_call {
  using type = number_shape; // what cannot be called is refused as a recipe
};
template <class F, class... Shapes>
  requires(array_recipe<F, Shapes...>::takes())
struct shape_of_call<F, Shapes...> {
  using type = shape_of_result<std::invoke_result_t<const F&, typename Shapes::template with<traced>...>>;
};

template <class... Shapes> struct several {
  using type = tuple_shape<Shapes...>;
};
template <class Shape> struct several<Shape> {
  using type = Shape;
};
template <class... Shapes>
  requires(sizeof...(Shapes) > 1 && (std::same_as<Shapes, number_shape> && ...))
struct several<Shapes...> {
  using type = list_shape<sizeof...(Shapes), number_shape>;
};
/// The shape of the arguments number `Wanted`, or of all.
template <class Shapes, std::size_t... Wanted> struct wanted_shape {
  using type = typename several<std::tuple_element_t<Wanted, Shapes>...>::type;
};
template <class... Shapes> struct wanted_shape<std::tuple<Shapes...>> {
  using type = typename several<Shapes...>::type;
};
} // namespace detail

template <class F, class... Shapes> struct with_shapes<traced_recipe<F>, Shapes...> {
  using fault = diagnostics::no_fault;
  using type = array_recipe<F, Shapes...>;
  using result = typename detail::shape_of_call<F, Shapes...>::type;
};
template <class Inner, std::size_t... Wanted, class... Shapes>
struct with_shapes<gradient_recipe<Inner, Wanted...>, Shapes...> {
  using fault = typename with_shapes<Inner, Shapes...>::fault;
  using type = gradient_recipe<typename with_shapes<Inner, Shapes...>::type, Wanted...>;
  using result = typename detail::wanted_shape<std::tuple<Shapes...>, Wanted...>::type;
};
template <class Inner, std::size_t... Wanted, class... Shapes>
struct with_shapes<jacobian_recipe<Inner, Wanted...>, Shapes...> {
  using fault = typename with_shapes<Inner, Shapes...>::fault;
  using type = jacobian_recipe<typename with_shapes<Inner, Shapes...>::type, Wanted...>;
  using result = typename with_shapes<Inner, Shapes...>::result::template of<
      typename detail::wanted_shape<std::tuple<Shapes...>, Wanted...>::type>;
};
template <class Inner, std::size_t I, class... Shapes> struct with_shapes<derivative_recipe<Inner, I>, Shapes...> {
  using by = std::tuple_element_t<(I < sizeof...(Shapes) ? I : 0), std::tuple<Shapes...>>;
  using fault = std::conditional_t<std::same_as<by, number_shape>, typename with_shapes<Inner, Shapes...>::fault,
                                   diagnostics::fault<derivative_by_an_array<by>>>;
  using type = derivative_recipe<typename with_shapes<Inner, Shapes...>::type, I>;
  using result = typename with_shapes<Inner, Shapes...>::result;
};

template <class Recipe, class... A>
  requires(sizeof...(A) > 0)
struct call_with_arrays<Recipe, A...> {
  static constexpr auto fault_of() {
    if constexpr (!(detail::has_known_size<A> && ...)) {
      return diagnostics::fault<array_of_unknown_size<A...>>{};
    } else {
      using shaped = with_shapes<Recipe, shape_of<A>...>;
      if constexpr (diagnostics::is_fault<typename shaped::fault>)
        return typename shaped::fault{};
      else
        return fault_of_call<typename shaped::type, shaped::type::arity>{};
    }
  }

  static constexpr auto on(const A&... a) {
    using shaped = with_shapes<Recipe, shape_of<A>...>;
    if constexpr ((std::same_as<item_of_argument<A>, traced> || ...))
      return recorded_on<shaped>(a...);
    else
      return computed_on<shaped>(a...);
  }

private:
  template <class Shaped> static constexpr auto computed_on(const A&... a) {
    using recipe = typename Shaped::type;
    using common = std::common_type_t<item_of_argument<A>...>;
    using real = std::conditional_t<std::is_integral_v<common>, double, common>;
    constexpr auto& record = recorded<recipe, recipe::arity>;
    constexpr auto f = traced_function<recipe>::template table<>;
    real arguments[recipe::arity + record.leaf_count + 1]{}, results[f.result_count]{};
    real* to = arguments;
    (put_numbers(to, a), ...);
    for (std::size_t i = 0; i < record.leaf_count; ++i) *to++ = detail::constant_as<real>(record.leaves[i].initial);
    evaluate<f>(arguments, results);
    const real* from = results;
    return built<typename Shaped::result>(from);
  }

  /// In another traced function.
  template <class Shaped> static constexpr auto recorded_on(const A&... a) {
    using recipe = typename Shaped::type;
    recorder* r = nullptr;
    (find_recorder(r, a), ...);
    growing<int> nodes;
    (put_nodes(*r, nodes, a), ...);
    const recording inner = recording_of<recipe, recipe::arity>();
    for (const named_leaf& leaf : inner.leaves) nodes.push_back(r->leaf(leaf.name, leaf.kind, leaf.initial));
    std::array<traced, traced_function<recipe>::result_count> results{};
    const growing<int> found = inline_into(r->build, inner.body, nodes);
    for (std::size_t i = 0; i < results.size(); ++i) results[i] = traced{r, found[i]};
    const traced* from = results.data();
    return built<typename Shaped::result>(from);
  }
};

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
