// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/random.hpp>
#include <fusegrad/base/sort.hpp>
#include <fusegrad/graph/equation.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/math/logarithm.hpp>
#include <fusegrad/math/power.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/train/check_loss.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/equation.hpp>
#include <fusegrad/train/training_options.hpp>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad {

namespace layers {

/// In place of a model's outputs: the square of what an equation of them comes to.
template <class Recipe> struct squared_residual_layer : layer {
  static constexpr std::string_view name = "squared_residual";
  static constexpr tensor::extents output_shape(tensor::extents) { return tensor::vector_of(1); }
  static constexpr row emit(emitter& e, const row& outputs) {
    graph::equation_writer writer(e, outputs, e.inputs());
    return writer.squared(expr::recording_of<Recipe, Recipe::arity>());
  }
};

} // namespace layers

/// How points are chosen by their residuals: with probabilities in proportion to |r|^power / mean(|r|^power) +
/// evenness. Wu, Zhu, Tan, Kartha, Lu, "A comprehensive study of non-adaptive and residual-based adaptive sampling for
/// PINNs", Comput. Methods Appl. Mech. Eng. 403 (2023): their RAD.
struct refinement {
  double power = 1;    ///< 0: all points alike
  double evenness = 1; ///< the larger, the more of them anywhere
  std::uint64_t seed = 0;
};

namespace train {

/// Throws std::invalid_argument naming a setting that is out of its range.
inline void check_refinement(const refinement& how) {
  if (!(how.power >= 0 && base::is_finite(how.power))) refuse_option("refinement: power", "0 or more", how.power);
  if (!(how.evenness >= 0 && base::is_finite(how.evenness)))
    refuse_option("refinement: evenness", "0 or more", how.evenness);
}

/// The numbers of `count` candidates in ascending order, drawn without replacement by their squared residuals: those
/// with the largest log(u) / weight (Efraimidis and Spirakis 2006).
inline std::vector<std::size_t> chosen_by(std::span<const double> squares, std::size_t count, const refinement& how) {
  std::vector<double> weight;
  double mean = 0;
  for (std::size_t i = 0; i < squares.size(); ++i) {
    weight.push_back(math::pow(squares[i], how.power / 2));
    if (!base::is_finite(weight.back()))
      refuse_samples("the equation is not finite at candidate " + std::to_string(i) + ".");
    mean += weight.back() / static_cast<double>(squares.size());
  }
  const base::random_stream stream(how.seed);
  std::vector<double> key;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const double share = (mean > 0 ? weight[i] / mean : 1) + how.evenness;
    key.push_back(share > 0 ? math::log1p(-stream.uniform(i)) / share : -std::numeric_limits<double>::infinity());
  }
  std::vector<std::size_t> order(key.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  base::sort(order, [&](std::size_t a, std::size_t b) { return key[a] > key[b]; });
  order.resize(count);
  base::sort(order, [](std::size_t a, std::size_t b) { return a < b; });
  return order;
}

} // namespace train

/// The square of what an equation comes to at each of some points, rows of the model's inputs, with the weights of a
/// trainer as they are. Throws std::invalid_argument for a part of a point.
template <class Trainer, class Recipe, class Rows>
std::vector<double> squared_residuals(const Trainer& trainer, const equation_loss<Recipe>& equation, const Rows& rows) {
  using model = typename Trainer::model_type;
  using number = typename Trainer::number_type;
  using found = decltype(fault_of_loss<std::remove_cvref_t<decltype(equation)>, model>());
  static_cast<void>(sizeof(typename found::error));
  constexpr auto at_points = model{} | layers::squared_residual_layer<Recipe>{};
  fusegrad::weights<std::remove_const_t<decltype(at_points)>, number> w;
  for (const std::string& name : w.parameter_names()) w.write(name, trainer.read(name));
  if (rows.size() % model::input_size() != 0)
    train::refuse_samples(std::to_string(rows.size()) + " numbers are not whole points of " +
                          std::to_string(model::input_size()) + ".");
  const std::vector<number> inputs(rows.begin(), rows.end());
  std::vector<number> squares(rows.size() / model::input_size());
  const fusegrad::inference net(std::move(w));
  typename std::remove_cvref_t<decltype(net)>::workspace memory;
  net.predict(std::span<const number>(inputs), squares, memory);
  return {squares.begin(), squares.end()};
}

/// Some of many candidates, rows of the model's inputs, each at most once, and more of those at which an equation is
/// further from zero: `inside = refined(trainer, burgers, domain.sobol(50'000, round), 2'540)` between two
/// minimisations. Throws std::invalid_argument for settings out of range, more points than there are candidates, and
/// residuals that are not finite.
template <class Trainer, class Recipe, class Rows>
std::vector<typename Rows::value_type> refined(const Trainer& trainer, const equation_loss<Recipe>& equation,
                                               const Rows& candidates, std::size_t count, const refinement& how = {}) {
  constexpr std::size_t width = Trainer::model_type::input_size();
  train::check_refinement(how);
  if (count == 0 || count > candidates.size() / width)
    train::refuse_samples("of " + std::to_string(candidates.size() / width) + " candidates " + std::to_string(count) +
                          " points were asked for.");
  std::vector<typename Rows::value_type> rows;
  for (const std::size_t i : train::chosen_by(squared_residuals(trainer, equation, candidates), count, how))
    for (std::size_t k = 0; k < width; ++k) rows.push_back(candidates[i * width + k]);
  return rows;
}

} // namespace fusegrad
