// SPDX-License-Identifier: MIT
#include <fusegrad/model/dropout_passes.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/frozen.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/losses.hpp>
#include <stdexcept>
#include <vector>

namespace {

namespace fg = fusegrad;
using fusegrad::test::says;

constexpr auto net = fg::input<10> | fg::dropout<0.3> | fg::dense<33> | fg::batch_norm | fg::relu |
                     fg::stochastic_depth<0.2> | fg::dense<3>;
const fg::weights weights{net, 4};

std::vector<float> numbers(std::size_t count) {
  std::vector<float> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<float>(std::sin(static_cast<double>(i * i % 1009)));
  return x;
}
bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

BOOST_AUTO_TEST_SUITE(model_dropout_passes, *boost::unit_test::description("waits for threads"))

// A sum of numbers, each there with probability 3/4 and then 4/3 of itself.
BOOST_AUTO_TEST_CASE(mean_and_deviation_are_those_of_the_masks) {
  static constexpr auto line = fg::input<4> | fg::dropout<0.25> | fg::dense<1>;
  fg::weights w{line};
  const std::vector<float> slopes{1, -2, 3, 0.5F}, x{0.5F, 1, -0.25F, 2};
  w.write("1.weight", slopes);
  w.write("1.bias", std::vector<float>{7});
  const auto found = fg::dropout_passes(w, {.passes = 20000, .seed = 2}).predict(x);
  double mean = 7, variance = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double product = static_cast<double>(slopes[i]) * static_cast<double>(x[i]);
    mean += product;
    variance += product * product * 0.25 / 0.75;
  }
  BOOST_TEST(std::fabs(static_cast<double>(found.mean[0]) - mean) < 4 * std::sqrt(variance / 20000));
  BOOST_TEST(std::fabs(static_cast<double>(found.deviation[0]) / std::sqrt(variance) - 1) < 0.03);
}

// In pass p it hides what training hides in step p: the loss of a step tells the output.
BOOST_AUTO_TEST_CASE(a_pass_hides_what_a_step_of_training_hides) {
  static constexpr auto plain =
      fg::input<10> | fg::dropout<0.3> | fg::dense<33> | fg::relu | fg::dropout<0.5> | fg::dense<1>;
  const fg::weights w{plain, 4};
  const std::vector<float> x = numbers(20), zero(2);
  const auto found = fg::dropout_passes(w, {.passes = 5, .seed = 9}).predict(x);
  fg::gradients gradients{plain, fg::mean_squared_error, 2};
  gradients.use_random_numbers(9);
  double squares = 0;
  for (int step = 0; step < 5; ++step)
    squares += gradients.compute(w, fg::with_targets(x, 10, zero, 1), std::vector<std::uint32_t>{0, 1}).loss;
  double expected = 0; // mean of y^2 over samples, summed over passes: n mean^2 + (n - 1) deviation^2
  for (std::size_t i = 0; i < 2; ++i) {
    const double m = static_cast<double>(found.mean[i]), d = static_cast<double>(found.deviation[i]);
    expected += (5 * m * m + 4 * d * d) / 2;
  }
  BOOST_TEST(std::fabs(squares - expected) < 1e-5 * expected);
}

BOOST_AUTO_TEST_CASE(threads_and_calls_change_no_bit_and_seeds_do) {
  const std::vector<float> x = numbers(10 * 333);
  const fg::dropout_passes passes{weights, {.passes = 20, .seed = 1}};
  const auto one = passes.predict(x, 1);
  for (const int threads : {1, 2, 3, 8}) {
    const auto again = passes.predict(x, threads);
    BOOST_TEST(same_bits(one.mean, again.mean));
    BOOST_TEST(same_bits(one.deviation, again.deviation));
  }
  const auto other = fg::dropout_passes(weights, {.passes = 20, .seed = 2}).predict(x, 1);
  BOOST_TEST(!same_bits(one.mean, other.mean));
  for (const float d : one.deviation) BOOST_TEST(d > 0);
}

// Normalisation reads its running statistics: a sample does not know of the others.
BOOST_AUTO_TEST_CASE(a_sample_alone_has_the_outputs_of_the_first_of_many) {
  const std::vector<float> x = numbers(10 * 50), first(x.begin(), x.begin() + 10);
  const fg::dropout_passes passes{weights, {.passes = 30}};
  const auto many = passes.predict(x), alone = passes.predict(first);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(std::fabs(many.mean[i] - alone.mean[i]) < 1e-5F);
    BOOST_TEST(std::fabs(many.deviation[i] - alone.deviation[i]) < 1e-5F);
  }
}

BOOST_AUTO_TEST_CASE(what_is_frozen_hides_nothing) {
  static constexpr auto half = fg::input<10> | fg::frozen(fg::dropout<0.9> | fg::dense<4>) | fg::dropout<0.5>;
  static constexpr auto none = fg::input<10> | fg::dense<4> | fg::dropout<0.5>;
  const fg::weights w{half, 3};
  fg::weights same{none, 3};
  same.write("0.weight", w.read("0.1.weight"));
  same.write("0.bias", w.read("0.1.bias"));
  const std::vector<float> x = numbers(10 * 7);
  const auto a = fg::dropout_passes(w, {.passes = 9}).predict(x);
  const auto b = fg::dropout_passes(same, {.passes = 9}).predict(x);
  BOOST_TEST(same_bits(a.mean, b.mean));
  BOOST_TEST(same_bits(a.deviation, b.deviation));
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_are_refused) {
  BOOST_CHECK_EXCEPTION(fg::dropout_passes(weights, {.passes = 1}), std::invalid_argument, says("not 1"));
  const fg::dropout_passes passes{weights};
  BOOST_CHECK_EXCEPTION(static_cast<void>(passes.predict(numbers(11))), std::invalid_argument, says("11 numbers"));
  fg::dropout_passes<std::remove_const_t<decltype(net)>>::workspace memory;
  std::vector<float> mean(6), deviation(5);
  BOOST_CHECK_EXCEPTION(passes.predict(numbers(20), mean, deviation, memory), std::invalid_argument,
                        says("room for 6 means and 5 deviations"));
  using workspace = decltype(memory);
  // Means over samples, over deviations, and deviations over samples.
  std::vector<float> all(60);
  const std::span<float> some(all), x = some.first(20);
  for (const std::size_t at : {0u, 19u, 39u, 40u})
    BOOST_CHECK_EXCEPTION(passes.predict(x, some.subspan(at, 20), some.subspan(40, 20), memory), std::invalid_argument,
                          says("some of them overlap"));
  BOOST_CHECK_EXCEPTION(passes.predict(x, some.subspan(40, 20), some.subspan(10, 20), memory), std::invalid_argument,
                        says("some of them overlap"));
  BOOST_CHECK_EXCEPTION(workspace{-1}, std::invalid_argument, says("not -1"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
