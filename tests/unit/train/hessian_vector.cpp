// SPDX-License-Identifier: MIT
#include <fusegrad/train/hessian_vector.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <fusegrad/physics.hpp>
#include <span>
#include <stdexcept>
#include <vector>

namespace {

namespace fg = fusegrad;

std::vector<double> wave(std::size_t count, double step) {
  std::vector<double> x;
  for (std::size_t i = 0; i < count; ++i) x.push_back(std::sin(step * static_cast<double>(i * i + 1)));
  return x;
}

/// The Hessian times a direction by central differences of the gradient, and what else holds of it.
template <class Trainer> void check(Trainer& trainer, Trainer& of_three_threads, const auto& samples) {
  const std::size_t size = trainer.gradient_size();
  const std::vector<double> v = wave(size, 0.7), w = wave(size, 0.3);
  fg::loss_hessian second(trainer);
  fg::loss_hessian of_three(of_three_threads);
  BOOST_REQUIRE(second.size() == size);
  std::vector<double> hv(size), hw(size), same(size);
  second.multiply(samples, v, hv);
  second.multiply(samples, w, hw);
  of_three.multiply(samples, v, same);
  BOOST_TEST(hv == same, boost::test_tools::per_element());
  BOOST_TEST(fg::hessian_vector(trainer, samples, w) == hw, boost::test_tools::per_element());

  const auto gradient_at = [&](double step) {
    std::size_t place = 0;
    const auto names = trainer.parameter_names();
    std::vector<std::vector<double>> before;
    for (const auto& name : names) {
      before.push_back(trainer.read(name));
      std::vector<double> there = before.back();
      for (double& x : there) x += step * v[place++];
      trainer.write(name, there);
    }
    std::vector<double> gradient(size);
    trainer.loss_and_gradient(samples, gradient);
    for (std::size_t i = 0; i < names.size(); ++i) trainer.write(names[i], before[i]);
    return gradient;
  };
  const std::vector<double> up = gradient_at(1e-5), down = gradient_at(-1e-5);
  double largest = 0, vhw = 0, whv = 0;
  for (double x : hv) largest = std::max(largest, std::abs(x));
  BOOST_TEST(largest > 1e-3);
  for (std::size_t i = 0; i < size; ++i) {
    BOOST_TEST(std::abs(hv[i] - (up[i] - down[i]) / 2e-5) < 1e-7 * (1 + largest), "number " << i);
    vhw += v[i] * hw[i];
    whv += w[i] * hv[i];
  }
  BOOST_TEST(vhw == whv, boost::test_tools::tolerance(1e-11));
  BOOST_CHECK_THROW(second.multiply(samples, std::span<const double>(v).first(3), hv), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE(train_hessian_vector)

BOOST_AUTO_TEST_CASE(of_a_classifier_of_images_with_a_penalty) {
  constexpr auto net =
      fg::input<5, 4, 1> | fg::conv2d<3, 3> | fg::tanh | fg::flatten | fg::dense<4> | fg::silu | fg::dense<3>;
  constexpr auto loss = fg::softmax_cross_entropy + fg::l2<1e-2>;
  const std::vector<double> x = wave(40 * 20, 0.1);
  std::vector<std::int32_t> labels;
  for (std::int32_t i = 0; i < 40; ++i) labels.push_back(i % 3);
  const auto samples = fg::sample_view<double>(x, 20, labels);
  const auto of = [&](int threads) {
    return fg::trainer{net, loss, fg::sgd{}, fg::training_options<double>{.seed = 4, .threads = threads}};
  };
  auto one = of(1), three = of(3);
  check(one, three, samples);
}

BOOST_AUTO_TEST_CASE(of_equations_with_a_learned_number) {
  constexpr auto net = fg::input<2> | fg::dense<7> | fg::tanh | fg::dense<6> | fg::sine | fg::dense<1>;
  constexpr auto law = fg::equation(
      [](auto u, auto x, auto t) { return d(u, t) + u * d(u, x) - fg::parameter<"nu">(0.3) * d(u, x, x); });
  constexpr auto loss = fg::physics(law, 2 * fg::mean_squared_error);
  const std::vector<double> inside = wave(2 * 30, 0.2), places = wave(2 * 11, 0.9), values = wave(11, 0.4);
  const auto samples = fg::points(inside, fg::with_targets<double>(places, 2, values, 1));
  const auto of = [&](int threads) {
    return fg::trainer{net, loss, fg::sgd{}, fg::training_options<double>{.seed = 4, .threads = threads}};
  };
  auto one = of(1), three = of(3);
  check(one, three, samples);
}

// As a member of a class is written, whose model and loss are constants.
BOOST_AUTO_TEST_CASE(of_a_trainer_whose_type_is_written_down) {
  static constexpr auto net = fg::input<3> | fg::dense<4> | fg::tanh | fg::dense<1>;
  fg::trainer<decltype(net), decltype(fg::mean_squared_error), fg::sgd, double> named{
      net, fg::mean_squared_error, fg::sgd{}, {.seed = 4}};
  fg::trainer deduced{net, fg::mean_squared_error, fg::sgd{}, fg::training_options<double>{.seed = 4}};
  const std::vector<double> x = wave(3 * 20, 0.1), y = wave(20, 0.2), v = wave(named.gradient_size(), 0.7);
  const auto samples = fg::with_targets<double>(x, 3, y, 1);
  fg::loss_hessian second(named);
  std::vector<double> product(second.size());
  second.multiply(samples, v, product);
  BOOST_TEST(product == fg::hessian_vector(deduced, samples, v), boost::test_tools::per_element());
  BOOST_TEST(product == fg::hessian_vector(named, samples, v), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
