// SPDX-License-Identifier: MIT
// expect: an update rule gives back the new weight, not the step
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

struct descent {
#ifdef FUSEGRAD_FAIL
  static constexpr auto step = [](auto, auto g) { return fg::setting<"learning_rate">(0.1) * g; };
#else
  static constexpr auto step = [](auto w, auto g) { return w - fg::setting<"learning_rate">(0.1) * g; };
#endif
  using recipe = fg::expr::recipe_of<decltype(step)>;
  double learning_rate = 0.1;
  constexpr double setting(std::string_view) const { return learning_rate; }
};
constexpr auto net = fg::input<2> | fg::dense<1>;
void train() { fg::trainer trainer{net, fg::mean_squared_error, descent{}}; }
