// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <fusegrad/plan/draft.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace fusegrad::test {

/// What a drafted program works in, with its real layout. Every number of the workspace has an owner, the result that
/// wrote it: a read of memory that was never written, or that something else has been placed on since, throws. Memory
/// is full of NaN until it is written, and again after its last read.
class draft_memory {
public:
  std::vector<double> parameters, transposed, gradients, workspace, in_common;
  double uniforms[graph::uniform_count]{};

  draft_memory(const plan::draft& d, std::size_t batch) : d_{d}, batch_{batch} {
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
    for (const execution::row_place& image : d_.bordered)
      std::fill_n(workspace.begin() + static_cast<std::ptrdiff_t>(image.offset * batch_), image.sample_step * batch_,
                  0.0);
    in_common.assign(d_.batch_size, nan);
  }

  void set_parameter(std::size_t p, const std::vector<double>& plain) {
    const execution::parameter_place& place = d_.parameters.places[p];
    for (std::size_t o = 0; o < place.out; ++o)
      for (std::size_t i = 0; i < place.in; ++i) {
        const double w = plain.at(o * place.in + i);
        parameters.at(execution::packed_index<double>(place, o, i)) = w;
        const std::size_t channels = place.in / place.taps, tap = i % place.taps, channel = i / place.taps;
        const std::size_t units = place.out / place.groups; // of a group
        if (place.needs_transpose)
          transposed.at(place.transposed_offset + o / units * execution::transposed_group_size<double>(place) +
                        kernel::panel_index<double>(place.taps * units, channels, tap * units + o % units, channel)) =
              w;
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
    if (place.is_given) return keep_given(place, numbers);
    own(place.offset, place.sample_step, static_cast<int>(first_input + i));
    if (place.is_flat)
      std::fill_n(workspace.begin() + static_cast<std::ptrdiff_t>(place.offset * batch_), place.sample_step * batch_,
                  0.0);
    std::size_t next = 0;
    each_number(place, [&](double& x) { x = numbers.at(next++); });
  }
  std::vector<double> output(std::size_t i) {
    std::vector<double> out;
    each_number(d_.outputs[i], [&](double& x) { out.push_back(x); });
    return out;
  }

protected:
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  static constexpr int nobody = -1;
  static constexpr std::size_t first_input = 1'000'000;

  /// What a step reads or makes of the workspace of a sample: a stretch of it, or of each row of one some columns.
  struct stretch {
    std::size_t offset, width;
    std::size_t first = 0, stride = 0, columns = 0;
    bool is_part = false;

    /// Calls `use` with each place of it.
    template <class Use> void each(Use use) const {
      if (!is_part) {
        for (std::size_t i = offset; i < offset + width; ++i) use(i);
        return;
      }
      for (std::size_t row = first; row + columns <= width; row += stride == 0 ? width : stride)
        for (std::size_t k = 0; k < columns; ++k) use(offset + row + k);
    }
    bool covers(std::size_t at) const {
      if (at < offset || at >= offset + width) return false;
      if (!is_part) return true;
      const std::size_t behind = at - offset - first;
      return at - offset >= first && (stride == 0 ? behind : behind % stride) < columns;
    }
  };

  /// What has no memory in the workspace: each sample's numbers, those of other inputs unknown.
  void keep_given(const execution::row_place& place, const std::vector<double>& numbers) {
    given_.resize(batch_);
    for (std::size_t sample = 0; sample < batch_; ++sample) {
      std::vector<double>& row = given_[sample];
      if (row.size() < place.offset + place.width) row.resize(place.offset + place.width, nan);
      for (std::size_t k = 0; k < place.width; ++k) row[place.offset + k] = numbers.at(sample * place.width + k);
    }
  }

  static stretch memory_of(const execution::argument& a) {
    const bool begins_at_vectors = kernel::padded<double>(a.first) == a.first;
    const std::size_t columns = begins_at_vectors ? kernel::padded<double>(a.width) : a.width;
    return {a.offset, a.sample_step, a.first, a.stride, columns, a.is_part};
  }

  std::vector<stretch> reads_of(const execution::step& s) const {
    std::vector<stretch> reads;
    if (s.left.where == execution::memory::rows) reads.push_back(memory_of(s.left));
    if (s.right.where == execution::memory::rows) reads.push_back(memory_of(s.right));
    if (s.reads_places) reads.push_back(memory_of(s.places));
    for (std::size_t k = 0; k < s.argument_count; ++k)
      if (argument(s, k).where == execution::memory::rows) reads.push_back(memory_of(argument(s, k)));
    return reads;
  }

  /// All numbers of a value that comes from outside, or goes there.
  template <class Use> void each_number(const execution::row_place& place, Use use) {
    for (std::size_t sample = 0; sample < batch_; ++sample) {
      double* const begin = workspace.data() + place.offset * batch_ + sample * place.sample_step;
      if (place.is_flat) {
        for (std::size_t k = 0; k < place.width; ++k) use(begin[k]);
        continue;
      }
      for (std::size_t y = 0; y < place.image_rows; ++y)
        for (std::size_t x = 0; x < place.image_columns; ++x)
          for (std::size_t k = 0; k < place.columns; ++k)
            use(begin[place.first + y * place.row_step + x * place.column_step + k]);
    }
  }
  /// A place of a stretch.
  struct cell {
    std::size_t at, offset, width;
  };
  bool has_border(const cell& c) const {
    for (const execution::row_place& image : d_.bordered)
      if (image.offset == c.offset) return true;
    return false;
  }

  void find_last_reads() {
    // Backwards: the first read met of what a stretch holds is the last. It ends where something else is placed there.
    std::vector<char> read_later(d_.row_size, 0);
    const auto mark = [&](const stretch& r, char value) { r.each([&](std::size_t at) { read_later.at(at) = value; }); };
    for (const execution::row_place& out : d_.outputs) mark({out.offset, out.sample_step}, 1);
    last_reads_.resize(d_.steps.size());
    const auto note = [&](std::size_t step, const stretch& r) {
      r.each([&](std::size_t at) {
        if (read_later.at(at) == 0) last_reads_[step].push_back({at, r.offset, r.width});
      });
    };
    for (std::size_t i = d_.steps.size(); i-- > 0;) {
      const execution::step& s = d_.steps[i];
      for (std::size_t k = 0; k < s.result_count; ++k) {
        if (result(s, k).where != execution::memory::rows) continue;
        const stretch r = memory_of(result(s, k));
        note(i, r); // never read at all
        mark(r, 0);
      }
      for (const stretch& r : reads_of(s)) {
        note(i, r);
        mark(r, 1);
      }
    }
  }

  void poison_what_was_read_last() {
    for (const cell& c : last_reads_[step_]) {
      owner_.at(c.at) = nobody;
      if (has_border(c)) continue;
      for (std::size_t sample = 0; sample < batch_; ++sample)
        workspace.at(c.offset * batch_ + sample * c.width + (c.at - c.offset)) = nan;
    }
  }

  void own(std::size_t offset, std::size_t width, int who) {
    for (std::size_t i = offset; i < offset + width; ++i) owner_.at(i) = who;
  }
  void claim(const execution::step& s, std::size_t k) {
    if (result(s, k).where != execution::memory::rows) return;
    const stretch r = memory_of(result(s, k));
    const std::vector<stretch> reads = reads_of(s);
    r.each([&](std::size_t at) {
      for (const stretch& read : reads)
        // Only what this very step reads for the last time can still be owned by somebody.
        if (read.covers(at)) fail("a result lies on what its step reads");
      if (owner_.at(at) != nobody) fail("a result is placed on a value that is still read");
    });
    r.each([&](std::size_t at) { owner_.at(at) = static_cast<int>(step_ * 64 + k); });
  }
  /// Whether a result of a step lies among the columns of another value.
  bool made_a_part(int owner) const {
    if (owner < 0 || owner >= static_cast<int>(first_input)) return false;
    const auto number = static_cast<std::size_t>(owner);
    return result(d_.steps[number / 64], number % 64).is_part;
  }
  void check_reads(const execution::step& s) const {
    for (stretch r : reads_of(s)) {
      const int first = owner_.at(r.offset + r.first);
      bool is_of_one = true;
      r.each([&](std::size_t at) { is_of_one = is_of_one && owner_.at(at) == first && first != nobody; });
      if (!r.is_part && is_of_one) {
        const bool starts_earlier = r.offset > 0 && owner_.at(r.offset - 1) == first;
        const bool ends_later = r.offset + r.width < owner_.size() && owner_.at(r.offset + r.width) == first;
        if (starts_earlier || ends_later) fail("a value is read in part");
      }
      if (is_of_one) continue;
      // What is joined of parts has no owner behind its columns.
      r.is_part = true;
      r.each([&](std::size_t at) {
        if (!made_a_part(owner_.at(at))) fail("memory is read that holds no whole value");
      });
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

  /// A row of positions of a step, or a position of an image.
  struct spot {
    std::size_t sample = 0, y = 0, x = 0;
  };
  double& number_at(const execution::argument& a, const spot& at, std::size_t column) {
    if (a.where == execution::memory::given) return given_.at(at.sample).at(a.offset + column);
    return workspace.at(a.offset * batch_ + a.first + at.sample * a.sample_step + at.y * a.row_step + at.x * a.stride +
                        column);
  }
  double& in(const execution::step& s, std::size_t k, const spot& at, std::size_t column) {
    if (argument(s, k).where == execution::memory::batch) return in_common.at(argument(s, k).offset + column);
    return number_at(argument(s, k), at, column);
  }
  double& out(const execution::step& s, std::size_t k, const spot& at, std::size_t column) {
    if (result(s, k).where == execution::memory::batch) return in_common.at(result(s, k).offset + column);
    return number_at(result(s, k), at, column);
  }

  double number(const execution::argument& a, const spot& at, std::size_t column, double product) {
    using kernel::access;
    switch (a.how) {
    case access::product:
    case access::factor: return product;
    case access::element:
    case access::range: return number_at(a, at, column);
    case access::row: return number_at(a, at, 0);
    case access::column:
      if (a.where == execution::memory::batch) return in_common.at(a.offset + at.y * a.row_step + column);
      return parameters.at(a.offset + at.y * a.row_step + column); // of a matrix beside others its own columns
    case access::scalar: break;
    }
    if (a.where == execution::memory::batch) return in_common.at(a.offset);
    return a.where == execution::memory::uniforms ? uniforms[a.offset] : parameters.at(a.offset);
  }

  const plan::draft& d_;
  std::size_t batch_;
  std::size_t step_ = 0; ///< the one that is run
  std::vector<int> owner_;
  std::vector<std::vector<double>> given_;
  std::vector<std::vector<cell>> last_reads_;
};

} // namespace fusegrad::test
