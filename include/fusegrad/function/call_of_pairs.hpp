// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/function/call_of_rows.hpp>
#include <fusegrad/function/extreme_over.hpp>
#include <fusegrad/function/log_sum_exp_over.hpp>
#include <fusegrad/function/pair_pass.hpp>
#include <fusegrad/function/sum_over.hpp>
#include <tuple>

namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {
template <class F, class Rows, class Others, class... Shared> struct recipe_of_pairs;
template <class F, class... Item, class... Other, class... Shared>
struct recipe_of_pairs<F, row_set<Item...>, row_set<Other...>, Shared...> {
  using type = shaped_recipe<F, typename Item::shape..., typename Other::shape..., shape_of<Shared>...>;
};
} // namespace detail

/// One way to call F with each row of one set and each of another.
template <class F, bool WithGradient, bool WithSecond, class Rows, class Others, class... Shared> struct call_of_pairs {
  using T = typename Rows::value_type;
  using recipe = typename detail::recipe_of_pairs<F, Rows, Others, Shared...>::type;
  static constexpr std::size_t numbers = recipe::count + record_of<recipe>.leaf_count;
  static constexpr std::size_t results = record_of<recipe>.body.result_count;
  static constexpr std::size_t row_arguments = detail::wanted_columns<Rows>::count;
  static constexpr std::size_t other_arguments = detail::wanted_columns<Others>::count;
  static constexpr std::size_t gradient_count =
      ((detail::is_constant_argument<Shared> ? 0 : shape_of<Shared>::count) + ... + 0);
  static constexpr bool has_second = WithSecond;
  static constexpr bool wants_others = WithGradient && detail::wanted_columns<Others>::bits() != 0;
  static constexpr std::uint64_t wanted =
      WithGradient ? detail::wanted_columns<Rows>::bits() | detail::wanted_columns<Others>::bits() << row_arguments |
                         detail::wanted_shared<Shared...>() << (row_arguments + other_arguments)
                   : 0;

  static constexpr row_request completed(row_request want) {
    want.row_numbers = static_cast<int>(Rows::width);
    want.row_arguments = static_cast<int>(row_arguments);
    if (want.differentiated) want.by = wanted;
    want.second = want.differentiated && WithSecond;
    return want;
  }
  template <row_request Want> using program = row_program<recipe, completed(Want)>;

  /// The shared numbers and the named parameters, behind those of the two rows.
  static constexpr void flatten(T* to, const Shared&... shared) noexcept {
    to += Rows::width + Others::width;
    ((shape_of<Shared>::flatten(detail::plain_argument(shared), to), to += shape_of<Shared>::count), ...);
    for (std::size_t i = 0; i < record_of<recipe>.leaf_count; ++i)
      to[i] = static_cast<T>(record_of<recipe>.leaves[i].initial);
  }

  static constexpr auto result_from(const T* from) {
    if constexpr (WithGradient)
      return gradient_tuple<T, Shared...>(from);
    else
      return *from;
  }
};

/// The sum over rows of a reduction over other rows.
template <class F, class Inner> struct reduction_over<reduction_over<F, Inner>, summation> {
  int threads = 0;

  [[nodiscard]] constexpr reduction_over with_threads(int count) const noexcept { return {count}; }

  template <class Rows, class Others, class... Shared>
  auto operator()(const Rows& rows, const Others& others, const Shared&... shared) const {
    return run<false, false>(rows, others, shared...);
  }
  /// The value and the derivatives by each shared argument; those by columns that came `with_gradient` are written to
  /// their places.
  template <class Rows, class Others, class... Shared>
  auto value_and_gradient(const Rows& rows, const Others& others, const Shared&... shared) const {
    return run<true, false>(rows, others, shared...);
  }
  /// The same, and for the columns of the other rows that came `with_second_derivatives` the diagonal of the Hessian.
  template <class Rows, class Others, class... Shared>
  auto value_gradient_and_diagonal(const Rows& rows, const Others& others, const Shared&... shared) const {
    return run<true, true>(rows, others, shared...);
  }

  /// With these rows a function of the shared arguments alone, to be called or to be given to `compose`.
  template <class Rows, class Others> auto over(const Rows& rows, const Others& others) const {
    return over_rows<reduction_over, Rows, Others>{*this, {rows, others}};
  }

  template <bool WithGradient, class Rows, class Others, class... Shared>
  using call_with = call_of_pairs<F, WithGradient, false, Rows, Others, Shared...>;

  /// The value and the gradient as plain numbers, one behind the other.
  template <class Call, class T, class Rows, class Others, class... Shared>
  void run_into(T* results, row_output<T> how, const Rows& rows, const Others& others, const Shared&... shared) const {
    detail::require_countable<T>(others.length);
    T numbers[Call::numbers + 1]{};
    Call::flatten(numbers, shared...);
    pair_sum<Call, Inner, Rows, Others>::run(rows, others, numbers, results, execution::team(threads), how);
  }

private:
  template <class Rows, class Others, class... Shared> static constexpr auto fault_of() {
    if constexpr (!is_row_set<Rows>)
      return diagnostics::fault<rows_are_no_columns<Rows>>{};
    else if constexpr (!is_row_set<Others>)
      return diagnostics::fault<rows_are_no_columns<Others>>{};
    else if constexpr (diagnostics::is_fault<detail::fault_of_shared<Shared...>>)
      return detail::fault_of_shared<Shared...>{};
    else
      return detail::recipe_of_pairs<F, Rows, Others, Shared...>::type::fault_of();
  }

  template <bool WithGradient, bool WithSecond, class Rows, class Others, class... Shared>
  auto run(const Rows& rows, const Others& others, const Shared&... shared) const {
    using found = decltype(fault_of<Rows, Others, Shared...>());
    static_cast<void>(sizeof(typename found::error));
    if constexpr (!diagnostics::is_fault<found>) {
      using call = call_of_pairs<F, WithGradient, WithSecond, Rows, Others, Shared...>;
      using T = typename Rows::value_type;
      if constexpr (!std::is_same_v<T, typename Others::value_type>) {
        static_cast<void>(sizeof(columns_of_different_numbers<T, typename Others::value_type>));
      } else if constexpr (call::results != 1) {
        static_cast<void>(sizeof(reduction_of_several_results<diagnostics::got<call::results>>));
      } else if constexpr (WithSecond && std::is_same_v<Inner, log_sum_exp>) {
        static_cast<void>(sizeof(no_diagonal_of_log_sum_exp<Inner>));
      } else {
        T results[1 + call::gradient_count]{};
        run_into<call>(results, row_output<T>{}, rows, others, shared...);
        return call::result_from(results);
      }
    }
  }
};

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
