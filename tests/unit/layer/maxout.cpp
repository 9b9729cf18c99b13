// SPDX-License-Identifier: MIT
#include <fusegrad/layer/maxout.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/inference.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace {

namespace fg = fusegrad;

// Parts of 84, 56 and 21 numbers: whole vectors and rests of every kind.
constexpr std::size_t width = 168;
constexpr auto model = fg::input<width> | fg::branch(fg::maxout<>, fg::maxout<3>, fg::maxout<8>) | fg::concat;
constexpr std::size_t outputs = width / 2 + width / 3 + width / 8;

void append_largest(std::vector<float>& out, const float* row, std::size_t pieces) {
  for (std::size_t unit = 0; unit < width / pieces; ++unit) {
    float largest = row[unit];
    for (std::size_t piece = 1; piece < pieces; ++piece)
      largest = std::max(largest, row[piece * (width / pieces) + unit]);
    out.push_back(largest);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_maxout)

BOOST_AUTO_TEST_CASE(a_unit_takes_the_largest_of_its_pieces) {
  static_assert(model.output_shape() == fg::shape<outputs>);
  constexpr std::size_t samples = 33;
  std::vector<float> in, expected, found(samples * outputs);
  for (std::size_t i = 0; i < samples * width; ++i)
    in.push_back(static_cast<float>(std::sin(static_cast<double>(i * i % 1009))));
  for (std::size_t s = 0; s < samples; ++s)
    for (const std::size_t pieces : {2u, 3u, 8u}) append_largest(expected, in.data() + s * width, pieces);

  using inference = fg::inference<std::remove_cv_t<decltype(model)>, float>;
  const inference net{fg::weights{model}};
  inference::workspace memory;
  net.predict(in, found, memory);
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

// Each piece takes its turn to be the largest.
BOOST_AUTO_TEST_CASE(the_derivative_belongs_to_the_largest_and_at_a_tie_to_the_last) {
  constexpr auto slopes = fg::gradient([](auto a, auto b, auto c) { return fg::layers::largest_of_all{}(a, b, c); });
  const auto at = [&](double a, double b, double c) {
    const auto s = slopes(a, b, c);
    return std::vector<double>(s.begin(), s.end());
  };
  BOOST_TEST(at(3, 1, 2) == (std::vector<double>{1, 0, 0}), boost::test_tools::per_element());
  BOOST_TEST(at(1, 3, 2) == (std::vector<double>{0, 1, 0}), boost::test_tools::per_element());
  BOOST_TEST(at(-3, -2, -1) == (std::vector<double>{0, 0, 1}), boost::test_tools::per_element());
  BOOST_TEST(at(2, 2, 1) == (std::vector<double>{0, 1, 0}), boost::test_tools::per_element());
  BOOST_TEST(at(2, 2, 2) == (std::vector<double>{0, 0, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
