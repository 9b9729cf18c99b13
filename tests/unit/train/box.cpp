// SPDX-License-Identifier: MIT
#include <fusegrad/train/box.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;
using numbers = std::vector<double>;

constexpr fg::box domain{{-1, 0}, {1, 0.5}};
static_assert(domain.size() == 1);
static_assert(domain.low_face(1).high()[1] == 0);
static_assert(domain.high_face(0).size() == 0.5);

using fusegrad::test::says;

/// How many points are in each of `cells` by `cells` equal parts of `domain`.
std::vector<int> counted(const numbers& rows, std::size_t cells) {
  std::vector<int> count(cells * cells);
  for (std::size_t i = 0; i < rows.size(); i += 2) {
    const auto x = static_cast<std::size_t>((rows[i] + 1) / 2 * static_cast<double>(cells));
    const auto t = static_cast<std::size_t>(rows[i + 1] / 0.5 * static_cast<double>(cells));
    ++count.at(x * cells + t);
  }
  return count;
}

BOOST_AUTO_TEST_SUITE(train_box)

BOOST_AUTO_TEST_CASE(all_kinds_fill_the_box_and_depend_on_the_seed) {
  for (const auto draw : {&fg::box<2>::uniform, &fg::box<2>::latin_hypercube, &fg::box<2>::sobol}) {
    const numbers rows = (domain.*draw)(1000, 7);
    BOOST_REQUIRE(rows.size() == 2000u);
    BOOST_TEST(rows == (domain.*draw)(1000, 7), boost::test_tools::per_element());
    BOOST_TEST(rows[0] != (domain.*draw)(1000, 8)[0]);
    double mean[2] = {}, square[2] = {}, product = 0;
    for (std::size_t i = 0; i < rows.size(); i += 2) {
      const double x = rows[i], t = 4 * rows[i + 1] - 1; // both from -1 to 1
      BOOST_REQUIRE((x >= -1 && x <= 1 && t >= -1 && t <= 1));
      mean[0] += x / 1000, mean[1] += t / 1000, product += x * t / 1000;
      square[0] += x * x / 1000, square[1] += t * t / 1000;
    }
    for (const double m : {mean[0], mean[1], product}) BOOST_TEST(std::abs(m) < 0.06);
    for (const double s : square) BOOST_TEST(std::abs(s - 1. / 3) < 0.04);
  }
}

BOOST_AUTO_TEST_CASE(few_uniform_points_are_the_first_of_many) {
  const numbers few = domain.uniform(10, 3), many = domain.uniform(500, 3);
  for (std::size_t i = 0; i < few.size(); ++i) BOOST_TEST(few[i] == many[i]);
}

BOOST_AUTO_TEST_CASE(a_latin_hypercube_has_one_point_in_each_part) {
  const numbers rows = domain.latin_hypercube(64, 5);
  std::vector<int> of_x(64), of_t(64);
  for (std::size_t i = 0; i < rows.size(); i += 2) {
    ++of_x.at(static_cast<std::size_t>((rows[i] + 1) * 32));
    ++of_t.at(static_cast<std::size_t>(rows[i + 1] * 128));
  }
  for (std::size_t i = 0; i < 64; ++i) BOOST_TEST((of_x[i] == 1 && of_t[i] == 1));
}

// What the sequence is for: a power of two of points has as many in each of the parts, whatever their form.
BOOST_AUTO_TEST_CASE(sobol_points_are_spread_evenly) {
  for (const int n : counted(domain.sobol(256, 9), 16)) BOOST_TEST(n == 1);
  // Of 13 columns each by itself, too.
  std::array<double, 13> zeros{}, ones;
  ones.fill(1);
  const numbers rows = fg::box<13>(zeros, ones).sobol(128, 2);
  for (std::size_t k = 0; k < 13; ++k) {
    std::vector<int> count(128);
    for (std::size_t i = 0; i < 128; ++i) ++count.at(static_cast<std::size_t>(rows[i * 13 + k] * 128));
    for (const int n : count) BOOST_TEST(n == 1, "column " << k);
  }
}

