// SPDX-License-Identifier: MIT
#include <fusegrad/train/losses.hpp>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <fusegrad/training.hpp>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <vector>

// Losses and their slopes keep their digits where the answer is sure: nothing large cancels there.
namespace {

namespace fg = fusegrad;

/// How far `found` is from `expected`, in units of the last place of a T.
template <class T> double ulps(T found, long double expected) {
  if (expected == 0) return found == 0 ? 0 : std::numeric_limits<double>::infinity();
  return static_cast<double>(std::fabs((static_cast<long double>(found) - expected) / expected)) /
         static_cast<double>(std::numeric_limits<T>::epsilon());
}

long double softplus_of(long double z) { return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); }
long double sigmoid_of(long double z) { return 1 / (1 + std::exp(-z)); }

/// The largest distances of value and slope from the truth over logits from -80 to 80, for one target.
template <class T> struct binary_errors {
  double value = 0, slope = 0;
  explicit binary_errors(T target) {
    constexpr auto derivative = fg::derivative<0>(fg::binary_cross_entropy);
    for (T z = -80; z <= 80; z += T(0.03125)) {
      const auto exact = static_cast<long double>(z), share = static_cast<long double>(target);
      const long double yes = share * softplus_of(-exact), no = (1 - share) * softplus_of(exact);
      value = std::max(value, ulps(fg::binary_cross_entropy(z, target), yes + no));
      // Where the truth is a small difference of what belongs to either answer, the error is judged by those.
      const long double for_no = (1 - share) * sigmoid_of(exact), for_yes = share * sigmoid_of(-exact);
      const long double error = std::fabs(static_cast<long double>(derivative(z, target)) - (for_no - for_yes));
      slope = std::max(slope, static_cast<double>(error / (for_no + for_yes)) /
                                  static_cast<double>(std::numeric_limits<T>::epsilon()));
    }
  }
};

template <class T> void check_binary_cross_entropy() {
  for (T target : {T(0), T(0.25), T(0.5), T(0.9), T(1)}) {
    const binary_errors<T> errors(target);
    BOOST_TEST(errors.value < 4, "value, target " << target << ": " << errors.value << " ulp");
    // A target in between has a slope of its own size for either answer, except near its zero.
    BOOST_TEST(errors.slope < (target == 0 || target == 1 ? 4 : 8),
               "slope, target " << target << ": " << errors.slope << " ulp");
  }
}

BOOST_AUTO_TEST_SUITE(train_losses)

BOOST_AUTO_TEST_CASE(binary_cross_entropy_keeps_its_digits_for_every_logit) {
  check_binary_cross_entropy<float>();
  check_binary_cross_entropy<double>();
}

BOOST_AUTO_TEST_CASE(slope_of_binary_cross_entropy_where_the_answer_is_sure) {
  constexpr auto slope = fg::derivative<0>(fg::binary_cross_entropy);
  BOOST_TEST(slope(-20.0F, 0.0F) == 2.0611537e-9F, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(slope(20.0F, 1.0F) == -2.0611537e-9F, boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(slope(0.0, 0.25) == 0.25);
  BOOST_TEST(slope(-0.0, 1.0) == -0.5);
  BOOST_TEST(fg::binary_cross_entropy(-20.0F, 0.0F) == 2.0611537e-9F, boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(slopes_of_distances_are_exact) {
  for (double e = -4; e <= 4; e += 0.125) {
    BOOST_TEST(fg::derivative<0>(fg::mean_squared_error)(e, 0.0) == 2 * e);
    BOOST_TEST(fg::derivative<0>(fg::mean_absolute_error)(e, 0.0) == (e > 0) - (e < 0));
    BOOST_TEST(fg::derivative<0>(fg::huber)(e, 0.0) == std::fmax(-1, std::fmin(e, 1)));
    BOOST_TEST(fg::derivative<0>(fg::hinge)(e, 1.0) == (e < 1 ? -1 : 0));
  }
}

// What a class becomes where a loss takes numbers.
BOOST_AUTO_TEST_CASE(labels_become_targets) {
  const auto targets_of = [](const auto& loss, std::int32_t label, std::size_t width) {
    std::vector<double> target(width);
    loss.encode(label, target.data(), width);
    return target;
  };
  using list = std::vector<double>;
  BOOST_TEST((targets_of(fg::mean_squared_error, 1, 1) == list{1}));
  BOOST_TEST((targets_of(fg::mean_squared_error, 1, 3) == list{0, 1, 0}));
  BOOST_TEST((targets_of(fg::hinge, 0, 1) == list{-1}));
  BOOST_TEST((targets_of(fg::hinge, 2, 3) == list{-1, -1, 1}));
  BOOST_TEST((targets_of(fg::softmax_cross_entropy, 0, 2) == list{1, 0}));
  const auto smooth = fg::softmax_cross_entropy.label_smoothing(0.5).class_weights(std::array<double, 2>{1, 4});
  BOOST_TEST((targets_of(smooth, 1, 2) == list{0.25, 3}));
  list soft{0.5, 0.5};
  smooth.adjust(soft.data(), 2);
  BOOST_TEST((soft == list{0.5, 2}));
}

// An actor's step along the gradient that a critic has by its outputs: the same as the loss that the critic is.
BOOST_AUTO_TEST_CASE(a_step_goes_along_a_given_gradient) {
  static constexpr auto actor = fg::input<2> | fg::dense<4> | fg::tanh | fg::dense<2>;
  const std::vector<double> x{1, 2, -1, 0.5, 0.25, -2}, wanted{1, -1, 0.5, 0, 2, 1};
  const std::vector<std::uint32_t> all{0, 1, 2};
  const fg::weights<std::remove_const_t<decltype(actor)>, double> w{actor, 1};
  fg::gradients<std::remove_const_t<decltype(actor)>, std::remove_const_t<decltype(fg::mean_squared_error)>, double>
      expected{actor, fg::mean_squared_error, 3};
  expected.compute(w, fg::with_targets(x, 2, wanted, 2), all);
  std::vector<double> slopes(6);
  const fg::inference net{w};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto out = net(std::array{x[2 * i], x[2 * i + 1]});
    for (std::size_t k = 0; k < 2; ++k)
      slopes[2 * i + k] = 2 * (out[k] - wanted[2 * i + k]) / 2; // of the mean over outputs
  }
  fg::gradients<std::remove_const_t<decltype(actor)>, fg::output_gradient_loss, double> found{actor,
                                                                                              fg::output_gradient, 3};
  found.compute(w, fg::with_targets(x, 2, slopes, 2), all);
  for (const char* name : {"0.weight", "0.bias", "2.weight", "2.bias"})
    for (std::size_t i = 0; i < w.parameter_size(name); ++i)
      BOOST_TEST(found.read(name)[i] == expected.read(name)[i], boost::test_tools::tolerance(1e-12));
  using gradients = decltype(found);
  BOOST_CHECK_THROW(gradients(actor, fg::output_gradient, 3, -1), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
