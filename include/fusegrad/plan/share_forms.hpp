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
  const std::size_t count = list.size();
  const Form* const known = list.begin();
  if (likely < count && known[likely] == form) return likely;
  for (std::size_t i = 0; i < count; ++i)
    if (known[i] == form) return static_cast<std::uint32_t>(i);
  list.push_back(form);
  return static_cast<std::uint32_t>(count);
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
    const execution::step_place* const before = last == 0 ? nullptr : steps.begin() + (last - 1);
    execution::step_place place = s;
    place.left_offset = s.left.offset;
    place.right_offset = s.right.offset;
    place.places_offset = s.places.offset;
    execution::step_form form = s;
    form.left.offset = form.right.offset = form.places.offset = 0;
    place.form = detail::number_of(forms, form, before == nullptr ? 0 : before->form);
    const std::size_t begin = s.arguments_begin, end = begin + s.argument_count + s.result_count;
    const execution::argument* const made = d.arguments.begin();
    for (std::size_t i = begin; i < end; ++i) {
      execution::argument a = made[i];
      a.offset = 0;
      const std::uint32_t likely = before == nullptr ? 0 : arguments[before->arguments_begin + (i - begin)].form;
      arguments.push_back({made[i].offset, detail::number_of(argument_forms, a, likely)});
    }
    steps.push_back(place);
    last = steps.size();
  }

  growing<std::size_t> last_of_kernel_;
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
