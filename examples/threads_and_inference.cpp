// SPDX-License-Identifier: MIT
// Inference: weights and nothing else. One const model, many threads, no allocation.
#include <array>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <span>
#include <thread>
#include <vector>
namespace fg = fusegrad;

constexpr auto network =
    fg::input<8> | fg::dense<32> | fg::tanh | fg::dense<32> | fg::tanh | fg::dense<2> | fg::softmax;

// Known when this is compiled: a budget that fails the build instead of the device.
static_assert(network.plan().bytes<float>(fg::strength::inference) < 16 * 1024);

int main() {
  // Weights are an object of their own; here they are as drawn. A trainer gives its own by `trainer.inference()`.
  const fg::inference net{fg::weights{network, /*seed=*/1}};
  static_assert(noexcept(net(std::array<float, 8>{})));

  constexpr std::size_t threads = 4, samples = 1000;
  std::vector<float> inputs(samples * 8), outputs(threads * samples * 2);
  const fg::base::random_stream random(5);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = random.normal<float>(i);

  std::vector<std::thread> team;
  for (std::size_t t = 0; t < threads; ++t)
    team.emplace_back([&, t] {
      decltype(net)::workspace memory; // each thread brings its own; made once, used for any number of calls
      net.predict(inputs, std::span(outputs).subspan(t * samples * 2, samples * 2), memory);
    });
  for (std::thread& worker : team) worker.join();

  // One sample at a time, on the stack: for a control loop or an audio callback.
  const std::array<float, 2> one = net(std::span<const float, 8>(inputs.data(), 8));
  std::printf("%.4f %.4f\n", one[0], one[1]);
  // prints: 0.3596 +- 0.0003 0.6404 +- 0.0003

  bool same = true;
  for (std::size_t i = 0; i < samples * 2; ++i)
    for (std::size_t t = 1; t < threads; ++t) same = same && outputs[i] == outputs[t * samples * 2 + i];
  const float difference = one[0] - outputs[0];
  return same && difference < 1e-6f && difference > -1e-6f ? 0 : 1;
}
