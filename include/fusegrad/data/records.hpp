// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/record.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/table.hpp>
#include <iterator>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// Structs of the user's as samples, in memory and in tables.
namespace fusegrad::data {

namespace detail {

[[noreturn]] inline void fail_records(const std::string& words) { throw std::invalid_argument("records: " + words); }

/// The one enumeration that a struct consists of, or void: then it tells a class.
template <class Record, class... Pairs> constexpr auto enumeration_among(const hana::tuple<Pairs...>&) {
  if constexpr (sizeof...(Pairs) == 1) {
    using member = typename layers::known_member<Record, Pairs...>::type;
    if constexpr (base::scoped_enumeration<member>)
      return std::type_identity<member>{};
    else
      return std::type_identity<void>{};
  } else {
    return std::type_identity<void>{};
  }
}
template <class Record> constexpr auto only_enumeration() {
  if constexpr (base::scoped_enumeration<Record>)
    return std::type_identity<Record>{};
  else
    return enumeration_among<Record>(hana::accessors<Record>());
}
template <class Record> using class_enumeration = typename decltype(only_enumeration<Record>())::type;

template <class E> std::vector<std::string> enumerators_of() {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < base::enumerator_count<E>; ++k) names.emplace_back(base::enumerator<E>(k));
  return names;
}

inline std::vector<std::string> as_strings(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

template <class Record> constexpr std::size_t record_width() {
  if constexpr (!base::scoped_enumeration<Record>) {
    using found = decltype(layers::record_fault<Record>());
    if constexpr (layers::is_fault<found>) static_cast<void>(sizeof(typename found::error));
  }
  return layers::width_of_member<Record>();
}

/// All records as numbers, row-major.
template <class T, class Records> std::vector<T> numbers_of_all(const Records& records, const char* what) {
  using record = std::remove_cvref_t<std::ranges::range_reference_t<const Records>>;
  constexpr std::size_t width = record_width<record>();
  std::vector<T> numbers(static_cast<std::size_t>(std::ranges::size(records)) * width);
  T* next = numbers.data();
  std::size_t i = 0;
  for (const record& each : records) {
    if (layers::unknown_enumerator(each) < width)
      fail_records("expected the value of an enumerator, found another one in " + std::string(what) + ' ' +
                   std::to_string(i));
    layers::write_member(each, next);
    ++i;
  }
  return numbers;
}

/// A member as columns of a table: one for each number, but one for all of an enumeration's.
template <class M, bool IsInside = true> void append_columns(std::vector<column>& columns, const std::string& name) {
  if constexpr (layers::array_member<M>) {
    for (std::size_t i = 0; i < layers::array_extent<M>::value; ++i)
      append_columns<typename layers::array_extent<M>::element>(columns, name + '_' + std::to_string(i));
  } else if constexpr (base::scoped_enumeration<M>) {
    columns.push_back(one_hot(name, enumerators_of<M>()));
  } else if constexpr (layers::adapted_struct<M>) {
    layers::for_each_member<M>([&]<class Type>(std::string_view member, std::type_identity<Type>, auto) {
      append_columns<Type>(columns, name + (IsInside ? "." : "") + std::string(member));
    });
  } else {
    columns.emplace_back(name);
  }
}
template <class Record> std::vector<column> columns_of_record() {
  static_cast<void>(record_width<Record>());
  std::vector<column> columns;
  append_columns<Record, false>(columns, {});
  return columns;
}

/// What was said of some of a struct's columns takes their place, where they become the same numbers.
inline std::vector<column> with_words_of(std::vector<column> members, const std::vector<column>& said) {
  for (const column& what : said) {
    const auto member =
        std::find_if(members.begin(), members.end(), [&](const column& c) { return c.name == what.name; });
    if (member == members.end())
      fail_records("expected the columns of the struct alone, found \"" + what.name + "\", which is no member of it");
    column merged = what;
    if (merged.categories.empty()) merged.categories = member->categories;
    if (merged.kind != member->kind || merged.is_marked || merged.categories != member->categories)
      fail_records("expected the column \"" + what.name + "\" to become the numbers that the member becomes");
    *member = std::move(merged);
  }
  return members;
}

} // namespace detail

/// All records as numbers, row-major, as `inference::predict` takes them. Throws std::invalid_argument for the value of
/// an enumeration that is none of its enumerators.
template <class T = float, std::ranges::sized_range Records> std::vector<T> numbers_of_all(const Records& records) {
  return detail::numbers_of_all<T>(records, "record");
}

/// Samples from structs, and what is to be learned of each: an enumeration, or a struct of nothing but one, is the
/// class; any other struct is real targets. The samples know the names of the members. Throws std::invalid_argument for
/// other numbers of the two, and as numbers_of_all.
template <class T = float, std::ranges::sized_range Inputs, std::ranges::sized_range Answers>
dataset<T> from_records(const Inputs& inputs, const Answers& answers) {
  using input = std::remove_cvref_t<std::ranges::range_reference_t<const Inputs>>;
  using answer = std::remove_cvref_t<std::ranges::range_reference_t<const Answers>>;
  using classes = detail::class_enumeration<answer>;
  const std::size_t size = std::ranges::size(inputs);
  if (size != std::ranges::size(answers))
    detail::fail_records("expected as many answers as inputs, found " + std::to_string(std::ranges::size(answers)) +
                         " for " + std::to_string(size));
  constexpr std::size_t features = detail::record_width<input>(), width = detail::record_width<answer>();
  std::vector<T> numbers = detail::numbers_of_all<T>(inputs, "input");
  std::vector<T> targets = detail::numbers_of_all<T>(answers, "answer");
  auto names = detail::as_strings(names_of<input>());
  if constexpr (std::is_void_v<classes>) {
    return dataset<T>::from_targets(std::move(numbers), features, std::move(targets), width)
        .with_feature_names(std::move(names))
        .with_target_names(detail::as_strings(names_of<answer>()));
  } else {
    std::vector<std::int32_t> labels(size);
    for (std::size_t i = 0; i < size; ++i) {
      const auto begin = targets.begin() + static_cast<std::ptrdiff_t>(i * width);
      labels[i] =
          static_cast<std::int32_t>(std::max_element(begin, begin + static_cast<std::ptrdiff_t>(width)) - begin);
    }
    return dataset<T>::from_labels(std::move(numbers), features, std::move(labels), width)
        .with_feature_names(std::move(names))
        .with_class_names(detail::enumerators_of<classes>());
  }
}

/// What the columns of a table mean whose rows are an `Input` and an `Answer`: columns are found by the names of the
/// members, wherever they stand; enumerations are read by the names of their enumerators. `options` say the rest, such
/// as the separator, columns to ignore, and of single members what stands in for a missing field. For an answer that is
/// an enumeration itself `label` names the column. Throws std::invalid_argument for options of other columns.
template <class Input, class Answer> table_options columns_of(table_options options = {}) {
  using classes = detail::class_enumeration<Answer>;
  options.inputs = detail::with_words_of(detail::columns_of_record<Input>(), options.inputs);
  if constexpr (base::scoped_enumeration<Answer>) {
    if (options.label.empty()) detail::fail_records("expected the name of the column with the class, found no label");
    options.classes = detail::enumerators_of<Answer>();
  } else if constexpr (!std::is_void_v<classes>) {
    options.label = detail::columns_of_record<Answer>()[0].name;
    options.classes = detail::enumerators_of<classes>();
  } else {
    options.targets = detail::with_words_of(detail::columns_of_record<Answer>(), options.targets);
  }
  return options;
}

/// Reads a table whose rows are an `Input` and an `Answer`; see columns_of and load_table.
template <class Input, class Answer, class T = float>
table<T> load_records(const base::file_path& path, const table_options& options = {}) {
  return load_table<T>(path, columns_of<Input, Answer>(options));
}

} // namespace fusegrad::data
