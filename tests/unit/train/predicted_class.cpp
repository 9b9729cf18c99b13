// SPDX-License-Identifier: MIT
#include <fusegrad/train/predicted_class.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

using fusegrad::train::is_predicted;
using fusegrad::train::predicted_class;

BOOST_AUTO_TEST_SUITE(train_predicted_class)

BOOST_AUTO_TEST_CASE(the_largest_and_the_first_of_equals) {
  const float row[] = {1, 3, -2, 3};
  BOOST_TEST(predicted_class(row, 4, 0.5) == 1);
  BOOST_TEST(is_predicted(1, row, 4, 0.5));
  for (std::int32_t other : {0, 2, 3, 4, -1}) BOOST_TEST(!is_predicted(other, row, 4, 0.5));
}

// Few different numbers, so that many are equal, with infinities and what is no number.
BOOST_AUTO_TEST_CASE(asked_for_a_class_the_answer_is_the_same_as_searched) {
  std::mt19937 engine(3);
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const float some[] = {0, -0.f, 1, 2, -1, infinity, -infinity, std::numeric_limits<float>::quiet_NaN()};
  std::size_t found = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<float> row(1 + engine() % 20);
    const std::size_t kinds = i % 3 == 0 ? 8 : 7;
    for (float& x : row) x = some[engine() % kinds];
    const std::int32_t predicted = predicted_class(row.data(), row.size(), 0.5);
    for (std::int32_t label = 0; label < static_cast<std::int32_t>(row.size()) + 1; ++label) {
      BOOST_REQUIRE_EQUAL(is_predicted(label, row.data(), row.size(), 0.5), label == predicted);
      found += label == predicted ? 1 : 0;
    }
  }
  BOOST_TEST(found > 10'000u);
}

BOOST_AUTO_TEST_SUITE_END()
