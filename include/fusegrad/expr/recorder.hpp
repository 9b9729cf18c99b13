// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/builder.hpp>
#include <string_view>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// What a named leaf of a traced function stands for.
enum class leaf_kind : std::uint8_t { parameter, state, setting };

/// A leaf that has a name instead of a place among the arguments; it becomes one more argument behind them.
struct named_leaf {
  std::string_view name;
  leaf_kind kind = leaf_kind::parameter;
  double initial = 0;
  int node = 0;
};

/// A new value for a state, from `fusegrad::next`.
struct stored_state {
  std::string_view name;
  int node = 0;
};

/// A function while it is traced: its nodes, and the names that it used.
struct recorder {
  builder build;
  int positional = 0; ///< how many arguments came by position; named leaves follow
  growing<named_leaf> leaves;

  constexpr explicit recorder(int positional_arguments) : positional{positional_arguments} {
    for (int i = 0; i < positional; ++i) build.argument(i);
  }

  /// The node of a named leaf; the first mention gives its initial value.
  constexpr int leaf(std::string_view name, leaf_kind kind, double initial) {
    for (const named_leaf& known : leaves)
      if (known.kind == kind && known.name == name) return known.node;
    const int node = build.argument(positional + static_cast<int>(leaves.size()));
    leaves.push_back({name, kind, initial, node});
    return node;
  }
};

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
