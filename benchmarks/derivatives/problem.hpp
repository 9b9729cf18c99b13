// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/physics.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

// What is timed is what a training step has besides the update rule: the loss of all points and its gradient with
// respect to every weight.
namespace fusegrad_benchmark {

namespace fg = fusegrad;

struct derivatives_case {
  std::string name;
  void (*train)(benchmark::State&, int threads);
  void (*check)(const std::string& name, const std::filesystem::path& folder);
};

/// A net and its loss over `Points` points in [-1, 1], with `Targets` numbers for each; the workers draw the same.
template <class T, fg::any_model Model, fg::any_loss Loss, std::size_t Points, std::size_t Targets> class problem {
public:
  explicit problem(int threads) : gradients_{Model{}, Loss{}, Points, threads} {
    std::uint32_t state = 1;
    const auto draw = [&](std::vector<T>& numbers) {
      for (T& x : numbers) {
        state = state * 1664525U + 1013904223U;
        x = static_cast<T>(static_cast<double>(state >> 8) / (1 << 23) - 1);
      }
    };
    draw(inputs_);
    draw(targets_);
    std::iota(order_.begin(), order_.end(), 0U);
  }

  double compute() {
    const std::span<const T> x(inputs_), y(targets_);
    if constexpr (Targets == 0)
      return gradients_.compute(weights_, fg::points(x, Model::input_size()), order_).loss;
    else
      return gradients_.compute(weights_, fg::with_targets<T>(x, Model::input_size(), y, Targets), order_).loss;
  }

  /// Writes the weights, and prints the loss, and of each gradient the norm and a sum with signs.
  void check(const std::string& name, const std::filesystem::path& folder) {
    std::ofstream file(folder / (name + ".weights"), std::ios::binary);
    std::printf("%s: loss\t%.17g\n", name.c_str(), compute());
    for (const std::string& parameter : weights_.parameter_names()) {
      const std::vector<T> numbers = weights_.read(parameter);
      const std::vector<double> wide(numbers.begin(), numbers.end());
      file.write(reinterpret_cast<const char*>(wide.data()),
                 static_cast<std::streamsize>(wide.size() * sizeof(double)));
      double squares = 0, sum = 0, sign = 1;
      for (const T g : gradients_.read(parameter)) {
        squares += static_cast<double>(g) * static_cast<double>(g);
        sum += sign * static_cast<double>(g);
        sign = -sign;
      }
      std::printf("%s: %s\t%.17g\t%.17g\n", name.c_str(), parameter.c_str(), std::sqrt(squares), sum);
    }
  }

private:
  fg::weights<Model, T> weights_{Model{}, 1};
  fg::gradients<Model, Loss, T> gradients_;
  std::vector<T> inputs_ = std::vector<T>(Points * Model::input_size()), targets_ = std::vector<T>(Points * Targets);
  std::vector<std::uint32_t> order_ = std::vector<std::uint32_t>(Points);
};

template <class T, std::size_t Points, std::size_t Targets, fg::any_model Model, fg::any_loss Loss>
derivatives_case make_case(std::string name, Model, Loss) {
  using made = problem<T, Model, Loss, Points, Targets>;
  return {std::move(name),
          [](benchmark::State& state, int threads) {
            made one(threads);
            for (auto _ : state) benchmark::DoNotOptimize(one.compute());
          },
          [](const std::string& of, const std::filesystem::path& folder) { made(1).check(of, folder); }};
}

/// In double, and as `name_f32` in float.
template <std::size_t Points, std::size_t Targets, fg::any_model Model, fg::any_loss Loss>
std::vector<derivatives_case> make_cases(const std::string& name, Model model, Loss loss) {
  return {make_case<double, Points, Targets>(name, model, loss),
          make_case<float, Points, Targets>(name + "_f32", model, loss)};
}

std::vector<derivatives_case> burgers_cases();
std::vector<derivatives_case> laplacian_2_cases();
std::vector<derivatives_case> laplacian_10_cases();
std::vector<derivatives_case> laplacian_50_cases();
std::vector<derivatives_case> forces_cases();

template <std::size_t Inputs>
inline constexpr auto laplacian_net = fg::input<Inputs> | fg::repeat<3>(fg::dense<64> | fg::tanh) | fg::dense<1>;

} // namespace fusegrad_benchmark
