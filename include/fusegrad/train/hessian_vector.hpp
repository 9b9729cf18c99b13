// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/base/hana.hpp>
#include <fusegrad/graph/direction.hpp>
#include <fusegrad/plan/fault_of_model.hpp>
#include <fusegrad/train/evaluator.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/minimise.hpp>
#include <fusegrad/train/physics.hpp>
#include <fusegrad/train/trainer.hpp>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fusegrad {

namespace layers {
/// Hands on what comes in, and gives each parameter of the model a direction.
struct directions_layer : layer {
  static constexpr std::string_view name = "directions";
  template <class Position, class In> static constexpr auto check() { return In{}; }
  static constexpr wire emit(emitter& e, const wire& in) {
    graph::add_directions(e);
    return in;
  }
};
} // namespace layers

namespace train {

/// In place of a loss its derivative along the directions of the parameters.
template <class Loss> struct along_directions : Loss {
  constexpr explicit along_directions(const Loss& of) : Loss{of} {}
  static constexpr void emit(graph::emitter& e, const graph::row& prediction, const graph::row& target) {
    Loss::emit(e, prediction, target);
    graph::direction_pass{e};
  }
};
template <plan::has_terms Loss> struct along_directions<Loss> : Loss {
  constexpr explicit along_directions(const Loss& of) : Loss{of} {}
  static constexpr void emit(graph::emitter& e, const graph::wire& outputs) {
    Loss::emit(e, outputs);
    graph::direction_pass{e};
  }
};
template <plan::reads_inputs Loss> struct along_directions<Loss> : Loss {
  constexpr explicit along_directions(const Loss& of) : Loss{of} {}
  static constexpr void emit(graph::emitter& e, const graph::row& outputs, const graph::wire& inputs) {
    Loss::emit(e, outputs, inputs);
    graph::direction_pass{e};
  }
};
template <class Loss> constexpr auto loss_along(const Loss& loss) {
  if constexpr (of_point_sets<Loss>)
    return hana::unpack(loss.parts, [](const auto&... part) { return physics_loss(along_directions(part)...); });
  else
    return along_directions<Loss>(loss);
}

template <class Model> struct with_directions;
template <class In, class Out, class... Layers> struct with_directions<model<In, Out, Layers...>> {
  using type = model<In, Out, Layers..., layers::directions_layer>;
};

/// A model and its loss as they are written down together.
template <class Model, class Loss>
inline constexpr plan::emission_result emitted_together = [] {
  graph::emitter e(graph::emission{true});
  plan::emit_loss<Loss>(e, Model::emit(e));
  return plan::result_of(e);
}();
/// What cannot be moved along directions, or no_fault.
template <class Model, class Loss> constexpr auto fault_of_moving() {
  if constexpr (of_point_sets<Loss>)
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return
          typename diagnostics::first_fault<decltype(plan::detail::first_broken_rule<emitted_together<
                                                         Model, typename Loss::template part_type<I>>>())...>::type{};
    }(std::make_index_sequence<Loss::set_count>{});
  else
    return plan::detail::first_broken_rule<emitted_together<Model, Loss>>();
}

} // namespace train

