// SPDX-License-Identifier: MIT
// Whether a batch is cut as it should be: each net and batch is trained with the plan's own number of slices and rows
// of a chunk, and with others, in turns. Says where the plan was more than 10 % slower than the best of them: the two
// are then timed once more, by themselves.
#include "nets.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fusegrad/training.hpp>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;
using fusegrad::execution::prescribed_cut;

constexpr double worth_saying = 1.1;
constexpr double seconds_of_a_turn = 1.5e-3;

struct measured_loss : std::remove_const_t<decltype(fg::mean_squared_error)> {
  static inline prescribed_cut cut{};
};

struct settings {
  int rounds = 25;
  std::vector<int> threads{1, 2};
  std::string only;
  bool lists_all = false;
};

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// What was tried with one net, batch and number of threads; the first is the plan's choice.
struct trial {
  prescribed_cut cut;
  double best = 1e9;
};

std::vector<prescribed_cut> cuts_for(std::size_t batch, std::size_t planned_slices, std::size_t planned_rows) {
  std::vector<prescribed_cut> cuts{{}};
  for (std::size_t slices = 1; slices <= fg::execution::most_slices && slices * 8 <= batch; slices *= 2)
    for (std::size_t rows = planned_rows < 64 ? 16 : 64; rows <= fg::execution::most_prescribed_rows; rows *= 2) {
      if (slices != planned_slices || rows != planned_rows) cuts.push_back({slices, rows});
      if (rows >= batch / slices) break; // all chunks beyond a slice are alike
    }
  return cuts;
}

template <class Step> double seconds_of(Step& step, std::size_t steps) {
  const double begin = now();
  for (std::size_t i = 0; i < steps; ++i) step();
  return (now() - begin) / static_cast<double>(steps);
}

trial* best_of(std::vector<trial>& trials) {
  return &*std::min_element(trials.begin(), trials.end(),
                            [](const trial& a, const trial& b) { return a.best < b.best; });
}

/// One line of the table. Gives back how many times as long as the best the plan takes.
double report(const char* name, std::size_t batch, int threads, const fg::plan::training_schedule& planned,
              std::vector<trial>& trials) {
  const trial& own = trials.front();
  const trial& best = *best_of(trials);
  const double ratio = own.best / best.best;
  const std::size_t slices = best.cut.slices != 0 ? best.cut.slices : planned.slices.count,
                    rows = best.cut.chunk_rows != 0 ? best.cut.chunk_rows : planned.chunk_rows;
  std::printf("| %s | %zu | %d | %zu x %zu | %.1f | %zu x %zu | %.1f | %.2f%s |\n", name, batch, threads,
              planned.slices.count, planned.chunk_rows, own.best * 1e6, slices, rows, best.best * 1e6, ratio,
              ratio > worth_saying ? " wrong" : "");
  std::fflush(stdout);
  return ratio;
}

template <class Model>
std::size_t measure(const char* name, Model, std::size_t batch, int threads, const settings& how) {
  constexpr std::size_t in = Model::input_size(), out = Model::output_size();
  std::vector<float> inputs(batch * in), targets(batch * out);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(i * 7919 % 2001) / 1000.f - 1;
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = static_cast<float>(i * 104'729 % 2001) / 1000.f - 1;
  std::vector<std::uint32_t> order(batch);
  std::iota(order.begin(), order.end(), 0u);

  measured_loss::cut = {};
  const auto trainer = std::make_unique<fg::trainer<Model, measured_loss, fg::sgd>>(
      Model{}, measured_loss{}, fg::sgd{.learning_rate = 1e-5},
      fg::training_options<float>{.largest_batch = batch, .threads = threads});
  const auto samples = fg::with_targets<float>(inputs, in, targets, out);
  const auto step = [&] { trainer->step(samples, order); };

  const fg::plan::training_schedule planned = Model::plan().schedule(batch);
  std::vector<trial> trials;
  for (const prescribed_cut& cut : cuts_for(batch, planned.slices.count, planned.chunk_rows)) trials.push_back({cut});
  seconds_of(step, 3);
  const auto steps = static_cast<std::size_t>(1 + seconds_of_a_turn / seconds_of(step, 3));
  const auto take_turns = [&](std::span<trial* const> all, int count) {
    for (int round = 0; round < count; ++round)
      for (trial* t : all) {
        measured_loss::cut = t->cut;
        step();
        t->best = std::min(t->best, seconds_of(step, steps));
      }
  };
  std::vector<trial*> all;
  for (trial& t : trials) all.push_back(&t);
  take_turns(all, how.rounds);
  if (trial* const best = best_of(trials); trials.front().best > worth_saying * best->best) {
    trials.front().best = best->best = 1e9;
    trial* const both[] = {&trials.front(), best};
    take_turns(both, 4 * how.rounds);
  }
  if (how.lists_all)
    for (const trial& t : trials) std::printf("  %zu x %zu: %.1f us\n", t.cut.slices, t.cut.chunk_rows, t.best * 1e6);
  return report(name, batch, threads, planned, trials) > worth_saying ? 1 : 0;
}

} // namespace

int main(int count, char** arguments) {
  settings how;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string option = arguments[i];
    if (option == "--rounds")
      how.rounds = std::atoi(arguments[i + 1]);
    else if (option == "--threads")
      how.threads = {std::atoi(arguments[i + 1])};
    else if (option == "--net")
      how.only = arguments[i + 1];
    else if (option == "--all")
      how.lists_all = std::atoi(arguments[i + 1]) != 0;
    else
      return std::printf("usage: benchmark_cuts [--rounds N] [--threads N] [--net NAME] [--all 1]\n"), 2;
  }
  std::printf("| net | batch | threads | plan: slices x rows | us | best: slices x rows | us | plan/best |\n"
              "|-|-|-|-|-|-|-|-|\n");
  std::size_t wrong = 0, all = 0;
  benchmarks::each_net([&](const char* name, auto model, std::initializer_list<std::size_t> batches) {
    if (!how.only.empty() && how.only != name) return;
    for (std::size_t batch : batches)
      for (int threads : how.threads) wrong += measure(name, model, batch, threads, how), ++all;
  });
  std::printf("The plan was more than 10 %% slower than the best in %zu of %zu.\n", wrong, all);
}
