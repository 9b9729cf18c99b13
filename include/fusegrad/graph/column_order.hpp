// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/tensor/shape.hpp>

namespace fusegrad::graph {

/// Neighbouring columns of a vector that are the numbers of an image, position by position; plain ones have a single
/// position.
struct column_part {
  std::uint32_t positions = 1, channels = 1;

  [[nodiscard]] constexpr std::size_t size() const { return std::size_t{positions} * channels; }
  [[nodiscard]] constexpr bool is_image() const { return positions > 1 && channels > 1; }
  friend constexpr bool operator==(const column_part&, const column_part&) = default;
};

/// The parts of a vector; none where no part of it is known to be of an image.
using column_order = growing<column_part>;

/// Numbers of a parameter that would change places if images had their channels first: row-major [...][length][inner],
/// along `length` those from `begin`, as many as the image has.
struct flattened_part {
  std::uint32_t parameter = 0;
  std::uint32_t length = 1, inner = 1;
  std::uint32_t begin = 0;
  column_part image;
};

/// Finds which columns of the vectors of a graph are numbers of images: of vectors that images were made into, that
/// images are made of, and that are computed column by column with one of these.
class column_orders {
public:
  explicit constexpr column_orders(const graph& g) : g_{g} {
    orders_.resize(g.values.size());
    const std::size_t count = g.operations.size();
    do {
      has_changed_ = false;
      for (std::size_t i = 0; i < count; ++i) visit(g.operations[i]);
      if (!has_changed_) return;
      for (std::size_t i = count; i > 0; --i) visit(g.operations[i - 1]);
    } while (has_changed_);
  }

  /// The parts of all parameters that are read with such columns, or make them.
  [[nodiscard]] constexpr growing<flattened_part> parameters() const {
    growing<flattened_part> parts;
    for (const operation& op : g_.operations) {
      if (keeps_columns(op) && is_vector(op.outputs[0])) {
        for (const operand& x : op.inputs)
          if (x.is_parameter() && g_.parameter_size(x.parameter()) == g_.width(op.outputs[0]))
            add(parts, x.parameter(), 1, orders_[op.outputs[0]]);
      } else if (facts_of(op).joins_by_weight) {
        const value_id made = op.outputs[0], read = op.inputs[0].value();
        const std::uint32_t columns = g_.parameters[op.parameter].shape[1];
        if (is_vector(made)) add(parts, op.parameter, op.transposed ? 1 : columns, orders_[made]);
        if (is_vector(read)) add(parts, op.parameter, op.transposed ? columns : 1, orders_[read]);
      }
    }
    return parts;
  }

private:
  [[nodiscard]] static constexpr bool keeps_columns(const operation& op) {
    const operation_facts& facts = facts_of(op);
    return !op.outputs.empty() && (facts.fuses == fusing::expression || facts.shape == &same_shape);
  }
  [[nodiscard]] constexpr bool is_vector(value_id v) const {
    return g_.shape(v).positions() == 1 && g_.shape(v).columns() > 1;
  }
  [[nodiscard]] static constexpr column_part part_of(const tensor::extents& shape) {
    return {tensor::extent_of(shape.positions()), tensor::extent_of(shape.columns())};
  }

  constexpr void visit(const operation& op) {
    const operation_facts& facts = facts_of(op);
    if (op.outputs.empty() || op.inputs.empty()) return;
    if (facts.only_reshapes) {
      unify_shapes(op.inputs[0].value(), op.outputs[0]);
    } else if (facts.parts == column_parts::inputs) {
      value_list parts;
      for (const operand& x : op.inputs) parts.push_back(x.value());
      unify_parts(op.outputs[0], parts);
    } else if (facts.parts == column_parts::results) {
      unify_parts(op.inputs[0].value(), op.outputs);
    } else if (keeps_columns(op) && is_vector(op.outputs[0])) {
      for (const value_id y : op.outputs) unify_columns(op, y);
    }
  }

  constexpr void set(value_id v, const column_order& order) {
    if (order.empty() || !orders_[v].empty()) return;
    orders_[v] = order;
    has_changed_ = true;
  }
  constexpr void set(value_id v, column_part image) {
    if (!image.is_image() || !orders_[v].empty()) return;
    column_order order;
    order.push_back(image);
    set(v, order);
  }

  constexpr void unify_shapes(value_id from, value_id to) {
    if (is_vector(from) && is_vector(to)) {
      set(to, orders_[from]);
      set(from, orders_[to]);
    } else if (is_vector(to)) {
      set(to, part_of(g_.shape(image_of(from))));
    } else if (is_vector(from)) {
      set(from, part_of(g_.shape(to)));
    }
  }
  /// The image that others were made of by nothing but reshaping.
  [[nodiscard]] constexpr value_id image_of(value_id v) const {
    for (std::size_t i = g_.operations.size(); i > 0; --i) {
      const operation& op = g_.operations[i - 1];
      if (op.outputs.empty() || op.outputs[0] != v || !facts_of(op).only_reshapes) continue;
      if (!part_of(g_.shape(op.inputs[0])).is_image()) break;
      v = op.inputs[0].value();
    }
    return v;
  }

  constexpr void unify_columns(const operation& op, value_id y) {
    for (const operand& x : op.inputs) {
      if (!x.is_value() || !is_vector(x.value())) continue;
      set(y, orders_[x.value()]);
      set(x.value(), orders_[y]);
    }
  }

  constexpr void unify_parts(value_id whole, const value_list& parts) {
    if (g_.shape(whole).positions() != 1) return;
    column_order joined;
    bool is_known = false;
    for (const value_id part : parts) {
      is_known = is_known || !orders_[part].empty();
      if (orders_[part].empty())
        joined.push_back({1, tensor::extent_of(g_.width(part))});
      else
        joined.append(orders_[part]);
    }
    if (is_known) set(whole, joined);
    std::size_t begin = 0;
    for (const value_id part : parts) {
      set(part, cut(orders_[whole], begin, g_.width(part)));
      begin += g_.width(part);
    }
  }
  /// Of some columns; none where they end within an image: there, another order would not be one of the same numbers.
  [[nodiscard]] static constexpr column_order cut(const column_order& order, std::size_t begin, std::size_t width) {
    column_order out;
    std::size_t at = 0, covered = 0;
    bool has_image = false;
    for (const column_part& part : order) {
      const std::size_t end = at + part.size();
      if (at >= begin && end <= begin + width) {
        out.push_back(part);
        covered += part.size();
        has_image = has_image || part.is_image();
      }
      at = end;
    }
    if (!has_image || covered != width) out.clear();
    return out;
  }

  constexpr void add(growing<flattened_part>& parts, parameter_id p, std::uint32_t inner,
                     const column_order& order) const {
    const auto number = static_cast<std::uint32_t>(p);
    for (const flattened_part& known : parts)
      if (known.parameter == number && known.inner == inner) return;
    std::size_t length = 0, begin = 0;
    for (const column_part& part : order) length += part.size();
    for (const column_part& part : order) {
      if (part.is_image()) parts.push_back({number, tensor::extent_of(length), inner, tensor::extent_of(begin), part});
      begin += part.size();
    }
  }

  const graph& g_;
  numbered<value_id, column_order> orders_;
  bool has_changed_ = false;
};

} // namespace fusegrad::graph
