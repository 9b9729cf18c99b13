// SPDX-License-Identifier: MIT
// expect: fusegrad: the members of this struct are not known
// expect: struct_is_not_adapted<event, .*write_BOOST_HANA_ADAPT_STRUCT_with_its_members_behind_it
#include <fusegrad/layers.hpp>
#include <fusegrad/records.hpp>
namespace fg = fusegrad;

struct event {
  float pt, eta;
};
#ifndef FUSEGRAD_FAIL
BOOST_HANA_ADAPT_STRUCT(event, pt, eta);
#endif
constexpr auto model = fg::input_of<event> | fg::dense<1>;
