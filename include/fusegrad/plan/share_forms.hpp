// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/plan/draft.hpp>
#include <fusegrad/run/step.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

namespace detail {
/// The number of a form in a list, to which it is added where it is new. In a deep model it is the likely one: that
/// of the last step with the same kernel.
template <class Form> constexpr std::uint32_t number_of(growing<Form>& list, const Form& form, std::uint32_t likely) {
  if (likely < list.size() && list[likely] == form) return likely;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i] == form) return static_cast<std::uint32_t>(i);
  list.push_back(form);
  return static_cast<std::uint32_t>(list.size() - 1);
}
} // namespace detail

/// The steps of a draft and their arguments as a program keeps them: what some have in common stands there once.
class shared_forms {
public:
  growing<execution::step_place> steps;
  growing<execution::step_form> forms;
  growing<execution::argument_place> arguments;
  growing<execution::argument> argument_forms;

  constexpr explicit shared_forms(const draft& d) {
    last_of_kernel_.resize(d.kernels.size());
    steps.reserve(d.steps.size());
    arguments.reserve(d.arguments.size());
    for (const execution::step& s : d.steps) add(s, d);
  }

private:
  constexpr void add(const execution::step& s, const draft& d) {
    std::size_t& last = last_of_kernel_[s.kernel]; // one behind it, 0: none
    execution::step_place place = s;
    place.left_offset = s.left.offset;
    place.right_offset = s.right.offset;
    place.places_offset = s.places.offset;
    place.form = detail::number_of(forms, without_offsets(s), last == 0 ? 0 : steps[last - 1].form);
    const std::size_t places = std::size_t{s.argument_count} + s.result_count;
    for (std::size_t i = 0; i < places; ++i) {
      const execution::argument& a = d.arguments[s.arguments_begin + i];
      const std::uint32_t likely = last == 0 ? 0 : arguments[steps[last - 1].arguments_begin + i].form;
      arguments.push_back({a.offset, detail::number_of(argument_forms, execution::at_offset(a, 0), likely)});
    }
    steps.push_back(place);
    last = steps.size();
  }

  static constexpr execution::step_form without_offsets(const execution::step_form& s) {
    execution::step_form form = s;
    form.left.offset = form.right.offset = form.places.offset = 0;
    return form;
  }

  growing<std::size_t> last_of_kernel_;
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
