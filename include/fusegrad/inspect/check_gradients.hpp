// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <fusegrad/base/text.hpp>
#include <fusegrad/math/basic.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/losses.hpp>
#include <limits>
#include <string>
#include <vector>

namespace fusegrad::inspect {

/// How far a gradient is from differences of the loss, and where most.
struct gradient_check {
  double worst = 0; ///< |derivative - difference| over the larger of the two, and of a hundredth of the largest one
  std::string parameter;
  std::size_t place = 0; ///< within the parameter, row-major
  double derivative = 0, difference = 0;
  std::size_t numbers = 0; ///< that were compared

  [[nodiscard]] bool passes(double tolerance = 1e-5) const noexcept { return worst <= tolerance; }
  /// "105 derivatives agree to 3.1e-09; least in 0.weight[7]: 0.0312 by the rules, 0.0312 by differences"
  [[nodiscard]] std::string to_string() const {
    return base::grouped(numbers) + " derivatives agree to " + base::brief(worst) + "; least in " + parameter + "[" +
           std::to_string(place) + "]: " + base::brief(derivative) + " by the rules, " + base::brief(difference) +
           " by differences\n";
  }
};

/// Compares the derivatives by every number that is trained with differences of the loss, in double, at drawn weights
/// and on drawn samples (inputs from -1 to 1; targets from 0 to 1). For layers, activations and losses of one's own:
/// `check_gradients(input<4> | my_layer | dense<1>)`. Beside a kink, as that of relu, differences are no derivatives:
/// another seed is elsewhere. Random numbers of layers are the same in each evaluation.
template <any_model Model, any_loss Loss = std::remove_const_t<decltype(mean_squared_error)>>
gradient_check check_gradients(Model model, Loss loss = mean_squared_error, std::uint64_t seed = 1,
                               std::size_t samples = 4) {
  const base::random_stream stream(seed);
  const std::size_t width = Loss::target_shape(Model::output_shape()).size();
  std::vector<double> x(samples * Model::input_size()), y(samples * width);
  std::uint64_t drawn = 0;
  for (double& number : x) number = 2 * stream.uniform(drawn++) - 1;
  for (double& number : y) number = stream.uniform(drawn++);
  const auto data = with_targets(x, Model::input_size(), y, width);
  const std::vector<std::uint32_t> all = base::numbers_to(samples);

  weights<Model, double> w{model, seed};
  gradients<Model, Loss, double> g{model, loss, samples};
  const auto loss_at = [&] {
    g.use_random_numbers(seed);
    return g.compute(w, data, all).loss;
  };
  loss_at();
  std::vector<std::vector<double>> derivatives;
  double largest = 0;
  for (const std::string& name : w.parameter_names()) {
    derivatives.push_back(g.read(name));
    for (double d : derivatives.back()) largest = math::abs(d) > largest ? math::abs(d) : largest;
  }
  gradient_check out;
  std::size_t p = 0;
  for (const std::string& name : w.parameter_names()) {
    const std::vector<double>& derivative = derivatives[p++];
    if (!w.is_trained(name)) continue;
    std::vector<double> numbers = w.read(name);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      // Of fourth order: rounding and what is left out are both about 1e-11 then.
      const double here = numbers[i], step = 1e-3 * (math::abs(here) > 0.1 ? math::abs(here) : 0.1);
      const auto at = [&](double moved) {
        numbers[i] = here + moved;
        w.write(name, numbers);
        return loss_at();
      };
      const double difference = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
      at(0);
      const double size = math::max(math::max(math::abs(derivative[i]), math::abs(difference)), largest / 100);
      const double error = size == 0 ? 0 : math::abs(derivative[i] - difference) / size;
      ++out.numbers;
      if (!(error <= out.worst) || out.parameter.empty()) {
        const std::size_t count = out.numbers;
        out = {error == error ? error : std::numeric_limits<double>::infinity(),
               name,
               i,
               derivative[i],
               difference,
               count};
      }
    }
  }
  return out;
}

} // namespace fusegrad::inspect
