// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/builder.hpp>
#include <string_view>
#include <utility>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// What a named leaf of a traced function stands for.
enum class leaf_kind : std::uint8_t { parameter, state, setting, derivative };

/// Which derivative of an argument a leaf stands for: by other arguments, one after the other.
struct derivative_of_argument {
  static constexpr int largest_order = 4;
  std::int16_t of = -1;
  std::int16_t by[largest_order]{-1, -1, -1, -1};
  [[nodiscard]] constexpr int order() const {
    int n = 0;
    while (n < largest_order && by[n] >= 0) ++n;
    return n;
  }
  friend constexpr bool operator==(const derivative_of_argument&, const derivative_of_argument&) = default;
};

/// A leaf that has a name instead of a place among the arguments; it becomes one more argument behind them.
struct named_leaf {
  std::string_view name;
  leaf_kind kind = leaf_kind::parameter;
  double initial = 0;
  int node = 0;
  derivative_of_argument derivative{};
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
  bool has_wrong_derivative = false; ///< by what is no argument, or of too high an order
  bool starts_differ = false;        ///< of two mentions of a name

  constexpr explicit recorder(int positional_arguments) : positional{positional_arguments} {
    for (int i = 0; i < positional; ++i) build.argument(i);
  }

  /// The node of a named leaf; each mention gives the same initial value.
  constexpr int leaf(std::string_view name, leaf_kind kind, double initial) {
    for (const named_leaf& known : leaves) {
      if (known.kind != kind || known.name != name) continue;
      starts_differ |= std::bit_cast<std::uint64_t>(known.initial) != std::bit_cast<std::uint64_t>(initial);
      return known.node;
    }
    const int node = build.argument(positional + static_cast<int>(leaves.size()));
    leaves.push_back({name, kind, initial, node});
    return node;
  }

  /// A state that nothing reads starts at 0.
  constexpr void add_state(std::string_view name) {
    for (const named_leaf& known : leaves)
      if (known.kind == leaf_kind::state && known.name == name) return;
    leaf(name, leaf_kind::state, 0);
  }

  /// The node that stands for a derivative of an argument, whichever way its order is reached.
  constexpr int leaf(derivative_of_argument which) {
    const int order = which.order();
    for (int i = 0; i < order; ++i)
      for (int k = i + 1; k < order; ++k)
        if (which.by[k] < which.by[i]) std::swap(which.by[i], which.by[k]);
    for (const named_leaf& known : leaves)
      if (known.kind == leaf_kind::derivative && known.derivative == which) return known.node;
    const int node = build.argument(positional + static_cast<int>(leaves.size()));
    leaves.push_back({"", leaf_kind::derivative, 0, node, which});
    return node;
  }
};

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
