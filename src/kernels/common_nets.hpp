// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/apart.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/run/run.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <fusegrad/train/update_tables.hpp>
#include <type_traits>
#include <utility>

// Where the kernels of this folder come from: nets of which every product has an epilogue that many nets have.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// What is done with a sum before it reaches memory: the table of an expression, and how its arguments are read.
template <auto Table, auto Accesses> struct epilogue {
  static constexpr auto table = Table;
  static constexpr auto accesses = Accesses;
};
namespace detail {
template <class Program, class Use> constexpr void each_epilogue_in(Use& use) {
  const auto one = [&]<std::size_t Step>(std::integral_constant<std::size_t, Step>) {
    constexpr execution::step s = Program::value.step_at(Step);
    if constexpr (s.what == graph::kind::matrix_product)
      use(epilogue<execution::expression_table<Program, static_cast<std::size_t>(s.expression)>,
                   execution::accesses_of<Program, Step>()>{});
  };
  [&]<std::size_t... Step>(std::index_sequence<Step...>) {
    (one(std::integral_constant<std::size_t, Step>{}), ...);
  }(std::make_index_sequence<Program::value.step_count>{});
}
/// Those of the products of a net with an activation, as it trains and as it predicts; some come more than once.
template <auto Activation, class Use> constexpr void each_epilogue_with(Use& use) {
  constexpr auto net = input<64> | dense<64> | Activation | dense<64> | Activation | dense<64>;
  using model = std::remove_cvref_t<decltype(net)>;
  each_epilogue_in<plan::compiled<model, softmax_cross_entropy_loss<0>, plan::purpose::train, float>>(use);
  each_epilogue_in<plan::compiled<model, plan::no_loss, plan::purpose::predict, float>>(use);
}
/// The expression of an update rule that uses up the gradient of a weight.
template <class Rule>
using update_by = epilogue<train::update_tables<typename Rule::recipe, false>::body,
                           train::update_tables<typename Rule::recipe, false>::fused_accesses>;
} // namespace detail

/// Gives `use` each epilogue of products with rectifiers, and with none: an object whose type has table and accesses.
template <class Use> constexpr void each_epilogue_of_rectifiers(Use use) { detail::each_epilogue_with<relu>(use); }
/// The same with activations that take an exponential.
template <class Use> constexpr void each_epilogue_of_exponentials(Use use) {
  detail::each_epilogue_with<fusegrad::tanh>(use);
  detail::each_epilogue_with<sigmoid>(use);
  detail::each_epilogue_with<silu>(use);
  detail::each_epilogue_with<gelu>(use);
}
/// What is done with the gradient of a weight: it is kept, or a rule uses it at once.
template <class Use> constexpr void each_use_of_gradients(Use use) {
  use(epilogue<execution::kept_as_it_is, execution::only_the_sum>{});
  use(detail::update_by<sgd>{});
  use(detail::update_by<momentum_sgd>{});
  use(detail::update_by<adam>{});
  use(detail::update_by<adamw>{});
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
