// SPDX-License-Identifier: MIT
// Topology beyond the chain: residual blocks, branches, groups of units, on the digits that come with the library.
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
namespace fg = fusegrad;

// Defined once, used three times: each use has weights of its own.
constexpr auto wide_block = fg::residual(fg::dense<32> | fg::silu | fg::dense<32>);

constexpr auto network = fg::input<64> | fg::dense<32> | fg::silu | wide_block | wide_block |
                         fg::named<"last_block">(wide_block) | fg::branch(fg::dense<16>, fg::dense<16> | fg::tanh) |
                         fg::concat                                                   // side by side: 32 again
                         | fg::groups(fg::on<16>(fg::relu), fg::on<16>(fg::identity)) // a part each
                         | fg::dense<10>;

int main() {
  const auto [train, test] = fg::data::digits().split(0.8, /*seed=*/1);

  fg::trainer trainer{network, fg::softmax_cross_entropy.label_smoothing(0.1), fg::adamw{.learning_rate = 3e-3}};
  for (const std::string& name : trainer.parameter_names())
    std::printf("%s\n", name.c_str()); // as PyTorch would number them
  // prints: 0.weight
  // prints: 2.body.0.weight
  // prints: 3.body.2.bias
  // prints: last_block.body.0.weight
  // prints: 5.1.0.weight
  // prints: 8.bias
  trainer.fit(train, {.epochs = 15,
                      .batch_size = 32,
                      .learning_rate_schedule = fg::schedule::warm_up(50, fg::schedule::cosine()),
                      .progress = fg::progress_style::silent});

  const fg::evaluation e = trainer.evaluate(test);
  std::printf("accuracy %.4f on digits not seen in training\n", e.accuracy);
  // prints: accuracy 0.965 +- 0.02 on digits not seen in training
  return e.accuracy > 0.95 ? 0 : 1;
}
