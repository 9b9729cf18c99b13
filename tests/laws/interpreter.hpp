// SPDX-License-Identifier: MIT
#pragma once

#include "laws/evaluate_node.hpp"
#include "laws/random_number.hpp"
#include "laws/table_of.hpp"
#include "laws/window_loops.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fusegrad/graph/graph.hpp>
#include <utility>
#include <vector>

namespace fusegrad::test {

/// Runs a graph with plain loops over any number type. It shares nothing with the library but the graph itself.
template <class R> class interpreter {
public:
  std::vector<table_of<double>> inputs;   ///< for each input of the graph, one row for each sample
  std::vector<std::vector<R>> parameters; ///< row-major; [out][in] for a matrix
  std::vector<std::vector<R>> gradients;  ///< like the parameters
  double uniforms[graph::uniform_count]{};
  std::vector<R> moves; ///< how each column of the inputs moves, counted through; empty: not at all
  R loss{};
  std::vector<table_of<R>> values;

  void run(const graph::graph& g, std::size_t batch, std::size_t operations) {
    batch_ = batch;
    values.assign(g.values.size(), {});
    gradients.clear();
    for (const auto& p : parameters) gradients.emplace_back(p.size(), R(0.0));
    loss = R(0.0);
    for (std::size_t i = 0; i < operations; ++i) run_one(g, g.operations[i]);
  }

private:
  using kind = graph::kind;

  R given(std::size_t input, std::size_t row, std::size_t column) const {
    std::size_t through = column;
    for (std::size_t i = 0; i < input; ++i) through += inputs[i].width;
    const R number(inputs[input].at(row, column));
    return through < moves.size() ? number + moves[through] : number;
  }

  void run_one(const graph::graph& g, const graph::operation& op) {
    for (graph::value_id v : op.outputs) {
      auto& out = values[static_cast<std::size_t>(v)];
      out.width = g.width(v);
      out.is_of_batch = g.is_of_batch(v);
      out.shape = g.shape(v);
      out.numbers.assign(batch_ * out.width, R(0.0));
    }
    const std::size_t rows = works_on_batch(g, op) ? 1 : batch_;
    for (std::size_t row = 0; row < rows; ++row) run_row(g, op, row);
  }

  static bool works_on_batch(const graph::graph& g, const graph::operation& op) {
    if (op.what == kind::batch_sum) return false;
    if (!op.outputs.empty()) return g.is_of_batch(op.outputs[0]);
    return op.inputs[0].is_value() && g.is_of_batch(op.inputs[0].value());
  }

  void run_row(const graph::graph& g, const graph::operation& op, std::size_t row) {
    switch (op.what) {
    case kind::input: return input(op, row);
    case kind::matrix_product: return matrix_product(g, op, row);
    case kind::value_product: return value_product(op, row);
    case kind::elementwise: return elementwise(g, op, row);
    case kind::row_sum: return row_sum(op, row);
    case kind::softmax: return softmax(op, row, false);
    case kind::log_softmax: return softmax(op, row, true);
    case kind::softmax_cross_entropy: return cross_entropy(op, row);
    case kind::split: return split(op, row);
    case kind::concat: return concat(op, row);
    case kind::repetition: return repetition(op, row);
    case kind::reshape:
      for (std::size_t k = 0; k < out(op, 0).width; ++k) out(op, 0).at(row, k) = in(op, 0).at(row, k);
      return;
    case kind::convolution: return convolution(g, op, row);
    case kind::convolution_gradient: return convolution_gradient(g, op, row);
    case kind::grouped_convolution: return grouped_convolution(g, op, row);
    case kind::grouped_convolution_gradient: return grouped_convolution_gradient(g, op, row);
    case kind::depthwise: return depthwise(g, op, row);
    case kind::depthwise_gradient: return depthwise_gradient(g, op, row);
    case kind::max_pool: return max_pool(g, op, row);
    case kind::spread: return spread(g, op, row);
    case kind::window_sum: return window_sum(g, op, row);
    case kind::interpolation: return interpolation(g, op, row);
    case kind::position_sum:
      for (std::size_t k = 0; k < in(op, 0).width; ++k)
        out(op, 0).at(row, k % in(op, 0).columns()) += in(op, 0).at(row, k);
      return;
    case kind::weight_gradient: return weight_gradient(op, row);
    case kind::column_sum:
      for (std::size_t k = 0; k < in(op, 0).width; ++k) gradient(op)[k % in(op, 0).columns()] += in(op, 0).at(row, k);
      return;
    case kind::total_sum: gradient(op)[0] += sum_of(in(op, 0), row); return;
    case kind::random:
      for (std::size_t k = 0; k < out(op, 0).width; ++k) out(op, 0).at(row, k) = R(random_number(op.slot, row, k));
      return;
    case kind::batch_sum:
      for (std::size_t k = 0; k < in(op, 0).width; ++k)
        out(op, 0).at(0, k % in(op, 0).columns()) +=
            in(op, 0).at(row, k) * R(uniforms[static_cast<std::size_t>(op.weight)]);
      return;
    case kind::observe: return;
    case kind::loss_term: loss += sum_of(in(op, 0), row) * R(uniforms[static_cast<std::size_t>(op.weight)]); return;
    }
  }

  void input(const graph::operation& op, std::size_t row) {
    for (std::size_t k = 0; k < out(op, 0).width; ++k)
      out(op, 0).at(row, k) = given(static_cast<std::size_t>(op.slot), row, k);
  }

  void matrix_product(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const auto& w = parameters[static_cast<std::size_t>(op.parameter)];
    const std::size_t columns = g.parameters[op.parameter].shape[1];
    for (std::size_t i = 0; i < in(op, 0).width; ++i)
      for (std::size_t o = 0; o < out(op, 0).width; ++o)
        out(op, 0).at(row, o) += in(op, 0).at(row, i) * (op.transposed ? w.at(i * columns + o) : w.at(o * columns + i));
  }

  /// The place of number [i][k] of one of the matrices that a value is made of: as image rows, or side by side.
  static std::size_t place_in_matrix(const table_of<R>& x, std::size_t count, std::size_t which, std::size_t i,
                                     std::size_t k, bool turned) {
    if (turned) std::swap(i, k);
    if (x.shape.rank == 3) return (which * x.shape[1] + i) * x.columns() + k;
    return i * x.columns() + which * (x.columns() / count) + k;
  }
  void value_product(const graph::operation& op, std::size_t row) {
    using enum tensor::transposed_factor;
    const table_of<R>&a = in(op, 0), &b = in(op, 1);
    table_of<R>& made = out(op, 0);
    const auto rows_of = [&](const table_of<R>& x) { return x.shape.rank == 3 ? x.shape[1] : x.positions(); };
    const std::size_t of_a = a.width / op.matrices, depth = op.turned == left_one ? rows_of(a) : of_a / rows_of(a),
                      rows = of_a / depth, columns = b.width / op.matrices / depth;
    for (std::size_t m = 0; m < op.matrices; ++m)
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t o = 0; o < columns; ++o)
          for (std::size_t k = 0; k < depth; ++k)
            made.at(row, place_in_matrix(made, op.matrices, m, i, o, false)) +=
                a.at(row, place_in_matrix(a, op.matrices, m, i, k, op.turned == left_one)) *
                b.at(row, place_in_matrix(b, op.matrices, m, k, o, op.turned == right_one));
  }

