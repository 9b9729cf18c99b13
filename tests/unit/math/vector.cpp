// SPDX-License-Identifier: MIT
#include <fusegrad/math/vector.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <tuple>
#include <type_traits>

#include <boost/test/unit_test.hpp>
#include <sys/mman.h>
#include <unistd.h>

#include <fusegrad/math/number.hpp>

namespace {

using fusegrad::math::mask;
using fusegrad::math::vector;
/// Whole registers and parts of one; of 16 bytes there are no vectors besides the native ones.
using types =
    std::conditional_t<(fusegrad::math::vector_bytes > 16),
                       std::tuple<vector<float>, vector<double>, vector<float, 2>, vector<float, 4>, vector<double, 2>>,
                       std::tuple<vector<float>, vector<double>, vector<float, 2>>>;

static_assert(std::is_trivially_copyable_v<vector<float>> && std::is_trivially_copyable_v<mask<double>>);

/// 1, 2, 3, ... times a factor.
template <class V> V counting(typename V::value_type factor) {
  std::array<typename V::value_type, V::lanes> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<typename V::value_type>(i + 1) * factor;
  return V::load(values.data());
}

/// Memory whose last byte is followed by a page that must not be touched.
class guarded_memory {
public:
  guarded_memory()
      : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))),
        start_(static_cast<std::byte*>(
            mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    BOOST_REQUIRE(mprotect(start_ + page_, page_, PROT_NONE) == 0);
  }
  guarded_memory(const guarded_memory&) = delete;
  guarded_memory& operator=(const guarded_memory&) = delete;
  ~guarded_memory() { munmap(start_, 2 * page_); }

  /// Room for `count` values at the very end.
  template <class T> T* last(int count) const { return reinterpret_cast<T*>(start_ + page_) - count; }

private:
  std::size_t page_;
  std::byte* start_;
};

BOOST_AUTO_TEST_SUITE(math_vector)

BOOST_AUTO_TEST_CASE_TEMPLATE(arithmetic_is_that_of_every_lane, V, types) {
  using T = typename V::value_type;
  const V a = counting<V>(T(1.5));
  const V b = counting<V>(T(-0.3));
  for (int i = 0; i < V::lanes; ++i) {
    BOOST_TEST((a + b)[i] == a[i] + b[i]);
    BOOST_TEST((a - b)[i] == a[i] - b[i]);
    BOOST_TEST((a * b)[i] == a[i] * b[i]);
    BOOST_TEST((a / b)[i] == a[i] / b[i]);
    BOOST_TEST((-a)[i] == -a[i]);
    BOOST_TEST((2 * a)[i] == 2 * a[i]);
    BOOST_TEST((a - 0.5)[i] == a[i] - T(0.5));
    BOOST_TEST(multiply_add(a, b, V(T(0.7)))[i] == fusegrad::math::multiply_add(a[i], b[i], T(0.7)));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(comparisons_and_selection, V, types) {
  using T = typename V::value_type;
  const V a = counting<V>(T(1));
  const V two(T(2));
  for (int i = 0; i < V::lanes; ++i) {
    BOOST_TEST((a < two)[i] == (a[i] < 2));
    BOOST_TEST((a <= two)[i] == (a[i] <= 2));
    BOOST_TEST((a > two)[i] == (a[i] > 2));
    BOOST_TEST((a >= two)[i] == (a[i] >= 2));
    BOOST_TEST((a == two)[i] == (a[i] == 2));
    BOOST_TEST((a != two)[i] == (a[i] != 2));
    BOOST_TEST(select((a > 1) & !(a > two), a, 0)[i] == (a[i] == 2 ? T(2) : T(0)));
    BOOST_TEST(((a < two) ^ (a < 3))[i] == (a[i] == 2));
  }
  BOOST_TEST(any(a == two));
  BOOST_TEST(!any(a < 0));
  BOOST_TEST(none(a < 0));
  BOOST_TEST(all(a > 0));
  BOOST_TEST(!all(a > 1));
  const V last = select(a == V::lanes, a, 0);
  BOOST_TEST(any(last != 0));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(partial_access_touches_nothing_behind, V, types) {
  using T = typename V::value_type;
  const guarded_memory memory;
  const V values = counting<V>(T(1));
  for (int count = 0; count <= V::lanes; ++count) {
    T* place = memory.last<T>(count);
    values.store_first(place, count);
    const V back = V::load_first(place, count);
    for (int i = 0; i < V::lanes; ++i) {
      BOOST_TEST(back[i] == (i < count ? values[i] : T(0)));
      BOOST_TEST(V::first_lanes_mask(count)[i] == (i < count));
    }
  }
  std::array<T, V::lanes> room{};
  room.fill(T(-7));
  values.store_first(room.data(), V::lanes - 1);
  BOOST_TEST(room.back() == T(-7));
  BOOST_TEST(V::template first_lanes_mask<1>()[0]);
  BOOST_TEST(!V::template first_lanes_mask<1>()[1]);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(whole_access, V, types) {
  using T = typename V::value_type;
  alignas(64) std::array<T, 2 * V::lanes> memory{};
  counting<V>(T(1)).store_aligned(memory.data());
  BOOST_TEST(V::load_aligned(memory.data())[V::lanes - 1] == T(V::lanes));
  counting<V>(T(2)).store(memory.data() + 1);
  BOOST_TEST(memory[0] == T(1));
  BOOST_TEST(V::load(memory.data() + 1)[V::lanes - 1] == T(2 * V::lanes));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_number_in_the_first_lane_alone, V, types) {
  const V one = V::only_first(typename V::value_type(-2.5));
  for (int i = 0; i < V::lanes; ++i) BOOST_TEST(one[i] == (i == 0 ? -2.5 : 0));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reductions_follow_a_fixed_tree, V, types) {
  using T = typename V::value_type;
  const V a = counting<V>(T(0.1));
  std::array<T, V::lanes> tree{};
  a.store(tree.data());
  for (std::size_t half = tree.size() / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) tree[i] += tree[i + half];
  }
  BOOST_TEST(sum(a) == tree[0]);
  BOOST_TEST(max_lane(a) == a[V::lanes - 1]);
  BOOST_TEST(min_lane(a) == a[0]);
  BOOST_TEST(std::isnan(max_lane(select(a == a[1], std::numeric_limits<T>::quiet_NaN(), a))));
  BOOST_TEST(std::isnan(min_lane(select(a == a[0], std::numeric_limits<T>::quiet_NaN(), a))));
}

// An addition that follows must not swallow the multiplication: (1 + e)^2 - 1 loses e^2 when rounded in between.
BOOST_AUTO_TEST_CASE_TEMPLATE(rounded_keeps_multiplication_and_addition_apart, V, types) {
  using T = typename V::value_type;
  volatile T input = 1 + std::numeric_limits<T>::epsilon();
  const T x = input;
  BOOST_TEST((rounded(V(x) * V(x)) - 1)[0] == 2 * std::numeric_limits<T>::epsilon());
  BOOST_TEST(fusegrad::math::rounded(x * x) - 1 == 2 * std::numeric_limits<T>::epsilon());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
