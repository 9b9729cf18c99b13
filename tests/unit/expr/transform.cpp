// SPDX-License-Identifier: MIT
#include <fusegrad/expr/transform.hpp>

#include <fusegrad/expr/calculus.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

template <class T> std::vector<T> random_numbers(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<T> distribution(T(-3), T(3));
  std::vector<T> numbers(count);
  for (T& x : numbers) x = distribution(engine);
  return numbers;
}

template <class T> bool same_bits(const T& a, const T& b) { return std::memcmp(&a, &b, sizeof(T)) == 0; }

/// Every length up to four registers, so that each place of an element and each rest occurs.
template <class T, class F> void check_bits(F f) {
  for (std::size_t length = 0; length < 4 * fg::math::native_lanes<T> + 2; ++length) {
    const auto x = random_numbers<T>(length, 1), y = random_numbers<T>(length, 2);
    std::vector<T> out(length);
    fg::transform(f, out, x, y);
    for (std::size_t i = 0; i < length; ++i)
      BOOST_TEST_REQUIRE(same_bits(out[i], fg::function(f)(x[i], y[i])), "length " << length << ", element " << i);
  }
}
template <class F> void check_bits_of_both(F f) {
  check_bits<float>(f);
  check_bits<double>(f);
}

BOOST_AUTO_TEST_SUITE(expr_transform)

BOOST_AUTO_TEST_CASE(same_bits_as_one_call_for_each_element) {
  check_bits_of_both([](auto x, auto y) { return x * y + x * x - 3 * y; });
  check_bits_of_both([](auto x, auto y) { return tanh(x) * exp(y) + sigmoid(x * y) - softplus(y); });
  check_bits_of_both([](auto x, auto y) { return select(x < y, max(x, 0), min(y, 0)) / (1 + square(x)); });
  check_bits_of_both([](auto x, auto y) { return sin(x) + cos(y) * erf(x) + pow<3>(y) + pow(abs(x), 1.5); });
  check_bits_of_both(fg::derivative([](auto x, auto y) { return log(2 + x * x) * rsqrt(1 + y * y) * expm1(x); }));
}

BOOST_AUTO_TEST_CASE(a_product_is_rounded_before_it_is_added) {
  const auto x = random_numbers<float>(67, 1), y = random_numbers<float>(67, 2);
  std::vector<float> out(67);
  fg::transform([](auto a, auto b) { return a * b + a * a; }, out, x, y);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const volatile float first = x[i] * y[i], second = x[i] * x[i];
    BOOST_TEST(same_bits(out[i], first + second));
  }
}

BOOST_AUTO_TEST_CASE(several_results_go_to_several_arrays) {
  constexpr auto f = [](auto u, auto v) { return u * sin(v) + 2 * exp(u); };
  const auto u = random_numbers<double>(37, 1), v = random_numbers<double>(37, 2);
  std::vector<double> du(37), dv(37);
  fg::transform(fg::gradient(f), du, dv, u, v);
  for (std::size_t i = 0; i < 37; ++i) {
    const auto expected = fg::gradient(f)(u[i], v[i]);
    BOOST_TEST(same_bits(du[i], expected[0]));
    BOOST_TEST(same_bits(dv[i], expected[1]));
  }
}

BOOST_AUTO_TEST_CASE(nothing_behind_the_end_is_touched) {
  std::vector<float> x(23, 2.0F), out(64, -1.0F);
  fg::transform([](auto a) { return a * a; }, std::span(out).first(23), x);
  for (std::size_t i = 0; i < out.size(); ++i) BOOST_TEST(out[i] == (i < 23 ? 4.0F : -1.0F));
}

BOOST_AUTO_TEST_CASE(in_place) {
  std::vector<float> x = random_numbers<float>(41, 3);
  const auto before = x;
  fg::transform([](auto a) { return exp(a) - a; }, x, x);
  for (std::size_t i = 0; i < x.size(); ++i)
    BOOST_TEST(same_bits(x[i], fg::function([](auto a) { return exp(a) - a; })(before[i])));
}

BOOST_AUTO_TEST_CASE(named_parameters_have_their_initial_values) {
  std::vector<double> x{-4, 4}, out(2);
  fg::transform([](auto a) { return max(a, 0) + fg::parameter<"slope">(0.25) * min(a, 0); }, out, x);
  BOOST_TEST(out[0] == -1.0);
  BOOST_TEST(out[1] == 4.0);
}

std::string message_of(auto&& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was thrown";
}

BOOST_AUTO_TEST_CASE(different_lengths_are_refused) {
  std::vector<float> x(5), out(4);
  BOOST_TEST(message_of([&] { fg::transform([](auto a) { return a; }, out, x); }) ==
             "fusegrad: transform: span 2 has 5 elements, span 1 has 4; all must be equally long");
}

BOOST_AUTO_TEST_CASE(harmful_overlap_is_refused) {
  std::vector<float> x(20);
  const std::span all(x);
  BOOST_TEST(message_of([&] { fg::transform([](auto a) { return a; }, all.subspan(1, 8), all.subspan(0, 8)); }) ==
             "fusegrad: transform: the output span 1 overlaps the input span 1; it may only be the very same span");
  constexpr auto two = [](auto a) { return fg::values(a, 2 * a); };
  std::vector<float> in(8);
  BOOST_TEST(message_of([&] { fg::transform(two, all.subspan(0, 8), all.subspan(7, 8), in); }) ==
             "fusegrad: transform: the output span 2 overlaps the output span 1");
  fg::transform(two, all.subspan(0, 8), all.subspan(8, 8), in);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
