// SPDX-License-Identifier: MIT
#include <fusegrad/graph/emitter.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

namespace {

using namespace fusegrad;

std::string_view name_of(const graph::emitter& e, graph::parameter_id p) {
  const auto& name = e.result.parameters[p].name;
  return {name.begin(), name.size()};
}

graph::parameter_id weight(graph::emitter& e, std::size_t width = 3) {
  return e.parameter("weight", tensor::vector_of(width), init::zeros);
}

} // namespace

BOOST_AUTO_TEST_SUITE(emitter)

BOOST_AUTO_TEST_CASE(parameters_are_named_by_the_path) {
  graph::emitter e;
  BOOST_TEST(name_of(e, weight(e)) == "weight");
  const auto outer = e.enter(12);
  const auto inner = e.enter("body");
  BOOST_TEST(name_of(e, weight(e)) == "12.body.weight");
  e.leave(inner);
  BOOST_TEST(name_of(e, weight(e)) == "12.weight");
  e.leave(outer);
  BOOST_TEST(name_of(e, e.parameter("bias", tensor::vector_of(1), init::zeros)) == "bias");
}

BOOST_AUTO_TEST_CASE(within_a_shared_block_a_parameter_exists_once) {
  graph::emitter e;
  const auto use = [&](std::size_t width) {
    const auto before = e.enter_shared("cell");
    const auto p = weight(e, width);
    e.leave_shared(before);
    return p;
  };
  const auto length = e.enter(4);
  const graph::parameter_id first = use(3);
  BOOST_TEST(name_of(e, first) == "cell.weight");
  BOOST_TEST(name_of(e, weight(e)) == "4.weight");
  e.leave(length);
  BOOST_TEST((use(3) == first));
  BOOST_TEST((e.broken().broken == graph::rule::none));
  use(4);
  BOOST_TEST((e.broken().broken == graph::rule::shared_at_one_size));
  const auto& place = e.place_of_broken();
  BOOST_TEST(std::string_view(place.begin(), place.size()) == "cell.weight");
}

BOOST_AUTO_TEST_CASE(an_elementwise_value_is_as_wide_as_its_widest_operand) {
  graph::emitter e;
  const graph::row wide = e.input(tensor::matrix_of(2, 3)), narrow = e.input(tensor::vector_of(1));
  const auto sum = [](auto a, auto b) { return a + b; };
  BOOST_TEST((e.map(sum, wide, narrow).shape == tensor::matrix_of(2, 3)));
  BOOST_TEST((e.map(sum, narrow, wide).shape == tensor::matrix_of(2, 3)));
  BOOST_TEST((e.map(sum, narrow, weight(e)).shape == tensor::vector_of(3)));
}

BOOST_AUTO_TEST_CASE(equal_functions_are_stored_once) {
  graph::emitter e;
  const graph::row x = e.input(tensor::vector_of(3));
  const auto twice = [](auto a) { return 2 * a; };
  e.map(twice, e.map(twice, x));
  e.map([](auto a) { return 2 * a; }, x);
  BOOST_TEST(e.result.expressions.size() == 1u);
  e.map([](auto a) { return 3 * a; }, x);
  BOOST_TEST(e.result.expressions.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
