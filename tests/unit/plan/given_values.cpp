// SPDX-License-Identifier: MIT
#include <fusegrad/plan/given_values.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/training.hpp>
#include <span>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

template <class Model, class T = float>
constexpr auto& trained =
    fg::plan::compiled<Model, std::remove_cv_t<decltype(fg::mean_squared_error)>, fg::plan::purpose::train, T>::value;
template <class T = float, class Model> constexpr bool reads_given(Model) { return trained<Model, T>.reads_given; }

// What is wide and read by products alone.
static_assert(reads_given(fg::input<64> | fg::dense<20>));
static_assert(reads_given<double>(fg::input<32> | fg::dense<20>));
static_assert(reads_given(fg::input<300> | fg::branch(fg::dense<20>, fg::dense<20> | fg::tanh) | fg::add));
static_assert(!reads_given(fg::input<63> | fg::dense<20>));
static_assert(!reads_given(fg::input<300> | fg::dense<1>), "a narrow weight is read in vectors");
static_assert(!reads_given(fg::input<300> | fg::tanh | fg::dense<20>));
static_assert(!reads_given(fg::input<300> | fg::residual(fg::dense<300>)));
// And takes no memory.
static_assert(trained<std::remove_cv_t<decltype(fg::input<784> | fg::dense<16>)>>.row_size < 784);

constexpr auto net = fg::input<260> | fg::dense<40> | fg::tanh | fg::dense<3>;
using net_type = std::remove_cv_t<decltype(net)>;

std::vector<float> waves(std::size_t count) {
  std::vector<float> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<float>((i * 37 + i / 11) % 101) / 50 - 1);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_given_values)

// Samples in any order, some of them twice, are the same as copies of them one after the other.
BOOST_AUTO_TEST_CASE(samples_are_read_wherever_they_lie) {
  const std::size_t width = 260, outputs = 3;
  const std::vector<float> inputs = waves(50 * width), targets = waves(50 * outputs);
  for (const std::size_t batch : {1u, 2u, 5u, 33u, 70u}) {
    std::vector<std::uint32_t> order, straight;
    std::vector<float> copied_inputs, copied_targets;
    for (std::size_t i = 0; i < batch; ++i) {
      const std::size_t sample = (i * 29 + 7) % 50;
      order.push_back(static_cast<std::uint32_t>(sample));
      straight.push_back(static_cast<std::uint32_t>(i));
      for (std::size_t k = 0; k < width; ++k) copied_inputs.push_back(inputs[sample * width + k]);
      for (std::size_t k = 0; k < outputs; ++k) copied_targets.push_back(targets[sample * outputs + k]);
    }
    const auto step = [&](const auto& samples, const auto& indices, int threads) {
      fg::trainer trainer{net, fg::mean_squared_error, fg::sgd{.learning_rate = 0.1},
                          fg::training_options<float>{.seed = 3, .largest_batch = batch, .threads = threads}};
      trainer.step(samples, indices);
      trainer.step(samples, indices);
      std::vector<float> all;
      for (const auto& name : trainer.parameter_names())
        for (const float w : trainer.read(name)) all.push_back(w);
      return all;
    };
    const auto anywhere = fg::with_targets<float>(inputs, width, targets, outputs);
    const auto in_order = fg::with_targets<float>(copied_inputs, width, copied_targets, outputs);
    const std::vector<float> expected = step(in_order, straight, 1);
    for (const int threads : {1, 2, 3}) BOOST_TEST(step(anywhere, order, threads) == expected);
  }
}

// Behind the last sample there is nothing that may be read: the program would end under an address sanitizer.
BOOST_AUTO_TEST_CASE(outputs_are_those_of_each_sample_alone) {
  const fg::inference predict{fg::weights<net_type>(net, 5)};
  const std::size_t width = 260, outputs = 3;
  for (const std::size_t count : {1u, 2u, 3u, 7u, 97u, 200u}) {
    const std::vector<float> samples = waves(count * width);
    std::vector<float> out(count * outputs);
    fg::inference<net_type>::workspace memory;
    predict.predict(samples, out, memory);
    for (std::size_t i = 0; i < count; ++i) {
      const auto one = predict(std::span<const float, 260>(samples.data() + i * width, width));
      for (std::size_t k = 0; k < outputs; ++k)
        BOOST_TEST(std::abs(one[k] - out[i * outputs + k]) <= 1e-5f, i << " of " << count);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
