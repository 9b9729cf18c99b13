// SPDX-License-Identifier: MIT
#include <fusegrad/training.hpp>

#include "support/classified_rows.hpp"

#include <span>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr std::size_t features = 11;
constexpr auto heads = fg::input<features> | fg::dense<13> | fg::tanh |
                       fg::branch(fg::dense<5>, fg::dense<7> | fg::silu | fg::dense<2>, fg::dense<1>);
constexpr auto loss = fg::losses(fg::softmax_cross_entropy.label_smoothing(0.1),
                                 0.3 * fg::huber + 0.1 * fg::mean_absolute_error, 2.5 * fg::binary_cross_entropy);

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  const parity::classified_rows rows(io, features);
  const auto numbers = io.numbers<double>("numbers"), answers = io.numbers<double>("answers");
  const auto samples = rows.samples().and_targets(numbers, 2).and_targets(answers, 1);
  fg::trainer trainer{heads, loss, fg::adam{.learning_rate = 0.01}, fg::training_options<double>{}};
  rows.set(trainer);
  const fg::evaluation before = trainer.evaluate(samples);
  io.write("losses", std::vector{before.loss, before.outputs[0].loss, before.outputs[1].loss, before.outputs[2].loss});
  for (int step = 0; step < 10; ++step) trainer.step(samples, rows.indices());
  rows.report("trained", trainer);
}