// Numbers 37 and 63 as scipy.stats.qmc.Sobol(21, scramble=False, bits=32) gives them.
BOOST_AUTO_TEST_CASE(sobol_numbers_are_those_of_joe_and_kuo) {
  const std::uint32_t expected[2][fg::train::sobol_columns] = {
      {3959422976u, 2751463424u, 2483027968u, 3959422976u, 3288334336u, 1275068416u, 738197504u,
       3422552064u, 2617245696u, 738197504u,  67108864u,   335544320u,  2483027968u, 3690987520u,
       469762048u,  2080374784u, 3422552064u, 1811939328u, 201326592u,  603979776u,  4093640704u},
      {67108864u,   3422552064u, 1543503872u, 1946157056u, 3690987520u, 603979776u,  2483027968u,
       603979776u,  3556769792u, 2483027968u, 1811939328u, 2885681152u, 2348810240u, 3288334336u,
       1409286144u, 3288334336u, 335544320u,  1677721600u, 4093640704u, 1006632960u, 1006632960u}};
  for (std::size_t k = 0; k < fg::train::sobol_columns; ++k) {
    const fg::train::sobol_column column(k);
    BOOST_TEST(column[37] == expected[0][k], k);
    BOOST_TEST(column[63] == expected[1][k], k);
    BOOST_TEST(column[0] == 0u);
  }
}

BOOST_AUTO_TEST_CASE(faces_and_all_of_them) {
  const numbers initial = domain.low_face(1).sobol(30, 1), walls = domain.faces(0).uniform(81, 1);
  for (std::size_t i = 0; i < initial.size(); i += 2) BOOST_TEST(initial[i + 1] == 0);
  std::size_t left = 0;
  for (std::size_t i = 0; i < walls.size(); i += 2) {
    BOOST_TEST(std::abs(walls[i]) == 1);
    left += walls[i] < 0;
  }
  BOOST_TEST(walls.size() == 162u);
  BOOST_TEST(std::abs(static_cast<int>(left) - 40) <= 1);
  BOOST_TEST(walls[1] != walls[2 * left + 1]); // not the same points on both
  BOOST_TEST(domain.uniform(30, 1)[0] != domain.low_face(1).uniform(30, 1)[0]);

  // Four faces of lengths 0.5, 0.5, 2, 2.
  for (const auto draw : {&fg::faces<2>::uniform, &fg::faces<2>::latin_hypercube, &fg::faces<2>::sobol}) {
    const numbers rows = (domain.boundary().*draw)(100, 4);
    BOOST_REQUIRE(rows.size() == 200u);
    int on_x = 0, on_t = 0;
    for (std::size_t i = 0; i < rows.size(); i += 2) {
      on_x += std::abs(rows[i]) == 1;
      on_t += rows[i + 1] == 0 || rows[i + 1] == 0.5;
    }
    BOOST_TEST((on_x == 20 && on_t == 80));
  }
  const fg::box line{{2}, {3}};
  BOOST_TEST(line.boundary().uniform(2) == (numbers{2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_grid) {
  BOOST_TEST(domain.grid({3, 2}) == (numbers{-1, 0, -1, 0.5, 0, 0, 0, 0.5, 1, 0, 1, 0.5}),
             boost::test_tools::per_element());
  BOOST_TEST(domain.high_face(0).grid({1, 3}) == (numbers{1, 0, 1, 0.25, 1, 0.5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused) {
  const double infinite = std::numeric_limits<double>::infinity();
  BOOST_CHECK_EXCEPTION((fg::box{{0, 1}, {1, 0.5}}), std::invalid_argument,
                        says("from 1.000000 to 0.500000 in column 1"));
  BOOST_CHECK_EXCEPTION((fg::box{{0, 0}, {infinite, 1}}), std::invalid_argument, says("both finite"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(domain.faces(2)), std::invalid_argument, says("no faces in column 2"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(domain.low_face(0).high_face(0)), std::invalid_argument,
                        says("flat in column 0"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(domain.low_face(0).low_face(1).boundary()), std::invalid_argument,
                        says("flat"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(domain.uniform(0)), std::invalid_argument,
                        says("1 to 4,294,967,295 points, not 0"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(domain.faces(0).sobol(0)), std::invalid_argument, says("not 0"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(domain.grid({1, 4})), std::invalid_argument,
                        says("at least 2 points along column 0, not 1"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(domain.low_face(0).grid({2, 4})), std::invalid_argument,
                        says("1 point along column 0, which is flat"));
  std::array<double, 22> zeros{}, ones;
  ones.fill(1);
  BOOST_CHECK_EXCEPTION(static_cast<void>(fg::box<22>(zeros, ones).sobol(8)), std::invalid_argument,
                        says("at most 21 columns, not in 22"));
  BOOST_TEST((fg::box<22>(zeros, ones).latin_hypercube(8).size()) == 176u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
