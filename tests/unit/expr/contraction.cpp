// SPDX-License-Identifier: MIT
#include <fusegrad/expr/contraction.hpp>

#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/math/vector.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <tuple>

namespace {

namespace fg = fusegrad;
using namespace fg::expr;
namespace math = fg::math;

template <auto F, std::size_t Arity> constexpr const auto& table_of = recorded<recipe_of<decltype(F)>, Arity>.body;

constexpr auto sum = [](auto a, auto b, auto c) { return a * b + c; };
constexpr auto sum_turned = [](auto a, auto b, auto c) { return c + a * b; };
constexpr auto minus_other = [](auto a, auto b, auto c) { return a * b - c; };
constexpr auto minus_product = [](auto a, auto b, auto c) { return c - a * b; };
constexpr auto two_products = [](auto a, auto b, auto c) { return a * b + b * c; };
constexpr auto read_twice = [](auto a, auto b, auto c) { return (a * b + c) / (a * b); };
constexpr auto is_a_result = [](auto a, auto b, auto c) { return fg::values(a * b, a * b + c); };
constexpr auto is_in_two_sums = [](auto a, auto b, auto c) { return fg::values(a * b + c, a * b - c); };
constexpr auto slope = [](auto a, auto, auto) { return 1 - a * a; };
constexpr auto step = [](auto weight, auto gradient, auto rate) { return weight - rate * (gradient + 0.25 * weight); };

template <auto F> constexpr int parts() {
  int count = 0;
  for (std::uint64_t factors : contraction_of<table_of<F, 3>>.factors) count += factors != 0;
  return count;
}
static_assert(parts<sum>() == 1 && parts<sum_turned>() == 1 && parts<minus_other>() == 1);
static_assert(parts<minus_product>() == 1 && parts<slope>() == 1 && parts<step>() == 2);
static_assert(parts<two_products>() == 1, "the other is rounded");
static_assert(parts<read_twice>() == 0, "who else reads a product wants it rounded");
static_assert(parts<is_a_result>() == 1 && parts<is_in_two_sums>() == 0, "a result is no reader");

// In a constant expression double is rounded twice, and float is added to the exact product, as by the instruction.
constexpr double constants[]{1.5, -0.25, 7.0};
static_assert(evaluate<table_of<minus_product, 3>, products::contracted>(constants) == 7.375);
static_assert(evaluate<table_of<step, 3>, products::contracted>(constants) == 1.5 - 7.0 * (-0.25 + 0.25 * 1.5));
constexpr double inexact[]{0.1, 0.3, -0.03};
static_assert(evaluate<table_of<sum, 3>, products::contracted>(inexact) == 0.1 * 0.3 - 0.03);
constexpr float inexact_float[]{0.1F, 0.3F, -0.03F};
constexpr float in_constant_expression = evaluate<table_of<sum, 3>, products::contracted>(inexact_float);
static_assert(in_constant_expression == static_cast<float>(double{0.1F} * double{0.3F} - double{0.03F}));
static_assert(in_constant_expression != evaluate<table_of<sum, 3>>(inexact_float),
              "with the product rounded first it is another");

template <class T> T rounded_product(T a, T b) {
  const volatile T product = a * b;
  return product;
}
/// What the target makes of a * b + c: without the instruction the product is rounded first.
template <class T> T exactly(T a, T b, T c) { return math::has_fma ? std::fma(a, b, c) : rounded_product(a, b) + c; }
template <class T> struct expected {
  T sum, minus_other, minus_product, two_products, read_twice, slope, step;
  expected(T a, T b, T c) {
    const T product = rounded_product(a, b);
    sum = exactly(a, b, c);
    minus_other = exactly(a, b, -c);
    minus_product = exactly(-a, b, c);
    two_products = exactly<T>(b, c, product);
    read_twice = (product + c) / product;
    slope = exactly<T>(-a, a, 1);
    step = exactly<T>(-c, exactly<T>(T(0.25), a, b), a);
  }
};

using both_types = std::tuple<float, double>;

} // namespace

BOOST_AUTO_TEST_SUITE(expr_contraction)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_product_and_its_sum_are_rounded_once_in_every_lane_and_alone, T, both_types) {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  std::mt19937 random(3);
  std::uniform_real_distribution<T> some(-2, 2);
  int other_than_rounded = 0;
  for (int i = 0; i < 500; ++i) {
    T numbers[3][lanes];
    for (auto& of : numbers)
      for (T& number : of) number = some(random);
    const vector arguments[]{vector::load(numbers[0]), vector::load(numbers[1]), vector::load(numbers[2])};
    for (int lane = 0; lane < vector::lanes; ++lane) {
      const T alone[]{arguments[0][lane], arguments[1][lane], arguments[2][lane]};
      const expected<T> should{alone[0], alone[1], alone[2]};
      const auto check = [&]<class F>(T value, F) {
        BOOST_TEST((evaluate<table_of<F{}, 3>, products::contracted>(arguments)[lane]) == value);
        BOOST_TEST((evaluate<table_of<F{}, 3>, products::contracted>(alone)) == value);
        other_than_rounded += evaluate<table_of<F{}, 3>>(alone) != value;
      };
      check(should.sum, sum);
      check(should.sum, sum_turned);
      check(should.minus_other, minus_other);
      check(should.minus_product, minus_product);
      check(should.two_products, two_products);
      check(should.read_twice, read_twice);
      check(should.slope, slope);
      check(should.step, step);
    }
  }
  BOOST_TEST((other_than_rounded > 0) == math::has_fma);
}

BOOST_AUTO_TEST_CASE(a_product_that_is_a_result_is_rounded_for_it_and_part_of_its_sum_all_the_same) {
  const double numbers[]{0.1, 0.3, -0.03};
  double results[2];
  evaluate<table_of<is_a_result, 3>, products::contracted>(static_cast<const double*>(numbers), results);
  BOOST_TEST(results[0] == rounded_product(0.1, 0.3));
  BOOST_TEST(results[1] == exactly(0.1, 0.3, -0.03));
}

BOOST_AUTO_TEST_CASE(a_float_of_a_constant_expression_is_that_of_the_instruction) {
  if (math::has_fma) BOOST_TEST(in_constant_expression == std::fma(0.1F, 0.3F, -0.03F));
}

BOOST_AUTO_TEST_CASE(calls_of_functions_round_as_they_are_written) {
  constexpr fg::expr::traced_function<recipe_of<decltype(sum)>> called{};
  BOOST_TEST(called(0.1, 3.0, -0.3) == rounded_product(0.1, 3.0) - 0.3);
  BOOST_TEST((called(0.1, 3.0, -0.3) != std::fma(0.1, 3.0, -0.3)));
}

BOOST_AUTO_TEST_SUITE_END()
