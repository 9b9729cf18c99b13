// SPDX-License-Identifier: MIT
#include <fusegrad/plan/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

namespace {

using fusegrad::plan::arena;

struct stretch {
  std::size_t start, size;
};

bool overlap(const stretch& a, const stretch& b) { return a.start < b.start + b.size && b.start < a.start + a.size; }

} // namespace

BOOST_AUTO_TEST_SUITE(plan_arena)

BOOST_AUTO_TEST_CASE(what_is_taken_never_overlaps_and_little_is_wasted) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 engine(seed);
    arena a;
    std::vector<stretch> live;
    std::size_t in_use = 0, peak = 0;
    for (int i = 0; i < 400; ++i) {
      if (live.empty() || (live.size() < 20 && engine() % 2 == 0)) {
        const std::size_t size = 16 * (1 + engine() % 40);
        const stretch taken{a.take(size), size};
        for (const stretch& other : live) BOOST_REQUIRE(!overlap(taken, other));
        BOOST_REQUIRE(taken.start + taken.size <= a.size());
        live.push_back(taken);
        peak = std::max(peak, in_use += size);
      } else {
        const std::size_t which = engine() % live.size();
        a.release(live[which].start, live[which].size);
        in_use -= live[which].size;
        live[which] = live.back();
        live.pop_back();
      }
    }
    BOOST_TEST(a.size() <= peak + peak / 2);
  }
}

BOOST_AUTO_TEST_CASE(values_of_one_size_waste_nothing) {
  std::mt19937 engine(1);
  arena a;
  std::vector<std::size_t> live;
  std::size_t peak = 0;
  for (int i = 0; i < 500; ++i) {
    if (live.empty() || engine() % 2 == 0)
      live.push_back(a.take(32));
    else
      std::swap(live[engine() % live.size()], live.back()), a.release(live.back(), 32), live.pop_back();
    peak = std::max(peak, live.size());
  }
  BOOST_TEST(a.size() == 32 * peak);
}

BOOST_AUTO_TEST_CASE(gaps_beside_each_other_become_one) {
  for (const auto& order : {std::vector<std::size_t>{0, 1, 2}, {2, 1, 0}, {0, 2, 1}, {1, 0, 2}}) {
    arena a;
    const std::size_t start[] = {a.take(16), a.take(32), a.take(48)};
    const std::size_t size[] = {16, 32, 48};
    const std::size_t last = a.take(8);
    for (std::size_t i : order) a.release(start[i], size[i]);
    BOOST_TEST(a.take(96) == 0u);
    BOOST_TEST(last == 96u);
    BOOST_TEST(a.size() == 104u);
  }
}

BOOST_AUTO_TEST_CASE(a_gap_at_the_end_grows) {
  arena a;
  a.take(16);
  const std::size_t last = a.take(16);
  a.release(last, 16);
  BOOST_TEST(a.take(64) == last);
  BOOST_TEST(a.size() == 80u);
}

BOOST_AUTO_TEST_CASE(what_is_reused_whole_keeps_its_place_and_size) {
  std::mt19937 engine(3);
  arena a(fusegrad::plan::reuse::whole);
  std::vector<stretch> live, ever;
  for (int i = 0; i < 500; ++i) {
    if (live.empty() || engine() % 2 == 0) {
      const std::size_t size = 16 * (1 + engine() % 4);
      const stretch taken{a.take(size), size};
      for (const stretch& other : live) BOOST_REQUIRE(!overlap(taken, other));
      for (const stretch& other : ever)
        BOOST_REQUIRE(!overlap(taken, other) || (taken.start == other.start && taken.size == other.size));
      live.push_back(taken), ever.push_back(taken);
    } else {
      std::swap(live[engine() % live.size()], live.back());
      a.release(live.back().start, live.back().size);
      live.pop_back();
    }
  }
  BOOST_TEST(a.size() < 500u * 16); // places are reused at all
}

BOOST_AUTO_TEST_CASE(what_has_a_tag_is_given_to_the_same_tag_and_size_only) {
  std::mt19937 engine(4);
  struct tagged : stretch {
    std::size_t tag;
  };
  for (const auto how : {fusegrad::plan::reuse::any, fusegrad::plan::reuse::whole}) {
    arena a(how);
    std::vector<tagged> live, ever;
    for (int i = 0; i < 500; ++i) {
      if (live.empty() || engine() % 2 == 0) {
        const std::size_t tag = engine() % 3, size = 16 * (1 + (tag + engine()) % 3);
        const tagged taken{{a.take(size, tag), size}, tag};
        for (const tagged& other : live) BOOST_REQUIRE(!overlap(taken, other));
        for (const tagged& other : ever) {
          if (!overlap(taken, other) || (taken.tag == 0 && other.tag == 0)) continue;
          BOOST_REQUIRE(taken.tag == other.tag && taken.start == other.start && taken.size == other.size);
        }
        BOOST_REQUIRE(taken.start + taken.size <= a.size());
        live.push_back(taken), ever.push_back(taken);
      } else {
        std::swap(live[engine() % live.size()], live.back());
        a.release(live.back().start, live.back().size, live.back().tag);
        live.pop_back();
      }
    }
    BOOST_TEST(a.size() < 500u * 16);
  }
}

BOOST_AUTO_TEST_SUITE_END()
