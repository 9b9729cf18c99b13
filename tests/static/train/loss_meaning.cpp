// SPDX-License-Identifier: MIT
#include <fusegrad/train/loss_meaning.hpp>

#include <fusegrad/train/losses.hpp>

namespace {

namespace fg = fusegrad;
using fg::outputs_are;

template <auto Loss> inline constexpr outputs_are meaning = decltype(Loss)::meaning;
template <auto Loss> inline constexpr double threshold = decltype(Loss)::decision_threshold;
constexpr bool is_unknown(double x) { return x != x; }

// Estimates of the target, with yes and no at 1 and 0.
static_assert(meaning<fg::mean_squared_error> == outputs_are::values && threshold<fg::mean_squared_error> == 0.5);
static_assert(meaning<fg::mean_absolute_error> == outputs_are::values && threshold<fg::mean_absolute_error> == 0.5);
static_assert(meaning<fg::huber> == outputs_are::values && threshold<fg::huber> == 0.5);
constexpr auto pinball = fg::loss([](auto p, auto t) { return max(0.9 * (t - p), -0.1 * (t - p)); });
static_assert(meaning<pinball> == outputs_are::values && threshold<pinball> == 0.5);
constexpr auto insensitive = fg::loss([](auto p, auto t) { return max(abs(p - t) - 0.01, 0); });
static_assert(meaning<insensitive> == outputs_are::values);

// Logits, declared or found out.
static_assert(meaning<fg::binary_cross_entropy> == outputs_are::answers && threshold<fg::binary_cross_entropy> == 0);
static_assert(meaning<fg::hinge> == outputs_are::answers && threshold<fg::hinge> == 0);
static_assert(meaning<fg::softmax_cross_entropy> == outputs_are::class_scores);
constexpr auto focal = fg::loss([](auto logit, auto t) {
  auto q = sigmoid(logit * (2 * t - 1));
  return -square(1 - q) * log(q);
});
static_assert(meaning<focal> == outputs_are::answers && threshold<focal> == 0);
constexpr auto weighted =
    fg::loss([](auto logit, auto t) { return 5 * t * softplus(-logit) + (1 - t) * softplus(logit); });
static_assert(meaning<weighted> == outputs_are::answers && threshold<weighted> == 0);

// Probabilities.
constexpr auto cross_entropy = fg::loss([](auto p, auto t) { return -(t * log(p) + (1 - t) * log(1 - p)); });
static_assert(meaning<cross_entropy> == outputs_are::unknown && threshold<cross_entropy> == 0.5);

// Nothing that is known: counts, and what does not look at its target.
constexpr auto poisson = fg::loss([](auto rate, auto count) { return exp(rate) - count * rate; });
static_assert(meaning<poisson> == outputs_are::unknown && is_unknown(threshold<poisson>));
constexpr auto energy = fg::loss([](auto p, auto) { return square(p); });
static_assert(meaning<energy> == outputs_are::unknown && is_unknown(threshold<energy>));

// A struct of a user's own says nothing unless it says something.
struct silent : fg::loss_base {};
static_assert(silent::meaning == outputs_are::unknown && is_unknown(silent::decision_threshold));
struct chosen : std::remove_cvref_t<decltype(poisson)> {
  static constexpr double decision_threshold = 0.7;
};
static_assert(chosen::decision_threshold == 0.7);

} // namespace
