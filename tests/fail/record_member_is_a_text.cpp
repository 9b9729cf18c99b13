// SPDX-License-Identifier: MIT
// expect: fusegrad: a member of this type cannot become numbers
// expect: member_is_no_number<.*string.*make_it_a_number_an_array_an_enum_class_or_an_adapted_struct
#include <fusegrad/layers.hpp>
#include <fusegrad/records.hpp>
#include <string>
namespace fg = fusegrad;

struct event {
  float pt;
#ifdef FUSEGRAD_FAIL
  std::string detector;
#else
  int detector;
#endif
};
BOOST_HANA_ADAPT_STRUCT(event, pt, detector);
constexpr auto model = fg::input_of<event> | fg::dense<1>;