inline namespace FUSEGRAD_ABI {

/// Products of the Hessian of a trainer's loss with directions, exact, for about twice what a gradient costs.
/// It holds the memory that they take; the weights are those that the trainer has at the time. Numbers are in the order
/// of `loss_and_gradient`. Random numbers, where layers ask for some, are those of the first step.
template <any_model Model, any_loss Loss, class T = float> class loss_hessian {
  using moving_model = typename train::with_directions<Model>::type;
  using moving_loss = decltype(train::loss_along(std::declval<const Loss&>()));
  static_assert(sizeof(typename decltype(train::fault_of_moving<moving_model, moving_loss>())::error) > 0);

public:
  template <class Rule>
  explicit loss_hessian(const trainer<std::type_identity_t<Model>, Loss, Rule, T>& of) // deduced by the guide below
      : weights_of_trainer_{&of.parameters()}, seed_{of.options().seed}, threads_{of.options().threads},
        gradients_{moving_model{}, train::loss_along(of.loss()), 0, threads_} {
    std::vector<execution::parameter_place> learned, directions;
    for (std::size_t p = 0; p < program.parameters.size(); ++p) {
      execution::parameter_place place = program.parameters[p];
      if (p < own_count) {
        learned.push_back(place);
      } else {
        place.is_trained = true;
        directions.push_back(place);
      }
    }
    learned_ = train::trained_numbers::of<T>(learned);
    directions_ = train::trained_numbers::of<T>(directions);
  }

  /// How many numbers a direction has.
  [[nodiscard]] std::size_t size() const noexcept { return learned_.size(); }

  /// The product with a direction of the Hessian of the loss of all samples together, penalties on weights included:
  /// the same bits on any number of threads. Throws std::invalid_argument where samples or sizes do not fit.
  template <sample_source Samples>
  void multiply(const Samples& samples, std::span<const double> direction, std::span<double> product) {
    if (direction.size() != size() || product.size() != size())
      train::refuse_samples("a direction and its product have " + std::to_string(size()) + " numbers; " +
                            std::to_string(direction.size()) + " and " + std::to_string(product.size()) +
                            " were given.");
    if (all_.size() != samples.size()) all_ = base::numbers_to(samples.size());
    checks::batch(samples, all_, gradients_type::couples_batch);
    if (samples.size() > gradients_.largest_batch())
      gradients_ = gradients_type(moving_model{}, gradients_.loss(), samples.size(), threads_);
    gradients_.use_random_numbers(seed_);
    const std::span<const T> own = weights_of_trainer_->packed();
    base::copy_items(own.data(), own.size(), weights_.packed().data());
    directions_.write(direction, weights_.packed());
    gradients_.with_rows(samples, all_, [&](const auto& rows, std::span<const std::uint32_t> names) {
      return gradients_.compute_only(weights_, rows, names);
    });
    learned_.read(std::span<const T>(gradients_.packed()), product);
    add_penalty(direction, product);
  }

private:
  using gradients_type = gradients<moving_model, moving_loss, T>;
  using checks = train::sample_checks<moving_model, moving_loss>;
  static constexpr auto& program = plan::compiled<moving_model, plan::no_loss, plan::purpose::hold, T>::value;
  static constexpr auto& own_program = plan::compiled<Model, plan::no_loss, plan::purpose::hold, T>::value;
  static constexpr std::size_t own_count = own_program.parameters.size();
  // The model's own parameters lie where they lie without directions.
  static_assert([] {
    for (std::size_t p = 0; p < own_count; ++p)
      if (program.parameters[p].offset != own_program.parameters[p].offset) return false;
    return true;
  }());

  void add_penalty([[maybe_unused]] std::span<const double> direction,
                   [[maybe_unused]] std::span<double> product) const {
    if constexpr (requires { typename Loss::penalty; }) {
      constexpr auto curvature = derivative(derivative(typename Loss::penalty{}));
      std::vector<double> at(size());
      learned_.read(std::span<const T>(weights_of_trainer_->packed()), std::span<double>(at));
      for (std::size_t i = 0; i < at.size(); ++i)
        if (learned_.is_of_matrix(i)) product[i] += curvature(at[i]) * direction[i];
    }
  }

  const weights<Model, T>* weights_of_trainer_;
  std::uint64_t seed_;
  int threads_;
  weights<moving_model, T> weights_;
  gradients_type gradients_;
  train::trained_numbers learned_, directions_;
  std::vector<std::uint32_t> all_;
};

// Of a trainer whose type is written down, too: `decltype` of a constant says const.
template <class Model, class Loss, class Rule, class T>
loss_hessian(const trainer<Model, Loss, Rule, T>&)
    -> loss_hessian<std::remove_const_t<Model>, std::remove_const_t<Loss>, T>;

} // namespace FUSEGRAD_ABI

/// One product of the Hessian of a trainer's loss with a direction; a `loss_hessian` keeps what several of them need.
template <class Model, class Loss, class Rule, class T, sample_source Samples>
std::vector<double> hessian_vector(const trainer<Model, Loss, Rule, T>& of, const Samples& samples,
                                   std::span<const double> direction) {
  loss_hessian second(of);
  std::vector<double> product(second.size());
  second.multiply(samples, direction, product);
  return product;
}

} // namespace fusegrad
