// SPDX-License-Identifier: MIT
// expect: fusegrad: a member of this type cannot become numbers
// expect: member_is_no_number<detector, .*make_it_an_enum_class
#include <fusegrad/layers.hpp>
#include <fusegrad/records.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
enum detector { barrel, endcap };
#else
enum class detector { barrel, endcap };
#endif
struct event {
  float pt;
  detector where;
};
BOOST_HANA_ADAPT_STRUCT(event, pt, where);
constexpr auto model = fg::input_of<event> | fg::dense<1>;
