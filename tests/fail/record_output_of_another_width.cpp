// SPDX-License-Identifier: MIT
// expect: fusegrad: the shape that comes in does not fit the layer
// expect: shape_mismatch<.*output_of.*position<1>.*got<3.*needs<2
#include <fusegrad/layers.hpp>
#include <fusegrad/records.hpp>
namespace fg = fusegrad;

struct prediction {
  float energy, angle;
};
BOOST_HANA_ADAPT_STRUCT(prediction, energy, angle);
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4> | fg::dense<3> | fg::output_of<prediction>;
#else
constexpr auto model = fg::input<4> | fg::dense<2> | fg::output_of<prediction>;
#endif
