// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/function/arguments.hpp>
#include <fusegrad/function/call_of_rows.hpp>
#include <fusegrad/function/row_program.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace fusegrad {

namespace functions::inline FUSEGRAD_ABI {

template <class> inline constexpr bool is_part = false;
template <class Reduction, class... Rows> inline constexpr bool is_part<over_rows<Reduction, Rows...>> = true;

/// The outer function: first the values of the parts, then the shared arguments.
template <class Outer, bool WithGradient, std::size_t Parts, class... Shared> struct outer_call {
  template <std::size_t> using one_number = number_shape;
  template <class Indices> struct recipe_for;
  template <std::size_t... I> struct recipe_for<std::index_sequence<I...>> {
    using type = shaped_recipe<Outer, one_number<I>..., shape_of<Shared>...>;
  };
  using recipe = typename recipe_for<std::make_index_sequence<Parts>>::type;
  static constexpr std::size_t gradient_count =
      ((detail::is_constant_argument<Shared> ? 0 : shape_of<Shared>::count) + ... + 0);

  /// Its value, then its derivatives by each part, then those by the shared arguments.
  struct whole {
    static constexpr expr::expression make() {
      row_request want{.values = true, .differentiated = WithGradient};
      if (WithGradient) want.by = ((std::uint64_t{1} << Parts) - 1) | detail::wanted_shared<Shared...>() << Parts;
      int kept = 0;
      return detail::whole_of<recipe>(want, kept);
    }
  };
  static constexpr auto table = expr::table_from<whole>;
  static constexpr std::size_t numbers = recipe::count + record_of<recipe>.leaf_count + 1;

  /// Whether the derivative by a part is the same everywhere, and so known before the value of any part.
  static constexpr bool is_linear_in(std::size_t part) {
    return WithGradient && table[table.results[1 + part]].op == expr::operation::constant;
  }
  static constexpr double slope_by(std::size_t part) {
    return is_linear_in(part) ? table.constants[table[table.results[1 + part]].a] : 0.0;
  }
};

/// A traced function of reductions and of the arguments that they share.
template <class Outer, class... Part> struct composition {
  using T = std::common_type_t<typename Part::value_type...>;
  std::tuple<Part...> parts;

  /// The value.
  template <class... Shared> constexpr auto operator()(const Shared&... shared) const { return run<false>(shared...); }
  /// The value and the derivatives by each shared argument. Those by columns that came `with_gradient` are written to
  /// their places; what several parts have to say of one place is added.
  template <class... Shared> constexpr auto value_and_gradient(const Shared&... shared) const {
    return run<true>(shared...);
  }

private:
  static constexpr std::size_t count = sizeof...(Part);
  static constexpr std::make_index_sequence<count> indices{};

  template <bool WithGradient, class... Shared> constexpr auto run(const Shared&... shared) const {
    using of_shared = detail::fault_of_shared<Shared...>;
    static_cast<void>(sizeof(typename of_shared::error));
    if constexpr (!diagnostics::is_fault<of_shared>) {
      using outer = outer_call<Outer, WithGradient, count, Shared...>;
      using found = decltype(outer::recipe::fault_of());
      static_cast<void>(sizeof(typename found::error));
      if constexpr (!diagnostics::is_fault<found>) return run_sound<outer, WithGradient>(shared...);
    }
  }

  template <class Call, bool WithGradient, class... Shared> constexpr auto run_sound(const Shared&... shared) const {
    T numbers[Call::numbers + 1]{}, found[1 + count + Call::gradient_count]{},
        slopes[count * (1 + Call::gradient_count)]{};
    T* to = numbers + count;
    ((shape_of<Shared>::flatten(detail::plain_argument(shared), to), to += shape_of<Shared>::count), ...);
    for (std::size_t i = 0; i < record_of<typename Call::recipe>.leaf_count; ++i)
      to[i] = static_cast<T>(record_of<typename Call::recipe>.leaves[i].initial);
    if constexpr (WithGradient) std::apply([](const auto&... part) { (part.clear_gradients(), ...); }, parts);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((run_part<I, Call::is_linear_in(I)>(slopes + I * (1 + Call::gradient_count), static_cast<T>(Call::slope_by(I)),
                                           shared...),
        numbers[I] = slopes[I * (1 + Call::gradient_count)]),
       ...);
    }(indices);
    expr::evaluate<Call::table>(numbers, found);
    if constexpr (!WithGradient) {
      return found[0];
    } else {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((Call::is_linear_in(I) ? void()
                                : run_part<I, true>(slopes + I * (1 + Call::gradient_count), found[1 + I], shared...)),
         ...);
      }(indices);
      T results[1 + Call::gradient_count]{};
      results[0] = found[0];
      for (std::size_t i = 0; i < Call::gradient_count; ++i) {
        results[1 + i] = found[1 + count + i];
        for (std::size_t k = 0; k < count; ++k)
          results[1 + i] += found[1 + k] * slopes[k * (1 + Call::gradient_count) + 1 + i];
      }
      return gradient_tuple<T, Shared...>(results);
    }
  }

  /// The value of part number I, and with its gradient if that is asked for: by the shared arguments as it is, by rows
  /// times `scale`.
  template <std::size_t I, bool WithGradient, class... Shared>
  constexpr void run_part(T* results, T scale, const Shared&... shared) const {
    using part = std::tuple_element_t<I, std::tuple<Part...>>;
    using call = typename part::template call_with<WithGradient, Shared...>;
    static_cast<void>(sizeof(typename decltype(call::recipe::fault_of())::error));
    if constexpr (call::results != 1)
      static_cast<void>(sizeof(reduction_of_several_results<diagnostics::got<call::results>>));
    std::get<I>(parts).template run_into<call>(results, row_output<T>{scale, true}, shared...);
  }
};

} // namespace functions::inline FUSEGRAD_ABI

/// A traced function of reductions: `compose([](auto fit, auto a, auto b) { return fit + 0.1 * (a * a + b * b); },
/// sum_over(f).over(columns(x, y)))`, called with the shared arguments. The outer function gets the values of the
/// parts, then the shared arguments, which each part gets, too. A part in which it is linear is gone through once for
/// value and gradient, any other twice.
template <class Outer, class... Part>
  requires(sizeof...(Part) > 0)
constexpr auto compose(const Outer&, const Part&... part) {
  using found =
      typename diagnostics::first_fault<std::conditional_t<functions::is_part<Part>, diagnostics::no_fault,
                                                           diagnostics::fault<functions::not_a_part<Part>>>...>::type;
  static_cast<void>(sizeof(typename found::error));
  return functions::composition<Outer, Part...>{{part...}};
}

} // namespace fusegrad
