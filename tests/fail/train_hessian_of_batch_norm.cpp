// SPDX-License-Identifier: MIT
// expect: nor second ones with respect to its weights: statistics of a batch
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto net = fg::input<3> | fg::dense<8> | fg::batch_norm | fg::tanh | fg::dense<1>;
#else
constexpr auto net = fg::input<3> | fg::dense<8> | fg::layer_norm | fg::tanh | fg::dense<1>;
#endif
fg::trainer trainer{net, fg::mean_squared_error, fg::adam{}};
fg::loss_hessian second{trainer};
