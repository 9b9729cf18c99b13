// SPDX-License-Identifier: MIT
// expect: fusegrad: an output becomes a real number or an enumerator
// expect: output_member_is_no_real_number<int, .*make_it_a_float_or_a_double
#include <fusegrad/layers.hpp>
#include <fusegrad/records.hpp>
namespace fg = fusegrad;

struct prediction {
#ifdef FUSEGRAD_FAIL
  int energy;
#else
  float energy;
#endif
};
BOOST_HANA_ADAPT_STRUCT(prediction, energy);
constexpr auto model = fg::input<4> | fg::dense<1> | fg::output_of<prediction>;
