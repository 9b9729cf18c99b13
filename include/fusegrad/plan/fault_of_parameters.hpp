// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/operation_errors.hpp>

#include <cstddef>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/plan/fault_of_model.hpp>
#include <fusegrad/run/parameter_place.hpp>
#include <string_view>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

namespace detail {

constexpr bool lies_alike(const execution::parameter_place& a, const execution::parameter_place& b) noexcept {
  return a.offset == b.offset && a.in == b.in && a.out == b.out && a.taps == b.taps && a.groups == b.groups &&
         a.is_matrix == b.is_matrix && a.is_narrow == b.is_narrow && a.is_trained == b.is_trained;
}

/// The first parameter of a program that is not the same at the same place in another, and its name. Without views and
/// operators: in a constant expression each call costs more than what it compares.
template <class Program, class Other>
constexpr emission_result first_other_parameter(const Program& a, const Other& b) {
  constexpr std::size_t count = Program::parameter_count, others = Other::parameter_count;
  const auto *const places = a.parameters.data(), *const other_places = b.parameters.data();
  const auto *const facts = a.facts.data(), *const other_facts = b.facts.data();
  const char *const text = a.characters.data(), *const other_text = b.characters.data();
  emission_result found{};
  for (std::size_t i = 0; i < count || i < others; ++i) {
    if (i < count && i < others && facts[i].name_size == other_facts[i].name_size &&
        lies_alike(places[i], other_places[i])) {
      const std::size_t begin = facts[i].name_begin, other_begin = other_facts[i].name_begin;
      std::size_t same = 0;
      while (same < facts[i].name_size && text[begin + same] == other_text[other_begin + same]) ++same;
      if (same == facts[i].name_size) continue;
    }
    found.broken = {graph::rule::same_parameters, tensor::vector_of(i), {}};
    const std::string_view name = i < count ? a.parameter_name(i) : b.parameter_name(i);
    for (std::size_t k = 0; k < name.size() && k < found.place.size(); ++k) found.place.characters[k] = name[k];
    return found;
  }
  return found;
}
template <class Training, class Kept>
inline constexpr emission_result other_parameter = first_other_parameter(Training::value, Kept::value);

} // namespace detail

/// The fault that names the first parameter which the program for a purpose has otherwise than the one by which weights
/// are kept, or no_fault. A layer of one row was tried by itself; what other layers write is seen here.
template <class Model, class Loss, purpose For, class T>
using fault_of_parameters =
    decltype(detail::first_broken_rule<
             detail::other_parameter<compiled<Model, Loss, For, T>, compiled<Model, no_loss, purpose::hold, T>>>());

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
