// SPDX-License-Identifier: MIT
// test-arguments: --quick
// Fifty layers of sigmoid do not learn. `inspect::health` says why, in words, and what helps; the advice taken, they
// do.
#include <fusegrad/fusegrad.hpp>

#include <cstdio>
#include <cstring>
#include <string>

namespace fg = fusegrad;

constexpr auto plain = fg::input<64> | fg::repeat<50>(fg::dense<32> | fg::sigmoid) | fg::dense<10>;
constexpr auto advised = fg::input<64> | fg::repeat<50>(fg::dense<32> | fg::batch_norm | fg::sigmoid) | fg::dense<10>;

int main(int count, char** arguments) {
  const bool quick = count > 1 && std::strcmp(arguments[1], "--quick") == 0;
  auto [train, test] = fg::data::digits().split(0.8, /*seed=*/1);

  fg::trainer sick{plain, fg::softmax_cross_entropy, fg::adam{.learning_rate = 3e-3f}};
  fg::inspect::health health{sick};
  sick.fit(train, {.epochs = 3, .batch_size = 64, .validation = &test}, health);
  std::printf("\n%s\n", health.to_string().c_str());
  health.save_csv("deep_sigmoid.csv");
  fg::inspect::save_html(fg::inspect::to_page(health.log()), "Fifty layers of sigmoid", "deep_sigmoid.html");

  fg::trainer healthy{advised, fg::softmax_cross_entropy, fg::adam{.learning_rate = 3e-3f}};
  const fg::history course = healthy.fit(train, {.epochs = quick ? 6u : 30u,
                                                 .batch_size = 64,
                                                 .validation = &test,
                                                 .learning_rate_schedule = fg::schedule::cosine()});
  const double before = sick.evaluate(test).accuracy, after = course.records.back().validation_accuracy;
  std::printf("\nof the test digits %.1f %% are read right; with batch normalisation, as advised, %.1f %%\n",
              100 * before, 100 * after);
  // prints: of the test digits 11.4 +- 3 % are read right; with batch normalisation, as advised, 84 +- 8 %
  // One digit in ten is what guessing reads.
  const bool has_said_so = !health.log().findings().empty() &&
                           health.log().findings().front().illness == fg::inspect::illness::vanishing_gradient;
  return has_said_so && before < 0.2 && after > 0.5 ? 0 : 1;
}
