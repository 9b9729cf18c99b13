// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/inspect/health_log.hpp>
#include <fusegrad/inspect/observation_sums.hpp>
#include <fusegrad/inspect/observed_pieces.hpp>
#include <fusegrad/layer/input_names.hpp>
#include <fusegrad/train/trainer.hpp>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fusegrad::inspect {

/// How a run is observed.
struct health_options {
  std::size_t every = 1;        ///< observe each step, every other, ...
  std::size_t most_steps = 512; ///< held in memory for each layer; of longer runs every other is dropped
};

/// Watches a run of training, layer by layer: `inspect::health health{trainer}; trainer.fit(samples, options,
/// health);`. It brings a step of its own that observes; the trainer's own step stays as it is, and without a `health`
/// nothing of this is compiled. Needs fusegrad::io.
template <any_model Model, any_loss Loss, class Rule, class T = float> class health {
  static_assert(!train::of_point_sets<Loss>,
                "fusegrad: health looks at one set of samples: train a single equation while you look.");
  using observed = plan::compiled<Model, Loss, plan::purpose::observe, T>;
  using updater = train::updater<plan::compiled<Model, Loss, plan::purpose::train, T>, Rule, Loss, T>;
  static_assert(graph::blocking_slope == blocking_slope);

public:
  // Deduced by the guides below alone: Clang takes a constructor's own arguments before them.
  explicit health(const std::type_identity_t<trainer<Model, Loss, Rule, T>>& of, health_options options = {})
      : options_{options}, sums_{observed::value},
        log_{observed_layers(observed::value), observed_parameters(observed::value), options.most_steps},
        threads_{of.options().threads}, gradients_{Model{}, of.loss(), of.options().largest_batch, threads_},
        pieces_(updater::piece_count) {
    if (options.every == 0)
      throw std::invalid_argument("fusegrad: health observes every 1, 2, ... steps, not every 0.");
  }

  /// What was seen so far.
  [[nodiscard]] const health_log& log() const noexcept { return log_; }
  /// What is wrong, in words, with remedies; then a table of layers.
  [[nodiscard]] std::string to_string() const { return log_.to_string(); }
  /// A line for each step and layer. Throws data::file_error naming the file.
  void save_csv(const base::file_path& path) const { log_.save_csv(path); }

  // What `trainer` asks of an observer.
  [[nodiscard]] bool wants(std::size_t step) const noexcept { return (step - 1) % options_.every == 0; }
  /// Whether the weights were updated in the step observed last.
  [[nodiscard]] bool took_step() const noexcept { return took_step_; }
  void end_epoch(std::size_t epoch) { log_.end_epoch(epoch); }
  [[nodiscard]] std::string reason_to_stop() const { return is_finite_ ? std::string{} : log_.findings().front().what; }
  template <sample_source Samples>
  batch_result compute(weights<Model, T>& w, const Samples& samples, std::span<const std::uint32_t> indices,
                       updater& update, std::uint64_t seed, std::uint64_t random_step) {
    if (indices.size() > gradients_.largest_batch())
      gradients_ = observing(Model{}, gradients_.loss(), indices.size(), threads_);
    gradients_.use_random_numbers(seed, random_step);
    const batch_result result = observe(w, samples, indices, update, true);
    took_step_ = is_finite_;
    record(update.steps(), indices.size(), result.loss);
    // What an update makes of finite gradients is no sample's fault.
    if (!took_step_ || !base::is_finite(result.loss)) locate(w, samples, indices, update, seed, random_step);
    return result;
  }

private:
  using observing = gradients<Model, Loss, T, plan::purpose::observe>;

  /// Sees the gradient before it is used, and what the update makes of the weights.
  struct probe {
    static constexpr bool is_active = true;
    health* of = nullptr;
    bool updates = true;

    /// A step with numbers that are not finite is not taken: the model stays as it was.
    [[nodiscard]] bool allows_update(const execution::member& who) const noexcept {
      if (who.rank == 0) of->collect();
      who.wait_for_all();
      return of->is_finite_ && updates;
    }
    template <class Update>
    void around(std::size_t piece, const T* weights, const T* gradient, std::size_t size,
                Update&& update) const noexcept {
      of->pieces_[piece] = observe_update<updater::largest_piece>(weights, gradient, size, update);
    }
  };
  using application = typename updater::template application<probe>;

  /// A step that is seen, or only what would be: both are one instance, for each costs the compiler seconds.
  template <class Samples>
  batch_result observe(weights<Model, T>& w, const Samples& samples, std::span<const std::uint32_t> indices,
                       updater& update, bool updates) {
    return gradients_.with_rows(samples, indices, [&](const auto& rows, std::span<const std::uint32_t> names) {
      const application applied{update, w.packed(), gradients_.packed(), {this, updates}};
      return gradients_.compute_checked(w, rows, names, applied);
    });
  }

  void collect() noexcept {
    sums_.clear();
    for (std::size_t slice = 0; slice < gradients_.slice_count(); ++slice) sums_.add(gradients_.observations(slice));
    is_finite_ = sums_.are_finite();
  }

  void record(std::size_t step, std::size_t samples, double loss) {
    is_finite_ = is_finite_ && base::is_finite(loss);
    std::vector<parameter_norms> norms(log_.parameters().size());
    if (is_finite_) {
      // States have no update; the log knows learned parameters only.
      std::vector<std::size_t> number(observed::value.parameter_count, unknown);
      for (std::size_t p = 0, n = 0; p < number.size(); ++p)
        if (observed::value.parameters[p].is_trained) number[p] = n++;
      for (std::size_t i = 0; i < pieces_.size(); ++i)
        if (const std::size_t n = number[updater::parameter_of_piece(i)]; n != unknown) pieces_[i].add_to(norms[n]);
      for (parameter_norms& n : norms) n = roots_of(n);
    }
    if (!log_.add({step, samples, loss, sums_.layers(), norms})) is_finite_ = false;
  }

  /// Which sample it was: each by itself, as far as they are independent of each other.
  template <class Samples>
  void locate(weights<Model, T>& w, const Samples& samples, std::span<const std::uint32_t> indices, updater& update,
              std::uint64_t seed, std::uint64_t random_step) {
    not_finite where = sums_.first_not_finite();
    where.step = update.steps();
    note_input(where, samples, indices);
    for (std::size_t i = 0; !observing::couples_batch && i < indices.size() && where.sample == unknown; ++i) {
      gradients_.use_random_numbers(seed, random_step);
      const double loss = observe(w, samples, indices.subspan(i, 1), update, false).loss;
      if (is_finite_ && base::is_finite(loss)) continue;
      where = sums_.first_not_finite();
      where.step = update.steps();
      where.sample = indices[i];
    }
    is_finite_ = false;
    log_.add(where);
  }

  /// The first sample of a batch whose inputs are not finite, and which of them.
  template <class Samples>
  static void note_input(not_finite& where, const Samples& samples, std::span<const std::uint32_t> indices) {
    for (const std::uint32_t i : indices) {
      const auto& row = samples.input(i);
      for (std::size_t place = 0; place < samples.features(); ++place) {
        const double x = static_cast<double>(row.data()[place]);
        if (base::is_finite(x)) continue;
        const std::string_view name = train::feature_name(samples, layers::input_names<Model>(), place);
        where.sample = i;
        where.input = (name.empty() ? std::to_string(place) : std::string(name)) + (x != x  ? " is NaN"
                                                                                    : x > 0 ? " is infinite"
                                                                                            : " is minus infinite");
        return;
      }
    }
  }

  health_options options_;
  observation_sums<T> sums_;
  health_log log_;
  int threads_;
  observing gradients_;
  std::vector<observed_piece> pieces_;
  bool is_finite_ = true;
  bool took_step_ = true;
};

// Of a trainer whose type is written down, too: `decltype` of a constant says const.
template <class Model, class Loss, class Rule, class T>
health(const trainer<Model, Loss, Rule, T>&)
    -> health<std::remove_const_t<Model>, std::remove_const_t<Loss>, std::remove_const_t<Rule>, T>;
template <class Model, class Loss, class Rule, class T>
health(const trainer<Model, Loss, Rule, T>&, health_options)
    -> health<std::remove_const_t<Model>, std::remove_const_t<Loss>, std::remove_const_t<Rule>, T>;

} // namespace fusegrad::inspect
