// SPDX-License-Identifier: MIT
// expect: fusegrad: the enumerators of a member have to be 0, 1, 2
// expect: enumerators_do_not_count_from_0<detector, .*number_its_enumerators_from_0_without_gaps_at_most_64
#include <fusegrad/layers.hpp>
#include <fusegrad/records.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
enum class detector { barrel, endcap = 4 };
#else
enum class detector { barrel, endcap };
#endif
struct event {
  float pt;
  detector where;
};
BOOST_HANA_ADAPT_STRUCT(event, pt, where);
constexpr auto model = fg::input_of<event> | fg::dense<1>;
