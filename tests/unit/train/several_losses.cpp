// SPDX-License-Identifier: MIT
#include <fusegrad/train/several_losses.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/convolution.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/penalty.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

// A class and two numbers, from the same eight inputs.
constexpr auto net = fg::input<8> | fg::dense<12> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<2>);
static_assert(net.output_count() == 2 && net.output_size() == 5 && net.output_begin(1) == 3);

constexpr auto both = fg::losses(fg::softmax_cross_entropy, 0.3 * fg::mean_squared_error);
static_assert(both.term_count == 2 && both.output_count == 2);

constexpr std::size_t samples = 37;

struct made_data {
  std::vector<double> x, y;
  std::vector<std::int32_t> kind;
};
const made_data& made() {
  static const made_data data = [] {
    made_data d;
    for (std::size_t i = 0; i < samples * 8; ++i) d.x.push_back(std::sin(1.7 * static_cast<double>(i * i % 97)));
    for (std::size_t i = 0; i < samples; ++i) {
      const double* x = d.x.data() + i * 8;
      d.kind.push_back(x[0] > 0.3 ? 2 : x[1] > 0 ? 1 : 0);
      d.y.push_back(x[2] * x[3]);
      d.y.push_back(x[4] - x[5]);
    }
    return d;
  }();
  return data;
}
auto with_both() { return fg::labelled<double>(made().x, 8, made().kind).and_targets(made().y, 2); }
fg::data::dataset<double> kept() {
  return fg::data::dataset<double>::from_labels(made().x, 8, made().kind, 3).and_targets(made().y, 2);
}

std::vector<std::uint32_t> all() {
  std::vector<std::uint32_t> indices(samples);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

struct computed {
  std::vector<double> gradient;
  double loss = 0;
};
template <class Model, class Loss, class Samples>
computed compute(Model model, Loss loss, const fg::weights<Model, double>& w, const Samples& source, int threads = 1) {
  fg::gradients<Model, Loss, double> g(model, loss, samples, threads);
  computed out;
  out.loss = g.compute(w, source, all()).loss;
  out.gradient.assign(g.packed().begin(), g.packed().end());
  return out;
}

using fusegrad::test::says;

BOOST_AUTO_TEST_SUITE(train_several_losses)

BOOST_AUTO_TEST_CASE(the_sum_of_both_heads_by_themselves) {
  const fg::weights<std::remove_const_t<decltype(net)>, double> w{net, 5};
  const computed sum = compute(net, both, w, with_both());
  // By hand, from the outputs.
  const auto outputs = [&] {
    fg::inference model(w);
    decltype(model)::workspace memory;
    std::vector<double> out(samples * 5);
    model.predict(made().x, out, memory);
    return out;
  }();
  double entropy = 0, squares = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    const double* o = outputs.data() + i * 5;
    entropy += std::log(std::exp(o[0]) + std::exp(o[1]) + std::exp(o[2])) - o[made().kind[i]];
    for (std::size_t k = 0; k < 2; ++k) squares += std::pow(o[3 + k] - made().y[2 * i + k], 2);
  }
  BOOST_TEST(sum.loss == entropy / samples + 0.3 * squares / (2 * samples), boost::test_tools::tolerance(1e-12));

  // And the gradient by differences.
  using model = std::remove_const_t<decltype(net)>;
  for (const std::string& name : fg::weights<model, double>::parameter_names()) {
    fg::gradients<model, std::remove_const_t<decltype(both)>, double> g(net, both, samples);
    g.compute(w, with_both(), all());
    const std::vector<double> slope = g.read(name), at = w.read(name);
    for (std::size_t k = 0; k < at.size(); k += 5) {
      const double step = 1e-5;
      fg::weights<model, double> moved = w;
      std::vector<double> there = at;
      there[k] += step;
      moved.write(name, there);
      const double up = g.compute(moved, with_both(), all()).loss;
      there[k] -= 2 * step;
      moved.write(name, there);
      const double down = g.compute(moved, with_both(), all()).loss;
      BOOST_TEST(std::abs((up - down) / (2 * step) - slope[k]) < 1e-8, name << " " << k);
    }
  }
}

BOOST_AUTO_TEST_CASE(data_sets_views_and_any_number_of_threads_agree) {
  const fg::weights<std::remove_const_t<decltype(net)>, double> w{net, 5};
  const computed one = compute(net, both, w, with_both());
  const computed set = compute(net, both, w, kept()), four = compute(net, both, w, with_both(), 4);
  BOOST_TEST(one.gradient == set.gradient, boost::test_tools::per_element());
  BOOST_TEST(one.gradient == four.gradient, boost::test_tools::per_element());
  BOOST_TEST(one.loss == set.loss);
  BOOST_TEST(one.loss == four.loss);
}

