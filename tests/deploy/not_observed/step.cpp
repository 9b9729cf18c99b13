// SPDX-License-Identifier: MIT
// A training step, compiled twice: where OBSERVED is 1 there is a health log beside it in the same program.
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#if OBSERVED
#include <fusegrad/inspect/health.hpp>
#endif

namespace fg = fusegrad;

constexpr auto model = fg::input<6> | fg::dense<20> | fg::tanh | fg::dense<3>;
using trainer =
    fg::trainer<std::remove_cv_t<decltype(model)>, std::remove_cv_t<decltype(fg::mean_squared_error)>, fg::adam>;

double plain_step(trainer& of, const fg::sample_view<float>& samples, std::span<const std::uint32_t> indices) {
  return of.step(samples, indices).loss;
}

#if OBSERVED
double observed_step(trainer& of, const fg::sample_view<float>& samples, std::span<const std::uint32_t> indices) {
  fg::inspect::health health{of};
  return of.step(samples, indices, 1, health).loss;
}
#endif
