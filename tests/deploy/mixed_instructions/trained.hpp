// SPDX-License-Identifier: MIT
// One function for each unit of the program, which are not compiled alike.
#include <fusegrad/training.hpp>

#include <array>
#include <numeric>
#include <string>
#include <typeinfo>
#include <vector>

struct trained {
  std::string type;
  std::size_t packed;
  double loss;
};

inline constexpr auto model = fusegrad::input<20> | fusegrad::dense<13> | fusegrad::tanh | fusegrad::dense<5>;

template <class Unit> trained train() {
  fusegrad::trainer trainer{model, fusegrad::mean_squared_error, fusegrad::adam{},
                            fusegrad::training_options<float>{.seed = 1}};
  std::vector<float> x(20 * 40), y(5 * 40);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 7) - 3;
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<float>(i % 3) - 1;
  std::vector<std::uint32_t> all(40);
  std::iota(all.begin(), all.end(), 0u);
  double loss = 0;
  for (int i = 0; i < 50; ++i) loss = trainer.step(fusegrad::with_targets<float>(x, 20, y, 5), all).loss;
  return {typeid(trainer.parameters()).name(), trainer.parameters().packed().size(), loss};
}
