// SPDX-License-Identifier: MIT
#include "laws/models.hpp"
#include "laws/train/plain_pass.hpp"
#include <boost/test/unit_test.hpp>
#include <fusegrad/model/inference.hpp>
namespace {
using fusegrad::test::number;
// What a residual block reads is no product's result: nothing but an epilogue could make it, and that comes after the
// product that needs it.
constexpr auto model = fg::input<5> | fg::sigmoid | fg::residual(fg::dense<5> | fg::tanh);
using model_type = std::remove_cv_t<decltype(model)>;
} // namespace
BOOST_AUTO_TEST_SUITE(inference_against_plain_loops)
BOOST_AUTO_TEST_CASE(an_activation_before_a_residual_block) {
  const fg::weights<model_type, double> weights(model, 1);
  const fg::inference<model_type, double> net(weights);
  const std::array<double, 5> in{0.3, -0.7, 1.2, 0.1, -0.4};
  fusegrad::test::plain_pass p(weights, false);
  const auto x = p.each(p.rows_of(in, 5, 1), [](number v) { return 1 / (1 + std::exp(-v)); });
  const auto body = p.each(p.dense(x, "1.body.0"), [](number v) { return std::tanh(v); });
  const auto found = net(in);
  for (std::size_t k = 0; k < 5; ++k)
    BOOST_TEST(std::abs(found[k] - static_cast<double>(x[0][k] + body[0][k])) <= 1e-13);
}
BOOST_AUTO_TEST_SUITE_END()
