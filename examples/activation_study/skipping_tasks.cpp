// SPDX-License-Identifier: MIT
#include "skipping_tasks.hpp"

#include <algorithm>
#include <cmath>
#include <fusegrad/base/random.hpp>
#include <fusegrad/training.hpp>
#include <memory>

namespace study {

namespace {

namespace fg = fusegrad;

constexpr std::size_t patterns = 256;

/// Keeps a result where the compiler cannot prove that nobody looks.
volatile float sink;

/// Calls a net with one row after the other.
template <class Net>
timed_task task_of(std::string name, std::shared_ptr<const Net> net, std::shared_ptr<const std::vector<float>> rows) {
  return {std::move(name), [net, rows, at = std::size_t{0}]() mutable {
            sink = (*net)(std::span<const float, Net::input_size>(rows->data() + at, Net::input_size))[0];
            at = (at + Net::input_size) % rows->size();
          }};
}

template <class Model>
std::vector<timed_task> both_tasks(const fg::weights<Model, float>& w, std::shared_ptr<const std::vector<float>> rows) {
  using dense = decltype(fg::inference{w});
  using skipping = decltype(fg::inference{fg::skip_zeros, w});
  return {task_of("dense", std::make_shared<const dense>(w), rows),
          task_of("skipping", std::make_shared<const skipping>(fg::skip_zeros, w), rows)};
}

template <std::size_t Width> std::vector<timed_task> tasks_of_width(double share_of_zeros, std::uint64_t seed) {
  constexpr auto model = fg::input<Width> | fg::dense<Width> | fg::relu;
  auto rows = std::make_shared<std::vector<float>>(patterns * Width);
  const fg::base::random_stream random(seed);
  for (std::size_t i = 0; i < rows->size(); ++i)
    (*rows)[i] = random.child(1).uniform<double>(i) < share_of_zeros
                     ? 0.0f
                     : std::abs(static_cast<float>(random.child(2).normal(i))) + 1e-3f;
  return both_tasks(fg::weights{model, seed}, rows);
}

constexpr skipping_case cases[] = {{64, tasks_of_width<64>},
                                   {128, tasks_of_width<128>},
                                   {256, tasks_of_width<256>},
                                   {512, tasks_of_width<512>},
                                   {1024, tasks_of_width<1024>}};

/// What leaves a dense layer with ReLU, for one sample.
std::vector<float> rectified(std::span<const float> x, const std::vector<float>& weight,
                             const std::vector<float>& bias) {
  std::vector<float> y = bias;
  for (std::size_t o = 0; o < y.size(); ++o) {
    for (std::size_t i = 0; i < x.size(); ++i) y[o] += weight[o * x.size() + i] * x[i];
    y[o] = std::max(y[o], 0.0f);
  }
  return y;
}

double count_zeros(const std::vector<float>& numbers) {
  return static_cast<double>(std::count(numbers.begin(), numbers.end(), 0.0f));
}

} // namespace

std::span<const skipping_case> skipping_cases() { return cases; }

trained_skipping trained_skipping_tasks(const fg::data::dataset<float>& samples, std::size_t epochs) {
  constexpr auto model = fg::input<64> | fg::dense<512> | fg::relu | fg::dense<512> | fg::relu | fg::dense<10>;
  fg::trainer net{model, fg::softmax_cross_entropy, fg::adam{.learning_rate = 1e-3}};
  net.fit(samples, {.epochs = epochs, .batch_size = 32, .progress = fg::progress_style::silent});
  const std::span<const float> inputs = samples.inputs();
  const std::size_t count = std::min(patterns, samples.size());
  auto rows =
      std::make_shared<std::vector<float>>(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(64 * count));

  trained_skipping out{};
  const auto first = net.read("0.weight"), first_bias = net.read("0.bias"), second = net.read("2.weight"),
             second_bias = net.read("2.bias");
  const fg::inference dense = net.inference();
  const fg::inference skipping{fg::skip_zeros, dense.parameters()};
  for (std::size_t i = 0; i < count; ++i) {
    const std::vector<float> h = rectified(samples.input(i), first, first_bias);
    out.zeros[0] += count_zeros(h) / (512.0 * static_cast<double>(count));
    out.zeros[1] += count_zeros(rectified(h, second, second_bias)) / (512.0 * static_cast<double>(count));
    const auto a = dense(samples.input(i).template first<64>()), b = skipping(samples.input(i).template first<64>());
    for (std::size_t k = 0; k < a.size(); ++k)
      out.largest_difference = std::max(out.largest_difference, static_cast<double>(std::abs(a[k] - b[k])));
  }
  out.tasks = both_tasks(dense.parameters(), rows);
  return out;
}

} // namespace study
