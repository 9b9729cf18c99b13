// SPDX-License-Identifier: MIT
#include "elementwise_tasks.hpp"

#include <cstddef>
#include <fusegrad/inspect/activation_pass.hpp>
#include <fusegrad/layer/catalogue.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <memory>
#include <string_view>

namespace study {

namespace {

namespace fg = fusegrad;
namespace kernel = fg::kernel;

constexpr std::size_t count = 1000;

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
      for (std::size_t i = 0; i < count; ++i)
        inputs[k][i] =
            static_cast<float>(static_cast<int>((i * 7919 + k * 104'729) % 2003) - 1001) / 334.0F; // within 3 of 0
      call.arguments[k] = {inputs[k].data(), count};
    }
    call.results[0] = {output.data(), count};
  }
};

template <class Pass> timed_task task_of(std::string name) {
  auto with = std::make_shared<operands>(fg::inspect::compiled_pass<Pass>::arguments);
  return {std::move(name), [with] { fg::inspect::run_pass<Pass>(with->call); }};
}

} // namespace

std::vector<elementwise_tasks> all_elementwise_tasks() {
  std::vector<elementwise_tasks> all;
  fg::for_each_activation([&]<class Activation>(std::string_view name, const Activation&) {
    all.push_back({std::string(name), task_of<fg::inspect::forward_pass<Activation>>(std::string(name)),
                   task_of<fg::inspect::backward_pass<Activation>>(std::string(name))});
  });
  return all;
}

} // namespace study
