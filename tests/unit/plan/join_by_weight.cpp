// SPDX-License-Identifier: MIT
#include <fusegrad/plan/join_by_weight.hpp>

#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/graph/backward.hpp>
#include <fusegrad/graph/tangent.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/plan/draft.hpp>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using graph::kind;

template <class Predicate> std::size_t count(const plan::draft& d, Predicate&& holds) {
  std::size_t n = 0;
  for (const execution::step& s : d.steps) n += holds(s) ? 1 : 0;
  return n;
}
bool is_product(const execution::step& s) { return s.what == kind::matrix_product && !s.is_narrow; }
bool is_weight_gradient(const execution::step& s) { return s.what == kind::weight_gradient; }

/// 2 -> 20 -> 20 -> 1 with a loss on the output and its derivatives by both inputs.
plan::draft with_derivatives() {
  emitter e(graph::emission{true});
  const row x = e.input(tensor::vector_of(2));
  row h = x;
  for (int i = 0; i < 2; ++i) h = fusegrad::tanh.emit(e, emit_dense(e, h, 20));
  const row u = emit_dense(e, h, 1);
  graph::tangent_pass pass(e);
  growing<std::int32_t> first, second;
  first.push_back(0), second.push_back(1);
  const row by_x = pass.derivative(u, first), by_t = pass.derivative(u, second);
  e.add_to_loss(e.map([](auto v, auto a, auto b) { return square(v + a - 2 * b); }, u, by_x, by_t),
                graph::uniform::loss_scale);
  graph::append_backward(e);
  return plan::drafting<double>(e.result).result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_join_by_weight)

BOOST_AUTO_TEST_CASE(values_and_their_derivatives_go_through_a_layer_in_one_call) {
  const plan::draft d = with_derivatives();
  // Two layers forward; backward the product with the last weight and that with the second.
  BOOST_TEST(count(d, is_product) == 4u);
  BOOST_TEST(count(d, [](const execution::step& s) { return is_product(s) && s.factors == 3; }) == 4u);
}

BOOST_AUTO_TEST_CASE(all_that_is_added_to_the_gradient_of_a_weight_is_one_sum) {
  const plan::draft d = with_derivatives();
  BOOST_TEST(count(d, is_weight_gradient) == 3u);
  for (const execution::step& s : d.steps)
    if (is_weight_gradient(s)) BOOST_TEST(s.factors == 3u);
  BOOST_TEST(!d.all_run_directly);
}

BOOST_AUTO_TEST_CASE(without_derivatives_each_layer_is_a_call_of_its_own) {
  emitter e(graph::emission{true});
  row h = e.input(tensor::vector_of(2));
  for (int i = 0; i < 2; ++i) h = fusegrad::tanh.emit(e, emit_dense(e, h, 20));
  e.add_to_loss(e.map([](auto v) { return square(v); }, emit_dense(e, h, 20)), graph::uniform::loss_scale);
  graph::append_backward(e);
  const plan::draft d = plan::drafting<double>(e.result).result;
  BOOST_TEST(count(d, [](const execution::step& s) { return s.factors > 1; }) == 0u);
  BOOST_TEST(d.all_run_directly);
}

BOOST_AUTO_TEST_SUITE_END()
