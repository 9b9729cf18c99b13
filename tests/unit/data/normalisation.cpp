// SPDX-License-Identifier: MIT
#include <fusegrad/data/normalisation.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::data;

template <class T> dataset<T> columns(std::vector<T> inputs) {
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
    BOOST_TEST(fitted.apply(columns<double>({1.1, 0})).input(0)[0] == 1.0, boost::test_tools::tolerance(1e-12));
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

template <class T> void refuses_to_fit(std::vector<T> inputs, const std::string& words) {
  const auto says = [&](const std::invalid_argument& error) {
    BOOST_TEST(std::string(error.what()) == "normalisation: expected " + words);
    return true;
  };
  BOOST_CHECK_EXCEPTION(fit_min_max(columns<T>(inputs)), std::invalid_argument, says);
  BOOST_CHECK_EXCEPTION(fit_standardisation(columns<T>(inputs)), std::invalid_argument, says);
}

// Wherever it stands, also where smallest, largest and spread say nothing of it.
BOOST_AUTO_TEST_CASE(refuses_numbers_that_are_not_finite) {
  constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
  constexpr double infinite = std::numeric_limits<double>::infinity();
  refuses_to_fit<float>({0, 1, 0, nothing, 0, 3}, "finite numbers in feature 1, found nan at sample 1");
  refuses_to_fit<float>({2, 0, nothing, 0, 2, 0}, "finite numbers in feature 0, found nan at sample 1");
  refuses_to_fit<float>({nothing, 0, 1, 0, 2, 0}, "finite numbers in feature 0, found nan at sample 0");
  refuses_to_fit<float>({0, 0, 1, 0, nothing, 0}, "finite numbers in feature 0, found nan at sample 2");
  refuses_to_fit<float>({nothing, 0, nothing, 0}, "finite numbers in feature 0, found nan at sample 0");
  refuses_to_fit<double>({0, infinite, 0, infinite}, "finite numbers in feature 1, found inf at sample 0");
  refuses_to_fit<double>({0, 1, 0, -infinite}, "finite numbers in feature 1, found -inf at sample 1");
}

BOOST_AUTO_TEST_CASE(numbers_of_any_size_have_a_spread) {
  const auto within = boost::test_tools::tolerance(1e-14);
  for (const double size : {1e-300, 1e-200, 1e-10, 1.0, 1e200, 1e300}) {
    const auto samples = columns<double>({size, 0, 3 * size, 1});
    const auto standard = fit_standardisation(samples);
    BOOST_TEST(standard.shift[0] == 2 * size, within);
    BOOST_TEST(standard.divisor[0] == size, within);
    BOOST_TEST(standard.apply(samples).input(1)[0] == 1.0, within);
    BOOST_TEST(fit_min_max(samples).divisor[0] == 2 * size, within);
  }
  // A tenth of the smallest number there is.
  std::vector<float> nearly(200, 0.0f);
  nearly[0] = std::numeric_limits<float>::denorm_min();
  for (std::size_t i = 1; i < nearly.size(); i += 2) nearly[i] = static_cast<float>(i);
  BOOST_CHECK_EXCEPTION(fit_standardisation(columns<float>(nearly)), std::invalid_argument, [](const auto& error) {
    return std::string(error.what()) ==
           "normalisation: expected numbers that are all equal or differ by more in feature 0, "
           "found values whose spread underflows";
  });
}

BOOST_AUTO_TEST_CASE(refuses_to_apply_what_makes_no_number) {
  constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
  const auto refused = [](normalisation<float> broken, const std::string& words) {
    const auto says = [&](const std::invalid_argument& error) {
      BOOST_TEST(std::string(error.what()) == "normalisation: expected " + words);
      return true;
    };
    std::vector<float> sample{1, 2};
    BOOST_CHECK_EXCEPTION(broken.apply(std::span(sample)), std::invalid_argument, says);
    BOOST_CHECK_EXCEPTION(broken.apply(columns<float>({1, 2})), std::invalid_argument, says);
    BOOST_TEST(sample[0] == 1.0f);
  };
  refused({{0, 0}, {1}}, "a shift and a divisor for each feature, found 2 and 1");
  refused({{0}, {1}}, "1 features, found 2");
  const std::string numbers = "a finite shift and a finite divisor that is not zero for feature 1, found ";
  refused({{0, 0}, {1, 0}}, numbers + "0.000000 and 0.000000");
  refused({{0, nothing}, {1, 1}}, numbers + "nan and 1.000000");
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

BOOST_AUTO_TEST_CASE(messages_say_what_a_feature_is_called) {
  const auto samples =
      columns<float>({1, 2, 3, std::numeric_limits<float>::quiet_NaN()}).with_feature_names({"pt", "eta"});
  BOOST_CHECK_EXCEPTION(fit_min_max(samples), std::invalid_argument, [](const std::exception& error) {
    return error.what() ==
           std::string("normalisation: expected finite numbers in feature 1 (eta), found nan at sample 1");
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
