// SPDX-License-Identifier: MIT
#include "digits_training.hpp"

namespace study {

namespace {

namespace fg = fusegrad;

constexpr auto relu_tanh = fg::groups(fg::on<16>(fg::relu), fg::on<16>(fg::tanh));
constexpr auto four_kinds =
    fg::groups(fg::on<8>(fg::relu), fg::on<8>(fg::tanh), fg::on<8>(fg::abs), fg::on<8>(fg::sine));

constexpr digits_net nets[] = {
    digits_net_of<relu_tanh>("relu + tanh"),
    digits_net_of<four_kinds>("relu + tanh + abs + sine"),
};

} // namespace

std::span<const digits_net> mixed_digits_nets() { return nets; }

} // namespace study
