// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/run/bindings/batch_sum.hpp>
#include <fusegrad/run/bindings/column_sum.hpp>
#include <fusegrad/run/bindings/concat.hpp>
#include <fusegrad/run/bindings/convolution.hpp>
#include <fusegrad/run/bindings/convolution_gradient.hpp>
#include <fusegrad/run/bindings/depthwise.hpp>
#include <fusegrad/run/bindings/depthwise_gradient.hpp>
#include <fusegrad/run/bindings/elementwise.hpp>
#include <fusegrad/run/bindings/grouped_convolution.hpp>
#include <fusegrad/run/bindings/grouped_convolution_gradient.hpp>
#include <fusegrad/run/bindings/input.hpp>
#include <fusegrad/run/bindings/interpolation.hpp>
#include <fusegrad/run/bindings/log_softmax.hpp>
#include <fusegrad/run/bindings/loss_term.hpp>
#include <fusegrad/run/bindings/matrix_product.hpp>
#include <fusegrad/run/bindings/max_pool.hpp>
#include <fusegrad/run/bindings/observe.hpp>
#include <fusegrad/run/bindings/position_sum.hpp>
#include <fusegrad/run/bindings/random.hpp>
#include <fusegrad/run/bindings/repetition.hpp>
#include <fusegrad/run/bindings/reshape.hpp>
#include <fusegrad/run/bindings/row_sum.hpp>
#include <fusegrad/run/bindings/softmax.hpp>
#include <fusegrad/run/bindings/softmax_cross_entropy.hpp>
#include <fusegrad/run/bindings/split.hpp>
#include <fusegrad/run/bindings/spread.hpp>
#include <fusegrad/run/bindings/total_sum.hpp>
#include <fusegrad/run/bindings/value_product.hpp>
#include <fusegrad/run/bindings/weight_gradient.hpp>
#include <fusegrad/run/bindings/window_sum.hpp>
#include <utility>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// What the binding of a kind says of a step, for who meets steps of all kinds: while a program is made, not while it
/// runs.
template <class T> struct binding_facts {
  bool runs_directly, updates_at_once;
  sharing (*shared_by)(const step_form&) noexcept;
  std::size_t (*units)(const step_form&) noexcept;
  std::size_t (*work)(const step_form&) noexcept;
  bool (*runs_by_columns)(const step_form&) noexcept;
  bool (*share_kernel)(const step_form&, const step_form&) noexcept;
};

template <class T>
inline constexpr auto binding_table = []<std::size_t... K>(std::index_sequence<K...>) {
  using graph::kind;
  return std::array<binding_facts<T>, sizeof...(K)>{
      binding_facts<T>{binding<kind{K}>::runs_directly, binding<kind{K}>::updates_at_once, &binding<kind{K}>::shared_by,
                       &binding<kind{K}>::template units<T>, &binding<kind{K}>::template work<T>,
                       &binding<kind{K}>::template runs_by_columns<T>, &binding<kind{K}>::template share_kernel<T>}...};
}(std::make_index_sequence<graph::kind_count>{});

template <class T> constexpr const binding_facts<T>& binding_of(const step_form& s) {
  return binding_table<T>[static_cast<std::size_t>(s.what)];
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
