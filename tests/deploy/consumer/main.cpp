// SPDX-License-Identifier: MIT
#include <fusegrad/fusegrad.hpp>

#include <iostream>

namespace fg = fusegrad;

constexpr auto model = fg::input<64> | fg::dense<32> | fg::relu | fg::dense<10>;
static_assert(model.parameter_count() == 64 * 32 + 32 + 32 * 10 + 10);
static_assert(model.output_shape() == fg::shape<10>);

#ifdef CONSUMER_USES_IO
/// Whether weights come back as they were from a file that the library has written.
bool come_back() {
  const fg::weights written{model, 1};
  fg::weights read{model, 2};
  fg::io::save(written, "consumer.safetensors");
  fg::io::load(read, "consumer.safetensors");
  return read.read("0.weight") == written.read("0.weight");
}
#endif

#ifdef FUSEGRAD_KERNELS
#include <cmath>
#include <vector>
double loss_after_a_step(std::span<const float> inputs, std::span<const std::int32_t> labels,
                         std::span<const std::uint32_t> order);
#endif

int main() {
#ifdef CONSUMER_USES_IO
  if (!come_back()) return 1;
#endif
#ifdef FUSEGRAD_KERNELS
  const std::vector<float> inputs(4 * 64, 0.5f);
  const std::vector<std::int32_t> labels{0, 1, 2, 3};
  const std::vector<std::uint32_t> order{0, 1, 2, 3};
  const double loss = loss_after_a_step(inputs, labels, order);
  if (!(std::abs(loss - 2.3) < 1)) return 1;
#endif
  std::cout << "consumer: " << model.parameter_count() << " parameters\n";
}
