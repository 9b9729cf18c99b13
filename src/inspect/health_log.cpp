// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/health_log.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace fusegrad::inspect {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A variance below this share of the mean square is none.
constexpr double resolution = threshold::no_deviation * threshold::no_deviation;
/// Units are equal where their sums differ by less than this share: kernels may round the last units of a row in
/// another way.
constexpr double equal_within = 1e-5;
/// Steps before a jump of the gradient is looked for; until then nothing is usual.
constexpr std::size_t first_steps = 10;
/// How fast what is usual follows: a step's weight halves every 35 steps.
constexpr double forgetting = 0.02;

double& at(std::array<double, measure_count>& record, measure what) { return record[static_cast<std::size_t>(what)]; }

double total(std::span<const double> numbers) {
  double sum = 0;
  for (const double x : numbers) sum += x;
  return sum;
}

bool all_finite(std::span<const double> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

/// What comes from the outputs of a layer, all units together.
void describe_outputs(std::array<double, measure_count>& record, const unit_sums& sums, double samples) {
  const std::size_t units = sums.sum.size();
  if (units == 0) return;
  const double count = samples * static_cast<double>(units);
  const double mean = total(sums.sum) / count, mean_square = total(sums.squares) / count;
  double squared_means = 0;
  for (const double sum : sums.sum) squared_means += sum / samples * (sum / samples);
  squared_means /= static_cast<double>(units);

  const auto variance_beside = [&](double square) {
    const double variance = mean_square - square;
    return variance > resolution * mean_square ? variance : 0.0;
  };
  at(record, measure::mean) = mean;
  at(record, measure::variance) = variance_beside(mean * mean);
  if (samples < 2) return;
  const double over_samples = variance_beside(squared_means) * samples / (samples - 1);
  at(record, measure::signal) = std::sqrt(over_samples);
  if (squared_means > 0)
    at(record, measure::shift) = std::sqrt(squared_means / std::max(over_samples, resolution * squared_means));
}

/// Whether all units put out the same, as far as sums can tell.
bool are_equal(const unit_sums& sums, double samples) {
  if (sums.sum.size() < 2) return false;
  const double bound = equal_within * std::sqrt(samples * sums.squares[0]);
  for (std::size_t u = 1; u < sums.sum.size(); ++u)
    if (std::abs(sums.sum[u] - sums.sum[0]) > bound ||
        std::abs(sums.squares[u] - sums.squares[0]) > equal_within * sums.squares[0])
      return false;
  return true;
}

/// The first pass and layer whose sums are not finite; a pass and layer of no step if all are.
not_finite first_in(const observed_step& step, std::span<const observed_parameter> parameters) {
  not_finite where{pass::forward, unknown, step.step, unknown};
  for (std::size_t i = 0; i < step.layers.size(); ++i)
    if (!all_finite(step.layers[i].sum) || !all_finite(step.layers[i].squares)) return where.layer = i, where;
  if (!std::isfinite(step.loss)) return where;
  for (std::size_t i = step.layers.size(); i-- > 0;)
    if (!all_finite(step.layers[i].gradient_squares)) return where.pass = pass::backward, where.layer = i, where;
  for (std::size_t p = step.parameters.size(); p-- > 0;) {
    const parameter_norms& norms = step.parameters[p];
    where.layer = parameters[p].layer;
    if (!std::isfinite(norms.gradient)) return where.pass = pass::backward, where;
    if (!std::isfinite(norms.weight) || !std::isfinite(norms.update)) return where.pass = pass::update, where;
  }
  return {};
}

} // namespace

health_log::health_log(std::vector<observed_layer> layers, std::vector<observed_parameter> parameters,
                       std::size_t most_steps)
    : layers_{std::move(layers)}, parameters_{std::move(parameters)}, most_steps_{most_steps}, latest_(layers_.size()),
      extremes_(layers_.size() * measure_count), zeros_(layers_.size()), dead_as_(layers_.size()),
      dead_count_(layers_.size()), dead_share_(layers_.size(), none), equal_steps_(layers_.size()) {
  if (most_steps < 16)
    throw std::invalid_argument("fusegrad: a health_log holds at least 16 steps, not " + std::to_string(most_steps) +
                                ".");
  for (const observed_parameter& p : parameters_)
    if (p.layer != unknown && p.layer >= layers_.size())
      throw std::invalid_argument("fusegrad: parameter " + p.name + " belongs to layer " + std::to_string(p.layer) +
                                  " of " + std::to_string(layers_.size()) + " observed layers.");
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (!layers_[i].is_activation) continue; // a unit of a dense layer may well be zero
    zeros_[i].assign(layers_[i].units, 0.0);
    dead_as_[i].assign(layers_[i].units, 0);
  }
}

