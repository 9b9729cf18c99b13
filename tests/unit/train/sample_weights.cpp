// SPDX-License-Identifier: MIT
#include <fusegrad/train/sample_weights.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/training.hpp>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto values = fg::input<2> | fg::dense<5> | fg::tanh | fg::dense<2>;
constexpr auto scores = fg::input<2> | fg::dense<5> | fg::tanh | fg::dense<3>;
constexpr auto heads = fg::input<2> | fg::dense<5> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
const auto tolerance = boost::test_tools::tolerance(1e-12);

const std::vector<double> x{1, 2, -1, 0.5, 0.25, -2, 3, 1}, y{1, -1, 0.5, 0, 2, 1, -1, -0.5};
const std::vector<std::int32_t> labels{2, 0, 1, 2};
const std::vector<double> w{2, 0, 0.5, 1};
/// The samples as often as twice their weights say.
const std::vector<std::uint32_t> repeated{0, 0, 0, 0, 2, 3, 3}, all{0, 1, 2, 3};

/// Loss and gradient with weights are those of the samples repeated.
template <class Model, class Loss, class View>
void agrees(Model model, Loss loss, const View& plain, const auto& weighted_samples) {
  const fg::weights<Model, double> at{model, 3};
  fg::gradients<Model, Loss, double> expected{model, loss, 16};
  const auto by_weight = fg::weighted_by_sample(loss);
  fg::gradients<Model, std::remove_const_t<decltype(by_weight)>, double> found{model, by_weight, 16};
  const double first = expected.compute(at, plain, repeated).loss;
  BOOST_TEST(found.compute(at, weighted_samples, all).loss == first, tolerance);
  for (const std::string& name : at.parameter_names())
    for (std::size_t i = 0; i < at.parameter_size(name); ++i)
      BOOST_TEST(found.read(name)[i] == expected.read(name)[i], boost::test_tools::tolerance(1e-10));
}

} // namespace

BOOST_AUTO_TEST_SUITE(train_sample_weights)

BOOST_AUTO_TEST_CASE(a_weight_counts_as_so_many_samples) {
  const auto targets = fg::with_targets(x, 2, y, 2);
  agrees(values, fg::mean_squared_error, targets, fg::with_weights(targets, w));
  agrees(values, fg::huber, targets, fg::with_weights(targets, w));
  const auto classes = fg::labelled(x, 2, labels);
  agrees(scores, fg::softmax_cross_entropy, classes, fg::with_weights(classes, w));
  agrees(scores, fg::softmax_cross_entropy.class_weights(std::array{1.0, 3.0, 0.5}).label_smoothing(0.1), classes,
         fg::with_weights(classes, w));
  const auto both = classes.and_targets(std::span<const double>(y).first(4), 1);
  agrees(heads, fg::losses(fg::softmax_cross_entropy, 0.3 * fg::mean_squared_error), both, fg::with_weights(both, w));
}

BOOST_AUTO_TEST_CASE(weights_of_one_change_nothing) {
  const std::vector<double> ones(4, 1);
  const auto classes = fg::labelled(x, 2, labels);
  fg::trainer weighted{scores, fg::weighted_by_sample(fg::softmax_cross_entropy) + fg::l2<0.01>, fg::adam{},
                       fg::training_options<double>{.seed = 1}};
  fg::trainer plain{scores, fg::softmax_cross_entropy + fg::l2<0.01>, fg::adam{},
                    fg::training_options<double>{.seed = 1}};
  for (int i = 0; i < 20; ++i) {
    weighted.step(fg::with_weights(classes, ones), all);
    plain.step(classes, all);
  }
  const std::vector<double> found = weighted.read("0.weight"), expected = plain.read("0.weight");
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(found[i] == expected[i], boost::test_tools::tolerance(1e-9));
}

// Copied and converted, for a trainer of floats; and evaluated.
BOOST_AUTO_TEST_CASE(a_fit_on_a_data_set_uses_them) {
  const auto set = fg::data::dataset<double>::from_labels(x, 2, labels, 3);
  const auto samples = fg::with_weights(set, w);
  fg::trainer trainer{scores, fg::weighted_by_sample(fg::softmax_cross_entropy), fg::adam{.learning_rate = 0.05}};
  const auto history = trainer.fit(samples, {.epochs = 200, .batch_size = 4, .progress = fg::progress_style::silent});
  BOOST_TEST(history.records.back().loss < 0.05);
  const fg::evaluation e = trainer.evaluate(samples);
  double sum = 0, weights = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    fg::trainer one = trainer;
    const std::vector<double> row(set.input(i).begin(), set.input(i).end()), single{1};
    const std::vector<std::int32_t> label{set.label(i)};
    sum += w[i] * one.evaluate(fg::with_weights(fg::labelled(row, 2, label), single)).loss;
    weights += w[i];
  }
  BOOST_TEST(e.loss == sum / weights, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(trainer.evaluate(samples).accuracy >= 0.75);
}

// All that a data set asks, and not its first output alone.
BOOST_AUTO_TEST_CASE(a_data_set_keeps_its_further_outputs) {
  const std::vector<double> angles(y.begin(), y.begin() + 4);
  const auto set = fg::data::dataset<double>::from_labels(x, 2, labels, 3).and_targets(angles, 1);
  const auto view = fg::labelled(x, 2, labels).and_targets(angles, 1);
  const auto loss = fg::losses(fg::softmax_cross_entropy, 0.3 * fg::mean_squared_error);
  agrees(heads, loss, view, fg::with_weights(set, w));
  fg::trainer trainer{heads, fg::weighted_by_sample(loss), fg::adam{}, fg::training_options<double>{.seed = 1}};
  BOOST_TEST(trainer.evaluate(fg::with_weights(set, w)).loss == trainer.evaluate(fg::with_weights(view, w)).loss);
  // One output does not read what another is asked for.
  fg::trainer of_one{scores, fg::weighted_by_sample(fg::softmax_cross_entropy), fg::adam{},
                     fg::training_options<double>{.seed = 1}};
  BOOST_CHECK_THROW(of_one.step(fg::with_weights(set, w), all), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(samples_that_do_not_count_teach_nothing) {
  const std::vector<double> zeros(4, 0);
  const auto classes = fg::labelled(x, 2, labels);
  fg::trainer trainer{scores, fg::weighted_by_sample(fg::softmax_cross_entropy), fg::sgd{},
                      fg::training_options<double>{.seed = 1}};
  const std::vector<double> before = trainer.read("0.weight");
  BOOST_TEST(trainer.step(fg::with_weights(classes, zeros), all).loss == 0);
  BOOST_TEST(trainer.read("0.weight") == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_weight_is_refused) {
  const auto targets = fg::with_targets(x, 2, y, 2);
  const std::vector<double> three{1, 1, 1}, negative{1, 1, -1, 1},
      nan{1, 1, 1, std::numeric_limits<double>::quiet_NaN()};
  BOOST_CHECK_THROW(fg::with_weights(targets, three), std::invalid_argument);
  BOOST_CHECK_THROW(fg::with_weights(targets, negative), std::invalid_argument);
  BOOST_CHECK_THROW(fg::with_weights(targets, nan), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