BOOST_AUTO_TEST_CASE(samples_of_another_number_type_are_copied_first) {
  const fg::weights<std::remove_const_t<decltype(net)>, double> w{net, 5};
  const computed from_float = compute(net, both, w, kept().to<float>()),
                 from_double = compute(net, both, w, kept().to<float>().to<double>());
  BOOST_TEST(from_float.gradient == from_double.gradient, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(targets_of_all_outputs_in_one_row) {
  constexpr auto squares = fg::losses(fg::mean_squared_error, 2 * fg::huber);
  const fg::weights<std::remove_const_t<decltype(net)>, double> w{net, 6};
  std::vector<double> first, row;
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t k = 0; k < 3; ++k) row.push_back(first.emplace_back(made().x[i * 8 + k]));
    for (std::size_t k = 0; k < 2; ++k) row.push_back(made().y[2 * i + k]);
  }
  const computed apart =
      compute(net, squares, w, fg::with_targets<double>(made().x, 8, first, 3).and_targets(made().y, 2));
  const computed beside = compute(net, squares, w, fg::with_targets<double>(made().x, 8, row, 5));
  BOOST_TEST(apart.loss == beside.loss);
  BOOST_TEST(apart.gradient == beside.gradient, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(two_losses_of_one_output) {
  constexpr auto one = fg::input<8> | fg::dense<2>;
  constexpr auto sum = fg::mean_squared_error + 0.25 * fg::mean_absolute_error;
  constexpr auto at_once = fg::loss([](auto p, auto y) { return fg::square(p - y) + 0.25 * abs(p - y); });
  const fg::weights<std::remove_const_t<decltype(one)>, double> w{one, 7};
  const auto source = fg::with_targets<double>(made().x, 8, made().y, 2);
  const computed by_terms = compute(one, sum, w, source), by_function = compute(one, at_once, w, source);
  BOOST_TEST(by_terms.loss == by_function.loss, boost::test_tools::tolerance(1e-14));
  for (std::size_t i = 0; i < by_terms.gradient.size(); ++i)
    BOOST_TEST(std::abs(by_terms.gradient[i] - by_function.gradient[i]) < 1e-15);
}

BOOST_AUTO_TEST_CASE(weights_multiply) {
  constexpr auto twice = 2 * (0.25 * fg::huber);
  static_assert(twice.weight == 0.5);
  constexpr auto of_all = fg::losses(fg::huber, 0.5 * fg::huber) * 4.0;
  static_assert(
      fg::train::loss_terms<std::remove_const_t<decltype(net)>, std::remove_const_t<decltype(of_all)>>::get<1>(of_all)
          .weight == 2);
  BOOST_CHECK_EXCEPTION(0.0 * fg::huber, std::invalid_argument, says("above 0 and finite, not 0."));
  BOOST_CHECK_EXCEPTION(std::numeric_limits<double>::quiet_NaN() * fg::huber, std::invalid_argument, says("not nan"));
}

BOOST_AUTO_TEST_CASE(a_penalty_is_on_the_sum) {
  const fg::weights<std::remove_const_t<decltype(net)>, double> start{net, 8};
  fg::trainer plain{net, both, fg::sgd{.learning_rate = 1}, fg::training_options<double>{.seed = 8}};
  fg::trainer penalised{net, both + fg::l2<0.1>, fg::sgd{.learning_rate = 1}, fg::training_options<double>{.seed = 8}};
  plain.step(with_both(), all());
  penalised.step(with_both(), all());
  const auto before = start.read("0.weight"), a = plain.read("0.weight"), b = penalised.read("0.weight");
  for (std::size_t i = 0; i < a.size(); ++i) BOOST_TEST(std::abs(a[i] - b[i] - 0.1 * before[i]) < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_fit_is_evaluated_by_output) {
  const auto [train, test] = kept().split(0.8, 3);
  fg::trainer trainer{net, both, fg::adam{.learning_rate = 0.02}, fg::training_options<double>{.seed = 1}};
  const fg::history history = trainer.fit(
      train, {.epochs = 200, .batch_size = 10, .validation = &test, .progress = fg::progress_style::silent});
  BOOST_TEST(history.records.back().loss < 0.05);
  BOOST_TEST(std::isnan(history.records.back().accuracy));
  const fg::evaluation e = trainer.evaluate(train);
  BOOST_TEST(e.samples == train.size());
  BOOST_REQUIRE(e.outputs.size() == 2u);
  BOOST_TEST(e.loss == e.outputs[0].loss + e.outputs[1].loss, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(e.outputs[0].accuracy == 1);
  BOOST_TEST(e.outputs[0].confusion.classes() == 3u);
  BOOST_TEST(e.outputs[1].r2 > 0.9);
  BOOST_TEST(std::isnan(e.accuracy));
  BOOST_TEST(e.to_string().find("output 1: ") != std::string::npos);
  // What validation has told is what an evaluation tells.
  BOOST_TEST(history.records.back().validation_loss == trainer.evaluate(test).loss);

  // All numbers of a sample, output after output.
  const std::vector<double> predicted = trainer.predict(train.inputs());
  BOOST_TEST(predicted.size() == train.size() * 5);
  std::size_t found = 0;
  for (std::size_t i = 0; i < train.size(); ++i)
    found += fg::train::predicted_class(predicted.data() + 5 * i, 3, 0) == train.label(i);
  BOOST_TEST(found == train.size());
}

BOOST_AUTO_TEST_CASE(an_image_and_a_class) {
  // An autoencoder that names its input as well: outputs of two shapes, neither of which is copied.
  constexpr auto image = fg::input<4, 4, 2> | fg::conv2d<5, 3>.padded_same() | fg::tanh |
                         fg::branch(fg::conv2d<2, 3>.padded_same(), fg::flatten | fg::dense<3>);
  constexpr auto loss = fg::losses(fg::mean_squared_error, fg::softmax_cross_entropy);
  static_assert(image.output_size() == 35 && image.output_shape(0).positions() == 16);
  std::vector<double> x;
  for (std::size_t i = 0; i < samples * 32; ++i) x.push_back(std::sin(0.37 * static_cast<double>(i * i % 113)));
  const auto source = fg::with_targets<double>(x, 32, x, 32).and_labels(made().kind);
  const fg::weights<std::remove_const_t<decltype(image)>, double> w{image, 3};
  const computed one = compute(image, loss, w, source), three = compute(image, loss, w, source, 3);
  BOOST_TEST(one.gradient == three.gradient, boost::test_tools::per_element());
  fg::inference model(w);
  decltype(model)::workspace memory;
  std::vector<double> out(samples * 35);
  model.predict(x, out, memory);
  double squares = 0, entropy = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t k = 0; k < 32; ++k) squares += std::pow(out[35 * i + k] - x[32 * i + k], 2);
    const double* o = out.data() + 35 * i + 32;
    entropy += std::log(std::exp(o[0]) + std::exp(o[1]) + std::exp(o[2])) - o[made().kind[i]];
  }
  BOOST_TEST(one.loss == squares / (32 * samples) + entropy / samples, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(what_samples_do_not_ask_is_refused) {
  fg::trainer trainer{net, both, fg::adam{}, fg::training_options<double>{.seed = 1}};
  const std::vector<double> before = trainer.read("0.weight");
  const auto refused = [&](const auto& source, const std::string& words) {
    BOOST_CHECK_EXCEPTION(trainer.step(source, all()), std::invalid_argument, says(words));
    BOOST_CHECK_EXCEPTION(static_cast<void>(trainer.evaluate(source)), std::invalid_argument, says(words));
    BOOST_CHECK_EXCEPTION(trainer.fit(source, {.epochs = 1, .progress = fg::progress_style::silent}),
                          std::invalid_argument, says(words));
  };
  const auto& [x, y, kind] = made();
  refused(fg::labelled<double>(x, 8, kind), "have one class label each, the loss reads 2 outputs");
  refused(fg::with_targets<double>(x, 8, y, 2), "have 2 numbers, the loss takes 5");
  refused(with_both().and_targets(y, 2), "have targets for 3 outputs, the loss reads 2");
  refused(fg::labelled<double>(x, 8, kind).and_targets(std::span(y).first(samples), 1),
          "the samples for output 1 have 1 numbers, the loss takes 2");
  std::vector<std::int32_t> wrong = kind;
  wrong[11] = 3;
  refused(fg::labelled<double>(x, 8, wrong).and_targets(y, 2), "for output 0: sample 11 has class 3");
  std::vector<double> infinite = y;
  infinite[5] = std::numeric_limits<double>::infinity();
  BOOST_CHECK_EXCEPTION(trainer.fit(fg::labelled<double>(x, 8, kind).and_targets(infinite, 2), {.epochs = 1}),
                        std::invalid_argument, says("target 1 of sample 2 is infinite"));
  BOOST_TEST(trainer.read("0.weight") == before, boost::test_tools::per_element());

  // And a plain loss does not read the first of several.
  fg::trainer plain{fg::input<8> | fg::dense<3>, fg::softmax_cross_entropy, fg::adam{},
                    fg::training_options<double>{.seed = 1}};
  BOOST_CHECK_EXCEPTION(plain.step(with_both(), all()), std::invalid_argument,
                        says("have targets for 2 outputs, the loss reads 1"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