void health_log::check(const observed_step& step) const {
  const auto expect = [&](std::size_t found, std::size_t expected, const std::string& of) {
    if (found != expected)
      throw std::invalid_argument("fusegrad: step " + std::to_string(step.step) + " brings " + std::to_string(found) +
                                  " " + of + "; there are " + std::to_string(expected) + ".");
  };
  if (step.samples == 0)
    throw std::invalid_argument("fusegrad: step " + std::to_string(step.step) + " has no samples.");
  expect(step.layers.size(), layers_.size(), "layers");
  expect(step.parameters.size(), parameters_.size(), "parameters");
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const unit_sums& sums = step.layers[i];
    expect(sums.squares.size(), sums.sum.size(), "squares of outputs of layer " + layers_[i].path);
    for (const auto& numbers : {sums.sum, sums.zeros, sums.gradient_squares, sums.blocked})
      if (!numbers.empty()) expect(numbers.size(), layers_[i].units, "units of layer " + layers_[i].path);
  }
}

std::span<const observed_layer> health_log::layers() const { return layers_; }
std::span<const observed_parameter> health_log::parameters() const { return parameters_; }
std::span<const std::size_t> health_log::steps() const { return steps_; }
std::span<const double> health_log::losses() const { return losses_; }
std::span<const double> health_log::gradient_norms() const { return gradient_norms_; }
std::span<const dead_unit> health_log::dead_units() const { return dead_units_; }

bool health_log::add(const observed_step& step) {
  check(step);
  ++steps_taken_;
  if (const not_finite where = first_in(step, parameters_); where.step != 0 || !std::isfinite(step.loss)) {
    add(where);
    return false;
  }
  double squared_gradient = 0;
  for (const parameter_norms& p : step.parameters) squared_gradient += p.gradient * p.gradient;
  watch_gradient(step.step, std::sqrt(squared_gradient));
  add_to_epoch(step);

  const bool is_held = (steps_taken_ - 1) % stride_ == 0;
  if (is_held) {
    steps_.push_back(step.step);
    losses_.push_back(step.loss);
    gradient_norms_.push_back(std::sqrt(squared_gradient));
  }
  for (std::size_t i = 0; i < layers_.size(); ++i) latest_[i] = record_of(step, i);
  add_weights(step, latest_);
  if (is_held) records_.insert(records_.end(), latest_.begin(), latest_.end());
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    watch_extremes(step.step, i, latest_[i]);
    equal_steps_[i] =
        are_equal(step.layers[i], static_cast<double>(step.samples * layers_[i].positions)) ? equal_steps_[i] + 1 : 0;
  }
  if (steps_.size() == most_steps_) thin_out();
  return true;
}

void health_log::add(const not_finite& where) {
  // The same step may be told twice: by its sums, and then with the sample.
  if (not_finite_.step == 0 || (where.step == not_finite_.step && where.sample != unknown)) not_finite_ = where;
}

health_log::layer_record health_log::record_of(const observed_step& step, std::size_t layer) const {
  layer_record record;
  record.fill(none);
  const unit_sums& sums = step.layers[layer];
  const auto samples = static_cast<double>(step.samples);
  const double rows = samples * static_cast<double>(layers_[layer].positions);
  const double count = rows * static_cast<double>(layers_[layer].units);
  describe_outputs(record, sums, rows);
  if (!sums.gradient_squares.empty()) at(record, measure::gradient) = std::sqrt(total(sums.gradient_squares) / samples);
  if (!sums.zeros.empty()) at(record, measure::zero_share) = total(sums.zeros) / count;
  if (!sums.blocked.empty() && !sums.zeros.empty()) {
    double saturated = 0; // unit by unit: a zero that does not block is no reason to forgive a unit that does
    for (std::size_t u = 0; u < sums.blocked.size(); ++u) saturated += std::max(0.0, sums.blocked[u] - sums.zeros[u]);
    at(record, measure::saturated_share) = saturated / count;
  }
  at(record, measure::dead_share) = dead_share_[layer];
  return record;
}

