// SPDX-License-Identifier: MIT
#include "laws/compiled_model.hpp"
#include "laws/models.hpp"
#include "laws/train/plain_pass.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace {

using fusegrad::test::compiled_model;
using fusegrad::test::number;
using fusegrad::test::plain_pass;
using fusegrad::test::table;

// The third input reaches the sum as it is: no product reads it.
constexpr auto several = fg::inputs<fg::shape<4>, fg::shape<2, 9>, fg::shape<17>> |
                         fg::each(fg::dense<17> | fg::tanh, fg::flatten | fg::dense<17>, fg::identity) | fg::add |
                         fg::dense<5>;
using several_type = std::remove_cv_t<decltype(several)>;
using squared_error = std::remove_cv_t<decltype(fg::mean_squared_error)>;

// Wide inputs that products alone read are not copied: the second of these is, and the first and third are not.
constexpr auto wide = fg::inputs<fg::shape<260>, fg::shape<3>, fg::shape<301>> |
                      fg::each(fg::dense<17> | fg::tanh, fg::dense<17>, fg::dense<17> | fg::sigmoid) | fg::add |
                      fg::dense<3>;
using wide_type = std::remove_cv_t<decltype(wide)>;
static_assert(fg::plan::compiled<wide_type, squared_error, fg::plan::purpose::train, float>::value.reads_given);

constexpr auto penalised = fg::input<6> | fg::dense<20> | fg::sigmoid |
                           fg::activation_penalty([](auto y) { return 0.2 * fg::square(y); }) | fg::dense<3> |
                           fg::activation_penalty([](auto y) { return 0.1 * log(1 + y * y); });

table columns(const table& x, std::size_t first, std::size_t count) {
  table out;
  for (const auto& row : x)
    out.emplace_back(row.begin() + static_cast<std::ptrdiff_t>(first),
                     row.begin() + static_cast<std::ptrdiff_t>(first + count));
  return out;
}

/// What `several` is documented to compute: its inputs lie one after the other in each row.
table outputs_of_several(const plain_pass& p, const table& samples) {
  table sum = p.each(p.dense(columns(samples, 0, 4), "0.0.0"), [](number v) { return std::tanh(v); });
  const table second = p.dense(columns(samples, 4, 18), "0.1.1"), third = columns(samples, 22, 17);
  for (std::size_t s = 0; s < sum.size(); ++s)
    for (std::size_t k = 0; k < sum[s].size(); ++k) sum[s][k] += second[s][k] + third[s][k];
  return p.dense(sum, "2");
}

std::vector<double> waves(std::size_t count, double frequency) {
  std::vector<double> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(std::sin(frequency * static_cast<double>(i + 1)));
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(compiled_inputs_and_penalties, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(several_inputs) { compiled_model(several, fg::mean_squared_error).everything_in_double(); }

BOOST_AUTO_TEST_CASE(several_inputs_are_read_where_each_lies) {
  constexpr std::size_t samples = 7, width = several_type::input_size(), outputs = 5;
  static_assert(width == 4 + 18 + 17);
  const fg::weights<several_type, double> weights(several, 3);
  const auto inputs = waves(samples * width, 0.7), targets = waves(samples * outputs, 1.3);
  plain_pass plain(weights, true);
  const auto loss = [&] { return plain.loss_of(outputs_of_several, inputs, width, targets, samples); };

  fg::gradients<several_type, squared_error, double> gradients(several, fg::mean_squared_error, samples, 1);
  const auto found = gradients.compute(weights, fg::with_targets<double>(inputs, width, targets, outputs),
                                       compiled_model<several_type, squared_error>::first(samples));
  BOOST_TEST(std::abs(found.loss - static_cast<double>(loss())) <= 1e-13);
  for (const auto& name : weights.parameter_names()) {
    const auto slopes = gradients.read(name);
    for (std::size_t i = 0; i < slopes.size(); ++i)
      BOOST_TEST(std::abs(slopes[i] - static_cast<double>(plain.slope(name, i, loss))) <= 1e-9, name << " " << i);
  }
}

BOOST_AUTO_TEST_CASE(wide_inputs_stay_where_they_are) {
  compiled_model(wide, fg::mean_squared_error).everything_in_double();
}

BOOST_AUTO_TEST_CASE(penalties_on_activations) {
  compiled_model(penalised, fg::softmax_cross_entropy, 0, 1).everything_in_double();
}

BOOST_AUTO_TEST_SUITE_END()
