// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/function/arguments.hpp>
#include <fusegrad/function/row_pass.hpp>
#include <fusegrad/function/row_program.hpp>
#include <fusegrad/function/row_sets.hpp>
#include <tuple>
#include <type_traits>

namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {

template <class F, class Rows, class... Shared> struct recipe_of_call;
template <class F, class... Item, class... Shared> struct recipe_of_call<F, row_set<Item...>, Shared...> {
  using type = shaped_recipe<F, typename Item::shape..., shape_of<Shared>...>;
};

/// What is wrong with shared arguments, or no_fault.
template <class... Argument>
using fault_of_shared = typename diagnostics::first_fault<
    std::conditional_t<std::is_void_v<shape_of<Argument>>, diagnostics::fault<not_a_shared_argument<Argument>>,
                       diagnostics::no_fault>...>::type;

/// What is wrong with a call with rows and shared arguments, or no_fault.
template <class F, class Rows, class... Shared> constexpr auto fault_of_rows() {
  if constexpr (!is_row_set<Rows>)
    return diagnostics::fault<rows_are_no_columns<Rows>>{};
  else if constexpr (diagnostics::is_fault<fault_of_shared<Shared...>>)
    return fault_of_shared<Shared...>{};
  else
    return recipe_of_call<F, Rows, Shared...>::type::fault_of();
}

/// A bit for each argument by which is differentiated: the columns that are wanted, and the shared ones.
template <class Rows> struct wanted_columns;
template <class... Item> struct wanted_columns<row_set<Item...>> {
  static constexpr std::size_t count = sizeof...(Item);
  static constexpr std::uint64_t bits() {
    std::uint64_t out = 0, bit = 1;
    ((out |= Item::is_wanted ? bit : 0, bit <<= 1), ...);
    return out;
  }
};
template <class... Shared> constexpr std::uint64_t wanted_shared() {
  std::uint64_t out = 0, bit = 1;
  ((out |= is_constant_argument<Shared> ? 0 : bit, bit <<= 1), ...);
  return out;
}

} // namespace detail

/// One way to call F: with rows and shared arguments of these types, for the value alone or for the gradient, too.
template <class F, bool WithGradient, class Rows, class... Shared> struct call_of_rows {
  using T = typename Rows::value_type;
  using function = F;
  using recipe = typename detail::recipe_of_call<F, Rows, Shared...>::type;
  using value_only = call_of_rows<F, false, Rows, Shared...>;
  /// The same for a function that takes one more number, by which is not differentiated.
  template <class G> using of_function = call_of_rows<G, WithGradient, Rows, Shared..., constant_argument<T>>;
  static constexpr std::size_t numbers = recipe::count + record_of<recipe>.leaf_count;
  static constexpr std::size_t results = record_of<recipe>.body.result_count;
  static constexpr std::size_t row_numbers = Rows::width;
  static constexpr std::size_t row_arguments = detail::wanted_columns<Rows>::count;
  static constexpr std::uint64_t wanted =
      WithGradient ? detail::wanted_columns<Rows>::bits() | detail::wanted_shared<Shared...>() << row_arguments : 0;
  static constexpr bool wants_rows = WithGradient && detail::wanted_columns<Rows>::bits() != 0;

  static constexpr row_request completed(row_request want) {
    want.row_numbers = static_cast<int>(row_numbers);
    want.row_arguments = static_cast<int>(row_arguments);
    if (want.differentiated) want.by = wanted;
    return want;
  }
  template <row_request Want> using program = row_program<recipe, completed(Want)>;

  /// All numbers of the function: those of the rows, which are not read, the shared ones, the named parameters.
  static constexpr void flatten(T* to, const Shared&... shared) noexcept {
    to += Rows::width;
    ((shape_of<Shared>::flatten(detail::plain_argument(shared), to), to += shape_of<Shared>::count), ...);
    for (std::size_t i = 0; i < record_of<recipe>.leaf_count; ++i)
      to[i] = static_cast<T>(record_of<recipe>.leaves[i].initial);
  }

  /// How many numbers a gradient has.
  static constexpr std::size_t gradient_count =
      ((detail::is_constant_argument<Shared> ? 0 : shape_of<Shared>::count) + ... + 0);

  /// The gradients of several results by one shared argument, as a tuple of one; of none if it is constant.
  template <class One> static constexpr auto gradient_by(const T*& from) {
    if constexpr (detail::is_constant_argument<One>) {
      return std::tuple<>{};
    } else {
      const T* const here = from;
      from += shape_of<One>::count;
      std::array<typename shape_of<One>::template gradient_type<T>, results> out{};
      for (std::size_t i = 0; i < results; ++i) out[i] = shape_of<One>::gradient_from(here + i * gradient_count);
      return std::tuple{out};
    }
  }
  static constexpr auto value_from(const T* from) {
    if constexpr (results == 1) {
      return *from;
    } else {
      value_list<T, results> out{};
      for (std::size_t i = 0; i < results; ++i) out.items[i] = from[i];
      return out;
    }
  }
  /// The value, then the gradient by each shared argument that is not constant.
  static constexpr auto result_from(const T* from) {
    if constexpr (!WithGradient) {
      return value_from(from);
    } else if constexpr (results == 1) {
      return gradient_tuple<T, Shared...>(from);
    } else {
      const T* next = from + results;
      // In braces, and so from left to right.
      return std::apply([](auto... part) { return std::tuple_cat(part...); },
                        std::tuple<decltype(std::tuple{value_from(from)}), decltype(gradient_by<Shared>(next))...>{
                            std::tuple{value_from(from)}, gradient_by<Shared>(next)...});
    }
  }
};

