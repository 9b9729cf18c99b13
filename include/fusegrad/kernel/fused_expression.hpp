// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// Evaluates one expression where it is needed: over rows of its own, or as the epilogue of a matrix product.
template <class T, auto Table, auto Accesses> struct fused_expression {
  using vector = math::vector<T>;
  static constexpr std::size_t argument_count = Accesses.count;
  static constexpr std::size_t result_count = Table.result_count;

  /// True where the expression is a few instructions, so that copies of it may stand beside each register of a tile.
  static constexpr bool is_cheap = [] {
    for (std::size_t i = 0; i < Table.node_count; ++i) {
      const expr::operation op = Table[i].op;
      const bool is_short = expr::operand_count(op) == 0 || op <= expr::operation::negate ||
                            (op >= expr::operation::min && op <= expr::operation::select);
      if (!is_short || op == expr::operation::divide) return false;
    }
    return Table.node_count <= 8;
  }();

  static constexpr bool is_part = Accesses.is_part;

  static_assert(argument_count <= most_places && result_count <= most_places);

  using argument_numbers = std::make_index_sequence<argument_count>;
  using result_numbers = std::make_index_sequence<result_count>;

  /// Where a call reads and writes, copied: a store through one of these can then not seem to change another.
  struct places {
    rows_at_distance<T> arguments[argument_count + 1];
    rows_at_distance<T> results[result_count];
    FUSEGRAD_INLINE constexpr explicit places(const call<T>& c) : places(c, argument_numbers{}, result_numbers{}) {}
    /// Of one image row of one sample.
    FUSEGRAD_INLINE constexpr places(const call<T>& c, std::size_t sample, std::size_t image_row) {
      for (std::size_t i = 0; i < argument_count; ++i)
        arguments[i] = kernel::at_image_row(c.arguments[i], sample, image_row);
      for (std::size_t k = 0; k < result_count; ++k) results[k] = kernel::at_image_row(c.results[k], sample, image_row);
    }

    /// The same from a row and a column on. Of the addresses the compiler does not know how they came about: it would
    /// carry one along for each row of a tile, more than there are registers.
    FUSEGRAD_INLINE places from(std::size_t row, std::size_t column) const {
      places moved = *this;
      move(moved, row, column, argument_numbers{}, result_numbers{});
      return moved;
    }
    /// Goes on to the next row.
    FUSEGRAD_INLINE void go_on() { move(*this, 1, 0, argument_numbers{}, result_numbers{}); }

  private:
    template <std::size_t... I, std::size_t... K>
    FUSEGRAD_INLINE static void move(places& at, std::size_t row, std::size_t column, std::index_sequence<I...>,
                                     std::index_sequence<K...>) {
      ((reads_rows(Accesses[I])
            ? void(at.arguments[I].data = math::intrinsics::opaque(at.arguments[I].data + row * at.arguments[I].stride +
                                                                   (Accesses[I] == access::row ? 0 : column)))
            : void()),
       ...);
      ((at.results[K].data = math::intrinsics::opaque(at.results[K].data + row * at.results[K].stride + column)), ...);
    }
    // One by one: where indices are variables, GCC keeps the whole call in memory.
    template <std::size_t... I, std::size_t... K>
    FUSEGRAD_INLINE constexpr places(const call<T>& c, std::index_sequence<I...>, std::index_sequence<K...>) {
      ((arguments[I] = c.arguments[I]), ...);
      ((results[K] = c.results[K]), ...);
    }
  };

  /// Whether copies of the expression stand beside each register of a tile. A long one stands once: the detour over
  /// memory costs less than the code. So it does in the low tiles at the end of a matrix, where the compiler's time
  /// counts for more.
  template <int Rows> static constexpr bool is_unrolled = Rows == 1 || (is_cheap && Rows > 4);

  /// Arguments that are the same for all rows of a column; where all of those are single numbers, for all columns too.
  struct shared_arguments {
    vector items[argument_count + 1];
  };
  FUSEGRAD_INLINE static shared_arguments shared_at(const places& at, std::size_t column, int filled = vector::lanes) {
    shared_arguments same;
    read_what_rows_share(at, column, filled, same.items, argument_numbers{});
    return same;
  }

  /// One vector of columns of a row. `product` is its product, or of several with one matrix a line of them; lanes from
  /// `filled` on are set to zero. A value and not what makes it: the function is then the same in all tiles.
  template <class Product>
  FUSEGRAD_INLINE static void row_at(const places& at, const shared_arguments& same, std::size_t row,
                                     std::size_t column, int filled, const Product& product) {
    vector results[result_count];
    values_at(at, same, row, column, product, results, filled);
    for (std::size_t k = 0; k < result_count; ++k) {
      T* const to = at.results[k].data + row * at.results[k].stride + column;
      if constexpr (is_part) {
        results[k].store_first(to, filled);
        continue;
      }
      if (filled < vector::lanes) results[k] = select(vector::first_lanes_mask(filled), results[k], vector(T{0}));
      results[k].store_aligned(to);
    }
  }
  template <class Product>
  FUSEGRAD_INLINE static void row_at(const places& at, std::size_t row, std::size_t column, int filled,
                                     const Product& product) {
    row_at(at, shared_at(at, column, filled), row, column, filled, product);
  }

  /// The results for one vector of columns of a sample, not yet stored.
  template <class Product>
  FUSEGRAD_INLINE static void values_at(const places& at, const shared_arguments& same, std::size_t row,
                                        std::size_t column, const Product& product, vector* results,
                                        int filled = vector::lanes) {
    vector arguments[argument_count + 1]{};
    read(at, row, column, filled, product, same.items, arguments, argument_numbers{});
    expr::evaluate<Table, expr::products::contracted>(static_cast<const vector*>(arguments), results);
  }

  /// One number; for constant expressions.
  static constexpr void number_at(const call<T>& c, std::size_t row, std::size_t column, T product) {
    T results[result_count]{};
    numbers_at(c, row, column, product, results);
    for (std::size_t k = 0; k < result_count; ++k) c.results[k].data[row * c.results[k].stride + column] = results[k];
  }
  /// The same with several products.
  static constexpr void joined_number_at(const call<T>& c, std::size_t row, std::size_t column, const T* products) {
    T results[result_count]{}, arguments[argument_count + 1]{};
    for (std::size_t i = 0; i < argument_count; ++i)
      arguments[i] = Accesses[i] == access::factor ? products[1 + factors_before(i)]
                                                   : number(c.arguments[i], Accesses[i], row, column, products[0]);
    expr::evaluate<Table, expr::products::contracted>(static_cast<const T*>(arguments), results);
    for (std::size_t k = 0; k < result_count; ++k) c.results[k].data[row * c.results[k].stride + column] = results[k];
  }
  /// How many of the arguments before one are further products.
  static constexpr int factors_before(std::size_t argument) {
    int count = 0;
    for (std::size_t i = 0; i < argument; ++i) count += Accesses[i] == access::factor ? 1 : 0;
    return count;
  }
  static constexpr void numbers_at(const call<T>& c, std::size_t row, std::size_t column, T product, T* results) {
    T arguments[argument_count + 1]{};
    for (std::size_t i = 0; i < argument_count; ++i)
      arguments[i] = number(c.arguments[i], Accesses[i], row, column, product);
    expr::evaluate<Table, expr::products::contracted>(static_cast<const T*>(arguments), results);
  }
  /// The same in one image row of one sample.
  static constexpr void numbers_at(const call<T>& c, std::size_t sample, std::size_t image_row, std::size_t row,
                                   std::size_t column, T product, T* results) {
    T arguments[argument_count + 1]{};
    for (std::size_t i = 0; i < argument_count; ++i)
      if (Accesses[i] != access::product)
        arguments[i] =
            number(kernel::at_image_row(c.arguments[i], sample, image_row), Accesses[i], row, column, product);
      else
        arguments[i] = product;
    expr::evaluate<Table, expr::products::contracted>(static_cast<const T*>(arguments), results);
  }

private:
  static constexpr bool is_shared(access how) { return how == access::column || how == access::scalar; }
  static constexpr bool reads_rows(access how) {
    return how == access::element || how == access::range || how == access::row;
  }

  FUSEGRAD_INLINE static vector load(const T* from, int filled) {
    if constexpr (is_part) return vector::load_first(from, filled);
    return vector::load_aligned(from);
  }

  template <std::size_t... I>
  FUSEGRAD_INLINE static void read_what_rows_share([[maybe_unused]] const places& at,
                                                   [[maybe_unused]] std::size_t column, [[maybe_unused]] int filled,
                                                   [[maybe_unused]] vector* same, std::index_sequence<I...>) {
    ((is_shared(Accesses[I])
          ? void(same[I] = shared_lanes<(Accesses[I] == access::column)>(at.arguments[I].data, column, filled))
          : void()),
     ...);
  }
  template <bool IsOfColumn>
  FUSEGRAD_INLINE static vector shared_lanes(const T* from, [[maybe_unused]] std::size_t column,
                                             [[maybe_unused]] int filled) {
    if constexpr (IsOfColumn)
      return load(from + column, filled);
    else
      return vector(*from);
  }

  template <class Product, std::size_t... I>
  FUSEGRAD_INLINE static void read([[maybe_unused]] const places& at, [[maybe_unused]] std::size_t row,
                                   [[maybe_unused]] std::size_t column, [[maybe_unused]] int filled,
                                   [[maybe_unused]] const Product& product, [[maybe_unused]] const vector* same,
                                   [[maybe_unused]] vector* arguments, std::index_sequence<I...>) {
    ((arguments[I] = is_shared(Accesses[I])
                         ? same[I]
                         : lanes<Accesses[I], 1 + factors_before(I)>(at.arguments[I], row, column, filled, product)),
     ...);
  }

  template <access How, int Factor, class Product>
  FUSEGRAD_INLINE static vector lanes([[maybe_unused]] const rows_at_distance<T>& p, [[maybe_unused]] std::size_t row,
                                      [[maybe_unused]] std::size_t column, [[maybe_unused]] int filled,
                                      [[maybe_unused]] const Product& product) {
    if constexpr (How == access::element)
      return load(p.data + row * p.stride + column, filled);
    else if constexpr (How == access::range)
      return vector::load(p.data + row * p.stride + column);
    else if constexpr (How == access::row)
      return vector(p.data[row * p.stride]);
    else if constexpr (std::is_same_v<Product, vector>)
      return product;
    else
      return product[How == access::factor ? Factor : 0];
  }

  static constexpr T number(const place<T>& p, access how, std::size_t row, std::size_t column, T product) {
    switch (how) {
    case access::product:
    case access::factor: return product;
    case access::element:
    case access::range: return p.data[row * p.stride + column];
    case access::row: return p.data[row * p.stride];
    case access::column: return p.data[column];
    case access::scalar: break;
    }
    return p.data[0];
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
