// SPDX-License-Identifier: MIT
// A layer of one's own in one file: a highway layer (Srivastava et al. 2015). For each unit a learned gate decides how
// much of the new value it takes and how much of the old one it lets through: y = gate h + (1 - gate) x.
#include <cstdint>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <string_view>
#include <vector>
namespace fg = fusegrad;

// An empty class. It says what it is called, which shape it makes, and which operations it consists of. The library
// derives the backward pass, plans the memory and fuses what can be fused.
struct highway_layer : fg::layer {
  static constexpr std::string_view name = "highway";

  // Takes vectors only. Where `required_shape` differs from what comes in, the compiler stops with both shapes.
  static constexpr fg::tensor::extents required_shape(fg::tensor::extents got) {
    return fg::tensor::vector_of(got.size());
  }
  static constexpr fg::tensor::extents output_shape(fg::tensor::extents in) { return in; }

  static constexpr fg::row emit(fg::emitter& e, const fg::row& x) {
    const std::size_t n = x.width();
    const auto weight = e.parameter("weight", fg::tensor::matrix_of(n, n), fg::init::glorot_normal());
    const auto gate_weight = e.parameter("gate.weight", fg::tensor::matrix_of(n, n), fg::init::glorot_normal());
    const auto gate_bias =
        e.parameter("gate.bias", fg::tensor::vector_of(n), fg::init::constant(-1)); // starts nearly closed
    return e.map(
        [](auto h, auto g, auto bias, auto old) {
          const auto gate = sigmoid(g + bias);
          return gate * tanh(h) + (1 - gate) * old;
        },
        e.matrix_product(x, weight), e.matrix_product(x, gate_weight), gate_bias, x);
  }
};
inline constexpr highway_layer highway{};

constexpr auto network = fg::input<2> | fg::dense<8> | highway | highway | fg::dense<1>;
static_assert(network.parameter_count() == 24 + 2 * (64 + 64 + 8) + 9);

int main() {
  const std::vector<float> inputs{0, 0, 0, 1, 1, 0, 1, 1};
  const std::vector<std::int32_t> labels{0, 1, 1, 0};
  const auto samples = fg::data::dataset<float>::from_labels(inputs, 2, labels, 2);

  fg::trainer trainer{network, fg::binary_cross_entropy, fg::adam{.learning_rate = 0.03}};
  for (const std::string& parameter : trainer.parameter_names()) std::printf("%s\n", parameter.c_str());
  // prints: 0.weight
  // prints: 0.bias
  // prints: 1.weight
  // prints: 1.gate.weight
  // prints: 1.gate.bias
  // prints: 2.weight
  trainer.fit(samples, {.epochs = 300, .batch_size = 4, .progress = fg::progress_style::silent});
  for (float logit : trainer.predict(inputs)) std::printf("%.2f\n", fg::sigmoid(logit));
  // prints: 0 +- 0.1
  // prints: 1 +- 0.1
  // prints: 1 +- 0.1
  // prints: 0 +- 0.1
  return trainer.evaluate(samples).accuracy == 1.0 ? 0 : 1;
}
