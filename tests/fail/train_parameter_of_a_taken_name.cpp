// SPDX-License-Identifier: MIT
// expect: two parameters have the same name
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<2> | fg::named<"out">(fg::dense<1>);
#ifdef FUSEGRAD_FAIL
constexpr auto loss = fg::loss([](auto p, auto t) { return fg::parameter<"out.bias">(2) * square(p - t); });
#else
constexpr auto loss = fg::loss([](auto p, auto t) { return fg::parameter<"scale">(2) * square(p - t); });
#endif
fg::trainer trainer{net, loss, fg::sgd{}};
