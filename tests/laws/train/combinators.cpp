// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/layer/gated.hpp>

namespace {

using fusegrad::test::compiled_model;

constexpr auto block = fg::residual(fg::dense<17> | fg::silu | fg::residual(fg::dense<17> | fg::tanh) | fg::dense<11>);
constexpr auto residuals = fg::input<4> | fg::dense<11> | block | block | fg::dense<2>;

constexpr auto branches = fg::input<6> | fg::dense<9> |
                          fg::branch(fg::dense<5> | fg::tanh, fg::sigmoid, fg::dense<18> | fg::silu) | fg::concat |
                          fg::branch(fg::dense<7>, fg::dense<7> | fg::gelu) | fg::multiply |
                          fg::branch(fg::identity, fg::tanh, fg::identity) | fg::add | fg::dense<3>;

/// Halves, groups and branches that lie among the columns of what they are cut out of, or joined to; the last halves
/// begin within a vector.
constexpr auto among_others = fg::input<5> | fg::dense<64> | fg::swiglu |
                              fg::groups(fg::on<16>(fg::dense<16> | fg::tanh), fg::on<16>(fg::sigmoid)) |
                              fg::branch(fg::dense<16> | fg::tanh, fg::dense<19>) | fg::concat | fg::dense<38> |
                              fg::swiglu | fg::dense<2>;

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_combinators, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(residual_in_residual) { compiled_model(residuals, fg::mean_squared_error).everything_in_double(); }
BOOST_AUTO_TEST_CASE(branches_joined_in_every_way) {
  compiled_model(branches, fg::mean_squared_error).everything_in_double();
}

BOOST_AUTO_TEST_CASE(parts_among_others) { compiled_model(among_others, fg::mean_squared_error).everything(); }

BOOST_AUTO_TEST_SUITE_END()
