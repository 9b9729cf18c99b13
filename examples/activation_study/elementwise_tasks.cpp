// SPDX-License-Identifier: MIT
#include "elementwise_tasks.hpp"

#include <cstddef>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/graph/elementwise_derivative.hpp>
#include <fusegrad/kernel/elementwise.hpp>
#include <fusegrad/layer/catalogue.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <memory>
#include <string_view>

namespace study {

namespace {

namespace fg = fusegrad;
namespace kernel = fg::kernel;

constexpr std::size_t count = 1000;

/// One elementwise expression of a graph, and how each of its arguments is read.
struct elementwise_step {
  fg::expr::expression f;
  fg::growing<kernel::access> accesses;
};

template <class Activation> struct forward_pass {
  static constexpr elementwise_step make() {
    elementwise_step out;
    const fg::expr::recording recorded = fg::expr::recording_of<typename Activation::source, 1>();
    out.f = recorded.body;
    out.accesses.push_back(kernel::access::element);
    for (std::size_t i = 0; i < recorded.leaves.size(); ++i) out.accesses.push_back(kernel::access::scalar);
    return out;
  }
};

template <class Activation> struct backward_pass {
  static constexpr elementwise_step make() {
    fg::emitter e;
    Activation::emit(e, e.input(fg::tensor::vector_of(1)));
    const fg::graph::operation op = e.result.operations.back();
    fg::graph::operand_list dy;
    dy.push_back({fg::graph::source::value, 0});
    fg::graph::elementwise_derivatives derivatives;
    const fg::graph::elementwise_gradient* found = derivatives.find(e.result, op, 0, dy);
    elementwise_step out;
    out.f = e.result.expressions[static_cast<std::size_t>(found->expression)];
    for (int used : found->used) {
      const auto i = static_cast<std::size_t>(used);
      const bool is_parameter = i < op.inputs.size() && op.inputs[i].from == fg::graph::source::parameter;
      out.accesses.push_back(is_parameter ? kernel::access::scalar : kernel::access::element);
    }
    return out;
  }
};

template <class Pass> struct compiled_pass {
  struct only_expression {
    static constexpr fg::expr::expression make() { return Pass::make().f; }
  };
  static constexpr auto table = fg::expr::table_from<only_expression>;
  static constexpr std::size_t arguments = Pass::make().accesses.size();
  static constexpr auto accesses = [] {
    kernel::access_list<arguments> list;
    const elementwise_step from = Pass::make();
    for (std::size_t i = 0; i < arguments; ++i) list.items[i] = from.accesses[i];
    return list;
  }();
};

/// The memory that a kernel reads and writes.
struct operands {
  std::vector<fg::tensor::buffer<float>> inputs;
  fg::tensor::buffer<float> output{count};
  kernel::call<float> call;

  explicit operands(std::size_t arguments) {
    call.rows = 1;
    call.columns = count;
    for (std::size_t k = 0; k < arguments; ++k) {
      inputs.emplace_back(count);
      for (std::size_t i = 0; i < count; ++i) inputs[k][i] = static_cast<float>(static_cast<int>((i * 7919 + k * 104'729) % 2003) - 1001) / 334.0F; // within 3 of 0
      call.arguments[k] = {inputs[k].data(), count};
    }
    call.results[0] = {output.data(), count};
  }
};

template <class Pass> [[gnu::noinline]] void run(const kernel::call<float>& c) noexcept {
  using made = compiled_pass<Pass>;
  kernel::elementwise<float, made::table, made::accesses>::run(c);
}

template <class Pass> timed_task task_of(std::string name) {
  auto with = std::make_shared<operands>(compiled_pass<Pass>::arguments);
  return {std::move(name), [with] { run<Pass>(with->call); }};
}

} // namespace

std::vector<elementwise_tasks> all_elementwise_tasks() {
  std::vector<elementwise_tasks> all;
  fg::for_each_activation([&]<class Activation>(std::string_view name, const Activation&) {
    all.push_back({std::string(name), task_of<forward_pass<Activation>>(std::string(name)), task_of<backward_pass<Activation>>(std::string(name))});
  });
  return all;
}

} // namespace study
