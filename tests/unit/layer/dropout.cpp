// SPDX-License-Identifier: MIT
#include <fusegrad/layer/dropout.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr std::size_t positions = 6, channels = 20, samples = 400;
constexpr double rate = 0.25;
// Weights are zero and biases one: what comes out is the mask, and the gradient of a bias a sum of it.
constexpr auto model = fg::input<2, 3, 1> | fg::dense<channels> | fg::channel_dropout<rate>;
constexpr auto loss = fg::loss([](auto prediction, auto target) { return prediction * target; });
using model_type = std::remove_cv_t<decltype(model)>;
constexpr auto as_a_whole = fg::input<2, 3, 1> | fg::dense<channels> | fg::stochastic_depth<rate>;

/// For each channel its factor at the places where `seen` tells so, summed.
template <class Model = model_type, class Seen>
std::vector<double> masks(int threads, std::uint64_t seed, std::uint64_t step, Seen seen) {
  fg::weights<Model, double> weights{Model{}};
  weights.write("0.weight", std::vector<double>(channels, 0.0));
  weights.write("0.bias", std::vector<double>(channels, 1.0));
  const std::vector<double> inputs(samples * positions, 0.5);
  std::vector<double> targets(samples * positions * channels);
  for (std::size_t i = 0; i < targets.size(); ++i)
    targets[i] = seen(i / (positions * channels), i / channels % positions) ? 1 : 0;
  std::vector<std::uint32_t> all(samples);
  for (std::uint32_t i = 0; i < samples; ++i) all[i] = i;
  fg::gradients<Model, std::remove_cv_t<decltype(loss)>, double> gradients(Model{}, loss, samples, threads);
  gradients.use_random_numbers(seed, step);
  gradients.compute(weights, fg::with_targets<double>(inputs, positions, targets, positions * channels), all);
  std::vector<double> sums = gradients.read("0.bias");
  for (double& sum : sums) sum *= static_cast<double>(targets.size());
  return sums;
}
std::vector<double> mask_of(std::size_t sample, std::size_t position, std::uint64_t seed = 1, std::uint64_t step = 0) {
  return masks(1, seed, step, [&](std::size_t s, std::size_t p) { return s == sample && p == position; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_dropout)

BOOST_AUTO_TEST_CASE(a_channel_is_hidden_at_all_positions_or_at_none) {
  for (const std::size_t sample : {0u, 7u, 399u}) {
    const std::vector<double> expected = mask_of(sample, 0);
    for (double x : expected) BOOST_TEST((x == 0 || std::abs(x - 1 / (1 - rate)) <= 1e-12), x);
    for (std::size_t p = 1; p < positions; ++p)
      BOOST_TEST(mask_of(sample, p) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(stochastic_depth_hides_all_of_a_sample_or_nothing) {
  std::size_t hidden = 0;
  for (std::size_t sample = 0; sample < 60; ++sample) {
    const std::vector<double> factors = masks<std::remove_cv_t<decltype(as_a_whole)>>(
        1, 1, 0, [&](std::size_t s, std::size_t p) { return s == sample && p == sample % positions; });
    for (double x : factors) BOOST_TEST(x == factors[0]);
    BOOST_TEST((factors[0] == 0 || std::abs(factors[0] - 1 / (1 - rate)) <= 1e-12));
    hidden += factors[0] == 0 ? 1 : 0;
  }
  BOOST_TEST((hidden >= 5 && hidden <= 25), hidden); // 15 expected
}

BOOST_AUTO_TEST_CASE(masks_differ_between_samples_steps_and_seeds) {
  const std::vector<double> one = mask_of(3, 0);
  BOOST_TEST(mask_of(3, 0) == one);
  BOOST_TEST(mask_of(4, 0) != one);
  BOOST_TEST(mask_of(3, 0, 1, 1) != one);
  BOOST_TEST(mask_of(3, 0, 2) != one);
}

BOOST_AUTO_TEST_CASE(the_share_of_hidden_channels_is_the_rate_and_the_mean_is_kept) {
  const auto everywhere = [](std::size_t, std::size_t p) { return p == 0; };
  const std::vector<double> sums = masks(1, 1, 0, everywhere);
  double mean = 0;
  for (double sum : sums) mean += sum / static_cast<double>(samples * channels);
  // 8000 draws, of which each has a deviation of sqrt(rate / (1 - rate)).
  BOOST_TEST(std::abs(mean - 1) <= 4 * std::sqrt(rate / (1 - rate) / static_cast<double>(samples * channels)));
  BOOST_TEST(masks(2, 1, 0, everywhere) == sums, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(inference_is_the_identity) {
  const fg::weights<model_type, double> weights{model, 5};
  const fg::weights<std::remove_cv_t<decltype(fg::input<2, 3, 1> | fg::dense<channels>)>, double> plain{
      fg::input<2, 3, 1> | fg::dense<channels>, 5};
  const std::array<double, positions> image{1, -2, 3, 0.5, 4, -1};
  BOOST_TEST((fg::inference{weights}(image) == fg::inference{plain}(image)));
}

BOOST_AUTO_TEST_SUITE_END()
