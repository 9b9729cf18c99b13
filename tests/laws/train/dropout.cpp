// SPDX-License-Identifier: MIT
#include "laws/models.hpp"
#include "laws/train/allocations.hpp"
#include "laws/train/plain_pass.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/layer_norm.hpp>
#include <fusegrad/model/network_plan.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <map>
#include <numeric>
#include <vector>

namespace {

using fusegrad::test::number;
using fusegrad::test::plain_pass;
using fusegrad::test::table;

constexpr auto model = fg::input<3> | fg::dense<7> | fg::layer_norm | fg::tanh | fg::dropout<0.4> | fg::dense<2>;
using model_type = std::remove_cv_t<decltype(model)>;
constexpr double strength = 0.01;
constexpr auto loss = fg::mean_squared_error + fg::l2<strength>;
using loss_type = std::remove_cv_t<decltype(loss)>;
using trainer_type = fg::trainer<model_type, loss_type, fg::sgd, double>;

table outputs_of_model(plain_pass& p, const table& inputs) {
  return p.dense(
      p.dropout(p.each(p.layer_norm(p.dense(inputs, "0"), "1"), [](number v) { return std::tanh(v); }), 0.4L, 0), "4");
}

template <std::size_t Count> constexpr std::array<double, Count> points() {
  std::array<double, Count> out{};
  for (std::size_t i = 0; i < Count; ++i) out[i] = static_cast<double>((i * 7919 + 13) % 101) / 50 - 1;
  return out;
}
constexpr std::size_t few = 20;
constexpr auto inputs = points<few * 3>();
constexpr auto targets = points<few * 2>();

constexpr auto samples() { return fg::with_targets<double>(inputs, 3, targets, 2); }

std::vector<std::uint32_t> first(std::size_t count) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}
/// The same few samples again and again, each time in another place.
std::vector<std::uint32_t> many(std::size_t count) {
  std::vector<std::uint32_t> indices(count);
  for (std::size_t i = 0; i < count; ++i) indices[i] = static_cast<std::uint32_t>(i % few);
  return indices;
}

using numbers = std::vector<double>;
using by_name = std::map<std::string, numbers>;

/// All parameters, or the gradient of all.
template <class Store> by_name all_of(const Store& store) {
  by_name out;
  for (const std::string& name : trainer_type::parameter_names()) out[name] = store.read(name);
  return out;
}
double norm_of(const numbers& x) { return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0)); }

/// One step at learning rate 1: what the gradient was, and what was taken from the weights.
struct one_step {
  by_name before, gradient, after;

  explicit one_step(fg::training_options<double> options) {
    options.seed = 3, options.threads = 1;
    trainer_type trainer(model, loss, {.learning_rate = 1}, options);
    before = all_of(trainer);
    fg::gradients<model_type, loss_type, double> gradients(model, loss, few);
    gradients.use_random_numbers(3);
    gradients.compute(trainer.parameters(), samples(), first(few));
    gradient = all_of(gradients);
    for (const char* matrix : {"0.weight", "4.weight"})
      for (std::size_t i = 0; i < before[matrix].size(); ++i) gradient[matrix][i] += strength * before[matrix][i];
    trainer.step(samples(), first(few));
    after = all_of(trainer);
  }

  void check(const by_name& expected_step) {
    for (const auto& [name, step] : expected_step)
      for (std::size_t i = 0; i < step.size(); ++i)
        BOOST_TEST(std::abs(before[name][i] - after[name][i] - step[i]) <= 1e-12, name << " " << i);
  }
};

/// As PyTorch's clip_grad_norm_ does it.
double scale_to(double most, double norm) { return norm > most ? most / (norm + 1e-6) : 1; }

