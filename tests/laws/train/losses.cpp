// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using fusegrad::test::compiled_model;

constexpr auto net = fg::input<5> | fg::dense<18> | fg::tanh | fg::dense<3>;

// Losses with kinks: batches whose residuals are apart from them by more than rounding, in double precision only.
template <class Loss> void check_loss(const Loss& loss, double low, double high) {
  compiled_model model(net, loss, low, high);
  model.agrees_with_the_graph();
  model.is_the_sum_of_its_samples();
}

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_losses, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(absolute) { check_loss(fg::mean_absolute_error, -2, 2); }
BOOST_AUTO_TEST_CASE(huber) { check_loss(fg::huber, -2, 2); }
BOOST_AUTO_TEST_CASE(binary_cross_entropy) { check_loss(fg::binary_cross_entropy, 0, 1); }
BOOST_AUTO_TEST_CASE(hinge) { check_loss(fg::hinge, -1, 1); }
BOOST_AUTO_TEST_CASE(cross_entropy) { check_loss(fg::softmax_cross_entropy, 0, 1); }
BOOST_AUTO_TEST_CASE(own) {
  check_loss(fg::loss([](auto p, auto y) { return log(1 + fg::square(p - y)); }), -2, 2);
}

BOOST_AUTO_TEST_SUITE_END()