  void weight_gradient(const graph::operation& op, std::size_t row) {
    const auto &x = in(op, 0), &dy = in(op, 1);
    for (std::size_t o = 0; o < dy.width; ++o)
      for (std::size_t i = 0; i < x.width; ++i) gradient(op).at(o * x.width + i) += x.at(row, i) * dy.at(row, o);
  }

  void elementwise(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const std::size_t columns = out(op, 0).columns();
    for (std::size_t i = 0; i < out(op, 0).width; ++i) {
      std::vector<R> arguments;
      for (const graph::operand& x : op.inputs) arguments.push_back(number(x, row, i / columns, i % columns));
      const auto results = evaluate_plainly(g.expressions[op.expression], arguments);
      for (std::size_t k = 0; k < results.size(); ++k) out(op, k).at(row, i) = results[k];
    }
  }

  R number(const graph::operand& x, std::size_t row, std::size_t position, std::size_t column) const {
    if (x.is_value()) {
      const table_of<R>& v = values[static_cast<std::size_t>(x.value())];
      return v.at(row, v.place(position, column));
    }
    if (!x.is_parameter()) return R(uniforms[static_cast<std::size_t>(x.which_uniform())]);
    const std::vector<R>& p = parameters[static_cast<std::size_t>(x.parameter())];
    return p.size() == 1 ? p[0] : p.at(column);
  }

