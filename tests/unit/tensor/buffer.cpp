// SPDX-License-Identifier: MIT
#include <fusegrad/tensor/buffer.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace {

using fusegrad::tensor::buffer;

template <class T> buffer<T> counted(std::size_t size) {
  buffer<T> b(size);
  for (std::size_t i = 0; i < size; ++i) b[i] = static_cast<T>(i + 1);
  return b;
}

constexpr float sum_of_copy() {
  buffer<float> a(3);
  for (float& x : a) x += 2;
  buffer<float> b = a, c;
  c = std::move(a);
  return b[0] + b[1] + b[2] + c[0];
}
static_assert(sum_of_copy() == 8);

} // namespace

BOOST_AUTO_TEST_SUITE(tensor_buffer)

BOOST_AUTO_TEST_CASE(more_numbers_than_memory_can_hold_are_refused) {
  BOOST_CHECK_THROW(buffer<double>(SIZE_MAX / sizeof(double) + 2),
                    std::length_error); // 8 bytes, were it to wrap around
  BOOST_CHECK_THROW(buffer<float>(SIZE_MAX), std::length_error);
}

BOOST_AUTO_TEST_CASE(starts_zero_on_a_cache_line) {
  // The last two lie on huge pages, if the system has any.
  for (std::size_t size : {1u, 3u, 16u, 1000u, 200'000u, 300'001u}) {
    const buffer<double> b(size);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(b.data()) % fusegrad::tensor::alignment == 0u);
    BOOST_TEST(b.size() == size);
    BOOST_TEST(std::all_of(b.begin(), b.end(), [](double x) { return x == 0; }));
    if (size >= 200'000) BOOST_TEST(reinterpret_cast<std::uintptr_t>(b.data()) % fusegrad::tensor::huge_page == 0u);
  }
}

BOOST_AUTO_TEST_CASE(copies_are_apart_and_moves_leave_nothing) {
  auto a = counted<float>(5);
  const auto copy = a;
  a[0] = 9;
  BOOST_TEST(copy[0] == 1);
  const float* const place = a.data();
  buffer<float> moved = std::move(a);
  BOOST_TEST(moved.data() == place);
  a = copy;
  BOOST_TEST(a.size() == 5u);
  const auto& same = a;
  a = same;
  BOOST_TEST(a[4] == 5);
}

BOOST_AUTO_TEST_CASE(an_empty_one_can_be_used) {
  buffer<float> none(0), other = none;
  BOOST_TEST((other.begin() == other.end()));
  other = counted<float>(2);
  BOOST_TEST(other[1] == 2);
}

BOOST_AUTO_TEST_SUITE_END()
