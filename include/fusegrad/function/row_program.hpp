// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/differentiate.hpp>
#include <fusegrad/expr/hoist.hpp>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/function/shaped_recipe.hpp>
#include <fusegrad/function/split_sums.hpp>

// What is computed for each row, derived from the function at compile time.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

/// What is asked for of a function of rows. Its numbers are those of the row, then those that are the same for all
/// rows.
struct row_request {
  int row_numbers = 0;         ///< how many of the arguments vary with the row
  bool values = false;         ///< the results themselves
  bool differentiated = false; ///< ... and their derivatives
  bool seeded = false;         ///< derivatives are multiplied by one more argument, which varies with the row
  bool second = false;         ///< the second derivatives by each of the shared arguments, behind the first ones
  bool kept_values = false;    ///< results are given for each row, and are not summed
  int row_arguments = 0;       ///< how many of the arguments these numbers are
  std::uint64_t by = 0;        ///< by which arguments it is differentiated, a bit for each
};

/// The three parts of a function of rows. `prologue`: from all its numbers (it reads the shared ones only) to what
/// `body` needs of them, once. `body`: from the row's numbers and the prologue's results, first what is given for each
/// row, then what is summed. `epilogue`: from the sums and the prologue's results to the results.
struct row_parts {
  expr::expression prologue, body, epilogue;
  int kept = 0;
};

namespace detail {

constexpr void append_adjoints(expr::recorder& r, const growing<int>& of, const growing<int>& seeds,
                               const growing<int>& by, growing<int>& to) {
  for (int i : expr::adjoints(r, of, seeds, by)) to.push_back(expr::detail::or_zero(r, i));
}

/// The function with all that is asked for as results: kept ones first.
template <class Recipe> constexpr expr::expression whole_of(row_request want, int& kept) {
  const auto inner = expr::recording_of<Recipe, Recipe::count>();
  const int numbers = inner.positional + static_cast<int>(inner.leaves.size());
  const int seeds_given = want.seeded ? static_cast<int>(inner.body.results.size()) : 1;
  expr::recorder r(numbers + seeds_given);
  growing<int> arguments, results;
  for (int i = 0; i < numbers; ++i) arguments.push_back(r.build.argument(i));
  const growing<int> values = expr::inline_into(r.build, inner.body, arguments);
  growing<int> by_row, by_shared;
  std::size_t first = 0;
  for (std::size_t k = 0; k < Recipe::arguments; first += Recipe::counts[k++])
    for (std::size_t i = first; (want.by >> k & 1) != 0 && i < first + Recipe::counts[k]; ++i)
      (k < static_cast<std::size_t>(want.row_arguments) ? by_row : by_shared).push_back(arguments[i]);

  if (want.values && want.kept_values) results.append(values);
  const auto adjoints_of = [&](std::size_t which, const growing<int>& by) {
    growing<int> seeds;
    for (std::size_t i = 0; i < values.size(); ++i)
      seeds.push_back(want.seeded  ? r.build.argument(numbers + static_cast<int>(i))
                      : i == which ? r.build.constant(1)
                                   : expr::no_node);
    if (by.size() > 0) append_adjoints(r, values, seeds, by, results);
  };
  const std::size_t sweeps = want.seeded ? 1 : values.size();
  for (std::size_t k = 0; k < sweeps; ++k) adjoints_of(k, by_row);
  kept = static_cast<int>(results.size());
  if (want.values && !want.kept_values) results.append(values);
  for (std::size_t k = 0; k < sweeps; ++k) adjoints_of(k, by_shared);
  if (want.second) {
    growing<int> slopes = results; // the first derivatives stand last
    const std::size_t first_slope = results.size() - by_shared.size();
    for (std::size_t i = 0; i < by_shared.size(); ++i) {
      growing<int> direction, of;
      for (std::size_t k = 0; k < by_shared.size(); ++k)
        direction.push_back(k == i ? r.build.constant(1) : expr::no_node);
      of.push_back(slopes[first_slope + i]);
      results.push_back(expr::detail::or_zero(r, expr::tangents(r, by_shared, direction, of)[0]));
    }
  }
  return expr::compact(r.build, results, numbers + seeds_given);
}

} // namespace detail