  void row_sum(const graph::operation& op, std::size_t row) {
    const table_of<R>& x = in(op, 0);
    for (std::size_t k = 0; k < x.width; ++k) out(op, 0).at(row, k / x.columns()) += x.at(row, k);
  }

  /// The number [o][i][tap] of the weight of a window.
  static std::size_t place_of_weight(const graph::graph& g, const graph::operation& op, std::size_t o, std::size_t i,
                                     std::size_t tap) {
    const tensor::extents& shape = g.parameters[op.parameter].shape;
    return (o * shape[1] + i) * (shape.size() / (std::size_t{shape[0]} * shape[1])) + tap;
  }

  void convolution(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const auto& w = parameters[static_cast<std::size_t>(op.parameter)];
    const table_of<R>& x = in(op, 0);
    table_of<R>& y = out(op, 0);
    const table_of<R>& image = op.transposed ? y : x;
    const std::size_t in_columns = x.columns(), out_columns = y.columns();
    each_tap(g.windows[op.window], image.shape, [&](std::size_t position, std::size_t at, std::size_t tap) {
      const std::size_t from = op.transposed ? position : at, to = op.transposed ? at : position;
      for (std::size_t i = 0; i < in_columns; ++i)
        for (std::size_t o = 0; o < out_columns; ++o)
          y.at(row, to * out_columns + o) +=
              x.at(row, from * in_columns + i) *
              w.at(op.transposed ? place_of_weight(g, op, i, o, tap) : place_of_weight(g, op, o, i, tap));
    });
  }
  void convolution_gradient(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const table_of<R>&x = in(op, 0), &dy = in(op, 1);
    each_tap(g.windows[op.window], x.shape, [&](std::size_t position, std::size_t at, std::size_t tap) {
      for (std::size_t i = 0; i < x.columns(); ++i)
        for (std::size_t o = 0; o < dy.columns(); ++o)
          gradient(op).at(place_of_weight(g, op, o, i, tap)) +=
              x.at(row, at * x.columns() + i) * dy.at(row, position * dy.columns() + o);
    });
  }
  /// Calls `use(image channel, position channel, place in the weight)` for all pairs of a group.
  template <class Use>
  static void each_grouped_pair(const graph::graph& g, const graph::operation& op, std::size_t channels,
                                std::size_t made, std::size_t tap, Use use) {
    const std::size_t in = g.parameters[op.parameter].shape[1], groups = channels / in;
    for (std::size_t o = 0; o < made; ++o)
      for (std::size_t i = 0; i < in; ++i) use(o / (made / groups) * in + i, o, place_of_weight(g, op, o, i, tap));
  }
  void grouped_convolution(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const auto& w = parameters[static_cast<std::size_t>(op.parameter)];
    const table_of<R>& x = in(op, 0);
    table_of<R>& y = out(op, 0);
    const table_of<R>&image = op.transposed ? y : x, &made = op.transposed ? x : y;
    each_tap(g.windows[op.window], image.shape, [&](std::size_t position, std::size_t at, std::size_t tap) {
      each_grouped_pair(g, op, image.columns(), made.columns(), tap, [&](std::size_t i, std::size_t o, std::size_t k) {
        const std::size_t seen = at * image.columns() + i, sum = position * made.columns() + o;
        y.at(row, op.transposed ? seen : sum) += x.at(row, op.transposed ? sum : seen) * w.at(k);
      });
    });
  }
  void grouped_convolution_gradient(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const table_of<R>&x = in(op, 0), &dy = in(op, 1);
    each_tap(g.windows[op.window], x.shape, [&](std::size_t position, std::size_t at, std::size_t tap) {
      each_grouped_pair(g, op, x.columns(), dy.columns(), tap, [&](std::size_t i, std::size_t o, std::size_t k) {
        gradient(op).at(k) += x.at(row, at * x.columns() + i) * dy.at(row, position * dy.columns() + o);
      });
    });
  }
  void depthwise(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const auto& w = parameters[static_cast<std::size_t>(op.parameter)];
    const table_of<R>& x = in(op, 0);
    table_of<R>& y = out(op, 0);
    const std::size_t columns = x.columns();
    each_tap(g.windows[op.window], (op.transposed ? y : x).shape,
             [&](std::size_t position, std::size_t at, std::size_t tap) {
               const std::size_t from = op.transposed ? position : at, to = op.transposed ? at : position;
               for (std::size_t k = 0; k < columns; ++k)
                 y.at(row, to * columns + k) += x.at(row, from * columns + k) * w.at(place_of_weight(g, op, k, 0, tap));
             });
  }
  void depthwise_gradient(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const table_of<R>&x = in(op, 0), &dy = in(op, 1);
    each_tap(g.windows[op.window], x.shape, [&](std::size_t position, std::size_t at, std::size_t tap) {
      for (std::size_t k = 0; k < x.columns(); ++k)
        gradient(op).at(place_of_weight(g, op, k, 0, tap)) +=
            x.at(row, at * x.columns() + k) * dy.at(row, position * dy.columns() + k);
    });
  }
  void max_pool(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const table_of<R>& x = in(op, 0);
    const std::size_t columns = x.columns();
    std::vector<char> seen(out(op, 0).width, 0);
    each_tap(g.windows[op.window], x.shape, [&](std::size_t position, std::size_t at, std::size_t tap) {
      for (std::size_t k = 0; k < columns; ++k) {
        const std::size_t to = position * columns + k;
        if (seen[to] != 0 && !(out(op, 0).at(row, to) < x.at(row, at * columns + k))) continue;
        seen[to] = 1;
        out(op, 0).at(row, to) = x.at(row, at * columns + k);
        out(op, 1).at(row, to) = R(static_cast<double>(tap));
      }
    });
  }
  void spread(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const table_of<R>&numbers = in(op, 0), &places = in(op, 1);
    const std::size_t columns = numbers.columns();
    each_tap(g.windows[op.window], out(op, 0).shape, [&](std::size_t position, std::size_t at, std::size_t tap) {
      for (std::size_t k = 0; k < columns; ++k)
        if (places.at(row, position * columns + k) == R(static_cast<double>(tap)))
          out(op, 0).at(row, at * columns + k) += numbers.at(row, position * columns + k);
    });
  }
  void window_sum(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const table_of<R>& x = in(op, 0);
    table_of<R>& y = out(op, 0);
    const std::size_t columns = x.columns();
    each_tap(g.windows[op.window], (op.transposed ? y : x).shape,
             [&](std::size_t position, std::size_t at, std::size_t) {
               const std::size_t from = op.transposed ? position : at, to = op.transposed ? at : position;
               for (std::size_t k = 0; k < columns; ++k) y.at(row, to * columns + k) += x.at(row, from * columns + k);
             });
  }