/// A reduction with its rows: a function of the shared arguments.
template <class Reduction, class... Rows> struct over_rows {
  using value_type = std::common_type_t<typename Rows::value_type...>;
  Reduction reduction;
  std::tuple<Rows...> rows;

  template <class... Shared> constexpr auto operator()(const Shared&... shared) const {
    return std::apply([&](const auto&... set) { return reduction(set..., shared...); }, rows);
  }
  template <class... Shared> constexpr auto value_and_gradient(const Shared&... shared) const {
    return std::apply([&](const auto&... set) { return reduction.value_and_gradient(set..., shared...); }, rows);
  }
  template <bool WithGradient, class... Shared>
  using call_with = typename Reduction::template call_with<WithGradient, Rows..., Shared...>;

  template <class Call, class T, class... Shared>
  constexpr void run_into(T* results, row_output<T> how, const Shared&... shared) const {
    std::apply([&](const auto&... set) { reduction.template run_into<Call>(results, how, set..., shared...); }, rows);
  }
  /// Sets the places of derivatives by rows to zero.
  constexpr void clear_gradients() const noexcept {
    std::apply([](const auto&... set) { (set.clear_gradients(), ...); }, rows);
  }
};

/// A function of rows, reduced to a number or a few; an empty object but for the number of threads.
template <class F, class Reduction> struct reduction_over {
  int threads = 0; ///< 0: as many as OpenMP offers and the work pays for

  [[nodiscard]] constexpr reduction_over with_threads(int count) const noexcept { return {count}; }

  /// The value.
  template <class Rows, class... Shared> constexpr auto operator()(const Rows& rows, const Shared&... shared) const {
    return run<false>(rows, shared...);
  }
  /// The value and the derivatives by each shared argument, as a tuple. Those by columns that came `with_gradient` are
  /// written to their places.
  template <class Rows, class... Shared>
  constexpr auto value_and_gradient(const Rows& rows, const Shared&... shared) const {
    return run<true>(rows, shared...);
  }

  /// With these rows a function of the shared arguments alone, to be called or to be given to `compose`.
  template <class Rows> constexpr auto over(const Rows& rows) const {
    if constexpr (!is_row_set<Rows>) static_cast<void>(sizeof(rows_are_no_columns<Rows>));
    return over_rows<reduction_over, Rows>{*this, {rows}};
  }

  template <bool WithGradient, class Rows, class... Shared>
  using call_with = call_of_rows<F, WithGradient, std::remove_cvref_t<Rows>, Shared...>;

  /// The value and the gradient as plain numbers, one behind the other.
  template <class Call, class T, class Rows, class... Shared>
  constexpr void run_into(T* results, row_output<T> how, const Rows& rows, const Shared&... shared) const {
    T numbers[Call::numbers + 1]{};
    Call::flatten(numbers, shared...);
    Reduction::template run<Call>(rows, numbers, results, execution::team(threads), how);
  }

private:
  template <bool WithGradient, class Rows, class... Shared>
  constexpr auto run(const Rows& rows, const Shared&... shared) const {
    using found = decltype(detail::fault_of_rows<F, Rows, Shared...>());
    static_cast<void>(sizeof(typename found::error));
    // Nothing else is instantiated of what cannot be traced: the words stand alone.
    if constexpr (!diagnostics::is_fault<found>) {
      using call = call_of_rows<F, WithGradient, Rows, Shared...>;
      using T = typename Rows::value_type;
      if constexpr (!Reduction::takes_several && call::results != 1) {
        static_cast<void>(sizeof(reduction_of_several_results<diagnostics::got<call::results>>));
      } else if constexpr (call::wants_rows && call::results != 1) {
        static_cast<void>(sizeof(gradient_by_rows_of_several_results<diagnostics::got<call::results>>));
      } else {
        T results[call::results * (1 + (WithGradient ? call::gradient_count : 0))]{};
        run_into<call>(results, row_output<T>{}, rows, shared...);
        return call::result_from(results);
      }
    }
  }
};

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
