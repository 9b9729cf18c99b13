// SPDX-License-Identifier: MIT
#include <fusegrad/expr/by_name.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/physics.hpp>
#include <type_traits>

namespace {

namespace fg = fusegrad;

template <class T> struct point {
  T x, t;
};

BOOST_AUTO_TEST_SUITE(expr_by_name)

// What is recorded is the same, node for node.
template <class Named, class Plain> constexpr bool records_the_same(Named, Plain) {
  using named = fg::expr::recipe_of<Named>;
  using plain = fg::expr::recipe_of<Plain>;
  if (named::arity != plain::arity) return false;
  constexpr auto &one = fg::expr::recorded<named, named::arity>, &other = fg::expr::recorded<plain, plain::arity>;
  if constexpr (!std::is_same_v<decltype(one), decltype(other)>)
    return false;
  else
    return fg::expr::to_expression(one.body).nodes == fg::expr::to_expression(other.body).nodes;
}

BOOST_AUTO_TEST_CASE(members_are_the_last_arguments) {
  static_assert(records_the_same(
      fg::by_name<point>([](auto u, auto at) { return d(u, at.t) + u * d(u, at.x) - 0.1 * d(u, at.x, at.x); }),
      [](auto u, auto x, auto t) { return d(u, t) + u * d(u, x) - 0.1 * d(u, x, x); }));
  static_assert(records_the_same(fg::by_name<point>([](auto u, auto v, auto at) { return d(u, at.x) + d(v, at.t); }),
                                 [](auto u, auto v, auto x, auto t) { return d(u, x) + d(v, t); }));
  static_assert(!records_the_same(fg::by_name<point>([](auto u, auto at) { return u - at.t; }),
                                  [](auto u, auto x, auto) { return u - x; }));
}

BOOST_AUTO_TEST_CASE(in_a_transform) {
  constexpr auto net = fg::input<2> | fg::dense<3> | fg::tanh | fg::dense<1> |
                       fg::output_transform(fg::by_name<point>([](auto u, auto at) { return at.x + at.t * u; }));
  const fg::inference field{fg::weights<std::remove_const_t<decltype(net)>, double>{net, 1}};
  BOOST_TEST(field(std::array{0.25, 0.0})[0] == 0.25);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
