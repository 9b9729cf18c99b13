// SPDX-License-Identifier: MIT
// expect: the first is no model that starts with input
#include <fusegrad/training.hpp>
namespace fg = fusegrad;
constexpr auto net = fg::input<4> | fg::dense<3>;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::dense<3>, fg::mean_squared_error, fg::sgd{}};
#else
fg::trainer trainer{net, fg::mean_squared_error, fg::sgd{}};
#endif
