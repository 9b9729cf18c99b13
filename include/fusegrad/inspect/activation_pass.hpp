// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/graph/elementwise_derivative.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/kernel/elementwise.hpp>

// An activation alone, in the kernels that a model runs where nothing is fused with it: for whoever wants to know what
// it costs.
namespace fusegrad::inspect {

/// One elementwise expression, and how each of its arguments is read.
struct activation_step {
  expr::expression f;
  growing<kernel::access> accesses;
};

/// f(x).
template <class Activation> struct forward_pass {
  static constexpr activation_step make() {
    activation_step out;
    const expr::recording recorded = expr::recording_of<typename Activation::recipe, 1>();
    out.f = recorded.body;
    out.accesses.push_back(kernel::access::element);
    for (std::size_t i = 0; i < recorded.leaves.size(); ++i) out.accesses.push_back(kernel::access::scalar);
    return out;
  }
};

/// dy times the derivative, from what the graph keeps.
template <class Activation> struct backward_pass {
  static constexpr activation_step make() {
    graph::emitter e;
    Activation::emit(e, e.input(tensor::vector_of(1)));
    const graph::operation op = e.result.operations.back();
    graph::operand_list dy;
    dy.push_back(graph::value_id{0});
    graph::elementwise_derivatives derivatives;
    const graph::elementwise_gradient* found = derivatives.find(e.result, op, 0, dy);
    activation_step out;
    out.f = e.result.expressions[found->expression];
    for (int used : found->used) {
      const auto i = static_cast<std::size_t>(used);
      const bool is_parameter = i < op.inputs.size() && op.inputs[i].is_parameter();
      out.accesses.push_back(is_parameter ? kernel::access::scalar : kernel::access::element);
    }
    return out;
  }
};

/// A pass with its expression as a table.
template <class Pass> struct compiled_pass {
  struct only_expression {
    static constexpr expr::expression make() { return Pass::make().f; }
  };
  static constexpr auto table = expr::table_from<only_expression>;
  static constexpr std::size_t arguments = Pass::make().accesses.size();
  static constexpr auto accesses = [] {
    kernel::access_list<arguments> list;
    const activation_step from = Pass::make();
    for (std::size_t i = 0; i < arguments; ++i) list.items[i] = from.accesses[i];
    return list;
  }();
};

/// Runs a pass over the rows of a call: forward from x, backward from what the graph keeps and dy, in that order.
template <class Pass> [[gnu::noinline]] void run_pass(const kernel::call<float>& c) noexcept {
  kernel::elementwise<float, compiled_pass<Pass>::table, compiled_pass<Pass>::accesses>::run(c);
}

} // namespace fusegrad::inspect