  void interpolation(const graph::graph& g, const graph::operation& op, std::size_t row) {
    const table_of<R>& x = in(op, 0);
    table_of<R>& y = out(op, 0);
    const tensor::extents& image = (op.transposed ? y : x).shape;
    const graph::window& w = g.windows[op.window];
    const std::size_t columns = x.columns(), wide = image.image_columns(), made = wide / w.columns.size;
    each_share(image.image_rows(), w.rows.size, [&](std::size_t position_y, std::size_t at_y, double down) {
      each_share(wide, w.columns.size, [&](std::size_t position_x, std::size_t at_x, double right) {
        const std::size_t position = position_y * made + position_x, at = at_y * wide + at_x;
        const std::size_t from = op.transposed ? position : at, to = op.transposed ? at : position;
        for (std::size_t k = 0; k < columns; ++k)
          y.at(row, to * columns + k) += x.at(row, from * columns + k) * R(down * right);
      });
    });
  }

  /// One position of a sample as a row of its own.
  static table_of<R> position_of(const table_of<R>& x, std::size_t row, std::size_t position) {
    table_of<R> one{x.columns(), {}, false, tensor::vector_of(x.columns())};
    for (std::size_t k = 0; k < x.columns(); ++k) one.numbers.push_back(x.at(row, position * x.columns() + k));
    return one;
  }

