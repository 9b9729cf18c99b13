// SPDX-License-Identifier: MIT
#include <fusegrad/train/plateau.hpp>

#include <boost/test/unit_test.hpp>

#include <span>
#include <vector>

namespace {

namespace fg = fusegrad;

/// The factor behind each epoch.
std::vector<double> factors(const fg::schedule::plateau& plateau, const std::vector<double>& losses,
                            const fg::best_by& what) {
  std::vector<fg::epoch_record> past;
  std::vector<double> out;
  for (const double x : losses) {
    fg::epoch_record record{};
    record.validation_loss = what == fg::best_by::loss ? x : 0;
    record.validation_accuracy = what == fg::best_by::accuracy ? x : 0;
    past.push_back(record);
    out.push_back(plateau.after(std::span<const fg::epoch_record>(past), what));
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(train_plateau)

// ReduceLROnPlateau(factor=0.5, patience=1, threshold=0.1, cooldown=2, min_lr=0.2) of PyTorch 2.13, rate 1.
BOOST_AUTO_TEST_CASE(the_rate_falls_as_in_pytorch) {
  const fg::schedule::plateau plateau{.factor = 0.5, .patience = 1, .least_improvement = 0.1, .floor = 0.2, .pause = 2};
  const std::vector<double> losses{1.0, 0.95, 0.94, 0.93, 0.5, 0.5, 0.5, 0.5, 0.5,
                                   0.5, 0.5,  0.5,  0.1,  0.1, 0.1, 0.1, 0.1};
  const std::vector<double> expected{1.0,  1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25,
                                     0.25, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2,  0.2};
  BOOST_TEST(factors(plateau, losses, fg::best_by::loss) == expected, boost::test_tools::per_element());
}

// ReduceLROnPlateau(mode="max", factor=0.5, patience=0, threshold=0.1).
BOOST_AUTO_TEST_CASE(of_accuracies_more_is_better) {
  const fg::schedule::plateau plateau{.factor = 0.5, .patience = 0, .least_improvement = 0.1};
  const std::vector<double> expected{1.0, 1.0, 0.5, 0.5, 0.25, 0.25};
  BOOST_TEST(factors(plateau, {0.5, 0.6, 0.61, 0.7, 0.7, 0.9}, fg::best_by::accuracy) == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nothing_falls_with_a_factor_of_one) {
  for (const double f : factors({}, std::vector<double>(50, 1.0), fg::best_by::loss)) BOOST_TEST(f == 1);
}

BOOST_AUTO_TEST_SUITE_END()
