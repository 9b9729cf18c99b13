// SPDX-License-Identifier: MIT
#include <fusegrad/run/direct.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/samples.hpp>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace fg = fusegrad;
namespace execution = fg::execution;

namespace {

constexpr auto equal_layers = fg::input<7> | fg::dense<60> | fg::relu | fg::dense<60> | fg::relu | fg::dense<60> |
                              fg::relu | fg::dense<60> | fg::relu | fg::dense<2>;
constexpr auto small = fg::input<7> | fg::dense<20> | fg::relu | fg::dense<2>;
template <auto& Model>
using training =
    fg::plan::compiled<std::remove_cvref_t<decltype(Model)>, std::remove_cvref_t<decltype(fg::mean_squared_error)>,
                       fg::plan::purpose::train, float>;

template <class Holder> constexpr std::size_t distinct_functions() {
  return []<std::size_t... Step>(std::index_sequence<Step...>) {
    return ((execution::detail::first_equal<Holder, Step> == Step ? 1u : 0u) + ...);
  }(std::make_index_sequence<Holder::value.step_count>{});
}

/// The gradient of some samples of four.
template <auto& Model> std::vector<float> gradient_of(std::span<const std::uint32_t> which) {
  std::vector<float> x(28), y(8);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.1f * static_cast<float>(i % 9) - 0.4f;
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = 0.25f * static_cast<float>(i % 5);
  const fg::weights w{Model, 3};
  fg::gradients g{Model, fg::mean_squared_error, 4};
  g.compute(w, fg::with_targets(std::span<const float>(x), 7, std::span<const float>(y), 2), which);
  const std::span<const float> all = g.packed();
  return {all.begin(), all.end()};
}

template <auto& Model> void check_single_sample() {
  for (const std::uint32_t i : {0u, 3u}) {
    const auto alone = gradient_of<Model>(std::array{i}), twice = gradient_of<Model>(std::array{i, i});
    BOOST_TEST_REQUIRE(alone.size() == twice.size());
    for (std::size_t k = 0; k < alone.size(); ++k) BOOST_TEST(std::abs(alone[k] - twice[k]) < 1e-5f);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(direct)

BOOST_AUTO_TEST_CASE(equal_steps_share_a_function) {
  using holder = training<equal_layers>;
  constexpr auto& program = holder::value;
  static_assert(execution::is_direct<float>(program) || execution::machine::direct_steps == 0);
  // Forward: the first layer, three equal ones and the last.
  static_assert(execution::detail::first_equal<holder, 0> == 0 && execution::detail::first_equal<holder, 1> == 1);
  static_assert(execution::detail::first_equal<holder, 2> == 1 && execution::detail::first_equal<holder, 3> == 1);
  static_assert(execution::detail::first_equal<holder, 4> == 4);
  static_assert(distinct_functions<holder>() + 8 < program.step_count);
}

BOOST_AUTO_TEST_CASE(a_small_program_is_one_function_and_so_is_what_only_predicts) {
  static_assert(execution::is_one_function<float>(training<small>::value));
  static_assert(!execution::is_one_function<float>(training<equal_layers>::value));
  using predicting = fg::plan::compiled<std::remove_cvref_t<decltype(equal_layers)>, fg::plan::no_loss,
                                        fg::plan::purpose::predict, float>;
  static_assert(execution::is_one_function<float>(predicting::value));
}

BOOST_AUTO_TEST_CASE(a_single_sample_has_the_gradient_of_two_alike) {
  check_single_sample<small>();
  check_single_sample<equal_layers>();
}

BOOST_AUTO_TEST_SUITE_END()
