// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/record_errors.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <fusegrad/base/enumerators.hpp>
#include <fusegrad/base/hana_struct.hpp>
#include <fusegrad/layer/layer.hpp>
#include <string_view>
#include <type_traits>
#include <utility>

// Structs of the user's as numbers: members that are numbers, arrays, enumerations (a number for each enumerator) or
// such structs, in their order.
namespace fusegrad::layers {

template <class R>
concept adapted_struct = std::is_class_v<R> && hana::Struct<R>::value;

template <class M> struct array_extent {
  static constexpr std::size_t value = 0;
};
template <class Element, std::size_t N> struct array_extent<std::array<Element, N>> {
  static constexpr std::size_t value = N;
  using element = Element;
};
template <class Element, std::size_t N> struct array_extent<Element[N]> {
  static constexpr std::size_t value = N;
  using element = Element;
};
template <class M>
concept array_member = array_extent<M>::value != 0;
template <class M>
concept number_member = std::is_arithmetic_v<M>;

/// A member as Boost.Hana knows it: its name, its type and how to get it.
template <class Record, class Pair> struct known_member {
  using name = std::remove_cvref_t<decltype(hana::first(std::declval<const Pair&>()))>;
  using accessor = std::remove_cvref_t<decltype(hana::second(std::declval<const Pair&>()))>;
  using type = std::remove_cvref_t<decltype(accessor{}(std::declval<const Record&>()))>;
};

/// Calls `visit(name, type, accessor)` for each member of a struct.
template <class Record, class Visit> constexpr void for_each_member(Visit visit) {
  hana::unpack(hana::accessors<Record>(), [&]<class... Pairs>(const Pairs&...) {
    (visit(std::string_view(known_member<Record, Pairs>::name::c_str()),
           std::type_identity<typename known_member<Record, Pairs>::type>{},
           typename known_member<Record, Pairs>::accessor{}),
     ...);
  });
}

/// The fault that `Find` sees in the members of a struct.
template <class Record, class Find, class... Pairs> constexpr auto fault_among(const hana::tuple<Pairs...>&) {
  return typename diagnostics::first_fault<
      decltype(Find{}.template of<typename known_member<Record, Pairs>::type>())...>::type{};
}

/// Sees what cannot become numbers.
struct find_member_fault {
  template <class M> static constexpr auto of() {
    if constexpr (number_member<M>) {
      return no_fault{};
    } else if constexpr (array_member<M>) {
      return of<typename array_extent<M>::element>();
    } else if constexpr (base::scoped_enumeration<M>) {
      if constexpr (base::counts_from_0<M>)
        return no_fault{};
      else
        return fault<enumerators_do_not_count_from_0<
            M, diagnostics::fix<number_its_enumerators_from_0_without_gaps_at_most_64>>>{};
    } else if constexpr (std::is_enum_v<M>) {
      return fault<member_is_no_number<M, diagnostics::fix<make_it_an_enum_class>>>{};
    } else if constexpr (adapted_struct<M>) {
      return fault_among<M, find_member_fault>(hana::accessors<M>());
    } else {
      return fault<
          member_is_no_number<M, diagnostics::fix<make_it_a_number_an_array_an_enum_class_or_an_adapted_struct>>>{};
    }
  }
};

/// Sees what cannot come out of a model: an integer, and a bool, would be rounded in silence.
struct find_output_fault {
  template <class M> static constexpr auto of() {
    if constexpr (array_member<M>)
      return of<typename array_extent<M>::element>();
    else if constexpr (adapted_struct<M>)
      return fault_among<M, find_output_fault>(hana::accessors<M>());
    else if constexpr (number_member<M> && !std::floating_point<M>)
      return fault<output_member_is_no_real_number<M, diagnostics::fix<make_it_a_float_or_a_double>>>{};
    else
      return no_fault{};
  }
};

/// What is wrong with a struct as a sample, or as an output.
template <class Record, bool IsOutput = false> constexpr auto record_fault() {
  if constexpr (!adapted_struct<Record>) {
    return fault<
        struct_is_not_adapted<Record, diagnostics::fix<write_BOOST_HANA_ADAPT_STRUCT_with_its_members_behind_it>>>{};
  } else {
    using found = decltype(find_member_fault::of<Record>());
    if constexpr (IsOutput && !is_fault<found>)
      return find_output_fault::of<Record>();
    else
      return found{};
  }
}

/// How many numbers a member becomes.
template <class M> constexpr std::size_t width_of_member() {
  if constexpr (array_member<M>) {
    return array_extent<M>::value * width_of_member<typename array_extent<M>::element>();
  } else if constexpr (base::scoped_enumeration<M>) {
    return base::enumerator_count<M>;
  } else if constexpr (adapted_struct<M>) {
    std::size_t width = 0;
    for_each_member<M>(
        [&]<class Type>(std::string_view, std::type_identity<Type>, auto) { width += width_of_member<Type>(); });
    return width;
  } else {
    return 1;
  }
}

/// Writes a member as numbers, and moves on behind them.
template <class T, class M> constexpr void write_member(const M& member, T*& to) noexcept {
  if constexpr (array_member<M>) {
    for (const auto& element : member) write_member(element, to);
  } else if constexpr (base::scoped_enumeration<M>) {
    for (std::size_t k = 0; k < base::enumerator_count<M>; ++k) *to++ = member == static_cast<M>(k) ? T{1} : T{0};
  } else if constexpr (adapted_struct<M>) {
    for_each_member<M>([&](std::string_view, auto, auto member_of) { write_member(member_of(member), to); });
  } else {
    *to++ = static_cast<T>(member);
  }
}

/// Reads a member from numbers, an enumerator as the largest of its own, and moves on behind them.
template <class T, class M> constexpr void read_member(M& member, const T*& from) noexcept {
  if constexpr (array_member<M>) {
    for (auto& element : member) read_member(element, from);
  } else if constexpr (base::scoped_enumeration<M>) {
    std::size_t largest = 0;
    for (std::size_t k = 1; k < base::enumerator_count<M>; ++k) largest = from[k] > from[largest] ? k : largest;
    member = static_cast<M>(largest);
    from += base::enumerator_count<M>;
  } else if constexpr (adapted_struct<M>) {
    for_each_member<M>([&](std::string_view, auto, auto member_of) { read_member(member_of(member), from); });
  } else {
    member = static_cast<M>(*from++);
  }
}

/// The place of the first number of an enumeration whose value has no name; `width_of_member` or more where all have.
template <class M> constexpr std::size_t unknown_enumerator(const M& member) noexcept {
  std::size_t place = 0;
  if constexpr (array_member<M>) {
    for (const auto& element : member) {
      const std::size_t inside = unknown_enumerator(element);
      place += inside;
      if (inside < width_of_member<typename array_extent<M>::element>()) break;
    }
  } else if constexpr (base::scoped_enumeration<M>) {
    for (std::size_t k = 0; k < base::enumerator_count<M>; ++k)
      if (member == static_cast<M>(k)) return base::enumerator_count<M>;
  } else if constexpr (adapted_struct<M>) {
    bool is_found = false;
    for_each_member<M>([&]<class Type>(std::string_view, std::type_identity<Type>, auto member_of) {
      if (is_found) return;
      const std::size_t inside = unknown_enumerator(member_of(member));
      place += inside;
      is_found = inside < width_of_member<Type>();
    });
  } else {
    place = 1;
  }
  return place;
}

/// Collects the names of numbers, or counts what they need where there is no place for them.
struct name_writer {
  char* text = nullptr;
  std::size_t* ends = nullptr;
  std::size_t size = 0, count = 0;

