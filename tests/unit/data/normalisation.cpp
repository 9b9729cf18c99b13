// SPDX-License-Identifier: MIT
#include <fusegrad/data/normalisation.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

namespace {

using namespace fusegrad::data;

template <class T>
dataset<T> columns(std::vector<T> inputs) {
  return dataset<T>::from_targets(inputs, 2, std::vector<T>(inputs.size() / 2), 1);
}

BOOST_AUTO_TEST_SUITE(data_normalisation)

BOOST_AUTO_TEST_CASE(standardisation_gives_mean_zero_and_deviation_one) {
  const auto samples = columns<double>({1, 100, 2, 300, 6, 200, 7, 700});
  const auto scaled = fit_standardisation(samples).apply(samples);
  for (std::size_t feature = 0; feature < 2; ++feature) {
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      sum += scaled.input(i)[feature];
      squares += scaled.input(i)[feature] * scaled.input(i)[feature];
    }
    BOOST_TEST(std::abs(sum) < 1e-14);
    BOOST_TEST(squares / 4 == 1.0, boost::test_tools::tolerance(1e-14));
  }
  BOOST_TEST(scaled.target_width() == 1u);
}

BOOST_AUTO_TEST_CASE(min_max_gives_the_unit_interval) {
  const auto fitted = fit_min_max(columns<float>({2, -1, 4, 1, 3, 0}));
  const std::vector<float> expected{0.5f, 0.5f, 1.5f, 2.0f};
  const auto scaled = fitted.apply(columns<float>({3, 0, 5, 3}));
  BOOST_TEST(scaled.inputs() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(constant_columns_become_zero) {
  // Ten times 0.1 has a rounded mean that is not 0.1.
  std::vector<double> inputs;
  for (int i = 0; i < 10; ++i) inputs.insert(inputs.end(), {0.1, static_cast<double>(i)});
  const auto samples = columns<double>(inputs);
  for (const auto& fitted : {fit_standardisation(samples), fit_min_max(samples)}) {
    const auto scaled = fitted.apply(samples);
    for (std::size_t i = 0; i < 10; ++i) BOOST_TEST(scaled.input(i)[0] == 0.0);
    BOOST_TEST(fitted.apply(columns<double>({1.1, 0})).input(0)[0] == 1.0,
               boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(tiny_spreads_do_not_overflow) {
  const float tiny = 1e-44f;
  const auto samples = columns<float>({0, 0, tiny, 1});
  BOOST_TEST(fit_min_max(samples).apply(samples).input(1)[0] == 1.0f);
}

BOOST_AUTO_TEST_CASE(applies_to_one_sample_in_place) {
  std::vector<float> sample{4, 0};
  fit_min_max(columns<float>({2, -1, 4, 1})).apply(std::span(sample));
  BOOST_TEST(sample[0] == 1.0f);
  BOOST_TEST(sample[1] == 0.5f);
}

BOOST_AUTO_TEST_CASE(refuses_what_it_cannot_fit) {
  constexpr float huge = std::numeric_limits<float>::max();
  constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
  BOOST_CHECK_THROW(fit_min_max(dataset<float>()), std::invalid_argument);
  BOOST_CHECK_THROW(fit_min_max(columns<float>({-huge, 0, huge, 1})), std::invalid_argument);
  BOOST_CHECK_THROW(fit_standardisation(columns<float>({nothing, 0, 1, 1})), std::invalid_argument);
  const auto fitted = fit_min_max(columns<float>({1, 2, 3, 4}));
  std::vector<float> three{1, 2, 3};
  BOOST_CHECK_THROW(fitted.apply(std::span(three)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
