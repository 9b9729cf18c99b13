// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/expr/hoist.hpp>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/train/penalty.hpp>
#include <string_view>

namespace fusegrad::train {

namespace detail {
/// Weight, gradient, states and numbers that are computed once a step are the arguments of one call.
template <std::size_t States, std::size_t Numbers> constexpr auto fault_of_places() {
  constexpr std::size_t room = kernel::most_places - 2;
  if constexpr (States + Numbers > room)
    return diagnostics::fault<
        update_rule_has_too_many_states_and_settings<diagnostics::got<States, Numbers>, diagnostics::needs<room>>>{};
  else
    return diagnostics::no_fault{};
}
} // namespace detail

/// An update rule made ready to run: the gradient is clipped first if it `Clips`, what is the same for all weights is
/// computed once in double precision, and the rest is one expression over weight, gradient and states.
template <class Recipe, bool Clips> struct update_tables {
private:
  // Arguments of the whole expression: weight, gradient, clip scale, clip bound, then the rule's named leaves.
  static constexpr int positional = 4;

  static constexpr expr::recording rule() { return expr::recording_of<Recipe, 2>(); }

  static constexpr expr::expression whole() {
    const expr::recording r = rule();
    expr::builder b;
    growing<int> arguments;
    const int weight = b.argument(0), gradient = b.argument(1), scale = b.argument(2), bound = b.argument(3);
    const int scaled = b.make(expr::operation::multiply, gradient, scale);
    const int below = b.make(expr::operation::max, scaled, b.make(expr::operation::negate, bound));
    arguments.push_back(weight);
    arguments.push_back(Clips ? b.make(expr::operation::min, below, bound) : gradient);
    for (std::size_t i = 0; i < r.leaves.size(); ++i) arguments.push_back(b.argument(positional + static_cast<int>(i)));
    return expr::compact(b, expr::inline_into(b, r.body, arguments), positional + static_cast<int>(r.leaves.size()));
  }

  static constexpr expr::hoisted split() {
    growing<bool> uniform;
    for (int i = 0; i < positional; ++i) uniform.push_back(i >= 2);
    for (const expr::named_leaf& leaf : expr::leaves_of<Recipe, 2>())
      uniform.push_back(leaf.kind == expr::leaf_kind::setting);
    return expr::hoist(whole(), uniform);
  }

  // The rule is taken apart once, into tables with room for more: what it is made of becomes two parts of it, and each
  // number that the one hands to the other is a node more.
  static constexpr std::size_t room = 64 * (1 + expr::recorded<Recipe, 2>.body.node_count / 16);
  using roomy_table = expr::detail::roomy_table<room>;
  struct parts {
    roomy_table body, prologue;
    std::size_t uniform_count;
  };
  static constexpr parts apart = [] {
    expr::hoisted h = split();
    const std::size_t uniform_count = h.prologue.results.size();
    // A table needs a result; a rule without settings gets one that nobody reads.
    if (h.prologue.results.empty()) {
      h.prologue.nodes.push_back({expr::operation::argument, 2, 0, 0});
      h.prologue.results.push_back(static_cast<std::uint16_t>(h.prologue.nodes.size() - 1));
    }
    return parts{roomy_table(h.body), roomy_table(h.prologue), uniform_count};
  }();

  template <roomy_table parts::* Part> static constexpr auto cut() {
    constexpr const roomy_table& part = apart.*Part;
    static_assert(part.fits());
    // Plain numbers as arguments: with members of a constant, Clang 19 sees two different types.
    constexpr std::size_t nodes = part.size.nodes, constants = part.size.constants, results = part.size.results;
    return expr::cut_to<nodes, constants, results>(part.items);
  }

public:
  static constexpr std::size_t leaf_count = expr::recorded<Recipe, 2>.leaf_count;
  static constexpr std::size_t state_count = [] {
    std::size_t count = 0;
    for (const expr::named_leaf& leaf : expr::leaves_of<Recipe, 2>()) count += leaf.kind == expr::leaf_kind::state;
    return count;
  }();
  static constexpr std::size_t uniform_count = apart.uniform_count;
  /// What is wrong with how many there are, or no_fault.
  using fault = decltype(detail::fault_of_places<state_count, uniform_count>());
  static constexpr std::size_t prologue_arguments = static_cast<std::size_t>(positional) + leaf_count;

  static constexpr auto body = cut<&parts::body>();
  static constexpr auto prologue = cut<&parts::prologue>();

  /// How the kernel reads: weight, gradient and states number by number, what was computed once as single numbers.
  static constexpr auto accesses = [] {
    kernel::access_list<2 + state_count + uniform_count> list;
    for (std::size_t i = 0; i < list.count; ++i)
      list.items[i] = i < 2 + state_count ? kernel::access::element : kernel::access::scalar;
    return list;
  }();
  /// The same as the epilogue of the gradient of a weight, which is what was just summed.
  static constexpr auto fused_accesses = [] {
    auto list = accesses;
    list.items[1] = kernel::access::product;
    return list;
  }();

  struct leaf {
    std::string_view name;
    expr::leaf_kind kind;
    double initial;
  };
  struct leaf_list {
    leaf items[leaf_count + 1]{};
  };
  static constexpr leaf_list leaves = [] {
    leaf_list list;
    const expr::recording r = rule();
    for (std::size_t i = 0; i < leaf_count; ++i)
      list.items[i] = {r.leaves[i].name, r.leaves[i].kind, r.leaves[i].initial};
    return list;
  }();

  /// Whether what is the same for all weights changes from step to step.
  static constexpr bool counts_steps = [] {
    for (const leaf& one : leaves.items)
      if (one.kind == expr::leaf_kind::setting && one.name == "step") return true;
    return false;
  }();

  /// What the rule's function calls its state or setting of this number.
  static constexpr std::string_view name_of(expr::leaf_kind kind, std::size_t number) noexcept {
    std::size_t i = 0;
    while (leaves.items[i].kind != kind || number-- > 0) ++i;
    return leaves.items[i].name;
  }

  /// For each result of the body behind the weight: the state that it is the new value of.
  struct state_list {
    std::size_t items[state_count + 1]{};
    std::size_t count = 0;
  };
  static constexpr state_list stored = [] {
    state_list list;
    const expr::recording r = rule();
    for (const expr::stored_state& s : r.stored) {
      std::size_t state = 0;
      for (const expr::named_leaf& l : r.leaves) {
        if (l.kind != expr::leaf_kind::state) continue;
        if (l.name == s.name) list.items[list.count++] = state;
        ++state;
      }
    }
    return list;
  }();
};

/// The derivative of a penalty, added to the gradient: weight, gradient -> gradient.
template <class Penalty> struct penalty_tables {
  struct make_sum {
    static constexpr expr::expression make() {
      const expr::recording slope = expr::recording_of<expr::derivative_recipe<typename Penalty::recipe, 0>, 1>();
      expr::builder b;
      growing<int> weight;
      weight.push_back(b.argument(0));
      const int gradient = b.argument(1);
      growing<int> sum;
      sum.push_back(b.make(expr::operation::add, gradient, expr::inline_into(b, slope.body, weight)[0]));
      return expr::compact(b, sum, 2);
    }
  };
  static constexpr auto table = expr::table_from<make_sum>;
  static constexpr kernel::access_list<2> accesses{{kernel::access::element, kernel::access::element}};
};

} // namespace fusegrad::train
