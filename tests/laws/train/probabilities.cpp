// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using fusegrad::test::compiled_model;

constexpr auto shares = fg::input<6> | fg::dense<18> | fg::softmax | fg::dense<4> | fg::softmax;
constexpr auto logarithms = fg::input<5> | fg::dense<7> | fg::tanh | fg::dense<21> | fg::log_softmax;
constexpr auto likelihood = fg::loss([](auto logarithm, auto share) { return -share * logarithm; });

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_probabilities, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(softmax_in_the_middle_and_at_the_end) {
  compiled_model(shares, fg::mean_squared_error, 0, 1).everything();
}
BOOST_AUTO_TEST_CASE(log_softmax_at_the_end) { compiled_model(logarithms, likelihood, 0, 1).everything(); }

BOOST_AUTO_TEST_SUITE_END()