template <class Recipe> constexpr row_parts parts_of_row(row_request want) {
  row_parts out;
  const expr::expression whole = detail::whole_of<Recipe>(want, out.kept);
  growing<bool> uniform;
  for (int i = 0; i < whole.arguments; ++i)
    uniform.push_back(i >= want.row_numbers &&
                      i < record_of<Recipe>.positional + static_cast<int>(record_of<Recipe>.leaf_count));
  expr::hoisted cut = expr::hoist(whole, uniform);
  out.prologue = cut.prologue;
  split_sums(cut, out.kept, out.body, out.epilogue);
  return out;
}

namespace detail {
template <class A, class B, class C> struct fixed_row_parts {
  A prologue;
  B body;
  C epilogue;
  int kept;
};
/// With room for what most functions become: parts whose sizes had to be known beforehand would be computed twice.
template <std::size_t Room> struct roomy_row_parts {
  expr::detail::roomy_table<Room> prologue, body, epilogue;
  int kept;
  [[nodiscard]] constexpr bool fit() const { return prologue.fits() && body.fits() && epilogue.fits(); }
};
template <class Recipe, row_request Want, std::size_t Room> consteval roomy_row_parts<Room> roomy_row() {
  const row_parts parts = parts_of_row<Recipe>(Want);
  return {expr::detail::roomy_table<Room>(parts.prologue), expr::detail::roomy_table<Room>(parts.body),
          expr::detail::roomy_table<Room>(parts.epilogue), parts.kept};
}
template <class Recipe, row_request Want, std::size_t Room = 5 * record_of<Recipe>.body.node_count + 32>
consteval auto fix_row() {
  constexpr auto all = roomy_row<Recipe, Want, Room>();
  if constexpr (!all.fit()) {
    return fix_row<Recipe, Want, 4 * Room>();
  } else {
    // Plain numbers as arguments: with members of a constant, Clang 19 sees two different types.
    constexpr std::size_t pn = all.prologue.size.nodes, pc = all.prologue.size.constants,
                          pr = all.prologue.size.results;
    constexpr std::size_t bn = all.body.size.nodes, bc = all.body.size.constants, br = all.body.size.results;
    constexpr std::size_t en = all.epilogue.size.nodes, ec = all.epilogue.size.constants,
                          er = all.epilogue.size.results;
    return fixed_row_parts<expr::table<pn, pc, pr>, expr::table<bn, bc, br>, expr::table<en, ec, er>>{
        expr::cut_to<pn, pc, pr>(all.prologue.items), expr::cut_to<bn, bc, br>(all.body.items),
        expr::cut_to<en, ec, er>(all.epilogue.items), all.kept};
  }
}
} // namespace detail

/// The parts as tables, computed once.
template <class Recipe, row_request Want> struct row_program {
  static constexpr auto parts = detail::fix_row<Recipe, Want>(); // too many steps? clang++ -fconstexpr-steps=500000000
  static constexpr auto prologue = parts.prologue;
  static constexpr auto body = parts.body;
  static constexpr auto epilogue = parts.epilogue;
  static constexpr std::size_t kept = static_cast<std::size_t>(parts.kept);
  static constexpr std::size_t sums = body.result_count - kept; ///< how many numbers are summed
  static constexpr std::size_t uniform = prologue.result_count;
  static constexpr std::size_t varying = static_cast<std::size_t>(Want.row_numbers) +
                                         (Want.seeded ? record_of<Recipe>.body.result_count : 1); ///< seeds last
  static constexpr std::size_t results = epilogue.result_count;

  /// `numbers` are those of the function, of which the row's are not read; then its named parameters.
  template <class T> static constexpr void begin(const T* numbers, T* uniform_values) noexcept {
    if constexpr (uniform > 0) expr::evaluate<prologue>(numbers, uniform_values);
  }
  /// `sums`, followed by the prologue's results, become the results.
  template <class T> static constexpr void end(const T* sums_and_uniform, T* to) noexcept {
    if constexpr (results > 0) expr::evaluate<epilogue>(sums_and_uniform, to);
  }
};

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
