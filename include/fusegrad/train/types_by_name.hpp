// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/model/inference.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/train/fault_of_trainer.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/trainer.hpp>
#include <type_traits>
#include <utility>

// What people write where a type has a name: a member of a class, an element of a vector, an argument. Models and
// losses are constants there, so that `decltype` says `const`; what is made without naming a type has none.
namespace fusegrad {

inline namespace FUSEGRAD_ABI {

/// The gradients of constants named by `decltype`.
template <any_model Model, any_loss Loss, class T, plan::purpose For>
  requires(std::is_const_v<Model> || std::is_const_v<Loss>)
class gradients<Model, Loss, T, For> : public gradients<std::remove_const_t<Model>, std::remove_const_t<Loss>, T, For> {
  using base = gradients<std::remove_const_t<Model>, std::remove_const_t<Loss>, T, For>;

public:
  using base::base;
  constexpr gradients(const base& made) : base(made) {}
  constexpr gradients(base&& made) noexcept : base(std::move(made)) {}
};

/// What cannot be trained, refused in words and nothing else.
template <class Model, class Loss, class Rule, class T>
  requires(!train::can_be_trained<Model, Loss, Rule>)
class trainer<Model, Loss, Rule, T> {
  static_assert(sizeof(typename decltype(train::fault_of_trainer<Model, Loss, Rule, T>())::error) > 0);

public:
  template <class... Given> constexpr trainer(const Given&...) {}
};

/// The trainer of constants named by `decltype`.
template <class Model, class Loss, class Rule, class T>
  requires(train::can_be_trained<Model, Loss, Rule> &&
           (std::is_const_v<Model> || std::is_const_v<Loss> || std::is_const_v<Rule>))
class trainer<Model, Loss, Rule, T>
    : public trainer<std::remove_const_t<Model>, std::remove_const_t<Loss>, std::remove_const_t<Rule>, T> {
  using base = trainer<std::remove_const_t<Model>, std::remove_const_t<Loss>, std::remove_const_t<Rule>, T>;

public:
  using base::base;
  constexpr trainer(const base& made) : base(made) {}
  constexpr trainer(base&& made) noexcept : base(std::move(made)) {}
};

} // namespace FUSEGRAD_ABI

/// The type of the weights of a constant model: `weights_for<net>`.
template <auto Model, class T = float> using weights_for = weights<std::remove_const_t<decltype(Model)>, T>;
/// The type of its inference.
template <auto Model, class T = float> using inference_for = inference<std::remove_const_t<decltype(Model)>, T>;
/// The type of the gradients of a constant loss by its weights.
template <auto Model, auto Loss, class T = float>
using gradients_for = gradients<std::remove_const_t<decltype(Model)>, std::remove_const_t<decltype(Loss)>, T>;
/// The type of its trainer: `trainer_for<net, mean_squared_error, adam>`.
template <auto Model, auto Loss, class Rule, class T = float>
using trainer_for = trainer<std::remove_const_t<decltype(Model)>, std::remove_const_t<decltype(Loss)>, Rule, T>;

} // namespace fusegrad