  void softmax(const graph::operation& op, std::size_t row, bool logarithm) {
    using detail::exp, detail::log;
    for (std::size_t p = 0; p < in(op, 0).positions(); ++p) {
      table_of<R> at = position_of(in(op, 0), row, p);
      if (op.is_causal) at.width = std::min(at.width, p % in(op, 0).shape.image_columns() + 1);
      const R largest = largest_of(at), total = sum_of_exponentials(at, largest);
      for (std::size_t k = 0; k < at.width; ++k) {
        const R x = at.at(0, k) - largest;
        out(op, 0).at(row, p * in(op, 0).columns() + k) = logarithm ? x - log(total) : exp(x) / total;
      }
    }
  }

  void cross_entropy(const graph::operation& op, std::size_t row) {
    using detail::exp, detail::log;
    for (std::size_t p = 0; p < in(op, 0).positions(); ++p) {
      const table_of<R> logits = position_of(in(op, 0), row, p), target = position_of(in(op, 1), row, p);
      const R largest = largest_of(logits), total = sum_of_exponentials(logits, largest);
      for (std::size_t k = 0; k < logits.width; ++k) {
        const R x = logits.at(0, k) - largest;
        out(op, 0).at(row, p * logits.width + k) = exp(x) / total;
        out(op, 1).at(row, p) += target.at(0, k);
        out(op, 2).at(row, p) -= target.at(0, k) * (x - log(total));
      }
    }
  }

  void split(const graph::operation& op, std::size_t row) {
    std::size_t from = 0;
    for (std::size_t p = 0; p < in(op, 0).positions(); ++p)
      for (std::size_t k = 0; k < op.outputs.size(); ++k)
        for (std::size_t i = 0; i < out(op, k).columns(); ++i)
          out(op, k).at(row, p * out(op, k).columns() + i) = in(op, 0).at(row, from++);
  }
  void concat(const graph::operation& op, std::size_t row) {
    std::size_t to = 0;
    for (std::size_t p = 0; p < out(op, 0).positions(); ++p)
      for (std::size_t k = 0; k < op.inputs.size(); ++k)
        for (std::size_t i = 0; i < in(op, k).columns(); ++i)
          out(op, 0).at(row, to++) = in(op, k).at(row, p * in(op, k).columns() + i);
  }

  void repetition(const graph::operation& op, std::size_t row) {
    const table_of<R>& x = in(op, 0);
    table_of<R>& y = out(op, 0);
    // The positions lie behind each other, so that this is one of all numbers.
    for (std::size_t k = 0; k < std::max(x.width, y.width); ++k)
      y.at(row, k * y.width / std::max(x.width, y.width)) += x.at(row, k * x.width / std::max(x.width, y.width));
  }

  static R sum_of(const table_of<R>& x, std::size_t row) {
    R total = 0.0;
    for (std::size_t k = 0; k < x.width; ++k) total += x.at(row, k);
    return total;
  }
  static R largest_of(const table_of<R>& x) {
    R largest = x.at(0, 0);
    for (std::size_t k = 1; k < x.width; ++k)
      if (largest < x.at(0, k)) largest = x.at(0, k);
    return largest;
  }
  static R sum_of_exponentials(const table_of<R>& x, R largest) {
    using detail::exp;
    R total = 0.0;
    for (std::size_t k = 0; k < x.width; ++k) total += exp(x.at(0, k) - largest);
    return total;
  }

  const table_of<R>& in(const graph::operation& op, std::size_t k) const {
    return values[static_cast<std::size_t>(op.inputs[k].value())];
  }
  table_of<R>& out(const graph::operation& op, std::size_t k) {
    return values[static_cast<std::size_t>(op.outputs[k])];
  }
  std::vector<R>& gradient(const graph::operation& op) { return gradients[static_cast<std::size_t>(op.parameter)]; }

  std::size_t batch_ = 0;
};

} // namespace fusegrad::test
