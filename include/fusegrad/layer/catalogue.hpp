// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/activations.hpp>
#include <string_view>

namespace fusegrad {

/// Calls `visit(written, activation)` for every activation that works number by number, with the name that a program
/// writes; those that take a number are there with their usual one. For tables, tests and studies.
template <class Visit> constexpr void for_each_activation(Visit&& visit) {
  using view = std::string_view;
  visit(view{"identity"}, identity);
  visit(view{"relu"}, relu);
  visit(view{"relu_with_slope_at_zero<1>"}, relu_with_slope_at_zero<1>);
  visit(view{"relu6"}, relu6);
  visit(view{"leaky_relu<0.01>"}, leaky_relu<0.01>);
  visit(view{"prelu"}, prelu);
  visit(view{"necro_relu<0.01>"}, necro_relu<0.01>);
  visit(view{"threshold<1.0, 0.5>"}, threshold<1.0, 0.5>);
  visit(view{"elu<1.0>"}, elu<1.0>);
  visit(view{"selu"}, selu);
  visit(view{"celu<2.0>"}, celu<2.0>);
  visit(view{"gelu"}, gelu);
  visit(view{"gelu_tanh"}, gelu_tanh);
  visit(view{"silu"}, silu);
  visit(view{"swish_with<1.5>"}, swish_with<1.5>);
  visit(view{"learned_swish"}, learned_swish);
  visit(view{"mish"}, mish);
  visit(view{"hard_swish"}, hard_swish);
  visit(view{"softplus"}, softplus);
  visit(view{"softplus_with<3.0>"}, softplus_with<3.0>);
  visit(view{"log_sigmoid"}, log_sigmoid);
  visit(view{"sigmoid"}, sigmoid);
  visit(view{"hard_sigmoid"}, hard_sigmoid);
  visit(view{"tanh"}, tanh);
  visit(view{"hard_tanh"}, hard_tanh);
  visit(view{"softsign"}, softsign);
  visit(view{"abs"}, abs);
  visit(view{"square"}, square);
  visit(view{"sine"}, sine);
  visit(view{"gaussian"}, gaussian);
}

} // namespace fusegrad
