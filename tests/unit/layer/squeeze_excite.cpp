// SPDX-License-Identifier: MIT
#include <fusegrad/layer/squeeze_excite.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/model/network_plan.hpp>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto model = fg::input<2, 3, 4> | fg::squeeze_excite<2>;
static_assert(model.output_shape() == fg::shape<2, 3, 4>);
static_assert(model.parameter_count() == 2 * 4 + 2 + 4 * 2 + 4);
static_assert((fg::input<5, 7> | fg::squeeze_excite<2>).parameter_count() == 3 * 7 + 3 + 7 * 3 + 7);

/// Written by hand from what it is documented to do; channels last.
template <class Gate>
std::vector<double> expected(const std::vector<double>& x, std::size_t channels, const auto& weights, Gate gate) {
  const std::size_t positions = x.size() / channels;
  const auto w1 = weights.read("0.fc1.weight"), b1 = weights.read("0.fc1.bias"), w2 = weights.read("0.fc2.weight"),
             b2 = weights.read("0.fc2.bias");
  std::vector<double> squeezed = b1, y(x);
  for (std::size_t u = 0; u < squeezed.size(); ++u) {
    for (std::size_t i = 0; i < x.size(); ++i)
      squeezed[u] += w1[u * channels + i % channels] * x[i] / static_cast<double>(positions);
    squeezed[u] = std::max(squeezed[u], 0.0);
  }
  for (std::size_t c = 0; c < channels; ++c) {
    double sum = b2[c];
    for (std::size_t u = 0; u < squeezed.size(); ++u) sum += w2[c * squeezed.size() + u] * squeezed[u];
    for (std::size_t p = 0; p < positions; ++p) y[p * channels + c] *= gate(sum);
  }
  return y;
}

template <class Model, class Gate> void check(const Model& net, Gate gate) {
  fg::weights<Model, double> weights{net, 5};
  for (const std::string& name : weights.parameter_names()) {
    std::vector<double> numbers = weights.read(name);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = std::cos(static_cast<double>(3 * i + name.size()));
    weights.write(name, numbers);
  }
  std::vector<double> x(Model::input_size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<double>(5 * i)) + 0.5;
  const auto found = fg::inference{weights}(std::span<const double>(x).first<Model::input_size()>());
  const std::vector<double> wanted = expected(x, 4, weights, gate);
  for (std::size_t i = 0; i < wanted.size(); ++i) BOOST_TEST(std::abs(found[i] - wanted[i]) <= 1e-13, "number " << i);
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_squeeze_excite)

BOOST_AUTO_TEST_CASE(channels_are_scaled_by_what_their_means_say) {
  check(model, [](double x) { return 1 / (1 + std::exp(-x)); });
}

BOOST_AUTO_TEST_CASE(a_gate_may_be_another) {
  check(fg::input<6, 4> | fg::squeeze_excite<2>.with_gate(fg::hard_sigmoid),
        [](double x) { return std::min(std::max(x + 3, 0.0), 6.0) / 6; });
}

BOOST_AUTO_TEST_CASE(learned_activations_have_names_of_their_own) {
  const auto names =
      fg::weights{fg::input<6, 4> | fg::squeeze_excite<2>.with_activation(fg::prelu).with_gate(fg::learned_swish)}
          .parameter_names();
  BOOST_TEST(names == (std::vector<std::string>{"0.fc1.weight", "0.fc1.bias", "0.activation.weight", "0.fc2.weight",
                                                "0.fc2.bias", "0.gate.beta"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
