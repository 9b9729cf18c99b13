// SPDX-License-Identifier: MIT
#include "laws/models.hpp"

#include <fusegrad/model/network_plan.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <string_view>

// The program of a model is a constant; what tests/unit/plan finds at run time holds for types too.
namespace {

template <class Model, fg::plan::purpose For> constexpr const auto& program_of() {
  using loss = std::remove_cvref_t<decltype(fg::mean_squared_error)>;
  return fg::plan::compiled<Model, loss, For, float>::value;
}
constexpr auto layer = fg::dense<24> | fg::tanh;
constexpr auto four = fg::input<24> | layer | layer | layer | layer;
constexpr auto eight = four | layer | layer | layer | layer;

using fg::plan::purpose;
static_assert(program_of<std::remove_cv_t<decltype(four)>, purpose::train>().kernel_count ==
              program_of<std::remove_cv_t<decltype(eight)>, purpose::train>().kernel_count);

constexpr auto& inferred =
    fg::plan::compiled<std::remove_cv_t<decltype(eight)>, fg::plan::no_loss, purpose::predict, float>::value;
static_assert(inferred.step_count == 8 && inferred.kernel_count == 1);
static_assert(inferred.parameter_count == 16);
static_assert(inferred.parameter_name(0) == "0.0.weight" && inferred.parameter_name(15) == "7.0.bias");
static_assert(inferred.row_size == 2 * fg::kernel::row_stride<float>(24));
static_assert(inferred.transposed_size == 0);

// The first dense layer has no use for its transpose: the gradient of the input is never formed.
constexpr auto& trained = program_of<std::remove_cv_t<decltype(four)>, purpose::train>();
static_assert(!trained.parameters[0].needs_transpose && trained.parameters[2].needs_transpose);
static_assert(trained.parameters[0].contributions == 1 && trained.parameters[7].contributions == 1);

// Rows come first; what sums over samples comes last, so that threads meet once between the two.
constexpr bool rows_come_first() {
  for (std::size_t i = 0; i < trained.step_count; ++i)
    if (fg::graph::facts_of(trained.form_of(i).what).is_sum() != (i >= trained.row_steps)) return false;
  return true;
}
static_assert(rows_come_first() && trained.step_count - trained.row_steps == 4 + 4 + 1);
static_assert(inferred.row_steps == inferred.step_count);

// A layer with few outputs is stored by outputs, which is how both its product and the gradient of its input read it.
constexpr auto narrow = fg::input<24> | fg::dense<32> | fg::tanh | fg::dense<1>;
constexpr auto& narrowing = program_of<std::remove_cv_t<decltype(narrow)>, purpose::train>();
static_assert(!narrowing.parameters[0].is_narrow && narrowing.parameters[2].is_narrow &&
              !narrowing.parameters[2].needs_transpose);
static_assert(narrowing.transposed_size == 0);

// Weights that several layers share have one gradient, summed over all of them in one call.
constexpr auto cell = fg::shared<"cell">(fg::dense<24> | fg::tanh);
constexpr auto twice = fg::input<24> | cell | cell;
static_assert(program_of<std::remove_cv_t<decltype(twice)>, purpose::train>().parameters[0].contributions == 1);

} // namespace
