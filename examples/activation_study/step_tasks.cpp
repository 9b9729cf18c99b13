// SPDX-License-Identifier: MIT
#include "step_tasks.hpp"

#include <cstdint>
#include <fusegrad/training.hpp>
#include <memory>
#include <numeric>
#include <span>

namespace study {

namespace {

namespace fg = fusegrad;

template <class Activation> timed_task task_of(const char* name, const fg::data::dataset<float>& samples, Activation) {
  constexpr auto model = fg::input<64> | fg::dense<128> | Activation{} | fg::dense<128> | Activation{} | fg::dense<10>;
  // So slow that weights hardly move, however often the step is repeated: all are timed where they start.
  auto net = std::make_shared<fg::trainer<std::remove_const_t<decltype(model)>,
                                          std::remove_const_t<decltype(fg::softmax_cross_entropy)>, fg::adam>>(
      model, fg::softmax_cross_entropy, fg::adam{.learning_rate = 1e-7},
      fg::training_options<float>{.largest_batch = step_batch, .threads = 1});
  std::vector<std::uint32_t> order(samples.size() / step_batch * step_batch);
  std::iota(order.begin(), order.end(), 0u);
  return {name, [net, order, &samples, at = std::size_t{0}]() mutable {
            net->step(samples, std::span(order).subspan(at, step_batch));
            at = (at + step_batch) % order.size();
          }};
}

} // namespace

std::vector<timed_task> all_step_tasks(const fg::data::dataset<float>& samples) {
  // An activation more is a line more, and some 4 seconds of the compiler's time.
  return {task_of("identity", samples, fg::identity), task_of("relu", samples, fg::relu),
          task_of("sigmoid", samples, fg::sigmoid), task_of("gelu", samples, fg::gelu)};
}

} // namespace study
