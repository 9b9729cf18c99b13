// SPDX-License-Identifier: MIT
#include "laws/models.hpp"
#include "laws/train/allocations.hpp"
#include "laws/train/plain_pass.hpp"
#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fusegrad/io/save.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/layer_norm.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <numeric>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using fusegrad::test::allocations_of;
using fusegrad::test::number;
using fusegrad::test::plain_pass;
using fusegrad::test::says;
using fusegrad::test::table;

// Everything that a layer can ask of a training step, once: the batch, random numbers, states, terms of the loss.
constexpr auto model = fg::input<5> | fg::dense<9> | fg::batch_norm | fg::relu | fg::dropout<0.3> | fg::dense<6> |
                       fg::layer_norm | fg::rrelu<> | fg::sigmoid | fg::kl_sparsity<0.2, 0.1> | fg::dense<6> |
                       fg::residual(fg::dense<6> | fg::batch_norm.without_gain_and_shift() | fg::tanh) | fg::rms_norm;
using model_type = std::remove_cv_t<decltype(model)>;

table outputs_of_model(plain_pass& p, const table& inputs) {
  table x = p.dropout(p.relu(p.batch_norm(p.dense(inputs, "0"), "1")), 0.3L, 0);
  x = p.rrelu(p.layer_norm(p.dense(x, "4"), "5"), 1.0L / 8, 1.0L / 3, 1);
  x = p.dense(p.kl_sparsity(p.each(x, [](number v) { return 1 / (1 + std::exp(-v)); }), 0.2L, 0.1L), "9");
  const table body =
      p.each(p.batch_norm(p.dense(x, "10.body.0"), "10.body.1", false), [](number v) { return std::tanh(v); });
  for (std::size_t s = 0; s < x.size(); ++s)
    for (std::size_t k = 0; k < x[s].size(); ++k) x[s][k] += body[s][k];
  return p.rms_norm(x, "11");
}

constexpr auto loss = fg::mean_squared_error;
using loss_type = std::remove_cv_t<decltype(loss)>;
constexpr std::size_t most_samples = 100;

/// Numbers from -1 to 1 without a pattern.
std::vector<double> scattered(std::size_t count, std::uint64_t seed) {
  std::vector<double> out(count);
  for (double& x : out) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    x = static_cast<double>(seed >> 40) / static_cast<double>(1u << 23) - 1;
  }
  return out;
}

struct data {
  std::vector<double> inputs = scattered(most_samples * model.input_size(), 1),
                      targets = scattered(most_samples * model.output_size(), 2);
  [[nodiscard]] auto view() const {
    return fg::with_targets<double>(inputs, model.input_size(), targets, model.output_size());
  }
};

std::vector<std::uint32_t> first(std::size_t count) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

auto make_trainer(fg::training_options<double> options = {}, fg::adamw rule = {.learning_rate = 0.02}) {
  return fg::trainer<model_type, loss_type, fg::adamw, double>(model, loss, rule, options);
}
using trainer_type = decltype(make_trainer());

template <class Trainer> std::vector<double> numbers_of(const Trainer& trainer) {
  const auto packed = trainer.parameters().packed();
  return {packed.begin(), packed.end()};
}

