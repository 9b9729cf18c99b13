// SPDX-License-Identifier: MIT
#include <fusegrad/train/trainer.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/train/penalty.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <numeric>

namespace {

namespace fg = fusegrad;
using fusegrad::test::says;

constexpr auto architecture =
    fg::input<5> | fg::dense<17> | fg::tanh | fg::residual(fg::dense<9> | fg::sigmoid | fg::dense<17>) | fg::dense<3>;

struct labelled_samples {
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  explicit labelled_samples(std::size_t count) : inputs(count * 5), labels(count) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      inputs[i] = static_cast<float>(std::sin(0.31 * static_cast<double>(i * i % 1009)));
    for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::int32_t>((i * 7 + i / 3) % 3);
  }
  auto view() const { return fg::labelled<float>(inputs, 5, labels); }
};

std::vector<std::uint32_t> first(std::size_t count) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

/// FNV-1a over the bits of all weights.
template <class Trainer> std::uint64_t digest(const Trainer& trainer) {
  std::uint64_t hash = 14695981039346656037u;
  for (const auto& name : trainer.parameter_names())
    for (float x : trainer.read(name)) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &x, sizeof bits);
      hash = (hash ^ bits) * 1099511628211u;
    }
  return hash;
}

template <class Rule>
std::uint64_t digest_after_fifty_steps(Rule rule, int threads, std::size_t batch, double clip_norm) {
  const labelled_samples samples(batch);
  fg::trainer trainer{architecture, fg::softmax_cross_entropy + fg::l2<1e-3>, rule,
                      fg::training_options<float>{.seed = 2, .threads = threads, .clip_norm = clip_norm}};
  const auto indices = first(batch);
  for (int i = 0; i < 50; ++i) trainer.step(samples.view(), indices);
  return digest(trainer);
}

