// SPDX-License-Identifier: MIT
#include "digits_training.hpp"
#include "spread.hpp"

namespace study {

namespace {

namespace fg = fusegrad;

constexpr auto leaky_relu = fg::leaky_relu<0.01>;
constexpr auto elu = fg::elu<1.0>;

template <const auto& Activation> constexpr digits_net of(std::string_view name) {
  return digits_net_of<Activation>(name);
}

// An activation more is a line more (and some 3 seconds of the compiler's time).
constexpr digits_net nets[] = {
    of<fg::relu>("relu"),   of<leaky_relu>("leaky_relu<0.01>"),
    of<fg::prelu>("prelu"), of<elu>("elu"),
    of<fg::gelu>("gelu"),   of<fg::silu>("silu"),
    of<fg::mish>("mish"),   of<fg::softplus>("softplus"),
    of<fg::tanh>("tanh"),   of<fg::sigmoid>("sigmoid"),
    of<fg::abs>("abs"),     of<fg::sine>("sine"),
};

} // namespace

std::span<const digits_net> digits_nets() { return nets; }

double mean_validation_loss(const digits_curve& curve) {
  double sum = 0;
  for (double loss : curve.validation_loss) sum += std::isfinite(loss) ? loss : HUGE_VAL;
  return sum / static_cast<double>(curve.validation_loss.size());
}

double best_rate(const digits_net& net, const digits_samples& samples, digits_recipe how, std::span<const double> rates,
                 std::size_t trials) {
  double best = rates[0], best_loss = HUGE_VAL;
  for (double rate : rates) {
    std::vector<double> losses;
    how.learning_rate = rate;
    for (how.seed = 1000; how.seed < 1000 + trials; ++how.seed)
      losses.push_back(mean_validation_loss(net.train(samples, how)));
    if (const double loss = median(losses); loss < best_loss) best_loss = loss, best = rate;
  }
  return best;
}

} // namespace study
