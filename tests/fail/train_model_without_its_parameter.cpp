// SPDX-License-Identifier: MIT
// expect: take with_coefficients\(model, loss\)
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<2> | fg::dense<1>;
constexpr auto loss = fg::loss([](auto p, auto t) { return fg::parameter<"scale">(2) * square(p - t); });
#ifdef FUSEGRAD_FAIL
constexpr auto model = net;
#else
constexpr auto model = fg::with_coefficients(net, loss);
#endif
using model_type = std::remove_const_t<decltype(model)>;
using loss_type = std::remove_const_t<decltype(loss)>;
void train(fg::trainer<model_type, loss_type, fg::sgd>& trainer) { trainer.check_finite(); }
