// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/record_errors.hpp>

#include <array>
#include <cstddef>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/record_members.hpp>
#include <span>
#include <string_view>

namespace fusegrad {

namespace layers {

/// Makes an output a struct; the numbers stay what they are.
template <class Record> struct record_output : layer {
  using record = Record;
  using cure = diagnostics::fix<leave_out_the_first_size_or_write_the_one_that_comes_in>;
  static constexpr std::string_view name = "output_of";
  static constexpr tensor::extents required_shape(tensor::extents) {
    return tensor::vector_of(width_of_member<Record>());
  }
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }
  static constexpr row emit(emitter&, const row& x) { return x; }
};

/// The struct that a model ends in, or the numbers where it ends in none.
template <class Model> struct record_made_by {
  template <class Numbers> static constexpr Numbers from(const Numbers& numbers) noexcept { return numbers; }
};
template <class In, class Out, class First, class... Rest>
struct record_made_by<model<In, Out, First, Rest...>> : record_made_by<model<In, Out, Rest...>> {};
template <class In, class Out, class Record> struct record_made_by<model<In, Out, record_output<Record>>> {
  template <class Numbers> static constexpr Record from(const Numbers& numbers) noexcept {
    Record made{};
    const auto* next = numbers.data();
    read_member(made, next);
    return made;
  }
};

/// A struct as what comes into a model.
template <class Record> struct record_input : wire_shapes<shape<width_of_member<Record>()>> {
  using record = Record;
  static constexpr auto& names = record_names<Record>::value;

  template <class T> static constexpr std::array<T, names.size()> numbers(const Record& sample) noexcept {
    std::array<T, names.size()> made{};
    T* next = made.data();
    write_member(sample, next);
    return made;
  }
  template <class Model, class Numbers> static constexpr auto outputs(const Numbers& numbers) noexcept {
    return record_made_by<Model>::from(numbers);
  }
};

template <class Record> constexpr auto make_record_input() {
  using found = decltype(record_fault<Record>());
  if constexpr (is_fault<found>) {
    static_cast<void>(sizeof(typename found::error));
    return model<wire_shapes<>, wire_shapes<>>{};
  } else {
    return model<record_input<Record>, wire_shapes<shape<width_of_member<Record>()>>>{};
  }
}
template <class Record> constexpr auto make_record_output() {
  using found = decltype(record_fault<Record, true>());
  if constexpr (is_fault<found>)
    static_cast<void>(sizeof(typename found::error));
  else
    return record_output<Record>{};
}

} // namespace layers

/// The start of a model whose sample is a struct that Boost.Hana knows (`BOOST_HANA_ADAPT_STRUCT(event, pt, eta)`): its
/// members are the inputs, in their order. A number is one input, an array one for each element, an `enum class` one
/// for each enumerator, 1 for the one it is.
template <class Record> inline constexpr auto input_of = layers::make_record_input<Record>();

/// The end of a model whose output is such a struct of floats, doubles, arrays of them, and enumerations, which are the
/// largest of their numbers.
template <class Record> inline constexpr auto output_of = layers::make_record_output<Record>();

/// What the inputs of a model that takes a struct are called: `eta`, `hits_0`, `kind=signal`.
template <class Record> constexpr std::span<const std::string_view> names_of() noexcept {
  return layers::record_names<Record>::value;
}

/// The numbers of a struct, as a model gets them.
template <class T, class Record> constexpr auto numbers_of(const Record& sample) noexcept {
  return layers::record_input<Record>::template numbers<T>(sample);
}

} // namespace fusegrad
