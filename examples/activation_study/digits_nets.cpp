// SPDX-License-Identifier: MIT
#include "digits_training.hpp"

namespace study {

namespace {

namespace fg = fusegrad;

constexpr auto leaky_relu = fg::leaky_relu<0.01>;
constexpr auto elu = fg::elu<1.0>;

template <const auto& Activation> constexpr digits_net of(std::string_view name) { return digits_net_of<64, Activation>(name); }

// An activation more is a line more (and some 3 seconds of the compiler's time).
constexpr digits_net nets[] = {
    of<fg::relu>("relu"),         of<leaky_relu>("leaky_relu<0.01>"), of<fg::prelu>("prelu"), of<elu>("elu"),
    of<fg::gelu>("gelu"),         of<fg::silu>("silu"),
    of<fg::softplus>("softplus"), of<fg::sigmoid>("sigmoid"),         of<fg::tanh>("tanh"),
    of<fg::abs>("abs"),           of<fg::sine>("sine"),
};

} // namespace

std::span<const digits_net> digits_nets() { return nets; }

} // namespace study
