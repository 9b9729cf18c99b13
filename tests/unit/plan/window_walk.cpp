// SPDX-License-Identifier: MIT
#include <fusegrad/plan/window_walk.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fg = fusegrad;
using fg::plan::side_walk;
using fg::tensor::window_side;

/// Calls `use(side, length)` for all small windows that fit on a line.
template <class Use> void each_geometry(Use use) {
  for (std::uint32_t size = 1; size <= 4; ++size)
    for (std::uint32_t stride = 1; stride <= 4; ++stride)
      for (std::uint32_t dilation = 1; dilation <= 4; ++dilation)
        for (std::int32_t before = -2; before <= 4; ++before)
          for (std::int32_t after = -2; after <= 4; ++after)
            for (std::size_t length = 1; length <= 9; length += 2) {
              const window_side side{size, stride, dilation, before, after};
              if (side.positions(length) > 0) use(side, length);
            }
}
std::string words(const window_side& s, std::size_t length) {
  return "size " + std::to_string(s.size) + ", stride " + std::to_string(s.stride) + ", dilation " +
         std::to_string(s.dilation) + ", padding " + std::to_string(s.before) + " and " + std::to_string(s.after) +
         ", length " + std::to_string(length);
}

/// For each position that is made what it sees, and by which tap.
using sight = std::set<std::pair<std::int64_t, std::int64_t>>;

/// What walks say. Each position may be made once only.
std::vector<sight> said_by(const std::vector<side_walk>& walks, std::size_t positions) {
  std::vector<sight> out(positions);
  std::vector<int> times(positions);
  for (const side_walk& w : walks)
    for (std::int64_t a = 0; a < w.made; ++a) {
      const auto made = static_cast<std::size_t>(w.made_first + a * w.made_step);
      BOOST_REQUIRE(made < positions);
      ++times[made];
      for (std::int64_t j = 0; j < w.taps; ++j)
        out[made].insert({w.first + a * w.step + j * w.tap_step, w.tap_first + j * w.tap_stride});
    }
  for (const int n : times) BOOST_REQUIRE_EQUAL(n, 1);
  return out;
}
/// How far some sights reach over the ends of a line.
std::pair<std::int64_t, std::int64_t> reach_over(const std::vector<sight>& all, std::int64_t length) {
  std::int64_t before = 0, after = 0;
  for (const sight& of_one : all)
    for (const auto& [place, tap] : of_one)
      before = std::max(before, -place), after = std::max(after, place - length + 1);
  return {before, after};
}
std::pair<std::int64_t, std::int64_t> reach_of(const std::vector<side_walk>& walks, std::int64_t length) {
  std::int64_t before = 0, after = 0;
  for (const side_walk& w : walks) before = std::max(before, w.before()), after = std::max(after, w.after(length));
  return {before, after};
}

void compare(const std::vector<side_walk>& walks, const std::vector<sight>& expected, std::size_t length,
             const std::string& which) {
  const bool agree = said_by(walks, expected.size()) == expected;
  BOOST_REQUIRE_MESSAGE(agree, which << ": other taps");
  const auto seen_length = static_cast<std::int64_t>(length);
  const bool as_large_as_needed = reach_of(walks, seen_length) == reach_over(expected, seen_length);
  BOOST_REQUIRE_MESSAGE(as_large_as_needed, which << ": the border is not just as large as needed");
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_window_walk)

BOOST_AUTO_TEST_CASE(a_walk_sees_what_a_window_sees) {
  each_geometry([](const window_side& s, std::size_t length) {
    std::vector<sight> expected(s.positions(length));
    for (std::size_t q = 0; q < expected.size(); ++q)
      for (std::int64_t t = 0; t < s.size; ++t)
        expected[q].insert({static_cast<std::int64_t>(q) * s.stride - s.before + t * s.dilation, t});
    compare({fg::plan::walk_of(s, expected.size())}, expected, length, words(s, length));
  });
}

// A number of the image meets each window that sees it, at the tap by which it does; windows that would stand before
// the first or behind the last are zeros around them.
BOOST_AUTO_TEST_CASE(walks_back_meet_each_window_that_sees_a_number) {
  each_geometry([](const window_side& s, std::size_t length) {
    std::vector<sight> expected(length);
    for (std::size_t p = 0; p < length; ++p)
      for (std::int64_t t = 0; t < s.size; ++t)
        for (std::int64_t q = -40; q <= 40; ++q)
          if (static_cast<std::int64_t>(p) + s.before == q * s.stride + t * s.dilation) expected[p].insert({q, t});
    const auto walks = fg::plan::walks_back(s, length);
    BOOST_REQUIRE(walks.size() <= s.stride);
    compare({walks.begin(), walks.end()}, expected, s.positions(length), words(s, length));
  });
}

BOOST_AUTO_TEST_CASE(both_directions_have_walks_of_their_own) {
  fg::tensor::image_window w{{{3, 2, 1, 1, 1}, {2, 3}}, 7, 9, 4, 3};
  BOOST_TEST(fg::plan::walks_of(w, false).rows.size() == 1u);
  BOOST_TEST(fg::plan::walks_of(w, false).columns[0].made == 3);
  BOOST_TEST(fg::plan::walks_of(w, true).rows.size() == 2u);
  BOOST_TEST(fg::plan::walks_of(w, true).columns.size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
