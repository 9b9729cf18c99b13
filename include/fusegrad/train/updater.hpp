// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/elementwise.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/plan/team.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <fusegrad/train/update_tables.hpp>
#include <span>

namespace fusegrad::train {

/// Bounds on gradients, applied before the update rule.
struct clipping {
  double norm;  ///< the largest Euclidean norm of the whole gradient; infinite for none
  double value; ///< the largest absolute value of each entry; infinite for none
};

/// Applies an update rule to packed parameters: one fused expression, in stretches that the team shares. It owns the rule's
/// states, which are packed like the parameters.
template <class Compiled, class Rule, class Loss, class T> class updater {
  using tables = update_tables<typename Rule::source>;
  static constexpr auto& program = Compiled::value;
  static constexpr std::size_t stretch = 2048;

  /// Some consecutive numbers of one parameter.
  struct piece {
    std::size_t begin, end;
    const plan::parameter_place& of;
  };
  static constexpr std::size_t pieces_of(const plan::parameter_place& p) {
    return (p.in * kernel::padded<T>(p.out) + stretch - 1) / stretch;
  }
  static constexpr std::size_t piece_count = [] {
    std::size_t count = 0;
    for (const auto& p : program.parameters) count += pieces_of(p);
    return count;
  }();

public:
  constexpr explicit updater(Rule rule)
      : rule_{rule}, states_{tables::state_count * program.parameter_size}, squares_{piece_count} {
    std::size_t state = 0;
    for (std::size_t i = 0; i < tables::leaf_count; ++i) {
      if (tables::leaves.items[i].kind != expr::leaf_kind::state) continue;
      for (std::size_t k = 0; k < program.parameter_size; ++k)
        states_[state * program.parameter_size + k] = static_cast<T>(tables::leaves.items[i].initial);
      ++state;
    }
  }

  /// How often the rule has been applied.
  [[nodiscard]] constexpr std::size_t steps() const noexcept { return steps_; }
  [[nodiscard]] constexpr const Rule& rule() const noexcept { return rule_; }
  [[nodiscard]] constexpr Rule& rule() noexcept { return rule_; }

  /// One update. `reduce(begin, end)` completes a stretch of the gradient before it is read; `rate_factor` multiplies the rule's
  /// learning rate.
  template <class Reduce>
  constexpr void apply(std::span<T> weights, std::span<T> gradient, const clipping& clip, double rate_factor, const plan::team& team,
                       Reduce&& reduce) noexcept {
    ++steps_;
    const bool by_norm = clip.norm < 1e300;
    if (!by_norm) set_uniforms(rate_factor, 1, clip.value);
    team.run([&](int rank, int size) {
      each_piece(rank, size, [&](std::size_t i, const piece& p) {
        reduce(p.begin, p.end);
        add_penalty(p, weights.data(), gradient.data());
        if (by_norm) squares_[i] = sum_of_squares(gradient.data(), p);
        else update(p, weights.data(), gradient.data());
      });
    });
    if (!by_norm) return;
    double square = 0;
    for (double s : squares_) square += s;
    const double norm = math::sqrt(square);
    set_uniforms(rate_factor, norm > clip.norm ? clip.norm / (norm + 1e-6) : 1, clip.value);
    team.run([&](int rank, int size) {
      each_piece(rank, size, [&](std::size_t, const piece& p) { update(p, weights.data(), gradient.data()); });
    });
  }

private:
  template <class Visit> static constexpr void each_piece(int rank, int size, Visit&& visit) {
    std::size_t i = 0;
    for (const plan::parameter_place& place : program.parameters) {
      const std::size_t end = place.offset + place.in * kernel::padded<T>(place.out);
      for (std::size_t begin = place.offset; begin < end; begin += stretch, ++i)
        if (i % static_cast<std::size_t>(size) == static_cast<std::size_t>(rank))
          visit(i, piece{begin, begin + stretch < end ? begin + stretch : end, place});
    }
  }

  constexpr void set_uniforms(double rate_factor, double clip_scale, double clip_value) noexcept {
    double arguments[tables::prologue_arguments]{};
    arguments[2] = clip_scale;
    arguments[3] = clip_value;
    for (std::size_t i = 0; i < tables::leaf_count; ++i) {
      const auto& leaf = tables::leaves.items[i];
      double& argument = arguments[4 + i];
      if (leaf.name == "step") argument = static_cast<double>(steps_);
      else argument = rule_.setting(leaf.name) * (leaf.name == "learning_rate" ? rate_factor : 1);
    }
    double results[tables::prologue.result_count]{};
    expr::evaluate<tables::prologue>(static_cast<const double*>(arguments), results);
    for (std::size_t i = 0; i < tables::uniform_count; ++i) uniforms_[i] = static_cast<T>(results[i]);
  }

  constexpr void add_penalty(const piece& p, T* weights, T* gradient) const noexcept {
    if constexpr (requires { typename Loss::penalty; }) {
      if (!p.of.is_matrix) return;
      using penalty = penalty_tables<typename Loss::penalty>;
      kernel::call<T> c;
      cover(c, p);
      c.arguments[0] = {weights + p.begin, 0};
      c.arguments[1] = {gradient + p.begin, 0};
      c.results[0] = {gradient + p.begin, 0};
      kernel::elementwise<T, penalty::table, penalty::accesses>::run(c);
      clear_padding(p, gradient);
    }
  }

  /// A penalty that is not flat at zero gives the padding a gradient too, which must not count in the norm.
  static constexpr void clear_padding(const piece& p, T* gradient) noexcept {
    const std::size_t width = kernel::padded<T>(p.of.out);
    if (width == p.of.out) return;
    for (std::size_t row = p.begin - (p.begin - p.of.offset) % width; row < p.end; row += width)
      for (std::size_t i = row + p.of.out; i < row + width; ++i)
        if (i >= p.begin && i < p.end) gradient[i] = T{};
  }

  static constexpr double sum_of_squares(const T* gradient, const piece& p) noexcept {
    double total = 0;
    for (std::size_t i = p.begin; i < p.end; ++i) total += static_cast<double>(gradient[i]) * static_cast<double>(gradient[i]);
    return total;
  }

  // Weights and states are overwritten in place: each number is read before it is written, and no other is.
  constexpr void update(const piece& p, T* weights, T* gradient) noexcept {
    kernel::call<T> c;
    cover(c, p);
    c.arguments[0] = {weights + p.begin, 0};
    c.arguments[1] = {gradient + p.begin, 0};
    for (std::size_t s = 0; s < tables::state_count; ++s) c.arguments[2 + s] = {state(s) + p.begin, 0};
    for (std::size_t u = 0; u < tables::uniform_count; ++u) c.arguments[2 + tables::state_count + u] = {uniforms_ + u, 0};
    c.results[0] = {weights + p.begin, 0};
    for (std::size_t k = 0; k < tables::stored.count; ++k) c.results[1 + k] = {state(tables::stored.items[k]) + p.begin, 0};
    kernel::elementwise<T, tables::body, tables::accesses>::run(c);
  }

  static constexpr void cover(kernel::call<T>& c, const piece& p) noexcept {
    c.rows = 1;
    c.columns = p.end - p.begin;
  }
  constexpr T* state(std::size_t s) noexcept { return states_.data() + s * program.parameter_size; }

  Rule rule_;
  std::size_t steps_ = 0;
  tensor::buffer<T> states_;
  tensor::buffer<double> squares_;
  T uniforms_[tables::uniform_count + 1]{};
};

} // namespace fusegrad::train
