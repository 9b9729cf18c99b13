// SPDX-License-Identifier: MIT
// Training steps and inference of convolutional nets; compare.py drives it beside PyTorch.
//   benchmark_images --check FOLDER   writes each net's weights, prints the losses of three steps and then the outputs
//   of
//                                     one sample, and writes the weights as they are by then (NAME.trained.safetensors)
#include <fusegrad/fusegrad.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fg = fusegrad;

/// The convolutional net of Keras' introduction to MNIST.
constexpr auto keras = fg::input<28, 28, 1> | fg::conv2d<32, 3> | fg::relu | fg::max_pool2d<2> | fg::conv2d<64, 3> |
                       fg::relu | fg::max_pool2d<2> | fg::flatten | fg::dense<10>;
/// LeCun et al. 1998, with ReLU and max pools.
constexpr auto lenet = fg::input<28, 28, 1> | fg::conv2d<6, 5>.with_padding<2>() | fg::relu | fg::max_pool2d<2> |
                       fg::conv2d<16, 5> | fg::relu | fg::max_pool2d<2> | fg::flatten | fg::dense<120> | fg::relu |
                       fg::dense<84> | fg::relu | fg::dense<10>;
constexpr auto pair = fg::input<16, 16, 32> | fg::conv2d<32, 3>.padded_same() | fg::relu |
                      fg::conv2d<32, 3>.padded_same() | fg::relu | fg::global_average_pool | fg::dense<10>;

template <std::size_t Channels, std::size_t Stride>
constexpr auto convolved =
    fg::conv2d<Channels, 3>.template with_stride<Stride>().template with_padding<1>().without_bias() | fg::batch_norm;
template <std::size_t Channels, std::size_t Stride>
constexpr auto body = convolved<Channels, Stride> | fg::relu | convolved<Channels, 1>;
template <std::size_t Channels>
constexpr auto shrinking =
    fg::branch(body<Channels, 2>, fg::conv2d<Channels, 1>.template with_stride<2>().without_bias()) | fg::add |
    fg::relu;
/// ResNet-8 of MLPerf Tiny.
constexpr auto resnet8 = fg::input<32, 32, 3> | convolved<16, 1> | fg::relu | fg::residual(body<16, 1>) | fg::relu |
                         shrinking<32> | shrinking<64> | fg::global_average_pool | fg::dense<10>;

constexpr auto separable = fg::depthwise2d<3>.padded_same().without_bias() | fg::batch_norm | fg::relu |
                           fg::conv2d<64, 1>.without_bias() | fg::batch_norm | fg::relu;
/// The depthwise-separable net of MLPerf Tiny, which spots spoken words.
constexpr auto ds_cnn =
    fg::input<49, 10, 1> | fg::conv2d<64, 10, 4>.with_stride<2>().with_padding<4, 5, 1, 1>().without_bias() |
    fg::batch_norm | fg::relu | separable | separable | separable | separable | fg::global_average_pool | fg::dense<12>;

template <fg::any_model Model> struct problem {
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  std::vector<std::uint32_t> indices;

  /// Numbers that PyTorch's side makes, too.
  explicit problem(std::size_t batch) : inputs(batch * Model::input_size()), labels(batch), indices(batch) {
    std::uint32_t state = 1;
    for (float& x : inputs) {
      state = state * 1664525U + 1013904223U;
      x = static_cast<float>(state >> 8) / static_cast<float>(1 << 24);
    }
    for (std::size_t i = 0; i < batch; ++i) labels[i] = static_cast<std::int32_t>(i % Model::output_size());
    std::iota(indices.begin(), indices.end(), 0U);
  }
  [[nodiscard]] auto samples() const { return fg::labelled<float>(inputs, Model::input_size(), labels); }
};

template <fg::any_model Model> auto trainer_of(Model model, std::size_t batch, int threads) {
  return fg::trainer{model, fg::softmax_cross_entropy, fg::sgd{.learning_rate = 0.01F},
                     fg::training_options<float>{.largest_batch = batch, .threads = threads}};
}

template <fg::any_model Model> void train(benchmark::State& state, std::size_t batch, int threads) {
  const problem<Model> given(batch);
  const auto samples = given.samples();
  auto trainer = trainer_of(Model{}, batch, threads);
  for (auto _ : state) benchmark::DoNotOptimize(trainer.step(samples, given.indices).loss);
}

template <fg::any_model Model> void infer(benchmark::State& state) {
  const problem<Model> given(1);
  const auto net = trainer_of(Model{}, 1, 1).inference();
  typename decltype(net)::workspace memory(1);
  std::vector<float> out(Model::output_size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(given.inputs.data());
    net.predict(given.inputs, out, memory);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
}

struct net_case {
  std::string name;
  std::size_t batch;
  void (*train)(benchmark::State&, std::size_t, int);
  void (*infer)(benchmark::State&);
  void (*check)(const net_case&, const std::filesystem::path&);
};

/// Of a net at two batch sizes only one is inferred.
bool is_inferred(const net_case& c) { return c.name != "keras128"; }

/// A line each, tabs between what stands in it: the compared systems print the same.
template <fg::any_model Model> void check(const net_case& c, const std::filesystem::path& folder) {
  const problem<Model> given(c.batch);
  auto trainer = trainer_of(Model{}, c.batch, 1);
  fg::io::save(trainer, folder / (c.name + ".safetensors"));
  std::printf("%s", c.name.c_str());
  for (int i = 0; i < 3; ++i) std::printf("\t%.9g", trainer.step(given.samples(), given.indices).loss);
  std::printf("\n");
  if (!is_inferred(c)) return;
  fg::io::save(trainer, folder / (c.name + ".trained.safetensors"));
  const auto net = trainer.inference();
  typename decltype(net)::workspace memory(1);
  std::vector<float> out(Model::output_size());
  net.predict(std::span(given.inputs).first(Model::input_size()), out, memory);
  std::printf("%s, one sample", c.name.c_str());
  for (const float y : out) std::printf("\t%.9g", y);
  std::printf("\n");
}

template <fg::any_model Model> net_case make_case(std::string_view name, Model, std::size_t batch) {
  return {std::string(name), batch, &train<Model>, &infer<Model>,
          [](const net_case& c, const std::filesystem::path& folder) { check<Model>(c, folder); }};
}

} // namespace

int main(int count, char** arguments) {
  const std::vector<net_case> cases{make_case("keras", keras, 32),     make_case("keras128", keras, 128),
                                    make_case("lenet", lenet, 64),     make_case("pair", pair, 32),
                                    make_case("resnet8", resnet8, 32), make_case("ds_cnn", ds_cnn, 32)};
  if (count == 3 && std::string_view(arguments[1]) == "--check") {
    for (const net_case& c : cases) c.check(c, arguments[2]);
    return 0;
  }
  for (const net_case& c : cases) {
    for (const int threads : {1, 2})
      benchmark::RegisterBenchmark((c.name + "/threads:" + std::to_string(threads)).c_str(),
                                   [&c, threads](benchmark::State& state) { c.train(state, c.batch, threads); })
          ->UseRealTime();
    if (is_inferred(c))
      benchmark::RegisterBenchmark((c.name + ", one sample/threads:1").c_str(), c.infer)->UseRealTime();
  }
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
