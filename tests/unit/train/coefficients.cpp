// SPDX-License-Identifier: MIT
#include <fusegrad/train/coefficients.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <filesystem>
#include <fusegrad/io/save.hpp>
#include <fusegrad/physics.hpp>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto net = fg::input<1> | fg::dense<8> | fg::tanh | fg::dense<8> | fg::tanh | fg::dense<1>;
// u'' + k u = 0, once more as a system of first order in disguise, and a scale of what was measured.
constexpr auto swing = fg::equation([](auto u, auto t) { return d(u, t, t) + fg::parameter<"k">(1) * u; });
constexpr auto energy = fg::equation([](auto u, auto t) {
  const auto k = fg::parameter<"k">(1.0);
  return d(d(u, t) * d(u, t) + k * (u * u), t);
});
constexpr auto seen = fg::loss([](auto u, auto y) { return square(fg::parameter<"scale">(1.5) * u - y); });
constexpr auto problem = fg::physics(0.1 * swing, 0.01 * energy, 10 * seen);

// What was measured of a coefficient is a loss that learns nothing else: it is no mistake.
constexpr auto prior = fg::loss([](auto, auto y) { return square(fg::parameter<"k">(1.0) - y); });
static_assert(sizeof(fg::physics(0.1 * swing, prior)) > 0);

const std::vector<double> everywhere = [] {
  std::vector<double> t;
  for (int i = 0; i < 40; ++i) t.push_back(-1 + i / 19.5);
  return t;
}();
const std::vector<double> places{-1, -0.8, -0.55, -0.3, -0.1, 0.15, 0.35, 0.5, 0.75, 1};
const std::vector<double> measured = [] {
  std::vector<double> y;
  for (double t : places) y.push_back(std::sin(3 * t + 0.5));
  return y;
}();
const auto where = fg::points(everywhere, everywhere, fg::with_targets<double>(places, 1, measured, 1));

auto trainer_of(int threads) {
  return fg::trainer{net, problem, fg::adam{.learning_rate = 1e-2},
                     fg::training_options<double>{.seed = 1, .threads = threads}};
}
using trained = decltype(trainer_of(1));

BOOST_AUTO_TEST_SUITE(train_coefficients, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(they_are_parameters_of_the_model_each_once) {
  auto trainer = trainer_of(1);
  const std::vector<std::string> expected{"0.weight", "0.bias", "2.weight", "2.bias",
                                          "4.weight", "4.bias", "k",        "scale"};
  BOOST_TEST(trainer.parameter_names() == expected, boost::test_tools::per_element());
  BOOST_TEST(trainer.read("k") == std::vector{1.0}, boost::test_tools::per_element());
  BOOST_TEST(trainer.read("scale") == std::vector{1.5}, boost::test_tools::per_element());
  BOOST_TEST(trainer.gradient_size() == 16u + 72u + 9u + 2u);
  // A loss without any, or with those that are there, leaves a model as it is.
  using plain = std::remove_const_t<decltype(net)>;
  static_assert(std::is_same_v<decltype(fg::with_coefficients(net, fg::mean_squared_error)), plain>);
  constexpr auto extended = fg::with_coefficients(net, problem);
  static_assert(std::is_same_v<std::remove_const_t<decltype(extended)>, trained::model_type>);
  static_assert(std::is_same_v<decltype(fg::with_coefficients(extended, swing)), trained::model_type>);
  static_assert(
      std::is_same_v<decltype(fg::trainer(extended, problem, fg::adam{}, fg::training_options<double>{})), trained>);
}

BOOST_AUTO_TEST_CASE(their_gradient_is_that_of_all_losses_that_name_them) {
  auto trainer = trainer_of(1);
  std::vector<double> gradient(trainer.gradient_size()), unused(gradient.size());
  trainer.loss_and_gradient(where, gradient);
  std::size_t place = 0;
  for (const std::string& name : trainer.parameter_names()) {
    const std::vector<double> at = trainer.read(name);
    for (std::size_t k = 0; k < at.size(); ++k, ++place) {
      if (at.size() > 1 && k % 9 != 0) continue;
      const auto moved = [&](double step) {
        std::vector<double> there = at;
        there[k] += step;
        trainer.write(name, there);
        return trainer.loss_and_gradient(where, unused);
      };
      const double slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      trainer.write(name, at);
      BOOST_TEST(std::abs(slope - gradient[place]) < 1e-6 * (1 + std::abs(slope)), name << " " << k);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_inverse_problem_finds_them) {
  auto one = trainer_of(1), three = trainer_of(3);
  for (trained* trainer : {&one, &three}) {
    trainer->fit(where, {.epochs = 300, .progress = fg::progress_style::silent});
    trainer->minimise(where, {.evaluations = 1200}, fg::progress_style::silent);
  }
  BOOST_TEST(one.read("k")[0] == 9, boost::test_tools::tolerance(0.02));
  for (const std::string& name : one.parameter_names())
    BOOST_TEST(one.read(name) == three.read(name), boost::test_tools::per_element());

  // They are saved with the weights, and of no concern to who only predicts.
  const auto path = std::filesystem::temp_directory_path() / "fusegrad_coefficients.safetensors";
  fg::io::save(one, path);
  fg::weights<trained::model_type, double> w;
  fg::io::load(w, path);
  std::filesystem::remove(path);
  BOOST_TEST(w.read("k") == one.read("k"), boost::test_tools::per_element());
  const fg::inference field(w);
  for (double t : {-0.9, 0.2, 0.6})
    BOOST_TEST(w.read("scale")[0] * field(std::array{t})[0] == std::sin(3 * t + 0.5),
               boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(in_a_plain_loss_and_a_sum) {
  // How wide the noise is, learned beside the mean: the loss of Gaussian noise.
  constexpr auto line = fg::input<1> | fg::dense<1>;
  constexpr auto likely = fg::loss([](auto p, auto y) {
    const auto width = fg::parameter<"width">(1);
    return square((p - y) / width) + 2 * log(width);
  });
  fg::trainer trainer{line, 2 * likely + fg::huber, fg::sgd{.learning_rate = 0.05}, fg::training_options<double>{}};
  std::vector<double> x, y;
  for (int i = 0; i < 64; ++i) {
    x.push_back(i / 32.0 - 1);
    y.push_back(2 * x.back() + (i % 2 == 0 ? 0.5 : -0.5));
  }
  const auto samples = fg::with_targets<double>(x, 1, y, 1);
  trainer.fit(samples, {.epochs = 50, .batch_size = 16, .progress = fg::progress_style::silent});
  trainer.minimise(samples, {.evaluations = 100}, fg::progress_style::silent);
  BOOST_TEST(std::abs(trainer.read("width")[0]) == 0.5, boost::test_tools::tolerance(1e-3));
  std::vector<double> gradient(trainer.gradient_size());
  BOOST_TEST(trainer.evaluate(samples).loss == trainer.loss_and_gradient(samples, gradient),
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
