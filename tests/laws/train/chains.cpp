// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using fusegrad::test::compiled_model;

constexpr auto chain = fg::input<5> | fg::dense<19> | fg::tanh | fg::dense<33> | fg::sigmoid | fg::dense<3>;
constexpr auto single = fg::input<7> | fg::dense<1>;
constexpr auto without_bias = fg::input<6> | fg::dense<17>.without_bias() | fg::silu | fg::dense<2>.without_bias();

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_chains, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(a_chain) { compiled_model(chain, fg::mean_squared_error).everything(); }
BOOST_AUTO_TEST_CASE(a_single_layer) { compiled_model(single, fg::mean_squared_error).everything(); }
BOOST_AUTO_TEST_CASE(no_bias_anywhere) { compiled_model(without_bias, fg::mean_squared_error).everything_in_double(); }

BOOST_AUTO_TEST_SUITE_END()
