// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/emitter.hpp>

namespace fusegrad::graph {

/// Single columns of rows as operands; each row is split once, when a column of it is first asked for.
class column_reader {
public:
  constexpr explicit column_reader(emitter& e) : e_{e} {}

  constexpr operand operator()(const row& of, std::size_t which) {
    if (of.shape.size() == 1) return e_.reshape(of, tensor::vector_of(1)).value;
    for (const split_row& known : splits_)
      if (known.of == of.value) return known.columns[which].value;
    growing<std::size_t> widths;
    for (std::size_t i = 0; i < of.shape.size(); ++i) widths.push_back(1);
    splits_.push_back({of.value, e_.split(e_.reshape(of, tensor::vector_of(of.shape.size())), widths)});
    return splits_.back().columns[which].value;
  }

  /// A column counted through several rows; the first where there are not so many, which is refused elsewhere.
  constexpr operand operator()(const wire& rows, std::size_t place) {
    for (const row& one : rows) {
      if (place < one.shape.size()) return (*this)(one, place);
      place -= one.shape.size();
    }
    return (*this)(rows[0], 0);
  }

private:
  struct split_row {
    value_id of;
    wire columns;
  };

  emitter& e_;
  growing<split_row> splits_;
};

} // namespace fusegrad::graph
