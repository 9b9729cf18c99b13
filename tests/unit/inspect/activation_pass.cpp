// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/activation_pass.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <fusegrad/layer/activations.hpp>

namespace {

namespace fg = fusegrad;
using silu = std::remove_const_t<decltype(fg::silu)>;
using tanh_layer = std::remove_const_t<decltype(fg::tanh)>;

constexpr std::size_t count = 33; // with a tail
struct numbers {
  alignas(64) float data[64]{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(unit_inspect_activation_pass)

BOOST_AUTO_TEST_CASE(forward_and_backward_of_an_activation_alone) {
  numbers x, dy, y, slope;
  for (std::size_t i = 0; i < count; ++i) {
    x.data[i] = static_cast<float>(i) / 8 - 2;
    dy.data[i] = 1 + static_cast<float>(i % 3);
  }
  fg::kernel::call<float> c;
  c.rows = 1;
  c.columns = count;
  c.arguments[0] = {x.data, 64, 0, 0};
  c.results[0] = {y.data, 64, 0, 0};
  fg::inspect::run_pass<fg::inspect::forward_pass<silu>>(c);
  c.arguments[1] = {dy.data, 64, 0, 0};
  c.results[0] = {slope.data, 64, 0, 0};
  fg::inspect::run_pass<fg::inspect::backward_pass<silu>>(c);
  for (std::size_t i = 0; i < count; ++i) {
    const double s = 1 / (1 + std::exp(-static_cast<double>(x.data[i]))),
                 derivative = s + static_cast<double>(x.data[i]) * s * (1 - s);
    BOOST_TEST(std::abs(static_cast<double>(y.data[i]) - static_cast<double>(x.data[i]) * s) < 1e-6);
    BOOST_TEST(std::abs(static_cast<double>(slope.data[i]) - static_cast<double>(dy.data[i]) * derivative) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(backward_reads_what_the_graph_keeps) {
  // dy and the output; not the input.
  BOOST_TEST(fg::inspect::compiled_pass<fg::inspect::backward_pass<tanh_layer>>::arguments == 2U);
  BOOST_TEST(fg::inspect::compiled_pass<fg::inspect::forward_pass<tanh_layer>>::arguments == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
