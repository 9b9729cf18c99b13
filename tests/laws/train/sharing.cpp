// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using fusegrad::test::compiled_model;

constexpr auto cell = fg::shared<"cell">(fg::dense<12> | fg::tanh);
constexpr auto shared = fg::input<5> | fg::dense<12> | cell | cell | fg::residual(cell) | fg::dense<2>;

constexpr auto slopes =
    fg::input<5> | fg::dense<19> | fg::prelu | fg::dense<18> | fg::prelu.per_unit() |
    fg::groups(fg::on<7>(fg::tanh), fg::on<10>(fg::dense<4> | fg::prelu.per_unit()), fg::on<1>(fg::softplus)) |
    fg::dense<3>;

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_sharing, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(the_same_weights_three_times) {
  compiled_model(shared, fg::mean_squared_error).everything_in_double();
}

BOOST_AUTO_TEST_CASE(learned_slopes_and_groups) {
  compiled_model(slopes, fg::mean_squared_error).everything_in_double();
}

BOOST_AUTO_TEST_SUITE_END()
