// SPDX-License-Identifier: MIT
#pragma once

#include "laws/evaluate_node.hpp"
#include "laws/interpreter.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fusegrad/plan/draft.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace fusegrad::test {

/// Runs a drafted program step by step over its real memory layout, in double precision and without kernels. Every
/// number of the workspace has an owner, the result that wrote it: a read of memory that was never written, or that
/// something else has been placed on since, throws. Memory is full of NaN until it is written, and again after its last
/// read.
class draft_interpreter {
public:
  std::vector<double> parameters, transposed, gradients, workspace, in_common;
  double uniforms[graph::uniform_count]{};
  double loss = 0;

  draft_interpreter(const plan::draft& d, std::size_t batch) : d_{d}, batch_{batch} {
    parameters.assign(d.parameters.size, 0);
    transposed.assign(d.parameters.transposed_size, 0);
    gradients.assign(d.parameters.size, nan);
    find_last_reads();
    forget_rows();
  }

  /// Makes the workspace as it was at first; parameters and gradients stay.
  void forget_rows() {
    workspace.assign(d_.row_size * batch_, nan);
    owner_.assign(d_.row_size, nobody);
    in_common.assign(d_.batch_size, nan);
  }

  void set_parameter(std::size_t p, const std::vector<double>& plain) {
    const execution::parameter_place& place = d_.parameters.places[p];
    for (std::size_t o = 0; o < place.out; ++o)
      for (std::size_t i = 0; i < place.in; ++i) {
        const double w = plain.at(o * place.in + i);
        parameters.at(execution::packed_index<double>(place, o, i)) = w;
        if (place.needs_transpose)
          transposed.at(place.transposed_offset + kernel::panel_index<double>(place.out, place.in, o, i)) = w;
      }
  }
  std::vector<double> gradient_of(std::size_t p) const {
    const execution::parameter_place& place = d_.parameters.places[p];
    std::vector<double> plain;
    for (std::size_t o = 0; o < place.out; ++o)
      for (std::size_t i = 0; i < place.in; ++i)
        plain.push_back(gradients.at(execution::packed_index<double>(place, o, i)));
    return plain;
  }

  void set_input(std::size_t i, const std::vector<double>& numbers) {
    const execution::row_place& place = d_.inputs[i];
    own(place.offset, stride(place.width), static_cast<int>(first_input + i));
    for (std::size_t row = 0; row < batch_; ++row)
      for (std::size_t k = 0; k < stride(place.width); ++k)
        workspace.at(place.offset * batch_ + row * stride(place.width) + k) =
            k < place.width ? numbers.at(row * place.width + k) : 0;
  }
  std::vector<double> output(std::size_t i) const {
    const execution::row_place& place = d_.outputs[i];
    std::vector<double> out;
    for (std::size_t row = 0; row < batch_; ++row)
      for (std::size_t k = 0; k < place.width; ++k)
        out.push_back(workspace.at(place.offset * batch_ + row * stride(place.width) + k));
    return out;
  }

  void run(bool accumulate) {
    for (step_ = 0; step_ < d_.steps.size(); ++step_) {
      const execution::step& s = d_.steps[step_];
      check_reads(s);
      for (std::size_t k = 0; k < s.result_count; ++k) claim(s, k);
      if (s.what == kind::batch_sum)
        std::fill_n(in_common.begin() + static_cast<std::ptrdiff_t>(result(s, 0).offset), s.columns, 0.0);
      const std::size_t rows = s.is_of_batch ? 1 : batch_;
      for (std::size_t row = 0; row < rows; ++row) run_row(s, row, accumulate || !s.first_contribution);
      poison_what_was_read_last();
    }
  }

  static std::size_t stride(std::size_t width) { return kernel::padded<double>(width); }

private:
  using kind = graph::kind;
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  static constexpr int nobody = -1;
  static constexpr std::size_t first_input = 1'000'000;

  /// A stretch of the workspace that a step reads.
  struct stretch {
    std::size_t offset, width;
  };

  std::vector<stretch> reads_of(const execution::step& s) const {
    std::vector<stretch> reads;
    if (s.what == kind::matrix_product) reads.push_back({s.left, stride(s.depth)});
    for (std::size_t k = 0; k < s.argument_count; ++k)
      if (argument(s, k).where == execution::memory::rows)
        reads.push_back({argument(s, k).offset, stride(argument(s, k).width)});
    return reads;
  }

  void find_last_reads() {
    // Backwards: the first read met of what a stretch holds is the last. It ends where something else is placed there.
    std::vector<char> read_later(d_.row_size, 0);
    const auto mark = [&](const stretch& r, char value) {
      std::fill_n(read_later.begin() + static_cast<std::ptrdiff_t>(r.offset), r.width, value);
    };
    for (const execution::row_place& out : d_.outputs) mark({out.offset, stride(out.width)}, 1);
    last_reads_.resize(d_.steps.size());
    for (std::size_t i = d_.steps.size(); i-- > 0;) {
      const execution::step& s = d_.steps[i];
      for (std::size_t k = 0; k < s.result_count; ++k) {
        if (result(s, k).where != execution::memory::rows) continue;
        const stretch r{result(s, k).offset, stride(result(s, k).width)};
        if (read_later.at(r.offset) == 0) last_reads_[i].push_back(r); // never read at all
        mark(r, 0);
      }
      for (const stretch& r : reads_of(s)) {
        if (read_later.at(r.offset) == 0) last_reads_[i].push_back(r);
        mark(r, 1);
      }
    }
  }

