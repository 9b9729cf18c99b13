// SPDX-License-Identifier: MIT
#include "trained_net_of.hpp"

namespace study {

namespace {

namespace fg = fusegrad;

template <const auto& Activation> constexpr auto hidden = fg::dense<wide_net_width> | Activation;
template <const auto& Activation> constexpr net_kind of(std::string_view name) {
  return {name, {}, make_net<hidden<Activation>, 2>};
}

constexpr net_kind nets[] = {
    of<fg::relu>("relu"),         of<fg::leaky_relu<0.01>>("leaky_relu<0.01>"), of<fg::prelu>("prelu"),
    of<fg::elu<1.0>>("elu<1.0>"), of<fg::necro_relu<0.01>>("necro_relu<0.01>"), of<fg::sigmoid>("sigmoid"),
    of<fg::tanh>("tanh"),
};

template <double Strength> struct sum_of_outputs {
  template <class Y> constexpr auto operator()(Y y) const { return Strength * abs(y); }
};
template <const auto& Activation, double Strength>
constexpr auto penalised = fg::dense<wide_net_width> | Activation | fg::activation_penalty(sum_of_outputs<Strength>{});

template <const auto& Activation, double Strength> constexpr penalised_kind of(std::string_view name) {
  return {{name, {}, make_net<penalised<Activation, Strength>, 2>}, Strength};
}

constexpr penalised_kind penalised_kinds[] = {
    of<fg::relu, 1e-3>("relu"),
    of<fg::relu, 1e-2>("relu"),
    of<fg::relu, 1e-1>("relu"),
    of<fg::sigmoid, 1e-2>("sigmoid"),
};

} // namespace

std::span<const net_kind> wide_nets() { return nets; }
std::span<const penalised_kind> penalised_nets() { return penalised_kinds; }

} // namespace study
