// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/unroll.hpp>
#include <fusegrad/math/vector.hpp>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// An expression over values that lie by columns, `Stride` numbers from one column to the next. A product that it reads
/// stands where its first result goes.
template <class T, auto Table, auto Accesses, std::size_t Stride> struct columns_expression {
  using vector = math::vector<T>;
  static constexpr std::size_t argument_count = Accesses.count;
  static constexpr std::size_t result_count = Table.result_count;

  /// For the rows and columns of the call; whole vectors of samples, up to one behind the last.
  FUSEGRAD_INLINE static constexpr void run(const call<T>& c) noexcept {
    if (__builtin_is_constant_evaluated())
      each_vector<T, 1>(c);
    else
      each_vector<vector, static_cast<std::size_t>(vector::lanes)>(c);
  }

private:
  template <class V, std::size_t Lanes> FUSEGRAD_INLINE static constexpr void each_vector(const call<T>& c) {
    const T* from[argument_count + 1]{};
    T* to[result_count]{};
    count_to<static_cast<int>(argument_count)>([&](int i) FUSEGRAD_INLINE { from[i] = c.arguments[i].data; });
    count_to<static_cast<int>(result_count)>([&](int k) FUSEGRAD_INLINE { to[k] = c.results[k].data; });
    const std::size_t rows = c.rows, columns = c.columns;
    for (std::size_t column = 0; column < columns; ++column) {
      V same[argument_count + 1]{};
      read_what_rows_share<V>(from, column, same, std::make_index_sequence<argument_count>{});
      for (std::size_t at = column * Stride, row = 0; row < rows; row += Lanes, at += Lanes) {
        V arguments[argument_count + 1]{}, results[result_count]{};
        read<V>(from, to[0], row, at, same, arguments, std::make_index_sequence<argument_count>{});
        expr::evaluate<Table, expr::products::contracted>(static_cast<const V*>(arguments), results);
        count_to<static_cast<int>(result_count)>([&](int k) FUSEGRAD_INLINE { store(results[k], to[k] + at); });
      }
    }
  }

  template <class V> FUSEGRAD_INLINE static constexpr V load(const T* from) {
    if constexpr (std::is_same_v<V, T>)
      return *from;
    else
      return V::load_aligned(from);
  }
  template <class V> FUSEGRAD_INLINE static constexpr void store(const V& value, T* to) {
    if constexpr (std::is_same_v<V, T>)
      *to = value;
    else
      value.store_aligned(to);
  }

  template <class V, std::size_t... I>
  FUSEGRAD_INLINE static constexpr void read_what_rows_share([[maybe_unused]] const T* const* from,
                                                             [[maybe_unused]] std::size_t column,
                                                             [[maybe_unused]] V* same, std::index_sequence<I...>) {
    [[maybe_unused]] const auto one = [&](auto i) FUSEGRAD_INLINE {
      if constexpr (Accesses[i] == access::column)
        same[i] = V(from[i][column]);
      else if constexpr (Accesses[i] == access::scalar)
        same[i] = V(from[i][0]);
    };
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }

  template <class V, std::size_t... I>
  FUSEGRAD_INLINE static constexpr void read([[maybe_unused]] const T* const* from, [[maybe_unused]] const T* products,
                                             [[maybe_unused]] std::size_t row, [[maybe_unused]] std::size_t at,
                                             [[maybe_unused]] const V* same, [[maybe_unused]] V* arguments,
                                             std::index_sequence<I...>) {
    [[maybe_unused]] const auto one = [&](auto i) FUSEGRAD_INLINE {
      if constexpr (Accesses[i] == access::product)
        arguments[i] = load<V>(products + at);
      else if constexpr (Accesses[i] == access::element)
        arguments[i] = load<V>(from[i] + at);
      else if constexpr (Accesses[i] == access::row)
        arguments[i] = load<V>(from[i] + row);
      else
        arguments[i] = same[i];
    };
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
