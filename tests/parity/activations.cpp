// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/layer/catalogue.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/gated.hpp>
#include <fusegrad/layer/groups.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/train/gradients.hpp>

#include "support/exchange.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr std::size_t points = 61;
constexpr std::array names{"identity", "relu", "leaky_relu", "prelu",         "elu", "gelu",
                           "silu",     "tanh", "sigmoid",    "learned_swish", "glu"};

// Through the kernels of a model: with the input 1 and no bias the weights are the points, and their gradients the
// derivatives. The gate of glu reads the points again, so that its weights have the second half of the derivatives.
constexpr auto model =
    fg::input<1> | fg::dense<(names.size() + 1) * points>.without_bias() |
    fg::groups(fg::on<points>(fg::identity), fg::on<points>(fg::relu), fg::on<points>(fg::leaky_relu<0.1>),
               fg::on<points>(fg::prelu), fg::on<points>(fg::elu<>), fg::on<points>(fg::gelu), fg::on<points>(fg::silu),
               fg::on<points>(fg::tanh), fg::on<points>(fg::sigmoid), fg::on<points>(fg::learned_swish),
               fg::on<2 * points>(fg::glu));
using model_type = std::remove_cv_t<decltype(model)>;

/// The sum of the outputs, each times a number: the mean that the library takes is made up for in the targets.
constexpr auto weighted_sum = fg::loss([](auto output, auto factor) { return output * factor; });

template <class T> std::vector<T> part(const std::vector<T>& row, std::size_t activation) {
  const auto begin = row.begin() + static_cast<std::ptrdiff_t>(activation * points);
  return {begin, begin + points};
}

template <class T> void run(parity::exchange& io) {
  const auto x = io.numbers<T>("points");
  std::vector<T> repeated;
  for (std::size_t a = 0; a < names.size() + 1; ++a) repeated.insert(repeated.end(), x.begin(), x.end());
  fg::weights<model_type, T> weights{model};
  weights.write("0.weight", repeated);

  const std::array<T, 1> one{1};
  std::vector<T> values(names.size() * points);
  typename fg::inference<model_type, T>::workspace memory;
  fg::inference<model_type, T>(weights).predict(one, values, memory);

  const std::vector<T> factors(values.size(), static_cast<T>(values.size()));
  const auto samples = fg::with_targets<T>(one, 1, factors, factors.size());
  fg::gradients<model_type, std::remove_cv_t<decltype(weighted_sum)>, T> gradients{model, weighted_sum, 1};
  gradients.compute(weights, samples, std::array<std::uint32_t, 1>{0});
  const std::vector<T> derivatives = gradients.read("0.weight");

  const std::string prefix = parity::prefix<T>();
  for (std::size_t a = 0; a < names.size(); ++a) {
    io.write(prefix + "layer." + names[a] + ".value", part(values, a));
    io.write(prefix + "layer." + names[a] + ".derivative", part(derivatives, a));
  }
  io.write(prefix + "layer.glu.by_gate", part(derivatives, names.size()));
  io.write(prefix + "layer.prelu.by_parameter", gradients.read("1.3.weight"));
  io.write(prefix + "layer.learned_swish.by_parameter", gradients.read("1.9.beta"));
}

template <class Activation> struct value_and_slope {
  template <class X> constexpr auto operator()(X x) const {
    return fg::values(Activation{}(x), fg::derivative(Activation{})(x));
  }
};

/// All of the catalogue, as functions.
template <class T> void run_catalogue(parity::exchange& io) {
  const auto x = io.numbers<T>("points");
  fg::for_each_activation([&]<class Activation>(std::string_view written, const Activation&) {
    std::string name(written);
    name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
    std::vector<T> value, slope;
    for (const T number : x) {
      const auto both = fg::function(value_and_slope<Activation>{})(number);
      value.push_back(both[0]);
      slope.push_back(both[1]);
    }
    io.write(parity::prefix<T>() + name + ".value", value);
    io.write(parity::prefix<T>() + name + ".derivative", slope);
  });
}

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  run<float>(io);
  run<double>(io);
  run_catalogue<float>(io);
  run_catalogue<double>(io);
}
