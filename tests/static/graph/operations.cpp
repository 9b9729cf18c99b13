// SPDX-License-Identifier: MIT
#include <fusegrad/graph/operations.hpp>

#include <cstddef>

// What holds for the table of operations as a whole.
namespace {

using namespace fusegrad::graph;

constexpr bool each_has_a_name_of_its_own() {
  for (std::size_t i = 0; i < kind_count; ++i) {
    if (operation_table.of[i].name.empty()) return false;
    for (std::size_t k = 0; k < i; ++k)
      if (operation_table.of[i].name == operation_table.of[k].name) return false;
  }
  return true;
}
static_assert(each_has_a_name_of_its_own());

// A sum makes no value: it is no part of another kernel call, and none is a part of it.
constexpr bool sums_stand_alone() {
  for (const operation_facts& facts : operation_table.of)
    if (facts.is_sum() && (facts.fuses != fusing::no || facts.is_given || facts.is_random || facts.sums_batch))
      return false;
  return true;
}
static_assert(sums_stand_alone());

static_assert(facts_of(kind::weight_gradient).into == sum_into::matrix &&
              facts_of(kind::column_sum).into == sum_into::vector);
static_assert(facts_of(kind::loss_term).into == sum_into::loss && facts_of(kind::total_sum).into == sum_into::number);
static_assert(facts_of(kind::matrix_product).fuses == fusing::product && facts_of(kind::batch_sum).sums_batch);

} // namespace
