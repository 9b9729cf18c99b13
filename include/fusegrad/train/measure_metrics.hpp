// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/train/best_by.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/loss_terms.hpp>
#include <fusegrad/train/measure.hpp>
#include <fusegrad/train/metric.hpp>
#include <fusegrad/train/samples.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace fusegrad::train {

/// A number that an evaluation tells. Throws std::invalid_argument with those that there are where it is none of them.
template <class Evaluation> double told_number(const Evaluation& e, const std::string& name) {
  try {
    return e.metric(name);
  } catch (const std::out_of_range& unknown) {
    throw std::invalid_argument(unknown.what());
  }
}

/// Adds what the best epoch is decided by, where it was not asked for. Throws std::invalid_argument where an evaluation
/// has no such number.
template <class Evaluation> void add_what_is_best(Evaluation& to, const best_by& better) {
  const double value = told_number(to, better.name);
  if (is_told_anyway(better)) return;
  for (const named_number& m : to.metrics)
    if (m.name == better.name) return;
  to.metrics.push_back({better.name, value});
}

/// What a source asks for, gathered: functions of a metric see all of it at once.
template <class T> struct gathered_samples {
  std::vector<T> outputs, targets, weights;
  std::vector<std::int32_t> labels;
  measured_samples<T> view;
};

template <class T, class Samples> void gather_targets(gathered_samples<T>& to, const Samples& samples) {
  if (samples.has_labels()) {
    to.labels.resize(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) to.labels[i] = samples.label(i);
  } else if (samples.target_width() != 0) {
    to.targets = all_targets<T>(samples);
    to.view.target_width = samples.target_width();
  }
  to.view.labels = to.labels;
  to.view.targets = to.targets;
}

/// The functions among `metrics` that are of output `output`.
template <class T>
void measure_on_output(evaluation& to, std::span<const metric> metrics, std::size_t output,
                       const measured_samples<T>& samples) {
  for (std::size_t i = 0; i < metrics.size(); ++i)
    if (metrics[i].has_function() && metrics[i].output() == output) to.metrics[i].value = metrics[i].measure(samples);
}

// What follows is a template where it needs no T: nobody compiles it who measures nothing.

/// Whether a function is of output `output`.
template <class T> bool any_on_output(std::span<const metric> metrics, std::size_t output) {
  for (const metric& m : metrics)
    if (m.has_function() && m.output() == output) return true;
  return false;
}

namespace refusal {
[[noreturn, gnu::cold, gnu::noinline]] inline void of_metrics_output(const metric& m, std::size_t outputs) {
  of_metric(m.name(), ("is of output " + std::to_string(m.output()) + ", and the loss has targets for " +
                       std::to_string(outputs) + ".")
                          .c_str());
}
} // namespace refusal

/// Throws std::invalid_argument where two metrics have one name, or one has a name that is taken.
template <class T> void check_metrics(std::span<const metric> metrics, std::size_t outputs) {
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const std::string& name = metrics[i].name();
    if (name.empty()) refusal::of_metric(name, "needs a name.");
    if (metrics[i].has_function() && (name == "loss" || name == "accuracy"))
      refusal::of_metric(name, "has the name of what is told anyway: give it another.");
    for (std::size_t k = 0; k < i; ++k)
      if (metrics[k].name() == name) refusal::of_metric(name, "is there twice.");
    if (metrics[i].output() >= outputs) refusal::of_metrics_output(metrics[i], outputs);
  }
}

/// Names, and the numbers that the evaluation has already.
template <class T> void begin_metrics(evaluation& to, std::span<const metric> metrics, std::size_t outputs) {
  check_metrics<T>(metrics, outputs);
  std::vector<named_number> numbers;
  for (const metric& m : metrics)
    numbers.push_back({m.name(), m.has_function() ? evaluation::none : told_number(to, m.name())});
  to.metrics = std::move(numbers);
}

/// The same of several sets of points, whose outputs are not together: numbers alone.
template <class T> evaluation with_numbers(evaluation of, std::span<const metric> metrics) {
  for (const metric& m : metrics)
    if (m.has_function())
      refusal::of_metric(m.name(), "has a function of its own, and over several sets of points none is measured.");
  begin_metrics<T>(of, metrics, 1);
  return of;
}

/// Adds metrics to an evaluation that has all others already. Throws std::invalid_argument where one does not fit.
template <class Model, class Loss, class T, class Samples>
void add_metrics(evaluation& to, std::span<const metric> metrics, const Samples& samples, std::span<const T> outputs) {
  using terms = loss_terms<Model, Loss>;
  begin_metrics<T>(to, metrics, terms::output_count);
  std::size_t next = 0;
  for_each_term<Model, Loss>(samples, [&](auto term, const auto& of_term) {
    constexpr std::size_t output = terms::output(term), width = terms::output_shape(term).size();
    if (output != next) return;
    ++next;
    if (!any_on_output<T>(metrics, output)) return;
    gathered_samples<T> gathered;
    gathered.view.output_width = width;
    gathered.view.outputs = outputs;
    if constexpr (terms::output_count > 1 || plan::has_terms<Loss>) {
      gathered.outputs = columns_of(outputs, Model::output_size(), terms::output_begin(term), width);
      gathered.view.outputs = gathered.outputs;
    }
    gather_targets(gathered, of_term);
    if constexpr (weighted_source<Samples>) {
      for (std::size_t i = 0; i < samples.size(); ++i) gathered.weights.push_back(static_cast<T>(samples.weight(i)));
      gathered.view.weights = gathered.weights;
    }
    measure_on_output<T>(to, metrics, output, gathered.view);
  });
}

} // namespace fusegrad::train