  constexpr void put(std::string_view part) {
    for (const char letter : part) {
      if (text != nullptr) text[size] = letter;
      ++size;
    }
  }
  constexpr void put(std::size_t number) {
    if (number > 9) put(number / 10);
    const char digit = static_cast<char>('0' + number % 10);
    put(std::string_view(&digit, 1));
  }
  constexpr void end() {
    if (ends != nullptr) ends[count] = size;
    ++count;
  }
};

/// Writes the names of a member's numbers: `hits_0`, `kind=signal`, `position.x`. `begin` writes what stands before,
/// which is nothing for the struct itself.
template <class M, bool IsInside = true, class Begin> constexpr void write_names(name_writer& to, const Begin& begin) {
  if constexpr (array_member<M>) {
    for (std::size_t i = 0; i < array_extent<M>::value; ++i)
      write_names<typename array_extent<M>::element>(to, [&](name_writer& w) { begin(w), w.put("_"), w.put(i); });
  } else if constexpr (base::scoped_enumeration<M>) {
    for (std::size_t k = 0; k < base::enumerator_count<M>; ++k)
      begin(to), to.put("="), to.put(base::enumerator<M>(k)), to.end();
  } else if constexpr (adapted_struct<M>) {
    for_each_member<M>([&]<class Type>(std::string_view name, std::type_identity<Type>, auto) {
      write_names<Type>(to, [&](name_writer& w) { begin(w), w.put(IsInside ? "." : ""), w.put(name); });
    });
  } else {
    begin(to), to.end();
  }
}

/// The names of the numbers of a struct, in their order.
template <class Record> struct record_names {
private:
  static constexpr std::size_t width = width_of_member<Record>();
  static constexpr auto nothing = [](name_writer&) {};
  static constexpr std::size_t size = [] {
    name_writer counting;
    write_names<Record, false>(counting, nothing);
    return counting.size;
  }();
  struct texts {
    char text[size + 1];
    std::size_t ends[width + 1];
  };
  static constexpr texts written = [] {
    texts made{};
    name_writer writing{made.text, made.ends};
    write_names<Record, false>(writing, nothing);
    return made;
  }();

public:
  static constexpr std::array<std::string_view, width> value = [] {
    std::array<std::string_view, width> names{};
    for (std::size_t i = 0, begin = 0; i < width; begin = written.ends[i++])
      names[i] = std::string_view(written.text + begin, written.ends[i] - begin);
    return names;
  }();
};

} // namespace fusegrad::layers
