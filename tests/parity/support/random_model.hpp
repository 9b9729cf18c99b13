// SPDX-License-Identifier: MIT
#pragma once

#include "exchange.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/loss.hpp>
#include <fusegrad/train/samples.hpp>
#include <fusegrad/train/schedule.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/training_options.hpp>
#include <fusegrad/train/updater.hpp>
#include <numeric>
#include <string>
#include <vector>

namespace parity {

// Functions of a user's own.
inline constexpr auto own_silu = fusegrad::activation([](auto x) { return x / (1 + exp(-x)); });
inline constexpr auto own_snake = fusegrad::activation([](auto x) {
  const auto frequency = fusegrad::parameter<"frequency">(1.5);
  const auto wave = sin(frequency * x);
  return x + wave * wave / frequency;
});
inline constexpr auto own_surrogate = fusegrad::surrogate(fusegrad::tanh, fusegrad::softsign);
inline constexpr auto own_cubic = fusegrad::loss([](auto prediction, auto target) {
  const auto e = abs(prediction - target);
  return e * e * e;
});
inline constexpr auto own_log_cosh = fusegrad::loss([](auto prediction, auto target) {
  const auto e = prediction - target;
  return e + softplus(-2 * e) - 0.6931471805599453;
});

template <double Strength> struct half_square {
  template <class Y> constexpr auto operator()(Y y) const { return (0.5 * Strength) * (y * y); }
};
template <double Strength> struct absolute {
  template <class Y> constexpr auto operator()(Y y) const { return Strength * abs(y); }
};
template <double Strength> struct smooth_absolute {
  template <class Y> constexpr auto operator()(Y y) const { return Strength * sqrt(y * y + 0.01); }
};

/// How a random model is trained: everything that is no part of its type.
struct course {
  std::size_t features, target_width; ///< no targets: there are labels
  std::size_t batch_size, epochs;
  fusegrad::schedule::function schedule;
  fusegrad::training_options<double> options; ///< in float the same numbers
};

/// One random model in one number type, with the numbers that the script sends, and what becomes of them.
template <class T> class random_model {
  template <class Model, class Loss, class Rule> using trainer = fusegrad::trainer<Model, Loss, Rule, T>;

public:
  random_model(exchange& io, const std::string& name, const course& how)
      : io_{io}, given_{name + '.'}, prefix_{given_ + parity::prefix<T>()}, how_{how},
        inputs_{io.numbers<T>(given_ + "inputs")} {
    if (how.target_width == 0)
      labels_ = io.numbers<std::int32_t>(given_ + "labels");
    else
      targets_ = io.numbers<T>(given_ + "targets");
  }

  /// Loss and gradient of all samples as one batch, before any step, with the gradient of a penalty. Computed by what a
  /// step of the trainer instantiates anyway, because each instance costs the compiler seconds: clipping keeps
  /// gradients.
  template <class Model, class Loss, class Rule> void differentiate(Model model, Loss loss, Rule rule) {
    using compiled = fusegrad::plan::compiled<Model, Loss, fusegrad::plan::purpose::train, T>;
    using updater = fusegrad::train::updater<compiled, Rule, Loss, T>;
    constexpr double everything = 1e200;
    fusegrad::weights<Model, T> weights;
    set(weights);
    const std::vector<std::uint32_t> all = places(0, samples().size());
    fusegrad::gradients<Model, Loss, T> gradients{model, loss, all.size(), how_.options.threads};
    updater update{rule};
    update.begin_steps(1, {.norm = everything, .value = everything, .norm_of_each = everything});
    update.begin_step();
    using application = typename updater::template application<>;
    const double loss_of_all =
        gradients.compute_checked(weights, samples(), all, application{update, weights.packed(), gradients.packed()})
            .loss;
    io_.write(prefix_ + "loss", std::vector{loss_of_all});
    report("gradient", gradients, weights.parameter_names());
  }

  /// Steps over consecutive batches, epoch after epoch: the loss of each, and the weights at the end.
  template <class Model, class Loss, class Rule> void step(Model model, Loss loss, Rule rule) {
    trainer<Model, Loss, Rule> t{model, loss, rule, options()};
    set(t);
    std::vector<double> losses;
    const std::size_t count = samples().size(), batches = (count + how_.batch_size - 1) / how_.batch_size;
    const std::size_t steps = how_.epochs * batches;
    for (std::size_t s = 0; s < steps; ++s) {
      const std::size_t first = s % batches * how_.batch_size, epoch = s / batches;
      const double within = static_cast<double>(s % batches) / static_cast<double>(batches);
      const double epochs = static_cast<double>(how_.epochs);
      const fusegrad::schedule::moment now{s, steps, static_cast<double>(epoch) + within, epochs};
      const double factor = how_.schedule(now);
      losses.push_back(t.step(samples(), places(first, std::min(how_.batch_size, count - first)), factor).loss);
    }
    io_.write(prefix_ + "losses", losses);
    report("trained", t, t.parameter_names());
  }

  /// The same by `fit`, which tells the mean loss of each epoch; and what the trained model predicts.
  template <class Model, class Loss, class Rule> void fit(Model model, Loss loss, Rule rule) {
    trainer<Model, Loss, Rule> t{model, loss, rule, options()};
    set(t);
    std::vector<double> losses;
    const auto keep = [&](const fusegrad::epoch_record& epoch) {
      losses.push_back(epoch.loss);
      return true;
    };
    t.fit(samples(), {.epochs = how_.epochs,
                      .batch_size = how_.batch_size,
                      .learning_rate_schedule = how_.schedule,
                      .shuffle = false,
                      .progress = fusegrad::progress_style::silent,
                      .on_epoch = keep});
    io_.write(prefix_ + "losses", losses);
    report("trained", t, t.parameter_names());
    io_.write(prefix_ + "outputs", t.predict(inputs_));
  }

private:
  [[nodiscard]] fusegrad::sample_view<T> samples() const {
    if (how_.target_width == 0) return fusegrad::labelled<T>(inputs_, how_.features, labels_);
    return fusegrad::with_targets<T>(inputs_, how_.features, targets_, how_.target_width);
  }
  [[nodiscard]] static std::vector<std::uint32_t> places(std::size_t first, std::size_t count) {
    std::vector<std::uint32_t> out(count);
    std::iota(out.begin(), out.end(), static_cast<std::uint32_t>(first));
    return out;
  }
  [[nodiscard]] fusegrad::training_options<T> options() const {
    const fusegrad::training_options<double>& o = how_.options;
    return {.threads = o.threads,
            .clip_norm_of_each = o.clip_norm_of_each,
            .clip_norm = o.clip_norm,
            .clip_value = o.clip_value,
            .max_norm = o.max_norm};
  }
  template <class Store> void set(Store& store) const {
    for (const std::string& name : store.parameter_names())
      store.write(name, io_.numbers<T>(given_ + "initial." + name));
  }
  template <class Store> void report(const char* what, const Store& store, const std::vector<std::string>& names) {
    for (const std::string& name : names) io_.write(prefix_ + what + '.' + name, store.read(name));
  }

  exchange& io_;
  std::string given_, prefix_;
  const course& how_;
  std::vector<T> inputs_, targets_;
  std::vector<std::int32_t> labels_;
};

} // namespace parity
