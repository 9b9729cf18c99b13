// SPDX-License-Identifier: MIT
#include "trained_net_of.hpp"

namespace study {

namespace {

namespace fg = fusegrad;

template <const auto& Activation> constexpr auto hidden = fg::dense<32> | Activation;
template <const auto& Activation> constexpr net_kind of(std::string_view name) {
  return {name, {}, make_net<hidden<Activation>, deep_net_depth>};
}

// More than ten layers of 32: such nets run from a table and compile in half the time.
constexpr net_kind nets[] = {
    of<fg::relu>("relu"),         of<fg::elu<1.0>>("elu<1.0>"), of<fg::selu>("selu"),       of<fg::gelu>("gelu"),
    of<fg::softplus>("softplus"), of<fg::abs>("abs"),           of<fg::sigmoid>("sigmoid"), of<fg::tanh>("tanh"),
    of<fg::softsign>("softsign"), of<fg::sine>("sine"),
};

} // namespace

std::span<const net_kind> deep_nets() { return nets; }

} // namespace study
