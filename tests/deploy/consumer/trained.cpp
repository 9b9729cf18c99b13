// SPDX-License-Identifier: MIT
// With fusegrad::kernels alone: what is not there does not link.
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>

namespace fg = fusegrad;

static_assert(fg::kernel::has_kernels_apart);

double loss_after_a_step(std::span<const float> inputs, std::span<const std::int32_t> labels,
                         std::span<const std::uint32_t> order) {
  fg::trainer trainer{fg::input<64> | fg::dense<64> | fg::silu | fg::dense<64> | fg::relu | fg::dense<10>,
                      fg::softmax_cross_entropy, fg::adam{}};
  return trainer.step(fg::labelled<float>(inputs, 64, labels), order).loss;
}
