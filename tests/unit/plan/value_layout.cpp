// SPDX-License-Identifier: MIT
#include <fusegrad/plan/value_layout.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <tuple>

namespace {

namespace fg = fusegrad;
using fg::plan::border;
using fg::plan::value_layout;

struct layout_case {
  fg::tensor::extents shape;
  border edges;
  bool is_tight;
};
layout_case draw(std::mt19937& engine) {
  layout_case c{};
  const auto up_to = [&](std::uint32_t most) { return static_cast<std::uint32_t>(1 + engine() % most); };
  c.shape.rank = up_to(4);
  for (std::uint32_t i = 0; i < c.shape.rank; ++i) c.shape.extent[i] = up_to(i + 1 == c.shape.rank ? 40 : 5);
  if (engine() % 2 == 0) c.edges = {engine() % 3, engine() % 3, engine() % 3, engine() % 3};
  c.is_tight = engine() % 2 == 0;
  return c;
}
/// Where a number lies, counted from the value's own place.
std::size_t address(const value_layout& l, std::size_t sample, std::size_t y, std::size_t x, std::size_t column) {
  return sample * l.sample_step + l.first() + y * l.row_step + x * l.column_step + column;
}

using both_types = std::tuple<float, double>;

} // namespace

BOOST_AUTO_TEST_SUITE(plan_value_layout)

BOOST_AUTO_TEST_CASE_TEMPLATE(every_number_has_a_place_of_its_own_within_its_sample, T, both_types) {
  constexpr auto lanes = static_cast<std::size_t>(fg::math::native_lanes<T>);
  std::mt19937 engine(1);
  for (int i = 0; i < 300; ++i) {
    const layout_case c = draw(engine);
    const value_layout l = fg::plan::lay_out<T>(c.shape, c.edges, c.is_tight);
    const bool is_whole = !c.is_tight || (!l.is_image() && c.edges.is_none());
    BOOST_REQUIRE_EQUAL(l.image_rows * l.image_columns * l.columns, c.shape.size());
    BOOST_REQUIRE_EQUAL(l.sample_step % lanes, 0u);
    if (is_whole) BOOST_REQUIRE(l.column_step % lanes == 0 && l.first() % lanes == 0);
    const std::size_t width = is_whole ? fg::kernel::padded<T>(l.columns) : l.columns;
    const border& e = c.edges;
    std::set<std::size_t> taken; // by positions and by the zeros around them
    const std::size_t start = l.first() - e.above * l.row_step - e.left * l.column_step;
    BOOST_REQUIRE_EQUAL(start, 0u);
    for (std::size_t y = 0; y < e.above + l.image_rows + e.below; ++y)
      for (std::size_t x = 0; x < e.left + l.image_columns + e.right; ++x)
        for (std::size_t k = 0; k < width; ++k) {
          const std::size_t at = y * l.row_step + x * l.column_step + k;
          BOOST_REQUIRE(at < l.sample_step);
          BOOST_REQUIRE(taken.insert(at).second);
        }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_flat_lies_as_the_vector_of_its_numbers, T, both_types) {
  std::mt19937 engine(2);
  int flat = 0;
  for (int i = 0; i < 600; ++i) {
    const layout_case c = draw(engine);
    const value_layout l = fg::plan::lay_out<T>(c.shape, c.edges, c.is_tight);
    if (!l.is_flat()) continue;
    ++flat;
    const value_layout vector = fg::plan::lay_out<T>(fg::tensor::vector_of(c.shape.size()), {}, false);
    BOOST_REQUIRE_EQUAL(l.sample_step, vector.sample_step);
    for (std::size_t n = 0; n < c.shape.size(); ++n)
      BOOST_REQUIRE_EQUAL(
          address(l, 1, n / l.columns / l.image_columns, n / l.columns % l.image_columns, n % l.columns),
          address(vector, 1, 0, 0, n));
  }
  BOOST_TEST(flat > 100);
}

BOOST_AUTO_TEST_CASE(positions_are_even_where_no_border_stands_between_them) {
  const auto even = [](const fg::tensor::extents& shape, const border& edges) {
    return fg::plan::lay_out<float>(shape, edges, false).is_even();
  };
  BOOST_TEST(even(fg::shape<4, 5, 3>, {}));
  BOOST_TEST(even(fg::shape<4, 5, 3>, {2, 1, 0, 0}));
  BOOST_TEST(!even(fg::shape<4, 5, 3>, {0, 0, 1, 0}));
  BOOST_TEST(!even(fg::shape<4, 5, 3>, {0, 0, 0, 1}));
}

BOOST_AUTO_TEST_CASE(of_two_borders_the_larger_of_each_edge) {
  constexpr border larger = fg::plan::both({1, 0, 3, 2}, {0, 2, 1, 2});
  static_assert(larger == border{1, 2, 3, 2});
  BOOST_TEST((border{}.is_none() && !larger.is_none()));
}

BOOST_AUTO_TEST_SUITE_END()
