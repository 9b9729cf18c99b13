// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/diagnostics.hpp>

// What can be wrong with a struct as a sample, in words; docs/errors.md has an entry for each.
namespace fusegrad::layers {

// Cures.
struct write_BOOST_HANA_ADAPT_STRUCT_with_its_members_behind_it;
struct make_it_an_enum_class;
struct make_it_a_number_an_array_an_enum_class_or_an_adapted_struct;
struct number_its_enumerators_from_0_without_gaps_at_most_64;
struct make_it_a_float_or_a_double;

template <class Struct, class Fix> struct struct_is_not_adapted {
  static_assert(fits<struct_is_not_adapted>, "fusegrad: the members of this struct are not known (see fix).");
};
template <class Member, class Fix> struct member_is_no_number {
  static_assert(fits<member_is_no_number>, "fusegrad: a member of this type cannot become numbers (see fix).");
};
template <class Enumeration, class Fix> struct enumerators_do_not_count_from_0 {
  static_assert(fits<enumerators_do_not_count_from_0>,
                "fusegrad: the enumerators of a member have to be 0, 1, 2, ... (see fix).");
};
template <class Member, class Fix> struct output_member_is_no_real_number {
  static_assert(fits<output_member_is_no_real_number>,
                "fusegrad: an output becomes a real number or an enumerator, no other type (see fix).");
};

} // namespace fusegrad::layers
