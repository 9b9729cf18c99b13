// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/layer/attention.hpp>

namespace {

using fusegrad::test::compiled_model;

/// Queries, keys and values that lie among each other, in heads that begin within vectors of floats, and in a single
/// one.
constexpr auto encoder = fg::input<7, 32> | fg::residual(fg::self_attention<4>.causal()) |
                         fg::self_attention<1>.without_bias() | fg::flatten | fg::dense<3>;

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_attention, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(a_small_encoder) { compiled_model(encoder, fg::mean_squared_error).everything(); }

BOOST_AUTO_TEST_SUITE_END()
