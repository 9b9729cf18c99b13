// SPDX-License-Identifier: MIT
#include <fusegrad/run/by_columns.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/model/network_plan.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <numeric>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto narrow = fg::input<3> | fg::dense<5> | fg::relu | fg::dense<16> | fg::tanh | fg::dense<2>;
constexpr auto wide = fg::input<3> | fg::dense<64> | fg::relu | fg::dense<2>;
constexpr auto whole_vectors = fg::input<16> | fg::dense<16> | fg::relu | fg::dense<16>;
template <class Model>
using compiled =
    fg::plan::compiled<Model, std::remove_const_t<decltype(fg::mean_squared_error)>, fg::plan::purpose::train, float>;
// A panel of the smallest vectors has fewer columns; where nothing is optimised, nothing is run directly.
static_assert(fg::execution::is_by_columns<float>(compiled<std::remove_const_t<decltype(narrow)>>::value) ==
              (fg::math::native_lanes<float> >= 8 &&
               fg::execution::is_direct<float>(compiled<std::remove_const_t<decltype(narrow)>>::value)));
static_assert(!fg::execution::is_by_columns<float>(compiled<std::remove_const_t<decltype(wide)>>::value));
static_assert(!fg::execution::is_by_columns<float>(compiled<std::remove_const_t<decltype(whole_vectors)>>::value));

// What a model says of its memory is what an inference and gradients take: rooms of one size, by columns and by rows.
template <const auto& Model, bool ByColumns> constexpr bool counts_its_rows() {
  using model = std::remove_cvref_t<decltype(Model)>;
  constexpr auto& inferring = fg::plan::compiled<model, fg::plan::no_loss, fg::plan::purpose::predict, float>::value;
  constexpr auto& training =
      fg::plan::compiled<model, fg::plan::any_loss_at_all, fg::plan::purpose::train, float>::value;
  const std::size_t usual = fg::execution::chunk_rows(fg::execution::costs_of<float>(training));
  const std::size_t rows = ByColumns ? fg::execution::samples_by_columns : usual;
  const std::size_t capacity = ByColumns ? fg::execution::column_stride : usual + fg::kernel::row_slack;
  const std::size_t at_once = ByColumns ? fg::execution::column_stride
                                        : fg::execution::samples_at_once<float>(inferring) + fg::kernel::row_slack;
  constexpr auto plan = Model.plan();
  return plan.template schedule<float>(4).chunk_rows == rows &&
         plan.template bytes<float>(fg::strength::inference, 4) ==
             4 * (inferring.parameter_size + inferring.transposed_size + inferring.row_size * at_once) &&
         plan.template bytes<float>(fg::strength::gradient, 4) ==
             4 * (2 * training.parameter_size + training.transposed_size + training.row_size * capacity);
}
static_assert(counts_its_rows<
              narrow, fg::execution::is_by_columns<float>(compiled<std::remove_const_t<decltype(narrow)>>::value)>());
static_assert(counts_its_rows<wide, false>());

std::vector<float> waves(std::size_t count, double frequency) {
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<float>(std::sin(frequency * static_cast<double>(i * i % 1013)));
  return out;
}
std::vector<std::uint32_t> numbers(std::size_t count, std::uint32_t first = 0) {
  std::vector<std::uint32_t> out(count);
  std::iota(out.begin(), out.end(), first);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_by_columns)

// Batches within a vector, within a strip, of several strips, and of more than one chunk.
BOOST_AUTO_TEST_CASE(the_gradient_of_a_batch_is_the_mean_of_those_of_its_samples) {
  const std::vector<float> x = waves(600 * 3, 0.37), y = waves(600 * 2, 0.21);
  const auto samples = fg::with_targets<float>(x, 3, y, 2);
  const fg::weights weights{narrow, 3};
  fg::gradients together{narrow, fg::mean_squared_error, 600}, one{narrow, fg::mean_squared_error, 1};
  for (std::size_t batch : {2u, 15u, 16u, 17u, 64u, 65u, 256u, 257u, 600u}) {
    const double loss = together.compute(weights, samples, numbers(batch)).loss;
    std::vector<double> mean(together.packed().size());
    double mean_loss = 0;
    for (std::uint32_t i = 0; i < batch; ++i) {
      mean_loss += one.compute(weights, samples, numbers(1, i)).loss / static_cast<double>(batch);
      for (std::size_t k = 0; k < mean.size(); ++k)
        mean[k] += static_cast<double>(one.packed()[k]) / static_cast<double>(batch);
    }
    BOOST_TEST(std::abs(loss - mean_loss) < 1e-6);
    for (const auto& name : fg::weights<std::remove_const_t<decltype(narrow)>>::parameter_names()) {
      const std::vector<float> found = together.read(name);
      for (float slope : found) BOOST_TEST(std::isfinite(slope));
    }
    for (std::size_t k = 0; k < mean.size(); ++k)
      BOOST_REQUIRE_SMALL(static_cast<double>(together.packed()[k]) - mean[k], 2e-6);
  }
}

// Every lane is a sample: where it stands, and how many threads there are, does not show.
BOOST_AUTO_TEST_CASE(a_sample_has_the_same_bits_wherever_it_stands_in_a_batch) {
  using inference = fg::inference<std::remove_const_t<decltype(narrow)>>;
  const inference net{fg::weights{narrow, 4}};
  const std::vector<float> x = waves(777 * 3, 0.41);
  std::vector<float> all(777 * 2), part(777 * 2);
  inference::workspace memory, threads{3};
  net.predict(x, all, memory);
  net.predict(x, part, threads);
  BOOST_TEST(std::memcmp(all.data(), part.data(), all.size() * sizeof(float)) == 0);
  for (std::size_t first : {0u, 1u, 250u, 500u})
    for (std::size_t count : {2u, 31u, 200u}) {
      net.predict(std::span(x).subspan(first * 3, count * 3), part, memory);
      BOOST_TEST(std::memcmp(all.data() + first * 2, part.data(), count * 2 * sizeof(float)) == 0);
    }
  for (std::size_t i = 0; i < 50; ++i) {
    const auto single = net(std::span<const float, 3>(x.data() + i * 3, 3));
    for (std::size_t k = 0; k < 2; ++k) BOOST_REQUIRE_SMALL(all[i * 2 + k] - single[k], 1e-6F);
  }
}

// A net whose classes are counted, with a loss of labels.
BOOST_AUTO_TEST_CASE(labels_of_a_single_output_are_counted) {
  constexpr auto model = fg::input<2> | fg::dense<4> | fg::tanh | fg::dense<1>;
  const std::vector<float> x = waves(40 * 2, 0.33);
  std::vector<std::int32_t> labels(40);
  const fg::weights weights{model, 5};
  const fg::inference net{weights};
  std::size_t expected = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    labels[i] = static_cast<std::int32_t>(i % 2);
    const float out = net(std::span<const float, 2>(x.data() + 2 * i, 2))[0];
    expected += (out > 0) == (labels[i] == 1) ? 1 : 0;
  }
  fg::gradients gradients{model, fg::binary_cross_entropy, 40};
  BOOST_TEST(gradients.compute(weights, fg::labelled<float>(x, 2, labels), numbers(40)).correct == expected);
}

BOOST_AUTO_TEST_SUITE_END()
