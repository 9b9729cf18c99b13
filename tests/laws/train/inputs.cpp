// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using fusegrad::test::compiled_model;

constexpr auto several = fg::inputs<fg::shape<4>, fg::shape<2, 9>> | fg::each(fg::dense<17> | fg::tanh, fg::flatten | fg::dense<17>) | fg::add |
                         fg::dense<5>;

constexpr auto penalised = fg::input<6> | fg::dense<20> | fg::sigmoid | fg::activation_penalty([](auto y) { return 0.2 * fg::square(y); }) |
                           fg::dense<3> | fg::activation_penalty([](auto y) { return 0.1 * log(1 + y * y); });

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_inputs_and_penalties)

BOOST_AUTO_TEST_CASE(two_inputs) { compiled_model(several, fg::mean_squared_error).everything_in_double(); }
BOOST_AUTO_TEST_CASE(penalties_on_activations) { compiled_model(penalised, fg::softmax_cross_entropy, 0, 1).everything_in_double(); }

BOOST_AUTO_TEST_SUITE_END()
