// SPDX-License-Identifier: MIT
#include "digits_training.hpp"

namespace study {

namespace {

namespace fg = fusegrad;

constexpr digits_net nets[] = {
    digits_net_of<784, fg::relu>("relu"),
    digits_net_of<784, fg::sigmoid>("sigmoid"),
    digits_net_of<784, fg::tanh>("tanh"),
    digits_net_of<784, fg::softplus>("softplus"),
};

} // namespace

std::span<const digits_net> mnist_nets() { return nets; }

} // namespace study
