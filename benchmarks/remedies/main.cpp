// SPDX-License-Identifier: MIT
// What normalisation, dropout and observation add to a training step; compare.py drives it beside other systems.
#include <fusegrad/fusegrad.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto net_of(auto block) { return fg::input<64> | fg::repeat<3>(block) | fg::dense<10>; }
constexpr auto plain = net_of(fg::dense<64> | fg::relu);
constexpr auto batch_norm = net_of(fg::dense<64> | fg::batch_norm | fg::relu);
constexpr auto layer_norm = net_of(fg::dense<64> | fg::layer_norm | fg::relu);
constexpr auto rms_norm = net_of(fg::dense<64> | fg::rms_norm | fg::relu);
constexpr auto dropout = net_of(fg::dense<64> | fg::relu | fg::dropout<0.2>);
constexpr auto large = fg::input<784> | fg::dense<512> | fg::relu | fg::dense<512> | fg::relu | fg::dense<10>;

template <fg::any_model Model, bool IsObserved> void measure(benchmark::State& state, std::size_t batch, int threads) {
  std::mt19937 engine{7};
  std::uniform_real_distribution<float> number{-1, 1};
  std::vector<float> inputs(batch * Model::input_size());
  for (float& x : inputs) x = number(engine);
  std::vector<std::int32_t> labels(batch);
  for (std::int32_t& label : labels) label = static_cast<std::int32_t>(engine() % Model::output_size());
  std::vector<std::uint32_t> indices(batch);
  std::iota(indices.begin(), indices.end(), 0U);
  const auto samples = fg::labelled<float>(inputs, Model::input_size(), labels);

  fg::trainer trainer{Model{}, fg::softmax_cross_entropy, fg::adam{.learning_rate = 1e-3F},
                      fg::training_options<float>{.largest_batch = batch, .threads = threads}};
  if constexpr (IsObserved) {
    fg::inspect::health health{trainer};
    for (auto _ : state) benchmark::DoNotOptimize(trainer.step(samples, indices, 1.0, health).loss);
  } else {
    for (auto _ : state) benchmark::DoNotOptimize(trainer.step(samples, indices).loss);
  }
}

template <bool IsObserved = false, fg::any_model Model> void add(std::string_view name, Model, std::size_t batch) {
  for (const int threads : {1, 2})
    benchmark::RegisterBenchmark((std::string(name) + "/threads:" + std::to_string(threads)).c_str(),
                                 [=](benchmark::State& state) { measure<Model, IsObserved>(state, batch, threads); })
        ->UseRealTime();
}

} // namespace

int main(int count, char** arguments) {
  add("plain", plain, 256);
  add("batch_norm", batch_norm, 256);
  add("layer_norm", layer_norm, 256);
  add("rms_norm", rms_norm, 256);
  add("dropout", dropout, 256);
  add<true>("plain, observed", plain, 256);
  add("784-512-512-10", large, 128);
  add<true>("784-512-512-10, observed", large, 128);
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
