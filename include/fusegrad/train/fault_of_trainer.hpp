// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/diagnostics.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/train/check_loss.hpp>
#include <fusegrad/train/errors.hpp>
#include <fusegrad/train/loss.hpp>
#include <fusegrad/train/loss_terms.hpp>
#include <fusegrad/train/update_rule.hpp>

namespace fusegrad::train {

template <class Model, class Loss, class Rule>
concept can_be_trained = any_model<Model> && any_loss<Loss> && any_update_rule<Rule>;

/// What is wrong with what a trainer is made of, or no_fault.
template <class Model, class Loss, class Rule, class T> constexpr auto fault_of_trainer() {
  if constexpr (!any_model<Model>)
    return diagnostics::fault<trainer_needs_a_model<Model>>{};
  else if constexpr (!any_loss<Loss>)
    return diagnostics::fault<trainer_needs_a_loss<Loss>>{};
  else if constexpr (!any_update_rule<Rule>)
    return diagnostics::fault<trainer_needs_an_update_rule<Rule>>{};
  else if constexpr (diagnostics::is_fault<decltype(fault_of_loss<Loss, Model>())>)
    return fault_of_loss<Loss, Model>();
  else if constexpr (diagnostics::is_fault<decltype(fault_of_rule<typename Rule::recipe>())>)
    return fault_of_rule<typename Rule::recipe>();
  else
    return plan::fault_of_program<Model, typename planned_loss<Loss>::type, plan::purpose::train, T>{};
}

} // namespace fusegrad::train
