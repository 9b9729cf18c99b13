// SPDX-License-Identifier: MIT
// Training steps on one thread, of whichever sources the compiler was pointed at: compare.py makes a library of this
// for each commit, so only what both have may be used here.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fusegrad/training.hpp>
#include <limits>
#include <span>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto small = fg::input<2> | fg::dense<16> | fg::tanh | fg::dense<16> | fg::tanh | fg::dense<1>;
constexpr auto small_classifier = fg::input<2> | fg::dense<16> | fg::tanh | fg::dense<16> | fg::tanh | fg::dense<3>;
constexpr auto medium =
    fg::input<64> | fg::dense<64> | fg::relu | fg::dense<64> | fg::relu | fg::dense<64> | fg::relu | fg::dense<1>;
constexpr fg::sgd plain{.learning_rate = 1e-3};

/// Nanoseconds of a step, mean over `steps` that go on with the training of the last call; NaN if a loss is not finite.
template <class Trainer, class Samples>
double time_of(Trainer& trainer, const Samples& samples, std::size_t batch, std::size_t steps) {
  std::vector<std::uint32_t> indices(batch);
  for (std::size_t i = 0; i < batch; ++i) indices[i] = static_cast<std::uint32_t>(i);
  double loss = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < steps; ++i) {
    indices[0] = static_cast<std::uint32_t>(i % 4);
    loss += trainer.step(samples, indices).loss;
  }
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
  return loss - loss == 0 ? time.count() / static_cast<double>(steps) : std::numeric_limits<double>::quiet_NaN();
}

std::vector<float> numbers(std::size_t count, std::size_t period) {
  std::vector<float> out(count);
  const auto middle = static_cast<float>(period) / 2;
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(i * 37 % period) / middle - 1;
  return out;
}

template <bool Clips, class Model, class Rule>
double regression(Model model, Rule rule, std::size_t batch, std::size_t steps) {
  constexpr std::size_t in = Model::input_size();
  constexpr double clip_norm = Clips ? 1 : std::numeric_limits<double>::infinity();
  using options = fg::training_options<float>;
  static fg::trainer trainer{model, fg::mean_squared_error, rule,
                             options{.largest_batch = batch, .threads = 1, .clip_norm = clip_norm}};
  static const std::vector<float> inputs = numbers((batch + 4) * in, 101), targets = numbers(batch + 4, 17);
  return time_of(trainer, fg::with_targets<float>(inputs, in, targets, 1), batch, steps);
}

double classification(std::size_t steps) {
  static fg::trainer trainer{small_classifier, fg::softmax_cross_entropy, plain,
                             fg::training_options<float>{.largest_batch = 1, .threads = 1}};
  static const std::vector<float> inputs = numbers(10, 101);
  static const std::vector<std::int32_t> labels{0, 1, 2, 1, 0};
  return time_of(trainer, fg::labelled<float>(inputs, 2, labels), 1, steps);
}

} // namespace

extern "C" [[gnu::visibility("default")]] double nanoseconds_of_a_step(int which, std::size_t steps) {
  switch (which) {
  case 0: return regression<false>(small, plain, 1, steps);
  case 1: return regression<true>(small, plain, 1, steps);
  case 2: return regression<false>(small, fg::adam{.learning_rate = 1e-4}, 1, steps);
  case 3: return classification(steps);
  case 4: return regression<false>(medium, plain, 256, steps);
  default: return std::numeric_limits<double>::quiet_NaN();
  }
}
