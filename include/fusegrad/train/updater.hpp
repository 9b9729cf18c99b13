// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/kernel/elementwise.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/run/team.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <fusegrad/train/clipping.hpp>
#include <fusegrad/train/no_probe.hpp>
#include <fusegrad/train/parameter_rates.hpp>
#include <fusegrad/train/rule_settings.hpp>
#include <fusegrad/train/update_at_once.hpp>
#include <fusegrad/train/update_tables.hpp>
#include <span>
#include <string_view>

namespace fusegrad::train::inline FUSEGRAD_ABI {

/// Applies an update rule to packed parameters: one fused expression, in stretches that the team shares. It owns the
/// rule's states, which are packed like the parameters.
template <class Compiled, class Rule, class Loss, class T> class updater {
  using clipped = update_tables<typename Rule::recipe, true>;
  using tables = update_tables<typename Rule::recipe, false>;
  static_assert(sizeof(typename clipped::fault::error) > 0);
  static constexpr auto& program = Compiled::value;
  static constexpr std::size_t stretch = 2048;

  /// Some consecutive numbers of one parameter.
  struct piece {
    std::size_t begin, end;
    const execution::parameter_place& of;
    std::size_t parameter;
  };
  static constexpr std::size_t pieces_of(const execution::parameter_place& p) {
    return (execution::packed_size<T>(p) + stretch - 1) / stretch;
  }

public:
  /// Into how many stretches all parameters are cut for an update.
  static constexpr std::size_t piece_count = [] {
    std::size_t count = 0;
    for (const auto& p : program.parameters) count += pieces_of(p);
    return count;
  }();
  static constexpr std::size_t largest_piece = stretch;
  /// Which parameter a piece belongs to.
  static constexpr std::size_t parameter_of_piece(std::size_t piece) noexcept {
    std::size_t p = 0;
    while (piece >= pieces_of(program.parameters[p])) piece -= pieces_of(program.parameters[p++]);
    return p;
  }

  /// Throws std::invalid_argument for a setting that is out of its range.
  constexpr explicit updater(Rule rule)
      : rule_{rule}, states_{tables::state_count * program.parameter_size}, squares_{piece_count},
        scales_{program.parameter_count} {
    std::size_t state = 0;
    for (std::size_t i = 0; i < tables::leaf_count; ++i) {
      if (tables::leaves.items[i].kind != expr::leaf_kind::state) continue;
      for (std::size_t k = 0; k < program.parameter_size; ++k)
        states_[state * program.parameter_size + k] = static_cast<T>(tables::leaves.items[i].initial);
      ++state;
    }
    check_rule();
  }

  /// How often the rule has been applied.
  [[nodiscard]] constexpr std::size_t steps() const noexcept { return steps_; }
  [[nodiscard]] constexpr const Rule& rule() const noexcept { return rule_; }
  /// The rule, to be changed: its settings are looked at again before the next step.
  [[nodiscard]] constexpr Rule& rule() noexcept {
    is_checked_ = false;
    return rule_;
  }
  /// Throws std::invalid_argument if settings were changed and one is out of its range.
  constexpr void check_changes() {
    if (!is_checked_) check_rule();
  }

  /// The states of the rule, one after the other, each packed like the parameters.
  [[nodiscard]] constexpr std::span<T> states() noexcept { return {states_.data(), states_.size()}; }
  [[nodiscard]] constexpr std::span<const T> states() const noexcept { return {states_.data(), states_.size()}; }
  [[nodiscard]] static constexpr std::size_t state_count() noexcept { return tables::state_count; }
  /// The name of a state, as the rule's function calls it.
  [[nodiscard]] static constexpr std::string_view state_name(std::size_t state) noexcept {
    return tables::name_of(expr::leaf_kind::state, state);
  }
  [[nodiscard]] static constexpr std::size_t setting_count() noexcept {
    return tables::leaf_count - tables::state_count;
  }
  [[nodiscard]] static constexpr std::string_view setting_name(std::size_t setting) noexcept {
    return tables::name_of(expr::leaf_kind::setting, setting);
  }
  /// As if so many steps had been made.
  constexpr void set_steps(std::size_t steps) noexcept { steps_ = steps; }

  /// Before one update or several; `rate_factor` multiplies the rule's learning rate.
  constexpr void begin_steps(double rate_factor, const clipping& clip) noexcept {
    rate_factor_ = rate_factor;
    clip_ = clip;
    numbers_are_ = clip.by_norm() || rates_.differ() ? numbers::of_each_parameter
                   : clip.by_value()                 ? numbers::of_all_clipped
                                                     : numbers::of_all;
    if constexpr (!tables::counts_steps) set_uniforms_of_all();
  }
  constexpr void begin_step() noexcept {
    ++steps_;
    refused_ = false;
    if (rates_.differ()) rates_.begin_step();
    if constexpr (tables::counts_steps) set_uniforms_of_all();
  }
  /// Undoes `begin_step`, where nothing was updated after all.
  constexpr void take_back_step() noexcept {
    --steps_;
    if (rates_.differ()) rates_.take_back_step();
  }

  [[nodiscard]] constexpr parameter_rates& rates() noexcept { return rates_; }
  [[nodiscard]] constexpr const parameter_rates& rates() const noexcept { return rates_; }

  /// The update of one step, as `gradients` applies it.
  template <class Probe = no_probe> class application {
  public:
    static constexpr auto fused_table = tables::body;
    /// Whether a gradient can be used up as soon as it is summed: not if a penalty changes it first, or a probe is
    /// to see all of it before.
    static constexpr bool can_ever_fuse = !Probe::is_active && !requires { typename Loss::penalty; };
    static constexpr auto fused_accesses = tables::fused_accesses;

    constexpr application(updater& of, std::span<T> weights, std::span<T> gradient, Probe probe = {}) noexcept
        : of_{of}, weights_{weights.data()}, gradient_{gradient.data()}, probe_{probe} {}

    /// Whether it is used up so in this step: not if it is clipped, either, parameters differ, or padding
    /// is to be cleared.
    [[nodiscard]] constexpr bool can_fuse() const noexcept {
      return can_ever_fuse && of_.numbers_are_ == numbers::of_all && of_.keeps_zeros_;
    }
    /// A step whose loss is not finite is not taken. An active probe decides itself, having seen more.
    [[nodiscard]] constexpr bool accepts(double loss) const noexcept {
      return Probe::is_active || base::is_finite(loss);
    }
    /// Whether the gradient was found to be of no use.
    [[nodiscard]] constexpr bool refused() const noexcept { return of_.refused_; }

    /// Arguments and results of the rule for the parameters from `offset` on.
    constexpr void point_to(kernel::call<T>& c, std::size_t offset) const noexcept {
      point_to<tables>(c, offset, of_.uniforms_);
    }
    template <class Tables>
    FUSEGRAD_INLINE constexpr void point_to(kernel::call<T>& c, std::size_t offset, T* uniforms) const noexcept {
      update_places<T>{weights_, gradient_, of_.states_.data()}.template point_to<Tables, program.parameter_size>(
          c, offset, uniforms);
    }

    /// What uses a gradient up as it is made, with copies of the rule's numbers.
    [[nodiscard]] FUSEGRAD_INLINE constexpr auto at_once() const noexcept {
      return update_at_once<tables, program.parameter_size, can_ever_fuse, T>{{weights_, gradient_, of_.states_.data()},
                                                                              of_.uniforms_};
    }

    /// Whether a step on one sample, whose sums are complete as they are made, has nothing left to `finish`.
    [[nodiscard]] static constexpr bool leaves_nothing_of_sample(bool fused) noexcept {
      return fused && fusing_leaves_nothing;
    }
    /// Updates what is left on this thread's share: all, or what was not `fused`. `sum(begin, end, room)` completes a
    /// stretch of the gradient and says where it stands: in its place, or in `room` if there is some.
    template <class Sum> constexpr void finish(const execution::member& who, bool fused, Sum&& sum) const noexcept {
      if (!probe_.allows_update(who) || (fused && fusing_leaves_nothing)) return;
      if constexpr (can_ever_fuse && all_are_trained)
        if (!fused && can_fuse()) return update_all(who, sum);
      const bool by_norm = of_.clip_.by_norm();
      alignas(tensor::alignment) T room[stretch];
      each_piece(who, fused, [&](std::size_t i, const piece& p) {
        T* const gradient = sum(p.begin, p.end, by_norm || has_penalty ? nullptr : room);
        const bool is_frozen = of_.is_frozen(p);
        if (!p.of.is_trained) return is_frozen ? void() : set_state(p, gradient);
        if (!is_frozen) add_penalty(p, weights_, gradient_);
        if (by_norm)
          of_.squares_[i] = is_frozen ? 0 : sum_of_squares(gradient_, p.begin, p.end);
        else
          update(i, p, gradient);
      });
      if (!by_norm) return;
      who.wait_for_all();
      if (who.rank == 0) of_.clip_to_norm();
      who.wait_for_all();
      if (of_.refused_) return;
      each_piece(who, fused, [&](std::size_t i, const piece& p) {
        if (p.of.is_trained) update(i, p, gradient_ + p.begin);
      });
    }

  private:
    /// Where one rule with one rate serves all numbers.
    template <class Sum> constexpr void update_all(const execution::member& who, const Sum& sum) const noexcept {
      alignas(tensor::alignment) T room[stretch];
      const auto mine = who.share(program.parameter_size, static_cast<std::size_t>(math::native_lanes<T>));
      for (std::size_t begin = mine.begin; begin < mine.end; begin += stretch) {
        const std::size_t end = begin + stretch < mine.end ? begin + stretch : mine.end;
        update_by<tables>(begin, end, of_.uniforms_, sum(begin, end, room));
      }
    }
    // Weights and states are overwritten in place: each number is read before it is written, and no other is.
    constexpr void update(std::size_t i, const piece& p, T* gradient) const noexcept {
      probe_.around(i, weights_ + p.begin, gradient, p.end - p.begin, [&]() FUSEGRAD_INLINE {
        if (of_.numbers_are_ == numbers::of_all)
          update_by<tables>(p.begin, p.end, of_.uniforms_, gradient);
        else if (of_.numbers_are_ == numbers::of_all_clipped)
          update_by<clipped>(p.begin, p.end, of_.uniforms_, gradient);
        else if (!of_.is_frozen(p))
          update_by_itself(p, gradient);
      });
      if (of_.keeps_zeros_) return;
      clear_padding(p, weights_);
      for (std::size_t s = 0; s < tables::state_count; ++s) clear_padding(p, of_.state(s));
    }
    /// Scale, rate and steps differ from parameter to parameter.
    constexpr void update_by_itself(const piece& p, T* gradient) const noexcept {
      T uniforms[clipped::uniform_count + tables::uniform_count + 1]{};
      if (of_.clip_.by_norm() || of_.clip_.by_value()) {
        of_.template set_uniforms<clipped>(of_.clip_.by_norm() ? of_.scales_[p.parameter] : 1, uniforms, p.parameter);
        update_by<clipped>(p.begin, p.end, uniforms, gradient);
      } else {
        of_.template set_uniforms<tables>(1, uniforms, p.parameter);
        update_by<tables>(p.begin, p.end, uniforms, gradient);
      }
    }
    /// A state has its next value where others have a gradient.
    constexpr void set_state(const piece& p, const T* next) const noexcept {
      if (p.of.contributions == 0) return;
      for (std::size_t i = p.begin; i < p.end; ++i) weights_[i] = next[i - p.begin];
    }
    template <class Tables>
    constexpr void update_by(std::size_t begin, std::size_t end, T* uniforms, T* gradient) const noexcept {
      kernel::call<T> c;
      c.rows = 1;
      c.columns = end - begin;
      point_to<Tables>(c, begin, uniforms);
      kernel::point_to_vector(c.arguments[1], gradient);
      kernel::elementwise<T, Tables::body, Tables::accesses>::run(c);
    }

    updater& of_;
    T* weights_;
    T* gradient_;
    Probe probe_;
  };

private:
  static constexpr bool has_penalty = requires { typename Loss::penalty; };
  /// Whether all gradients are used as they are made, where any are.
  static constexpr bool fusing_leaves_nothing = execution::every_parameter(
      program, [](const execution::parameter_place& place) { return place.is_made_at_once(); });
  /// Whether an update rule changes all numbers.
  static constexpr bool all_are_trained = execution::every_parameter(
      program, [](const execution::parameter_place& place) { return place.is_trained && place.contributions != 0; });
  /// Whose the numbers are that are computed once a step.
  enum class numbers : unsigned char { of_all, of_all_clipped, of_each_parameter };

  [[nodiscard]] constexpr bool is_frozen(const piece& p) const noexcept {
    return numbers_are_ == numbers::of_each_parameter && rates_.is_frozen(p.parameter);
  }

  /// The pieces of a thread; without those of weights whose gradient was used as it was made.
  template <class Visit>
  static constexpr void each_piece(const execution::member& who, bool without_fused, Visit&& visit) {
    std::size_t i = 0;
    for (std::size_t parameter = 0; parameter < program.parameter_count; ++parameter) {
      const execution::parameter_place& place = program.parameters[parameter];
      const std::size_t end = place.offset + execution::packed_sizes<T, Compiled>[parameter];
      if (without_fused && place.is_made_at_once()) continue;
      for (std::size_t begin = place.offset; begin < end; begin += stretch, ++i)
        if (i % static_cast<std::size_t>(who.size) == static_cast<std::size_t>(who.rank))
          visit(i, piece{begin, begin + stretch < end ? begin + stretch : end, place, parameter});
    }
  }

  [[gnu::noinline]] constexpr void clip_to_norm() noexcept {
    std::size_t i = 0;
    for (std::size_t p = 0; p < program.parameter_count; ++p) {
      const std::size_t end = i + pieces_of(program.parameters[p]);
      double sum = 0;
      for (; i < end; ++i)
        if (program.parameters[p].is_trained) sum += squares_[i];
      scales_[p] = sum;
    }
    refused_ = !clip_.scale(scales_);
  }

  constexpr void check_rule() {
    train::check_rule<T>(rule_);
    keeps_zeros_ = tries_zeros();
    is_checked_ = true;
  }

  /// Whether the rule leaves the padding of parameters at zero. It is tried on a weight whose gradients are zero: 0 / 0
  /// with an epsilon of 0 would fill the padding with NaN, which nothing reads today.
  constexpr bool tries_zeros() noexcept {
    const std::size_t steps = steps_;
    T arguments[2 + tables::state_count + tables::uniform_count]{};
    for (std::size_t i = 0, s = 0; i < tables::leaf_count; ++i)
      if (tables::leaves.items[i].kind == expr::leaf_kind::state)
        arguments[2 + s++] = static_cast<T>(tables::leaves.items[i].initial);
    bool stays = true;
    rate_factor_ = 1;
    for (steps_ = 1; stays && steps_ <= 3; ++steps_) {
      set_uniforms<tables>(1, arguments + 2 + tables::state_count);
      T results[tables::body.result_count]{};
      expr::evaluate<tables::body, expr::products::contracted>(static_cast<const T*>(arguments), results);
      stays = results[0] == T{0};
      for (std::size_t k = 0; k < tables::stored.count; ++k) arguments[2 + tables::stored.items[k]] = results[1 + k];
    }
    steps_ = steps;
    return stays;
  }
  constexpr void set_uniforms_of_all() noexcept {
    if (numbers_are_ == numbers::of_all)
      set_uniforms<tables>(1, uniforms_);
    else if (numbers_are_ == numbers::of_all_clipped)
      set_uniforms<clipped>(1, uniforms_);
  }

  /// What is the same for all weights, or all of a parameter, once a step.
  static constexpr std::size_t all_parameters = program.parameter_count;
  template <class Tables>
  [[gnu::noinline]] constexpr void set_uniforms(double scale, T* to, std::size_t p = all_parameters) const noexcept {
    const bool is_one = p != all_parameters;
    double arguments[Tables::prologue_arguments]{};
    arguments[2] = scale;
    arguments[3] = clip_.value;
    kernel::unroll<static_cast<int>(Tables::leaf_count)>([&](auto i) FUSEGRAD_INLINE {
      constexpr auto leaf = Tables::leaves.items[i];
      if constexpr (leaf.kind == expr::leaf_kind::setting) {
        double& argument = arguments[4 + static_cast<std::size_t>(i)];
        if constexpr (leaf.name == "step")
          argument = static_cast<double>(is_one ? rates_.steps_of(p, steps_) : steps_);
        else if constexpr (leaf.name == "learning_rate")
          argument = setting_of_leaf<Tables, i>() * rate_factor_ * (is_one ? rates_.rate(p) : 1);
        else
          argument = setting_of_leaf<Tables, i>();
      }
    });
    double results[Tables::prologue.result_count]{};
    expr::evaluate<Tables::prologue>(static_cast<const double*>(arguments), results);
    for (std::size_t i = 0; i < Tables::uniform_count; ++i) to[i] = static_cast<T>(results[i]);
  }

  /// The value of a setting; where it stands among the rule's is known to the compiler.
  template <class Tables, std::size_t Leaf> FUSEGRAD_INLINE constexpr double setting_of_leaf() const noexcept {
    constexpr std::string_view name = Tables::leaves.items[Leaf].name;
    if constexpr (requires { Rule::settings(); }) {
      constexpr auto setting = find_setting<Rule>(name);
      return setting.of(rule_);
    } else {
      return rule_.setting(name);
    }
  }

  static constexpr void add_penalty(const piece& p, T* weights, T* gradient) noexcept {
    if constexpr (has_penalty) {
      if (!p.of.is_matrix) return;
      using penalty = penalty_tables<typename Loss::penalty>;
      kernel::call<T> c;
      c.rows = 1;
      c.columns = p.end - p.begin;
      c.arguments[0] = {weights + p.begin, 0, 0, 0};
      c.arguments[1] = {gradient + p.begin, 0, 0, 0};
      c.results[0] = {gradient + p.begin, 0, 0, 0};
      kernel::elementwise<T, penalty::table, penalty::accesses>::run(c);
      clear_padding(p, gradient);
    }
  }

  /// A penalty that is not flat at zero gives the padding a gradient too, which must not count in the norm.
  static constexpr void clear_padding(const piece& p, T* gradient) noexcept {
    execution::each_padding<T>(p.of, [&](std::size_t i) {
      if (i >= p.begin && i < p.end) gradient[i] = T{};
    });
  }

  constexpr T* state(std::size_t s) noexcept { return states_.data() + s * program.parameter_size; }

  Rule rule_;
  std::size_t steps_ = 0;
  double rate_factor_ = 1;
  bool is_checked_ = false;
  bool keeps_zeros_ = true;
  bool refused_ = false;
  numbers numbers_are_ = numbers::of_all;
  clipping clip_{};
  tensor::buffer<T> states_;
  tensor::buffer<double> squares_;
  tensor::buffer<double> scales_;
  T uniforms_[clipped::uniform_count + tables::uniform_count + 1]{};
  parameter_rates rates_;
};

} // namespace fusegrad::train::inline FUSEGRAD_ABI
