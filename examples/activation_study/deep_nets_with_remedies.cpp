// SPDX-License-Identifier: MIT
#include "trained_net_of.hpp"

namespace study {

namespace {

namespace fg = fusegrad;

constexpr auto normalised = fg::dense<32> | fg::batch_norm | fg::relu;

/// The first layer has no residual block around it: it has other inputs than outputs.
template <class First, class Body> std::unique_ptr<trained_net> make_residual(const net_recipe& how) {
  constexpr auto model = []<std::size_t... I>(std::index_sequence<I...>) {
    return ((fg::input<64> | First{}) | ... | (static_cast<void>(I), fg::residual(Body{}))) | fg::dense<10>;
  }(std::make_index_sequence<deep_net_depth - 1>{});
  return std::make_unique<trained_net_of<std::remove_const_t<decltype(model)>>>(how);
}

constexpr auto plain = fg::dense<32> | fg::relu;
using plain_layer = std::remove_const_t<decltype(plain)>;
using normalised_layer = std::remove_const_t<decltype(normalised)>;

constexpr net_kind nets[] = {
    {"relu", "batch normalisation", make_net<normalised, deep_net_depth>},
    {"relu", "residual blocks", make_residual<plain_layer, plain_layer>},
    {"relu", "residual blocks with batch normalisation", make_residual<normalised_layer, normalised_layer>},
};

} // namespace

std::span<const net_kind> deep_nets_with_remedies() { return nets; }

} // namespace study
