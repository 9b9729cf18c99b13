// SPDX-License-Identifier: MIT
// A loss of one's own: a function of prediction and target. Here the one that finds a quantile instead of the mean.
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <vector>
namespace fg = fusegrad;

// "Pinball" loss: too low costs 0.9, too high 0.1, so the best prediction is the value that 90 % stay below.
constexpr auto ninth_decile = fg::loss([](auto prediction, auto target) {
  auto e = target - prediction;
  return max(0.9 * e, -0.1 * e);
});

// A loss is a function like any other, and can be called.
static_assert(ninth_decile(1.0, 2.0) == 0.9 && ninth_decile(2.0, 1.0) == 0.1);

constexpr auto network = fg::input<1> | fg::dense<1>;

int main() {
  // Targets spread evenly over [0, 1), whatever the input.
  constexpr std::size_t count = 2000;
  const fg::base::random_stream random(7);
  std::vector<float> x(count, 0.0f), y(count);
  for (std::size_t i = 0; i < count; ++i) y[i] = random.uniform<float>(i);
  const auto samples = fg::data::dataset<float>::from_targets(x, 1, y, 1);

  // A penalty is added to any loss with +.
  fg::trainer trainer{network, ninth_decile + fg::l2<1e-4>, fg::sgd{.learning_rate = 0.05}};
  trainer.fit(samples, {.epochs = 60,
                        .batch_size = 50,
                        .learning_rate_schedule = fg::schedule::cosine(0.01),
                        .progress = fg::progress_style::silent});

  const float predicted = trainer.predict(std::vector<float>{0.0f})[0];
  std::printf("90 %% of the targets lie below %.3f\n", predicted);
  // prints: 90 % of the targets lie below 0.9 +- 0.02
  return predicted > 0.87f && predicted < 0.93f ? 0 : 1;
}
