// SPDX-License-Identifier: MIT
// What a finding tells people to write has to be there.
#include <fusegrad/inspect/finding.hpp>

#include <fusegrad/graph/initialiser.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/schedule.hpp>
#include <type_traits>

namespace {

namespace fg = fusegrad;

constexpr auto normalised = fg::input<8> | fg::dense<32> | fg::batch_norm | fg::sigmoid;
constexpr auto passed_by = normalised | fg::residual(fg::dense<32> | fg::batch_norm | fg::sigmoid);
constexpr auto rectified = passed_by | fg::dense<32>.without_bias() | fg::batch_norm | fg::relu;
static_assert(rectified.output_shape() == fg::shape<32>);

// dense starts by default as it is advised to.
static_assert(std::is_same_v<decltype(fg::dense<32>.initialised<fg::init::variance_preserving()>()),
                             std::remove_const_t<decltype(fg::dense<32>)>>);

constexpr auto sloped =
    rectified | fg::leaky_relu<0.01> | fg::elu<1.0> | fg::prelu | fg::surrogate(fg::relu, fg::leaky_relu<0.1>);
static_assert(sloped.output_shape() == fg::shape<32>);

[[maybe_unused]] const auto schedules =
    fg::schedule::product(fg::schedule::linear_warm_up(100), fg::schedule::cosine());
static_assert(fg::any_loss<decltype(fg::softmax_cross_entropy)> && fg::any_loss<decltype(fg::binary_cross_entropy)>);

// The ends of what is usual stand to both sides of it.
static_assert(fg::inspect::threshold::small_update < 1e-3 && 1e-3 < fg::inspect::threshold::large_update);
static_assert(fg::inspect::threshold::vanishing_gradient < 1 && 1 < fg::inspect::threshold::exploding_gradient);

} // namespace
