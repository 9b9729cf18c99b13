// SPDX-License-Identifier: MIT
// Training steps, of whichever sources the compiler was pointed at: compare.py makes a library of this
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
// C, D and E of the benchmarks.
constexpr auto digits = fg::input<784> | fg::dense<128> | fg::relu | fg::dense<10>;
constexpr auto wide_digits = fg::input<784> | fg::dense<512> | fg::relu | fg::dense<512> | fg::relu | fg::dense<10>;
constexpr auto sigmoids = fg::dense<64> | fg::sigmoid | fg::dense<64> | fg::sigmoid | fg::dense<64> | fg::sigmoid |
                          fg::dense<64> | fg::sigmoid | fg::dense<64> | fg::sigmoid;
constexpr auto deep = fg::input<64> | sigmoids | sigmoids | sigmoids | sigmoids;
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
double regression(Model model, Rule rule, std::size_t batch, int threads, std::size_t steps) {
  constexpr std::size_t in = Model::input_size(), out = Model::output_size();
  constexpr double clip_norm = Clips ? 1 : std::numeric_limits<double>::infinity();
  using options = fg::training_options<float>;
  static fg::trainer trainer{model, fg::mean_squared_error, rule,
                             options{.largest_batch = batch, .threads = threads, .clip_norm = clip_norm}};
  static const std::vector<float> inputs = numbers((batch + 4) * in, 101), targets = numbers((batch + 4) * out, 17);
  return time_of(trainer, fg::with_targets<float>(inputs, in, targets, out), batch, steps);
}

template <class Model> double classification(Model model, std::size_t batch, int threads, std::size_t steps) {
  constexpr std::size_t in = Model::input_size();
  static fg::trainer trainer{model, fg::softmax_cross_entropy, plain,
                             fg::training_options<float>{.largest_batch = batch, .threads = threads}};
  static const std::vector<float> inputs = numbers((batch + 4) * in, 101);
  static const std::vector<std::int32_t> labels = [&] {
    std::vector<std::int32_t> out(batch + 4);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::int32_t>(i % Model::output_size());
    return out;
  }();
  return time_of(trainer, fg::labelled<float>(inputs, in, labels), batch, steps);
}

} // namespace

/// All steps of one process have as many threads.
extern "C" [[gnu::visibility("default")]] double nanoseconds_of_a_step(int which, int threads, std::size_t steps) {
  switch (which) {
  case 0: return regression<false>(small, plain, 1, threads, steps);
  case 1: return regression<true>(small, plain, 1, threads, steps);
  case 2: return regression<false>(small, fg::adam{.learning_rate = 1e-4}, 1, threads, steps);
  case 3: return classification(small_classifier, 1, threads, steps);
  case 4: return regression<false>(medium, plain, 256, threads, steps);
  case 5: return classification(digits, 64, threads, steps);
  case 6: return classification(wide_digits, 128, threads, steps);
  case 7: return regression<false>(deep, plain, 128, threads, steps);
  default: return std::numeric_limits<double>::quiet_NaN();
  }
}
