// SPDX-License-Identifier: MIT
// expect: the states of an update rule.* are too many together
// expect: update_rule_has_too_many_states_and_settings<.*got<24(UL)?, 4(UL)?>.*needs<22(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

// An average of the gradient for each of a row of decays.
template <fg::fixed_string... Names> constexpr auto averages = fg::update_rule([](auto w, auto g) {
  const auto direction = ((0.9 * fg::state<Names>() + 0.1 * g) + ...);
  return fg::updated(w - fg::setting<"learning_rate">(0.01) * direction, fg::next<Names>(0.9 * fg::state<Names>() + 0.1 * g)...);
});
#ifdef FUSEGRAD_FAIL
constexpr auto rule = averages<"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x">;
#else
constexpr auto rule = averages<"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q">;
#endif
fg::trainer trainer{fg::input<2> | fg::dense<1>, fg::mean_squared_error, rule};