/// Some steps, so that gains, shifts and states are no longer what they were at the start.
trainer_type trained(int steps = 5, int threads = 1, std::size_t batch = 33,
                     fg::training_options<double> options = {}) {
  options.seed = 7, options.threads = threads;
  trainer_type trainer = make_trainer(options);
  const data d;
  for (int i = 0; i < steps; ++i) trainer.step(d.view(), first(batch));
  return trainer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_normalisation, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(loss_gradient_and_next_states_are_those_of_plain_loops) {
  const trainer_type trainer = trained();
  const data d;
  for (const std::size_t batch : {2u, 17u, 33u}) {
    fg::gradients<model_type, loss_type, double> gradients(model, loss, batch);
    gradients.use_random_numbers(11, 3);
    const double found = gradients.compute(trainer.parameters(), d.view(), first(batch)).loss;
    plain_pass plain(trainer, true, 11, 3);
    const auto loss_of_plain_loops = [&] { return plain.loss_of(outputs_of_model, d.inputs, 5, d.targets, batch); };
    const number expected = loss_of_plain_loops();
    BOOST_TEST(std::abs(found - static_cast<double>(expected)) <= 1e-13 * (1 + std::abs(found)));
    const auto next = plain.next;
    for (const std::string& name : trainer.parameter_names()) {
      const std::vector<double> of_library = gradients.read(name);
      for (std::size_t i = 0; i < of_library.size(); ++i) {
        const number slope = next.contains(name) ? next.at(name)[i] : plain.slope(name, i, loss_of_plain_loops);
        BOOST_TEST(std::abs(of_library[i] - static_cast<double>(slope)) <= 1e-9 * (1 + std::abs(of_library[i])),
                   "batch " << batch << ", " << name << " " << i << ": " << of_library[i] << ", expected " << slope);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_bits_on_any_number_of_threads) {
  for (const std::size_t batch : {2u, 7u, 64u, 100u}) {
    const auto expected = numbers_of(trained(4, 1, batch));
    for (const int threads : {2, 3, 7})
      BOOST_TEST(numbers_of(trained(4, threads, batch)) == expected, threads << " threads, batch " << batch);
    BOOST_TEST(numbers_of(trained(5, 1, batch)) != expected);
  }
}

BOOST_AUTO_TEST_CASE(random_numbers_are_new_in_each_step_and_come_again_with_the_seed) {
  const trainer_type trainer = trained();
  const data d;
  fg::gradients<model_type, loss_type, double> gradients(model, loss, 64);
  const auto loss_at = [&](std::uint64_t seed, std::uint64_t step) {
    gradients.use_random_numbers(seed, step);
    return gradients.compute(trainer.parameters(), d.view(), first(64)).loss;
  };
  const double once = loss_at(1, 0), next = gradients.compute(trainer.parameters(), d.view(), first(64)).loss;
  BOOST_TEST(gradients.random_step() == 2u);
  BOOST_TEST(once != next);
  BOOST_TEST(loss_at(1, 1) == next);
  BOOST_TEST(loss_at(1, 0) == once);
  BOOST_TEST(loss_at(2, 0) != once);
}

BOOST_AUTO_TEST_CASE(memory_that_is_taken_again_changes_no_mask) {
  const data d;
  trainer_type grown = make_trainer({.seed = 7, .threads = 1}),
               whole = make_trainer({.seed = 7, .largest_batch = 90, .threads = 1});
  for (const std::size_t batch : {3u, 50u, 20u, 90u}) {
    grown.step(d.view(), first(batch));
    whole.step(d.view(), first(batch));
  }
  BOOST_TEST(numbers_of(grown) == numbers_of(whole));
}

BOOST_AUTO_TEST_CASE(inference_uses_states_and_drops_nothing) {
  const trainer_type trainer = trained();
  const data d;
  plain_pass plain(trainer, false);
  const table expected = outputs_of_model(plain, plain.rows_of(d.inputs, 5, most_samples));
  const auto folded = trainer.inference();
  const fg::inference<model_type, double> as_written(trainer.parameters());
  std::vector<double> together = trainer.predict(d.inputs), unfolded(together.size());
  fg::inference<model_type, double>::workspace memory;
  as_written.predict(d.inputs, unfolded, memory);
  for (std::size_t s = 0; s < most_samples; ++s) {
    const auto sample = std::span<const double>(d.inputs).subspan(s * 5).first<5>();
    const auto alone = folded(sample), alone_unfolded = as_written(sample);
    for (std::size_t k = 0; k < alone.size(); ++k)
      for (const double found :
           {together[s * alone.size() + k], unfolded[s * alone.size() + k], alone[k], alone_unfolded[k]})
        BOOST_TEST(std::abs(found - static_cast<double>(expected[s][k])) <= 1e-12 * (1 + std::abs(found)),
                   "sample " << s << ": " << found << ", expected " << expected[s][k]);
  }
  BOOST_TEST(plain.next.empty());
}

BOOST_AUTO_TEST_CASE(evaluation_is_inference) {
  const trainer_type trainer = trained();
  const data d;
  const std::vector<double> outputs = trainer.predict(d.inputs);
  double sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) sum += (outputs[i] - d.targets[i]) * (outputs[i] - d.targets[i]);
  const double found = trainer.evaluate(d.view()).loss;
  BOOST_TEST(std::abs(found - sum / static_cast<double>(outputs.size())) <= 1e-12);
  BOOST_TEST(trainer.evaluate(d.view()).loss == found);
}

BOOST_AUTO_TEST_CASE(states_are_saved_and_loaded_by_name) {
  const trainer_type trainer = trained();
  const auto names = trainer.parameter_names();
  for (const char* name : {"1.running_mean", "1.running_var", "10.body.1.running_mean", "10.body.1.running_var"})
    BOOST_TEST((std::find(names.begin(), names.end(), name) != names.end()), name);
  BOOST_TEST(trainer.read("1.running_mean") != std::vector<double>(9, 0.0));
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("fusegrad_states_" + std::to_string(getpid()) + ".safetensors");
  fg::io::save(trainer, file);
  trainer_type loaded = make_trainer({.seed = 99});
  fg::io::load(loaded, file);
  std::filesystem::remove(file);
  BOOST_TEST(numbers_of(loaded) == numbers_of(trainer));
}

BOOST_AUTO_TEST_CASE(a_batch_of_one_is_refused_and_nothing_changes) {
  trainer_type trainer = trained(), untouched = trained();
  const data d;
  BOOST_CHECK_EXCEPTION(trainer.step(d.view(), first(1)), std::invalid_argument,
                        says("at least 2 samples; 1 was given"));
  BOOST_TEST(numbers_of(trainer) == numbers_of(untouched));
  // Nor has the step been counted, by the update rule or by the random numbers.
  trainer.step(d.view(), first(20)), untouched.step(d.view(), first(20));
  BOOST_TEST(numbers_of(trainer) == numbers_of(untouched));
}

BOOST_AUTO_TEST_CASE(a_fit_that_would_end_in_a_batch_of_one_makes_no_step) {
  trainer_type trainer = trained();
  const auto before = numbers_of(trainer);
  const data d;
  for (const std::size_t batch : {33u, 9u, 3u})
    BOOST_CHECK_EXCEPTION(
        trainer.fit(d.view(), {.epochs = 1, .batch_size = batch, .progress = fg::progress_style::silent}),
        std::invalid_argument, says("leave one sample over"));
  BOOST_CHECK_THROW(trainer.fit(d.view(), {.epochs = 1, .batch_size = 1, .progress = fg::progress_style::silent}),
                    std::invalid_argument);
  BOOST_TEST(numbers_of(trainer) == before);
  trainer.fit(d.view(), {.epochs = 1, .batch_size = 98, .progress = fg::progress_style::silent});
  BOOST_TEST(numbers_of(trainer) != before);
}

BOOST_AUTO_TEST_CASE(states_are_set_and_never_decay) {
  const data d;
  for (const double clip : {1e-4, std::numeric_limits<double>::infinity()}) {
    trainer_type trainer = make_trainer({.seed = 7, .threads = 1, .clip_norm = clip, .max_norm = 0.5},
                                        {.learning_rate = 0.1, .weight_decay = 0.9});
    const auto gain = trainer.read("1.weight");
    plain_pass plain(trainer, true, 7, 0);
    plain.loss_of(outputs_of_model, d.inputs, 5, d.targets, 40);
    trainer.step(d.view(), first(40));
    BOOST_TEST(plain.next.size() == 4u);
    for (const auto& [name, next] : plain.next) {
      const std::vector<double> found = trainer.read(name);
      for (std::size_t i = 0; i < next.size(); ++i)
        BOOST_TEST(std::abs(found[i] - static_cast<double>(next[i])) <= 1e-13, name << " " << i);
    }
    BOOST_TEST(trainer.read("1.weight") != gain);
  }
}

// As PyTorch does it: the second use starts from what the first has left.
BOOST_AUTO_TEST_CASE(a_shared_layer_updates_its_states_once_for_each_use) {
  constexpr auto norm = fg::shared<"norm">(fg::batch_norm.without_gain_and_shift());
  fg::trainer trainer{fg::input<1> | norm | norm | fg::dense<1>, fg::mean_squared_error, fg::sgd{},
                      fg::training_options<double>{}};
  const std::vector<double> inputs{1, 3}, targets{0, 0};
  trainer.step(fg::with_targets<double>(inputs, 1, targets, 1), first(2));
  BOOST_TEST(std::abs(trainer.read("norm.running_mean")[0] - 0.9 * 0.1 * 2) < 1e-12);
  BOOST_TEST(std::abs(trainer.read("norm.running_var")[0] - (0.9 * (0.9 + 0.1 * 2) + 0.1 * 2 / (1 + 1e-5))) < 1e-12);
}

BOOST_AUTO_TEST_CASE(no_allocation_after_construction) {
  const data d;
  const auto indices = first(64);
  for (const int threads : {1, 2}) {
    trainer_type trainer =
        make_trainer({.largest_batch = 64, .threads = threads, .clip_norm_of_each = 0.5, .max_norm = 2.0});
    const auto samples = d.view();
    BOOST_TEST(allocations_of([&] {
                 for (std::size_t i = 0; i < 70; ++i) trainer.step(samples, std::span(indices).first(2 + i % 63));
               }) == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
