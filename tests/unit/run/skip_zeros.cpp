// SPDX-License-Identifier: MIT
#include <fusegrad/run/skip_zeros.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/sequence.hpp>
#include <fusegrad/model/inference.hpp>
#include <limits>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

template <class Function> constexpr bool makes_zeros(Function) {
  constexpr auto table = fg::expr::recorded<fg::expr::recipe_of<Function>, 2>.body;
  using fg::kernel::access;
  return fg::execution::detail::makes_zeros<table, fg::kernel::access_list<2>{{access::product, access::column}}>(0);
}
static_assert(makes_zeros([](auto x, auto bias) { return max(x + bias, 0); }));
static_assert(makes_zeros([](auto x, auto bias) { return min(max(x + bias, 0), 6); }));
static_assert(makes_zeros([](auto x, auto) { return x * min(max(x + 3, 0), 6) / 6; }));
static_assert(makes_zeros([](auto x, auto) { return select(abs(x) < 0.5, 0 * x, x); }));
static_assert(!makes_zeros([](auto x, auto slope) { return max(x, 0) + slope * min(x, 0); }));
static_assert(!makes_zeros([](auto x, auto bias) { return tanh(x + bias); }));
static_assert(!makes_zeros([](auto x, auto) { return x * 0.5 * (1 + erf(x / 1.4142135623730951)); }));
static_assert(!makes_zeros([](auto x, auto bias) { return 1 / (1 + exp(-(x + bias))); }));
static_assert(!makes_zeros([](auto x, auto) { return exp(-x * x); }));

template <class Model, class T>
using holder = fg::plan::compiled<Model, fg::plan::no_loss, fg::plan::purpose::predict, T>;

// Of the input whatever comes; behind ReLU; not behind tanh; not a small weight.
constexpr auto small =
    fg::input<80> | fg::dense<64> | fg::relu | fg::dense<64> | fg::tanh | fg::dense<64> | fg::relu | fg::dense<12>;
using of_small = holder<const std::remove_cv_t<decltype(small)>, float>;
static_assert(fg::execution::is_direct<float>(of_small::value) == (fg::execution::machine::direct_steps > 0));
static_assert(fg::execution::detail::skips_zeros<of_small, 0, float>());
static_assert(fg::execution::detail::skips_zeros<of_small, 1, float>());
static_assert(!fg::execution::detail::skips_zeros<of_small, 2, float>());
static_assert(!fg::execution::detail::skips_zeros<of_small, 3, float>());

// Larger than what runs directly.
constexpr auto large = fg::input<80> | fg::dense<1000> | fg::relu | fg::dense<12>;
using of_large = holder<const std::remove_cv_t<decltype(large)>, float>;
static_assert(!fg::execution::is_direct<float>(of_large::value));
static_assert(fg::execution::detail::skips_zeros<of_large, 1, float>());

// Constant expressions multiply.
constexpr auto tiny = fg::input<2> | fg::dense<3> | fg::relu | fg::dense<1>;
consteval float difference() {
  const std::array<float, 2> sample{0, 1};
  return fg::inference{fg::skip_zeros, fg::weights{tiny, 1}}(sample)[0] -
         fg::inference{fg::weights{tiny, 1}}(sample)[0];
}
static_assert(difference() == 0);

template <class Model> void compare(Model) {
  fg::weights<const Model> weights{Model{}, 1};
  const fg::inference dense{weights};
  const fg::inference skipping{fg::skip_zeros, weights};
  static_assert(sizeof(skipping) == sizeof(dense));
  for (std::size_t every = 1; every < 12; every += 2) {
    std::array<float, 80> sample{};
    for (std::size_t i = 0; i < sample.size(); i += every) sample[i] = std::sin(static_cast<float>(i + every));
    const auto expected = dense(sample), found = skipping(sample);
    for (std::size_t i = 0; i < found.size(); ++i) BOOST_REQUIRE_SMALL(found[i] - expected[i], 1e-5F);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_skip_zeros)

BOOST_AUTO_TEST_CASE(a_small_network_predicts_the_same) { compare(small); }
BOOST_AUTO_TEST_CASE(a_large_network_predicts_the_same) { compare(large); }

// With two of 80 inputs not zero, nothing but what the option leaves out can hide that weight.
BOOST_AUTO_TEST_CASE(a_weight_that_only_zeros_meet_is_not_read) {
  fg::weights<const std::remove_cv_t<decltype(small)>> weights{small, 1};
  std::vector<float> first = weights.read("0.weight");
  first[1] = std::numeric_limits<float>::quiet_NaN();
  weights.write("0.weight", first);
  std::array<float, 80> sample{};
  sample[0] = 1, sample[7] = -1;
  BOOST_TEST(std::isnan(fg::inference{weights}(sample)[0]));
  BOOST_TEST(std::isfinite(fg::inference{fg::skip_zeros, weights}(sample)[0]));
}

BOOST_AUTO_TEST_SUITE_END()