struct state_after_steps {
  std::array<double, model.parameter_count() + 3> numbers{};
};
constexpr state_after_steps train_a_little() {
  trainer_type trainer(model, loss, {.learning_rate = 0.1}, {.seed = 4, .largest_batch = 5, .threads = 1});
  const std::array<std::uint32_t, 5> indices{0, 1, 2, 3, 4};
  state_after_steps out;
  std::size_t next = 0;
  for (int step = 0; step < 3; ++step) out.numbers[next++] = trainer.step(samples(), indices).loss;
  for (const fg::execution::parameter_place& p :
       fg::plan::compiled<model_type, fg::plan::no_loss, fg::plan::purpose::predict, double>::value.parameters)
    for (std::size_t o = 0; o < p.out; ++o)
      for (std::size_t i = 0; i < p.in; ++i)
        out.numbers[next++] = trainer.parameters().packed()[fg::execution::packed_index<double>(p, o, i)];
  return out;
}
constexpr state_after_steps by_the_compiler = train_a_little();

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_dropout, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(masks_follow_from_the_place_in_the_batch_in_any_number_of_lanes) {
  const trainer_type trainer(model, loss, {}, {.seed = 5});
  for (const std::size_t batch : {std::size_t{1}, std::size_t{20}, std::size_t{40001}}) {
    const auto indices = many(batch);
    std::vector<double> plain_inputs, plain_targets;
    for (const std::uint32_t i : indices) {
      for (std::size_t k = 0; k < 3; ++k) plain_inputs.push_back(inputs[i * 3 + k]);
      for (std::size_t k = 0; k < 2; ++k) plain_targets.push_back(targets[i * 2 + k]);
    }
    plain_pass plain(trainer, true, 8, 6);
    const auto loss_of_plain_loops = [&] {
      return plain.loss_of(outputs_of_model, plain_inputs, 3, plain_targets, batch);
    };
    const auto expected = static_cast<double>(loss_of_plain_loops());
    fg::gradients<model_type, loss_type, double> gradients(model, loss, batch, 2);
    gradients.use_random_numbers(8, 6);
    BOOST_TEST(std::abs(gradients.compute(trainer.parameters(), samples(), indices).loss - expected) <=
               1e-13 * (1 + expected));
    BOOST_TEST((gradients.slice_count() > 1) == (batch > 1000), gradients.slice_count() << " lanes");
    for (const char* name : {"0.weight", "1.weight", "4.weight"}) {
      const numbers found = gradients.read(name);
      for (std::size_t i = 0; i < found.size(); i += 8)
        BOOST_TEST(std::abs(found[i] - static_cast<double>(plain.slope(name, i, loss_of_plain_loops))) <=
                       1e-9 * (1 + std::abs(found[i])),
                   "batch " << batch << ", " << name << " " << i);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_bits_on_any_number_of_threads) {
  for (const std::size_t batch : {1u, 7u, 333u, 40001u}) {
    const auto indices = many(batch);
    const auto trained_on = [&](int threads) {
      trainer_type trainer(model, loss, {.learning_rate = 0.1}, {.seed = 3, .threads = threads});
      for (int i = 0; i < 5; ++i) trainer.step(samples(), indices);
      return all_of(trainer);
    };
    const auto expected = trained_on(1);
    for (const int threads : {2, 3, 7})
      BOOST_TEST((trained_on(threads) == expected), threads << " threads, batch " << batch);
  }
}

BOOST_AUTO_TEST_CASE(a_mask_keeps_the_mean) {
  // The output of a dropped unit is 0 or x / (1 - rate): over many places in a batch the mean loss gradient of the last
  // bias is that without masks.
  const trainer_type trainer(model, loss, {}, {.seed = 5});
  const auto indices = many(20000);
  fg::gradients<model_type, loss_type, double> gradients(model, loss, indices.size(), 2);
  gradients.compute(trainer.parameters(), samples(), indices);
  const numbers found = gradients.read("4.bias");
  const auto outputs = trainer.predict(inputs);
  for (std::size_t k = 0; k < 2; ++k) {
    double expected = 0;
    for (std::size_t s = 0; s < few; ++s) expected += (outputs[s * 2 + k] - targets[s * 2 + k]) / few;
    BOOST_TEST(std::abs(found[k] - expected) <= 0.05);
  }
}

BOOST_AUTO_TEST_CASE(constant_expressions_draw_the_same_masks) {
  const state_after_steps found = train_a_little();
  BOOST_TEST(by_the_compiler.numbers[0] > 0);
  BOOST_TEST(by_the_compiler.numbers[0] != by_the_compiler.numbers[1]);
  for (std::size_t i = 0; i < found.numbers.size(); ++i)
    BOOST_TEST(std::abs(found.numbers[i] - by_the_compiler.numbers[i]) <=
                   1e-12 * std::max(0.1, std::abs(found.numbers[i])),
               "number " << i);
}

BOOST_AUTO_TEST_CASE(inference_is_the_identity) {
  const trainer_type trainer(model, loss, {}, {.seed = 5});
  plain_pass plain(trainer, false);
  const table expected = outputs_of_model(plain, plain.rows_of(inputs, 3, few));
  const auto net = trainer.inference();
  const auto together = trainer.predict(inputs);
  for (std::size_t s = 0; s < few; ++s) {
    const auto alone = net(std::span<const double>(inputs).subspan(s * 3).first<3>());
    for (std::size_t k = 0; k < 2; ++k)
      for (const double found : {alone[k], together[s * 2 + k]})
        BOOST_TEST(std::abs(found - static_cast<double>(expected[s][k])) <= 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(a_penalty_on_weights_spares_gains_and_biases) {
  one_step step({});
  step.check(step.gradient); // which has the penalty of the two matrices, and of nothing else
}

BOOST_AUTO_TEST_CASE(each_gradient_is_clipped_to_a_norm) {
  one_step step({.clip_norm_of_each = 0.3});
  by_name expected = step.gradient;
  std::size_t clipped = 0;
  for (auto& [name, gradient] : expected) {
    const double scale = scale_to(0.3, norm_of(gradient));
    clipped += scale < 1;
    for (double& x : gradient) x *= scale;
  }
  BOOST_TEST((clipped > 0 && clipped < expected.size()), clipped << " of " << expected.size());
  step.check(expected);
}

BOOST_AUTO_TEST_CASE(the_whole_gradient_is_clipped_to_a_norm_and_its_entries_to_a_value) {
  one_step step({.clip_norm_of_each = 0.3, .clip_norm = 0.05, .clip_value = 0.01});
  by_name expected = step.gradient;
  double square = 0;
  for (auto& [name, gradient] : expected) {
    const double scale = scale_to(0.3, norm_of(gradient));
    for (double& x : gradient) x *= scale, square += x * x;
  }
  std::size_t clipped = 0, entries = 0;
  for (auto& [name, gradient] : expected)
    for (double& x : gradient) {
      x *= scale_to(0.05, std::sqrt(square));
      clipped += std::abs(x) > 0.01, ++entries;
      x = std::clamp(x, -0.01, 0.01);
    }
  BOOST_TEST((clipped > 0 && clipped < entries));
  step.check(expected);
}

BOOST_AUTO_TEST_CASE(units_are_scaled_down_to_a_norm_after_a_step) {
  one_step free({}), limited({.max_norm = 1.0});
  std::size_t shorter = 0, units = 0;
  for (const char* name : {"0.weight", "4.weight"}) {
    const std::size_t width = name[0] == '0' ? 3 : 7;
    for (std::size_t unit = 0; unit < free.after[name].size() / width; ++unit, ++units) {
      const auto begin = free.after[name].begin() + static_cast<std::ptrdiff_t>(unit * width);
      const double norm = norm_of({begin, begin + static_cast<std::ptrdiff_t>(width)}), scale = norm > 1 ? 1 / norm : 1;
      shorter += norm > 1;
      for (std::size_t i = 0; i < width; ++i)
        BOOST_TEST(std::abs(limited.after[name][unit * width + i] - begin[static_cast<std::ptrdiff_t>(i)] * scale) <=
                   1e-14);
    }
  }
  BOOST_TEST((shorter > 0 && shorter < units));
  for (const char* name : {"0.bias", "1.weight", "1.bias", "4.bias"})
    BOOST_TEST(limited.after[name] == free.after[name]);
}

BOOST_AUTO_TEST_CASE(no_allocation_after_construction) {
  const auto indices = many(300);
  for (const int threads : {1, 2}) {
    trainer_type trainer(model, loss, {}, {.largest_batch = 300, .threads = threads});
    BOOST_TEST(fusegrad::test::allocations_of([&] {
                 for (std::size_t i = 0; i < 50; ++i)
                   trainer.step(samples(), std::span(indices).first(1 + 7 * i % 300));
               }) == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
