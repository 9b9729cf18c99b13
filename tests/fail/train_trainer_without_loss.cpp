// SPDX-License-Identifier: MIT
// expect: the second is no loss
#include <fusegrad/training.hpp>
namespace fg = fusegrad;
constexpr auto net = fg::input<4> | fg::dense<3>;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{net, fg::sgd{}, fg::mean_squared_error};
#else
fg::trainer trainer{net, fg::mean_squared_error, fg::sgd{}};
#endif