BOOST_AUTO_TEST_SUITE(train_trainer, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(same_bits_at_any_number_of_threads) {
  for (std::size_t batch : {1u, 5u, 64u, 333u})
    for (double clip : {std::numeric_limits<double>::infinity(), 0.1}) {
      const std::uint64_t expected = digest_after_fifty_steps(fg::adam{}, 1, batch, clip);
      for (int threads : {2, 3, 4, 8})
        BOOST_TEST(digest_after_fifty_steps(fg::adam{}, threads, batch, clip) == expected);
      BOOST_TEST(digest_after_fifty_steps(fg::sgd{}, 1, batch, clip) != expected); // the digest tells weights apart
    }
}

BOOST_AUTO_TEST_CASE(the_seed_decides_the_weights) {
  const auto weights_of = [](std::uint64_t seed) {
    return fg::trainer{architecture, fg::softmax_cross_entropy, fg::sgd{}, fg::training_options<float>{.seed = seed}}
        .read("0.weight");
  };
  BOOST_TEST(weights_of(1) == weights_of(1));
  BOOST_TEST(weights_of(1) != weights_of(2));
}

BOOST_AUTO_TEST_CASE(clipping_by_norm_bounds_the_step) {
  const labelled_samples samples(64);
  const auto moved = [&](double clip_norm) {
    fg::trainer trainer{architecture, fg::softmax_cross_entropy, fg::sgd{.learning_rate = 1},
                        fg::training_options<float>{.clip_norm = clip_norm}};
    const auto before = trainer;
    trainer.step(samples.view(), first(64));
    double square = 0;
    for (const auto& name : trainer.parameter_names()) {
      const auto a = before.read(name), b = trainer.read(name);
      for (std::size_t i = 0; i < a.size(); ++i)
        square += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    }
    return std::sqrt(square);
  };
  const double whole = moved(std::numeric_limits<double>::infinity());
  BOOST_TEST(moved(2 * whole) == whole, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(moved(whole / 4) == whole / 4, boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(clipping_by_value_bounds_each_entry) {
  const labelled_samples samples(64);
  fg::trainer trainer{architecture, fg::softmax_cross_entropy, fg::sgd{.learning_rate = 1},
                      fg::training_options<float>{.clip_value = 1e-3}};
  const auto before = trainer.read("0.weight");
  trainer.step(samples.view(), first(64));
  const auto after = trainer.read("0.weight");
  double largest = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(after[i]) - static_cast<double>(before[i])));
  BOOST_TEST(largest == 1e-3, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(a_penalty_pulls_weights_and_leaves_biases) {
  const labelled_samples samples(32);
  fg::trainer plain{architecture, fg::softmax_cross_entropy, fg::sgd{.learning_rate = 0.5}};
  fg::trainer pulled{architecture, fg::softmax_cross_entropy + fg::l2<0.1>, fg::sgd{.learning_rate = 0.5}};
  const auto start = plain.read("3.weight");
  plain.step(samples.view(), first(32));
  pulled.step(samples.view(), first(32));
  const auto a = plain.read("3.weight"), b = pulled.read("3.weight");
  for (std::size_t i = 0; i < a.size(); ++i)
    BOOST_TEST(b[i] == a[i] - 0.05f * start[i], boost::test_tools::tolerance(1e-5f));
  BOOST_TEST(plain.read("3.bias") == pulled.read("3.bias"));
}

BOOST_AUTO_TEST_CASE(predict_evaluate_and_inference_agree) {
  const labelled_samples samples(70);
  fg::trainer trainer{architecture, fg::softmax_cross_entropy, fg::adam{}};
  for (int i = 0; i < 20; ++i) trainer.step(samples.view(), first(70));
  const auto outputs = trainer.predict(samples.inputs);
  const auto net = trainer.inference();
  std::size_t correct = 0;
  for (std::size_t i = 0; i < 70; ++i) {
    const auto one = net(std::span<const float, 5>(samples.inputs.data() + 5 * i, 5));
    for (std::size_t k = 0; k < 3; ++k)
      BOOST_TEST(std::abs(one[k] - outputs[3 * i + k]) <= 2e-6f * (1 + std::abs(one[k])));
    correct += fg::train::predicted_class(one.data(), 3, 0) == samples.labels[i];
  }
  const auto evaluation = trainer.evaluate(samples.view());
  BOOST_TEST(evaluation.accuracy == static_cast<double>(correct) / 70);
  BOOST_TEST(evaluation.samples == 70u);
}

BOOST_AUTO_TEST_CASE(samples_that_do_not_fit_are_named) {
  const labelled_samples samples(8);
  fg::trainer trainer{architecture, fg::softmax_cross_entropy, fg::sgd{}};
  const std::vector<std::uint32_t> beyond{8};
  BOOST_CHECK_THROW(trainer.step(samples.view(), beyond), std::invalid_argument);
  std::vector<std::int32_t> labels(8, 3);
  BOOST_CHECK_EXCEPTION(trainer.step(fg::labelled<float>(samples.inputs, 5, labels), first(8)), std::invalid_argument,
                        says("sample 0 has class 3, the model has 3 classes"));
  BOOST_CHECK_THROW(static_cast<void>(trainer.predict(std::vector<float>(7))), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused) {
  BOOST_CHECK_THROW(
      (fg::trainer{architecture, fg::softmax_cross_entropy, fg::sgd{}, fg::training_options<float>{.max_norm = -1}}),
      std::invalid_argument);
  BOOST_CHECK_THROW((fg::trainer{architecture, fg::softmax_cross_entropy, fg::sgd{.learning_rate = -1}}),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(gradients_refuse_what_does_not_fit) {
  const labelled_samples samples(8);
  const fg::weights weights{architecture, 1};
  fg::gradients gradients{architecture, fg::softmax_cross_entropy, 4};
  gradients.compute(weights, samples.view(), first(4));
  const auto before = gradients.read("0.weight");
  const auto refused = [&](const auto& view, std::size_t count, const std::string& words) {
    BOOST_CHECK_EXCEPTION(gradients.compute(weights, view, first(count)), std::invalid_argument, says(words));
  };
  refused(samples.view(), 5, "made for batches of up to 4 samples; 5 were given");
  refused(samples.view(), 0, "at least one sample");
  refused(fg::labelled<float>(samples.inputs, 1, std::vector<std::int32_t>(40)), 2,
          "have 1 features, the model takes 5");
  refused(fg::labelled<float>(std::span(samples.inputs).first(10), 5, std::span(samples.labels).first(2)), 3,
          "sample 2 was asked for, there are 2");
  refused(fg::with_targets<float>(samples.inputs, 5, std::span(samples.inputs).first(16), 2), 2,
          "have 2 numbers, the loss takes 3");
  BOOST_TEST(gradients.read("0.weight") == before);
}

/// The samples as rows that are made when they are asked for, of whatever number type; one can be missing.
template <class T> struct made_when_asked {
  const labelled_samples& from;
  std::size_t missing = 1000;
  std::size_t size() const { return from.labels.size(); }
  std::size_t features() const { return 5; }
  bool has_labels() const { return true; }
  std::int32_t label(std::size_t i) const { return from.labels[i]; }
  std::vector<T> input(std::size_t i) const {
    if (i == missing) throw std::runtime_error("the disk is gone");
    return {from.inputs.begin() + static_cast<std::ptrdiff_t>(5 * i),
            from.inputs.begin() + static_cast<std::ptrdiff_t>(5 * i + 5)};
  }
  std::span<const T> target(std::size_t) const { return {}; }
  std::size_t target_width() const { return 0; }
};

BOOST_AUTO_TEST_CASE(samples_made_when_asked_are_the_same_samples) {
  const labelled_samples samples(8);
  const auto stepped = [&](const auto& source) {
    fg::trainer trainer{architecture, fg::softmax_cross_entropy, fg::sgd{}};
    for (int i = 0; i < 3; ++i) trainer.step(source, first(8));
    return std::pair{digest(trainer), trainer.evaluate(source).loss};
  };
  const auto expected = stepped(samples.view());
  BOOST_TEST((stepped(made_when_asked<float>{samples}) == expected));
  BOOST_TEST((stepped(made_when_asked<double>{samples}) == expected));
}

BOOST_AUTO_TEST_CASE(what_samples_throw_reaches_the_caller) {
  const labelled_samples samples(8);
  fg::trainer trainer{architecture, fg::softmax_cross_entropy, fg::sgd{}};
  const auto before = digest(trainer);
  BOOST_CHECK_THROW(trainer.step(made_when_asked<float>{samples, 5}, first(8)), std::runtime_error);
  BOOST_CHECK_THROW(static_cast<void>(trainer.evaluate(made_when_asked<float>{samples, 5})), std::runtime_error);
  BOOST_TEST(digest(trainer) == before);
}

BOOST_AUTO_TEST_CASE(a_gradient_that_overflows_where_it_is_clipped_is_refused) {
  constexpr auto line = fg::input<1> | fg::dense<1>;
  fg::trainer trainer{line, fg::mean_squared_error, fg::sgd{}, fg::training_options<float>{.clip_norm = 1}};
  trainer.write("0.weight", std::vector<float>{1e-7f});
  const auto before = digest(trainer);
  const std::vector<float> x{1e25f}, y{0}; // the loss is 1e36, the gradient 2e43
  const fg::batch_result result = trainer.step(fg::with_targets<float>(x, 1, y, 1), first(1));
  BOOST_TEST(result.loss == 1e36, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(result.refused);
  BOOST_TEST(digest(trainer) == before);
}

BOOST_AUTO_TEST_CASE(an_empty_batch_is_refused) {
  const labelled_samples samples(8);
  fg::trainer trainer{architecture, fg::softmax_cross_entropy, fg::sgd{}};
  const auto before = trainer.read("0.weight");
  BOOST_CHECK_THROW(trainer.step(samples.view(), {}), std::invalid_argument);
  BOOST_TEST(trainer.read("0.weight") == before);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
