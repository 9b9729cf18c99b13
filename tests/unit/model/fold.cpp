// SPDX-License-Identifier: MIT
#include <fusegrad/model/fold.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fusegrad/layer/convolution.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/depthwise.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/pool.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/layer/transposed_convolution.hpp>
#include <fusegrad/model/inference.hpp>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto normalised = fg::batch_norm | fg::relu;
// A pair wherever it can stand: without a bias and with one, across the edge of a block, below a name, in a body, in
// branches and in parts; and norms that nothing takes in.
constexpr auto images = fg::input<6, 5, 3> | fg::batch_norm | fg::conv2d<8, 3>.without_bias() | normalised |
                        fg::residual(fg::depthwise2d<3>.padded_same() | fg::batch_norm.without_gain_and_shift() |
                                     fg::tanh | fg::conv2d<8, 1> | fg::batch_norm.with_epsilon<0.1>()) |
                        fg::batch_norm | fg::named<"second">(fg::conv2d<4, 2>.without_bias()) |
                        fg::named<"norm">(normalised) |
                        fg::branch(fg::conv2d<6, 2> | fg::batch_norm, fg::max_pool2d<2>.with_stride<1>()) | fg::concat |
                        fg::flatten | fg::named<"head">(fg::dense<4> | fg::batch_norm);
constexpr auto sequences = fg::input<7, 2> | fg::conv1d<4, 3>.causal().without_bias() | fg::batch_norm | fg::tanh |
                           fg::depthwise1d<2>.without_bias() | normalised |
                           fg::groups(fg::on<2>(fg::dense<2> | fg::batch_norm), fg::on<2>(fg::sigmoid)) |
                           fg::global_average_pool;
// Units behind what comes in, in groups and without, and positions that no kernel reaches.
constexpr auto upwards =
    fg::input<3, 2, 4> | fg::transposed_conv2d<6, 3, 2>.with_stride<2>().with_groups<2>().without_bias() | normalised |
    fg::transposed_conv2d<3, 2>.with_stride<3>().with_output_padding<2>() | fg::batch_norm.without_gain_and_shift() |
    fg::tanh | fg::reshape<22 * 13, 3> | fg::transposed_conv1d<4, 3>.without_bias() |
    fg::batch_norm.with_epsilon<0.1>() | fg::global_average_pool;
constexpr auto several =
    fg::inputs<fg::shape<3>, fg::shape<2>> | fg::each(fg::dense<4> | fg::batch_norm, fg::dense<4>) | fg::add;
constexpr auto twice = fg::shared<"twice">(fg::dense<3>);
constexpr auto shared = fg::input<3> | twice | fg::batch_norm | twice | fg::batch_norm;

template <const auto& Model> using type_of = std::remove_cvref_t<decltype(Model)>;
template <const auto& Model> using folded_type = fg::folded_model<type_of<Model>>;

/// Weights and states without a pattern; variances are above zero.
template <const auto& Model> fg::weights<type_of<Model>, double> scattered() {
  fg::weights<type_of<Model>, double> weights{Model, 3};
  std::uint64_t seed = 1;
  for (const std::string& name : weights.parameter_names()) {
    std::vector<double> numbers = weights.read(name);
    for (double& x : numbers) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      x = static_cast<double>(seed >> 40) / static_cast<double>(1u << 23) - 1;
      if (name.ends_with("running_var")) x = 1.5 + x;
    }
    weights.write(name, numbers);
  }
  return weights;
}

template <const auto& Model> std::size_t normalisations_left() {
  const auto names = fg::weights<folded_type<Model>, double>::parameter_names();
  return static_cast<std::size_t>(
      std::count_if(names.begin(), names.end(), [](const std::string& n) { return n.ends_with("running_mean"); }));
}

template <const auto& Model> void check_same_outputs() {
  const auto weights = scattered<Model>();
  const fg::inference<type_of<Model>, double> as_written{weights};
  const fg::inference<folded_type<Model>, double> folded{fg::fold(weights)};
  std::vector<double> sample(Model.input_size());
  for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = std::sin(static_cast<double>(7 * i + 1));
  const auto given = std::span<const double>(sample).first<Model.input_size()>();
  const auto expected = as_written(given), found = folded(given);
  for (std::size_t k = 0; k < found.size(); ++k)
    BOOST_TEST(std::abs(found[k] - expected[k]) <= 1e-12 * (1 + std::abs(expected[k])),
               "output " << k << ": " << found[k] << ", expected " << expected[k]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(folding_of_normalisation)

BOOST_AUTO_TEST_CASE(outputs_are_those_of_the_model_as_written) {
  check_same_outputs<images>();
  check_same_outputs<sequences>();
  check_same_outputs<upwards>();
  check_same_outputs<several>();
  check_same_outputs<shared>();
}

BOOST_AUTO_TEST_CASE(only_norms_behind_something_else_stay) {
  BOOST_TEST(normalisations_left<images>() == 2u); // the first layer, and behind the residual block
  BOOST_TEST(normalisations_left<sequences>() == 0u);
  BOOST_TEST(normalisations_left<upwards>() == 0u);
  BOOST_TEST(normalisations_left<several>() == 0u);
  BOOST_TEST(normalisations_left<shared>() == 2u);
}

BOOST_AUTO_TEST_CASE(what_has_nothing_to_fold_stays_what_it_is) {
  using model = std::remove_cv_t<decltype(fg::input<4, 2> | fg::conv1d<3, 2> | fg::relu | fg::batch_norm)>;
  static_assert(std::is_same_v<fg::folded_model<model>, model>);
  static_assert(std::is_same_v<folded_type<shared>, type_of<shared>>);
}

// y = (W x + b - mean) gain / sqrt(variance + epsilon) + shift
BOOST_AUTO_TEST_CASE(each_unit_is_scaled_and_a_convolution_without_bias_gets_one) {
  const auto before = scattered<sequences>();
  const auto after = fg::fold(before);
  const auto check = [&](const std::string& product, const std::string& norm) {
    const auto old = before.read(product + ".weight"), weight = after.read(product + ".weight"),
               bias = after.read(product + ".bias"), mean = before.read(norm + ".running_mean"),
               variance = before.read(norm + ".running_var"), gain = before.read(norm + ".weight"),
               shift = before.read(norm + ".bias");
    BOOST_TEST_REQUIRE(bias.size() == mean.size());
    BOOST_TEST(!before.has(product + ".bias"));
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const std::size_t unit = i / (weight.size() / mean.size());
      const double scale = gain[unit] / std::sqrt(variance[unit] + 1e-5);
      BOOST_TEST(std::abs(weight[i] - old[i] * scale) <= 1e-14);
      BOOST_TEST(std::abs(bias[unit] - (shift[unit] - mean[unit] * scale)) <= 1e-14);
    }
  };
  check("0", "1");
  check("3", "4.0");
}

BOOST_AUTO_TEST_SUITE_END()