void health_log::add_weights(const observed_step& step, std::span<layer_record> records) const {
  // Several matrices of one layer are one vector: their squares add up.
  const auto add_square = [](double& sum, double x) { sum = (sum == sum ? sum : 0.0) + x * x; };
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    if (parameters_[p].layer == unknown || !parameters_[p].is_weight) continue;
    layer_record& record = records[parameters_[p].layer];
    add_square(at(record, measure::weight_gradient), step.parameters[p].gradient);
    add_square(at(record, measure::weight), step.parameters[p].weight);
    add_square(at(record, measure::update_ratio), step.parameters[p].update);
  }
  for (layer_record& record : records) {
    const double weight = at(record, measure::weight);
    at(record, measure::update_ratio) = weight > 0 ? std::sqrt(at(record, measure::update_ratio) / weight) : none;
    at(record, measure::weight_gradient) = std::sqrt(at(record, measure::weight_gradient));
    at(record, measure::weight) = std::sqrt(weight);
  }
}

void health_log::add_to_epoch(const observed_step& step) {
  epoch_samples_ += static_cast<double>(step.samples);
  for (std::size_t i = 0; i < layers_.size(); ++i)
    for (std::size_t u = 0; u < zeros_[i].size() && u < step.layers[i].zeros.size(); ++u)
      zeros_[i][u] += step.layers[i].zeros[u];
}

void health_log::end_epoch(std::size_t epoch) {
  if (epoch_samples_ == 0) return;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (zeros_[i].empty()) continue;
    dead_count_[i] = 0;
    for (std::size_t u = 0; u < zeros_[i].size(); ++u) {
      const bool is_dead = zeros_[i][u] >= epoch_samples_ * static_cast<double>(layers_[i].positions);
      note_health(i, u, is_dead, epoch);
      dead_count_[i] += is_dead;
    }
    dead_share_[i] = static_cast<double>(dead_count_[i]) / static_cast<double>(zeros_[i].size());
    std::fill(zeros_[i].begin(), zeros_[i].end(), 0.0);
  }
  epoch_samples_ = 0;
}

void health_log::note_health(std::size_t layer, std::size_t unit, bool is_dead, std::size_t epoch) {
  std::size_t& place = dead_as_[layer][unit];
  if (place == 0) {
    if (!is_dead) return;
    dead_units_.push_back({layer, unit, epoch, 0, 1});
    place = dead_units_.size();
    return;
  }
  dead_unit& known = dead_units_[place - 1];
  if (is_dead == (known.until == 0)) return;
  known.until = is_dead ? 0 : epoch;
  if (!is_dead) return;
  known.since = epoch;
  ++known.deaths;
}

std::vector<double> health_log::series(measure what, std::size_t layer) const {
  std::vector<double> values(steps_.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = records_[i * layers_.size() + layer][static_cast<std::size_t>(what)];
  return values;
}

const extremes& health_log::extremes(measure what, std::size_t layer) const {
  return extremes_[layer * measure_count + static_cast<std::size_t>(what)];
}

void health_log::watch_extremes(std::size_t step, std::size_t layer, const layer_record& record) {
  for (std::size_t m = 0; m < measure_count; ++m) {
    inspect::extremes& e = extremes_[layer * measure_count + m];
    if (record[m] < e.smallest) e.smallest = record[m], e.smallest_at = step;
    if (record[m] > e.largest) e.largest = record[m], e.largest_at = step;
  }
}

void health_log::watch_gradient(std::size_t step, double norm) {
  if (!(norm > 0)) return;
  const double logarithm = std::log(norm);
  if (steps_taken_ <= first_steps) {
    first_gradient_ = std::max(first_gradient_, norm);
    usual_gradient_ += (logarithm - usual_gradient_) / static_cast<double>(steps_taken_);
    return;
  }
  const double usual = std::exp(usual_gradient_);
  if (norm > first_gradient_ && (jump_.step == 0 || norm / usual > jump_.norm / jump_.usual))
    jump_ = {step, norm, usual};
  usual_gradient_ += (logarithm - usual_gradient_) * forgetting;
}

void health_log::thin_out() {
  const auto keep_every_other = [](auto& rows, std::size_t width) {
    const std::size_t kept = (rows.size() / width + 1) / 2;
    for (std::size_t row = 1; row < kept; ++row)
      std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(2 * row * width), width,
                  rows.begin() + static_cast<std::ptrdiff_t>(row * width));
    rows.resize(kept * width);
  };
  keep_every_other(steps_, 1);
  keep_every_other(losses_, 1);
  keep_every_other(gradient_norms_, 1);
  if (!layers_.empty()) keep_every_other(records_, layers_.size());
  stride_ *= 2;
}

} // namespace fusegrad::inspect
