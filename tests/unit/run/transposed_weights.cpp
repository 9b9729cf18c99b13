// SPDX-License-Identifier: MIT
#include <fusegrad/run/transposed_weights.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/training.hpp>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

// Its second and third weight are so large that each panel of their transposes is made where it is read.
constexpr auto net =
    fg::input<20> | fg::dense<300> | fg::tanh | fg::dense<170> | fg::tanh | fg::dense<190> | fg::dense<2>;
using net_type = std::remove_cv_t<decltype(net)>;
using loss_type = std::remove_cv_t<decltype(fg::mean_squared_error)>;
constexpr std::size_t inputs = 20, outputs = 2;

constexpr auto& program = fg::plan::compiled<net_type, loss_type, fg::plan::purpose::train, double>::value;
constexpr std::size_t turned_late(int threads) {
  std::size_t count = 0;
  for (const auto& p : program.parameters)
    count += p.needs_transpose && fg::execution::is_turned_late<double>(p, threads) ? 1 : 0;
  return count;
}
static_assert(turned_late(1) == 2);

std::vector<double> waves(std::size_t count, double frequency) {
  std::vector<double> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(std::sin(frequency * static_cast<double>(i + 1)));
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_transposed_weights, *boost::unit_test::description("waits for threads"))

// A batch of several chunks reads transposes that were made before, one of a single chunk makes them as it goes.
BOOST_AUTO_TEST_CASE(made_early_or_late_they_are_the_same) {
  const std::size_t all = 150, first = 100;
  const std::vector<double> x = waves(all * inputs, 0.7), y = waves(all * outputs, 1.3);
  const fg::weights<net_type, double> weights(net, 3);
  const auto samples = fg::with_targets<double>(x, inputs, y, outputs);
  std::vector<std::uint32_t> indices(all);
  std::iota(indices.begin(), indices.end(), 0u);
  for (const int threads : {1, 2, 3}) {
    fg::gradients<net_type, loss_type, double> together(net, fg::mean_squared_error, all, threads),
        head(net, fg::mean_squared_error, all, threads), tail(net, fg::mean_squared_error, all, threads);
    together.compute(weights, samples, indices);
    head.compute(weights, samples, std::span(indices).first(first));
    tail.compute(weights, samples, std::span(indices).subspan(first));
    for (const std::string& name : weights.parameter_names()) {
      const auto found = together.read(name), a = head.read(name), b = tail.read(name);
      for (std::size_t i = 0; i < found.size(); ++i) {
        const double expected = (static_cast<double>(first) * a[i] + static_cast<double>(all - first) * b[i]) / all;
        BOOST_REQUIRE_MESSAGE(std::abs(found[i] - expected) <= 1e-14, name << " " << i << " on " << threads);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
