// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/transpose.hpp>

#include "unit/kernel/support.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

/// Columns `first` to `last` of the result.
template <class T> void check_transposed(panelled<T>& from, panelled<T>& to, std::size_t first, std::size_t last) {
  for (std::size_t o = 0; o < from.width(); ++o)
    for (std::size_t i = first; i < std::min(last, from.count()); ++i) BOOST_REQUIRE_EQUAL(to.at(o, i), from.at(i, o));
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_transpose)

BOOST_AUTO_TEST_CASE_TEMPLATE(in_strips_of_any_sort, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    const std::size_t in = between(1, 150), out = between(1, 150), strips = kernel::transpose_strips<T>(in);
    panelled<T> from(in, out), to(out, in);
    from.fill(T(-7)); // what an update rule made of the padding must not matter
    std::vector<std::size_t> cuts{0, strips};
    for (std::size_t k = between(0, 5); k > 0; --k) cuts.push_back(between(0, strips));
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t k = cuts.size() - 1; k > 0; --k)
      kernel::transpose(from.data(), to.data(), in, out, cuts[k - 1], cuts[k]);
    check_transposed(from, to, 0, in);
    to.check_padding_is_zero();
    to.check_untouched_around();
    from.check_untouched_around();
  }
}

// [taps][channels][out] becomes [taps][out][channels].
BOOST_AUTO_TEST_CASE_TEMPLATE(each_tap_by_itself, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    const std::size_t taps = between(1, 9), channels = between(1, 40), out = between(1, 70),
                      strips = kernel::transpose_strips<T>(taps * channels, taps);
    panelled<T> from(taps * channels, out), to(taps * out, channels);
    from.fill(T(-7));
    for (std::size_t first = 0; first < strips;) {
      const std::size_t last = std::min(first + between(1, strips), strips);
      kernel::transpose(from.data(), to.data(), taps * channels, out, first, last, taps);
      first = last;
    }
    for (std::size_t tap = 0; tap < taps; ++tap)
      for (std::size_t o = 0; o < out; ++o)
        for (std::size_t k = 0; k < channels; ++k)
          BOOST_REQUIRE_EQUAL(to.at(tap * out + o, k), from.at(tap * channels + k, o));
    to.check_padding_is_zero();
    to.check_untouched_around();
    from.check_untouched_around();
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_strip_touches_its_own_columns_only, T, both_types) {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  for (int i = 0; i < 50; ++i) {
    const std::size_t in = between(1, 100), out = between(1, 100),
                      strip = between(0, kernel::transpose_strips<T>(in) - 1);
    panelled<T> from(in, out), to(out, in);
    from.fill();
    kernel::transpose(from.data(), to.data(), in, out, strip, strip + 1);
    check_transposed(from, to, strip * lanes, (strip + 1) * lanes);
    bool untouched = true;
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t k = 0; k < kernel::padded<T>(in); ++k)
        untouched = untouched && (k / lanes == strip || std::isnan(to.at(o, k)));
    BOOST_TEST(untouched);
  }
}

template <std::size_t Taps> constexpr bool transposes_in_constant_expressions() {
  constexpr std::size_t channels = 3, in = Taps * channels, out = 5;
  std::array<float, in * kernel::padded<float>(out)> from{};
  std::array<float, Taps * out * kernel::padded<float>(channels)> to{};
  for (std::size_t i = 0; i < in; ++i)
    for (std::size_t o = 0; o < out; ++o)
      from[kernel::panel_index<float>(in, out, i, o)] = static_cast<float>(10 * i + o);
  kernel::transpose(from.data(), to.data(), in, out, 0, kernel::transpose_strips<float>(in, Taps), Taps);
  for (std::size_t i = 0; i < in; ++i)
    for (std::size_t o = 0; o < out; ++o)
      if (to[kernel::panel_index<float>(Taps * out, channels, i / channels * out + o, i % channels)] !=
          static_cast<float>(10 * i + o))
        return false;
  return true;
}
static_assert(transposes_in_constant_expressions<1>() && transposes_in_constant_expressions<4>());

BOOST_AUTO_TEST_SUITE_END()
