// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/math/vector.hpp>
#include <utility>

namespace fusegrad::kernel {

/// Evaluates one expression where it is needed: over rows of its own, or as the epilogue of a matrix product.
template <class T, auto Table, auto Accesses> struct fused_expression {
  using vector = math::vector<T>;
  static constexpr std::size_t argument_count = Accesses.count;
  static constexpr std::size_t result_count = Table.result_count;

  /// True where the expression is a few instructions, so that copies of it may stand beside each register of a tile.
  static constexpr bool is_cheap = [] {
    for (std::size_t i = 0; i < Table.node_count; ++i) {
      const expr::operation op = Table[i].op;
      const bool is_short = expr::operand_count(op) == 0 || op <= expr::operation::negate || (op >= expr::operation::min && op <= expr::operation::select);
      if (!is_short || op == expr::operation::divide) return false;
    }
    return Table.node_count <= 8;
  }();

  /// One vector of columns of one sample; lanes from `filled` on are set to zero.
  [[gnu::always_inline]] static void vector_at(const call<T>& c, std::size_t row, std::size_t column, vector product, int filled) {
    vector arguments[argument_count + 1]{};
    read(c, row, column, product, arguments, std::make_index_sequence<argument_count>{});
    vector results[result_count];
    expr::evaluate<Table>(static_cast<const vector*>(arguments), results);
    for (std::size_t k = 0; k < result_count; ++k) {
      if (filled < vector::lanes) results[k] = select(vector::first_lanes_mask(filled), results[k], vector(T{0}));
      results[k].store_aligned(c.results[k].data + row * c.results[k].stride + column);
    }
  }

  /// One number; for constant expressions.
  static constexpr void number_at(const call<T>& c, std::size_t row, std::size_t column, T product) {
    T arguments[argument_count + 1]{};
    for (std::size_t i = 0; i < argument_count; ++i) arguments[i] = number(c, Accesses[i], i, row, column, product);
    T results[result_count]{};
    expr::evaluate<Table>(static_cast<const T*>(arguments), results);
    for (std::size_t k = 0; k < result_count; ++k) c.results[k].data[row * c.results[k].stride + column] = results[k];
  }

private:
  template <std::size_t... I>
  [[gnu::always_inline]] static void read(const call<T>& c, std::size_t row, std::size_t column, vector product, vector* arguments,
                                          std::index_sequence<I...>) {
    ((arguments[I] = lanes<Accesses[I]>(c.arguments[I], row, column, product)), ...);
  }

  template <access How> [[gnu::always_inline]] static vector lanes(const place<T>& p, std::size_t row, std::size_t column, vector product) {
    if constexpr (How == access::product) return product;
    else if constexpr (How == access::element) return vector::load_aligned(p.data + row * p.stride + column);
    else if constexpr (How == access::row) return vector(p.data[row * p.stride]);
    else if constexpr (How == access::column) return vector::load_aligned(p.data + column);
    else return vector(p.data[0]);
  }

  static constexpr T number(const call<T>& c, access how, std::size_t i, std::size_t row, std::size_t column, T product) {
    const place<T>& p = c.arguments[i];
    switch (how) {
    case access::product: return product;
    case access::element: return p.data[row * p.stride + column];
    case access::row: return p.data[row * p.stride];
    case access::column: return p.data[column];
    case access::scalar: break;
    }
    return p.data[0];
  }
};

} // namespace fusegrad::kernel