  void poison_what_was_read_last() {
    for (const stretch& r : last_reads_[step_]) {
      std::fill_n(workspace.begin() + static_cast<std::ptrdiff_t>(r.offset * batch_), r.width * batch_, nan);
      own(r.offset, r.width, nobody);
    }
  }

  void own(std::size_t offset, std::size_t width, int who) {
    for (std::size_t i = offset; i < offset + width; ++i) owner_.at(i) = who;
  }
  void claim(const execution::step& s, std::size_t k) {
    const execution::argument& r = result(s, k);
    if (r.where != execution::memory::rows) return;
    for (const stretch& read : reads_of(s)) {
      const bool apart = r.offset + stride(r.width) <= read.offset || read.offset + read.width <= r.offset;
      // Only what this very step reads for the last time can still be owned by somebody.
      if (!apart) fail("a result lies on what its step reads");
    }
    for (std::size_t i = r.offset; i < r.offset + stride(r.width); ++i)
      if (owner_.at(i) != nobody) fail("a result is placed on a value that is still read");
    own(r.offset, stride(r.width), static_cast<int>(step_ * 64 + k));
  }
  void check_reads(const execution::step& s) const {
    for (const stretch& r : reads_of(s)) {
      const int first = owner_.at(r.offset);
      for (std::size_t i = r.offset; i < r.offset + r.width; ++i)
        if (owner_.at(i) == nobody || owner_.at(i) != first) fail("memory is read that holds no whole value");
      const bool starts_earlier = r.offset > 0 && owner_.at(r.offset - 1) == first;
      const bool ends_later = r.offset + r.width < owner_.size() && owner_.at(r.offset + r.width) == first;
      if (starts_earlier || ends_later) fail("a value is read in part");
    }
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw std::logic_error("step " + std::to_string(step_) + " (" +
                           std::string(graph::facts_of(d_.steps[step_].what).name) + "): " + what);
  }

  const execution::argument& argument(const execution::step& s, std::size_t k) const {
    return d_.arguments[s.arguments_begin + k];
  }
  const execution::argument& result(const execution::step& s, std::size_t k) const {
    return d_.arguments[s.arguments_begin + s.argument_count + k];
  }

  double& rows(std::size_t offset, std::size_t width, std::size_t row, std::size_t column) {
    return workspace.at(offset * batch_ + row * stride(width) + column);
  }
  double& in(const execution::step& s, std::size_t k, std::size_t row, std::size_t column) {
    if (argument(s, k).where == execution::memory::batch) return in_common.at(argument(s, k).offset + column);
    return rows(argument(s, k).offset, argument(s, k).width, row, column);
  }
  double& out(const execution::step& s, std::size_t k, std::size_t row, std::size_t column) {
    if (result(s, k).where == execution::memory::batch) return in_common.at(result(s, k).offset + column);
    return rows(result(s, k).offset, result(s, k).width, row, column);
  }

  double number(const execution::argument& a, std::size_t row, std::size_t column, double product) {
    using kernel::access;
    switch (a.how) {
    case access::product: return product;
    case access::element: return rows(a.offset, a.width, row, column);
    case access::row: return rows(a.offset, a.width, row, 0);
    case access::column:
      return a.where == execution::memory::batch ? in_common.at(a.offset + column) : parameters.at(a.offset + column);
    case access::scalar: break;
    }
    if (a.where == execution::memory::batch) return in_common.at(a.offset);
    return a.where == execution::memory::uniforms ? uniforms[a.offset] : parameters.at(a.offset);
  }

  void run_row(const execution::step& s, std::size_t row, bool accumulate) {
    const bool first_row = row == 0;
    switch (s.what) {
    case kind::matrix_product:
    case kind::elementwise: elementwise(s, row); break;
    case kind::row_sum: out(s, 0, row, 0) = sum(s, row); break;
    case kind::softmax: softmax(s, row, false); break;
    case kind::log_softmax: softmax(s, row, true); break;
    case kind::softmax_cross_entropy: cross_entropy(s, row); break;
    case kind::split: split(s, row); break;
    case kind::concat: concat(s, row); break;
    case kind::weight_gradient:
      for (std::size_t i = 0; i < s.depth; ++i)
        for (std::size_t o = 0; o < s.columns; ++o)
          add(result(s, 0).offset + kernel::panel_index<double>(s.depth, s.columns, i, o), first_row && !accumulate,
              in(s, 0, row, i) * in(s, 1, row, o));
      break;
    case kind::column_sum:
      for (std::size_t k = 0; k < s.columns; ++k)
        add(result(s, 0).offset + k, first_row && !accumulate, in(s, 0, row, k));
      break;
    case kind::total_sum: add(result(s, 0).offset, first_row && !accumulate, sum(s, row)); break;
    case kind::loss_term: loss += sum(s, row) * uniforms[static_cast<std::size_t>(s.weight)]; break;
    case kind::random:
      for (std::size_t k = 0; k < s.columns; ++k) out(s, 0, row, k) = random_number(s.slot, row, k);
      break;
    case kind::batch_sum: batch_sum(s, row); break;
    case kind::observe: return;
    case kind::input: fail("an operation that no kernel runs");
    }
    for (std::size_t k = 0; k < s.result_count; ++k)
      for (std::size_t i = result(s, k).width;
           result(s, k).where == execution::memory::rows && i < stride(result(s, k).width); ++i)
        out(s, k, row, i) = 0;
  }

