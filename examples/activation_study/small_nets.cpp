// SPDX-License-Identifier: MIT
#include "small_nets.hpp"

#include <cmath>
#include <fusegrad/base/random.hpp>
#include <fusegrad/training.hpp>
#include <numeric>
#include <vector>

namespace study {

namespace {

namespace fg = fusegrad;

/// Draws the biases, and scales the weights to the inputs and units that are in use.
template <class Trainer> void start(Trainer& net, const regression& data, const small_recipe& how) {
  std::vector<float> in = net.read("0.weight"), bias = net.read("0.bias"), out = net.read("2.weight");
  for (float& w : in) w *= std::sqrt(2.0f / static_cast<float>(data.inputs));
  for (std::size_t i = 0; i < bias.size(); ++i)
    bias[i] = 2 * fg::base::random_stream(how.seed).child(1).uniform<float>(i) - 1;
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] =
        i < how.units ? out[i] * std::sqrt(static_cast<float>(small_net_width) / static_cast<float>(how.units)) : 0.0f;
  net.write("0.weight", in);
  net.write("0.bias", bias);
  net.write("2.weight", out);
}

/// Where the weights that lead out of unused units stand in the packed weights: found by writing them.
template <class Trainer> std::vector<std::size_t> places_of_unused(Trainer& net, std::size_t units) {
  const std::vector<float> out = net.read("2.weight");
  const auto packed = net.parameters().packed();
  const std::vector<float> before(packed.begin(), packed.end());
  std::vector<float> marked = out;
  for (std::size_t i = units; i < marked.size(); ++i) marked[i] += 1;
  net.write("2.weight", marked);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (packed[i] != before[i]) places.push_back(i);
  net.write("2.weight", out);
  return places;
}

template <const auto& Activation> small_errors train(const regression& data, const small_recipe& how) {
  constexpr auto model = fg::input<2> | fg::dense<small_net_width> | Activation | fg::dense<1>;
  const std::size_t samples = data.train.size();
  fg::trainer net{model, fg::mean_squared_error, fg::adam{.learning_rate = how.learning_rate},
                  fg::training_options<float>{.seed = how.seed, .largest_batch = samples, .threads = 1}};
  start(net, data, how);
  const std::vector<std::size_t> unused = places_of_unused(net, how.units);
  std::vector<std::uint32_t> all(samples);
  std::iota(all.begin(), all.end(), 0u);
  const auto weights = net.parameters().packed();
  for (int step = 0; step < how.steps; ++step) {
    net.step(data.train, all, 0.5 * (1 + std::cos(3.14159265358979 * step / how.steps)));
    for (std::size_t place : unused) weights[place] = 0;
  }
  return {std::sqrt(net.evaluate(data.train).loss), std::sqrt(net.evaluate(data.test).loss)};
}

constexpr auto leaky_relu = fg::leaky_relu<0.01>;
constexpr auto relu_tanh = fg::groups(fg::on<16>(fg::relu), fg::on<16>(fg::tanh));
constexpr auto relu_sine = fg::groups(fg::on<16>(fg::relu), fg::on<16>(fg::sine));
constexpr auto four_kinds =
    fg::groups(fg::on<8>(fg::relu), fg::on<8>(fg::tanh), fg::on<8>(fg::abs), fg::on<8>(fg::sine));

constexpr small_net nets[] = {
    {"relu", train<fg::relu>},
    {"leaky_relu", train<leaky_relu>},
    {"abs", train<fg::abs>},
    {"tanh", train<fg::tanh>},
    {"sigmoid", train<fg::sigmoid>},
    {"softplus", train<fg::softplus>},
    {"silu", train<fg::silu>},
    {"sine", train<fg::sine>},
    {"relu + tanh", train<relu_tanh>},
    {"relu + sine", train<relu_sine>},
    {"relu + tanh + abs + sine", train<four_kinds>},
};

} // namespace

std::span<const small_net> small_nets() { return nets; }

} // namespace study
