// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/inspect/finding.hpp>
#include <fusegrad/inspect/observed.hpp>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::inspect {

/// What is recorded of a layer in a step; NaN where there is no such number.
enum class measure {
  mean,            ///< of the outputs, over units and samples
  variance,        ///< the same
  signal,          ///< deviation of a unit's output over the samples, root mean square over units; needs two samples
  shift,           ///< a unit's mean over its deviation, root mean squares over units
  gradient,        ///< Euclidean norm of d loss / d outputs, root mean square over samples
  zero_share,      ///< of outputs that are exactly zero
  saturated_share, ///< of outputs of an activation that are not zero and block the gradient
  dead_share,      ///< of units that were zero in all that was observed of the epoch that ended last
  weight_gradient, ///< Euclidean norm over the layer's weights
  weight,          ///< the same
  update_ratio,    ///< norm of the step's change of the weights over theirs
};
/// How many numbers are noted of each layer in a step.
inline constexpr std::size_t measure_count = 11;

/// The extremes of a measure over all steps, those included that the log no longer holds.
struct extremes {
  double smallest = std::numeric_limits<double>::infinity();
  double largest = -std::numeric_limits<double>::infinity();
  std::size_t smallest_at = 0; ///< step
  std::size_t largest_at = 0;
};

/// A unit that put out zero for every sample observed in an epoch.
struct dead_unit {
  std::size_t layer = 0;
  std::size_t unit = 0;
  std::size_t since = 0;  ///< the epoch in which it died, the last time if there are several
  std::size_t until = 0;  ///< the epoch in which it came back; 0: it is dead
  std::size_t deaths = 1; ///< how often it died
};

/// The sharpest rise of the whole gradient's norm over what was usual in the steps before.
struct gradient_jump {
  std::size_t step = 0; ///< 0: the norm never rose beyond that of the first steps
  double norm = 0;
  double usual = 0; ///< geometric mean of the steps before, the last hundred weighing most
};

/// Watches a run of training: the course of each layer, what is wrong, in words, and what helps. Needs fusegrad::io.
class health_log {
public:
  /// Layers in the order of the forward pass. Once `most_steps` steps are held, every other is dropped, and of those to
  /// come every other (then every fourth, ...) is held; throws std::invalid_argument for fewer than 16, or for a
  /// parameter of no layer.
  health_log(std::vector<observed_layer> layers, std::vector<observed_parameter> parameters,
             std::size_t most_steps = 512);

  /// Takes a step, and tells whether its numbers are finite: one with others is remembered as such (the first), and
  /// enters no statistics. Throws std::invalid_argument where its spans do not fit the layers and parameters.
  bool add(const observed_step& step);
  /// Says where the first number that is not finite came from, more exactly than the sums of a step can: with the
  /// sample.
  void add(const not_finite& where);
  /// Ends an epoch: a unit that was zero for all of its samples is dead. An epoch without steps changes nothing.
  void end_epoch(std::size_t epoch);

  /// What is wrong, worst first; layers of the same illness are one finding. Empty for a healthy run.
  [[nodiscard]] std::vector<finding> findings() const;
  /// Findings with remedies, or that there is nothing to complain of; then a table of layers.
  [[nodiscard]] std::string to_string() const;

  /// A line for each step held and each layer, numbers the shortest that read back the same, empty where there are
  /// none.
  [[nodiscard]] std::string to_csv() const;
  /// Throws data::file_error naming the file if it cannot be written.
  void save_csv(const base::file_path& path) const;

  // Not written out here: to make a span costs the compiler 1.5 MB for each type of item.
  [[nodiscard]] std::span<const observed_layer> layers() const;
  [[nodiscard]] std::span<const observed_parameter> parameters() const;
  /// The steps that are held, and their losses.
  [[nodiscard]] std::span<const std::size_t> steps() const;
  [[nodiscard]] std::span<const double> losses() const;
  /// Euclidean norm of the whole gradient in the steps that are held.
  [[nodiscard]] std::span<const double> gradient_norms() const;
  /// A measure of a layer in the steps that are held.
  [[nodiscard]] std::vector<double> series(measure what, std::size_t layer) const;
  [[nodiscard]] const inspect::extremes& extremes(measure what, std::size_t layer) const;
  /// Units that were dead at the end of some epoch, in the order in which they first died.
  [[nodiscard]] std::span<const dead_unit> dead_units() const;
  /// How many units of a layer are dead at the end of the epoch that ended last.
  [[nodiscard]] std::size_t dead_count(std::size_t layer) const { return dead_count_[layer]; }
  /// For how many steps, up to the last, all units of a layer have put out the same.
  [[nodiscard]] std::size_t equal_steps(std::size_t layer) const { return equal_steps_[layer]; }
  [[nodiscard]] const gradient_jump& largest_jump() const { return jump_; }
  [[nodiscard]] std::size_t steps_taken() const { return steps_taken_; }
  /// The first number that was not finite; its step is 0 if there was none.
  [[nodiscard]] const not_finite& first_not_finite() const { return not_finite_; }

private:
  using layer_record = std::array<double, measure_count>;

  void check(const observed_step& step) const;
  layer_record record_of(const observed_step& step, std::size_t layer) const;
  void add_weights(const observed_step& step, std::span<layer_record> records) const;
  void add_to_epoch(const observed_step& step);
  void note_health(std::size_t layer, std::size_t unit, bool is_dead, std::size_t epoch);
  void watch_extremes(std::size_t step, std::size_t layer, const layer_record& record);
  void watch_gradient(std::size_t step, double norm);
  void thin_out();

  std::vector<observed_layer> layers_;
  std::vector<observed_parameter> parameters_;
  std::size_t most_steps_;
  std::size_t stride_ = 1;
  std::size_t steps_taken_ = 0;

  std::vector<std::size_t> steps_;
  std::vector<double> losses_;
  std::vector<double> gradient_norms_;
  std::vector<layer_record> records_;       // [step held][layer]
  std::vector<layer_record> latest_;        // [layer], of the step that is being added
  std::vector<inspect::extremes> extremes_; // [layer][measure]

  std::vector<std::vector<double>> zeros_; // [layer][unit], samples of this epoch that were zero
  std::vector<std::vector<std::size_t>>
      dead_as_; // [layer][unit], place among the dead units plus one, 0 if it never died
  std::vector<dead_unit> dead_units_;
  std::vector<std::size_t> dead_count_; // [layer]
  std::vector<double> dead_share_;      // [layer]
  double epoch_samples_ = 0;

  std::vector<std::size_t> equal_steps_; // [layer]
  gradient_jump jump_;
  double first_gradient_ = 0; // largest norm of the first steps
  double usual_gradient_ = 0; // logarithm
  not_finite not_finite_;
};

} // namespace fusegrad::inspect