  void batch_sum(const execution::step& s, std::size_t row) {
    for (std::size_t column = 0; column < s.columns; ++column) {
      std::vector<double> arguments;
      for (std::size_t k = 0; k < s.argument_count; ++k) arguments.push_back(number(argument(s, k), row, column, nan));
      const double x = evaluate_plainly(d_.expressions[s.expression], arguments)[0];
      out(s, 0, 0, column) += x * uniforms[static_cast<std::size_t>(s.weight)];
    }
  }

  void add(std::size_t place, bool overwrite, double value) {
    gradients.at(place) = (overwrite ? 0 : gradients.at(place)) + value;
  }

  void elementwise(const execution::step& s, std::size_t row) {
    for (std::size_t column = 0; column < s.columns; ++column) {
      double product = nan;
      if (s.what == kind::matrix_product) {
        product = 0;
        const std::vector<double>& w = s.transposed ? transposed : parameters;
        for (std::size_t k = 0; k < s.depth; ++k)
          product += rows(s.left, s.depth, row, k) * w.at(s.parameter_offset + place_of_weight(s, k, column));
      }
      std::vector<double> arguments;
      for (std::size_t k = 0; k < s.argument_count; ++k)
        arguments.push_back(number(argument(s, k), row, column, product));
      const auto results = evaluate_plainly(d_.expressions[s.expression], arguments);
      if (results.size() != s.result_count) fail("another number of results than the expression has");
      for (std::size_t k = 0; k < results.size(); ++k) out(s, k, row, column) = results[k];
    }
  }

  static std::size_t place_of_weight(const execution::step& s, std::size_t k, std::size_t column) {
    return s.is_narrow ? kernel::panel_index<double>(s.columns, s.depth, column, k)
                       : kernel::panel_index<double>(s.depth, s.columns, k, column);
  }

  double sum(const execution::step& s, std::size_t row) {
    double total = 0;
    for (std::size_t k = 0; k < argument(s, 0).width; ++k) total += in(s, 0, row, k);
    return total;
  }

  double largest(const execution::step& s, std::size_t row) {
    double x = in(s, 0, row, 0);
    for (std::size_t k = 1; k < s.columns; ++k) x = std::max(x, in(s, 0, row, k));
    return x;
  }
  void softmax(const execution::step& s, std::size_t row, bool logarithm) {
    const double top = largest(s, row);
    double total = 0;
    for (std::size_t k = 0; k < s.columns; ++k) total += std::exp(in(s, 0, row, k) - top);
    for (std::size_t k = 0; k < s.columns; ++k) {
      const double x = in(s, 0, row, k) - top;
      out(s, 0, row, k) = logarithm ? x - std::log(total) : std::exp(x) / total;
    }
  }
  void cross_entropy(const execution::step& s, std::size_t row) {
    const double top = largest(s, row);
    double total = 0, targets = 0, row_loss = 0;
    for (std::size_t k = 0; k < s.columns; ++k) total += std::exp(in(s, 0, row, k) - top);
    for (std::size_t k = 0; k < s.columns; ++k) {
      const double x = in(s, 0, row, k) - top;
      out(s, 0, row, k) = std::exp(x) / total;
      targets += in(s, 1, row, k);
      row_loss -= in(s, 1, row, k) * (x - std::log(total));
    }
    out(s, 1, row, 0) = targets;
    out(s, 2, row, 0) = row_loss;
  }

  void split(const execution::step& s, std::size_t row) {
    std::size_t from = 0;
    for (std::size_t k = 0; k < s.result_count; ++k)
      for (std::size_t i = 0; i < result(s, k).width; ++i) out(s, k, row, i) = in(s, 0, row, from++);
  }
  void concat(const execution::step& s, std::size_t row) {
    std::size_t to = 0;
    for (std::size_t k = 0; k < s.argument_count; ++k)
      for (std::size_t i = 0; i < argument(s, k).width; ++i) out(s, 0, row, to++) = in(s, k, row, i);
  }

  const plan::draft& d_;
  std::size_t batch_;
  std::size_t step_ = 0;
  std::vector<int> owner_;
  std::vector<std::vector<stretch>> last_reads_;
};

} // namespace fusegrad::test
