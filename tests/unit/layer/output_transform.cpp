// SPDX-License-Identifier: MIT
#include <fusegrad/layer/output_transform.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <fusegrad/physics.hpp>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto net = fg::input<2> | fg::dense<5> | fg::tanh | fg::dense<1>; // x, t
/// sin(x) at the start, t at the left, t + sin(1) at the right, whatever the net puts out.
constexpr auto solution = [](auto u, auto x, auto t) {
  using std::sin;
  return sin(x) + t + t * x * (1 - x) * u;
};
constexpr auto solved = net | fg::output_transform(solution);

BOOST_AUTO_TEST_SUITE(layer_output_transform)

BOOST_AUTO_TEST_CASE(what_is_built_in_holds_exactly) {
  static_assert(solved.output_shape() == fg::shape<1>);
  static_assert(solved.parameter_count() == net.parameter_count());
  const fg::inference field{fg::weights<std::remove_const_t<decltype(solved)>, double>{solved, 3}};
  for (const double s : {0.0, 0.25, 0.7, 1.0}) {
    BOOST_TEST(field(std::array{s, 0.0})[0] == std::sin(s), boost::test_tools::tolerance(1e-15));
    BOOST_TEST(field(std::array{0.0, s})[0] == s);
    BOOST_TEST(field(std::array{1.0, s})[0] == std::sin(1.0) + s, boost::test_tools::tolerance(1e-15));
  }
  BOOST_TEST(field(std::array{0.5, 0.5})[0] != std::sin(0.5) + 0.5);
}

// The same equation of the net alone, with the transform inside: there the chain rule is that of functions.
BOOST_AUTO_TEST_CASE(equations_see_through_it) {
  constexpr auto through_the_layer = fg::equation([](auto u, auto x, auto t) {
    return d(u, t) + u * d(u, x) - 0.1 * d(u, x, x) + 0.3 * d(u, x, t) - 0.2 * d(u, t, t);
  });
  constexpr auto inside = fg::equation([](auto out, auto x, auto t) {
    const auto u = solution(out, x, t);
    return d(u, t) + u * d(u, x) - 0.1 * d(u, x, x) + 0.3 * d(u, x, t) - 0.2 * d(u, t, t);
  });
  const std::vector<double> at{0.1, 0.2, 0.9, 0.4, 0.5, 0.8, 0.3, 0, 0, 0.6};
  const auto loss_and_gradient = [&](const auto& model, const auto& equation) {
    fg::trainer trainer{model, equation, fg::sgd{}, fg::training_options<double>{.seed = 7, .threads = 1}};
    std::vector<double> found(trainer.gradient_size());
    found.push_back(trainer.loss_and_gradient(fg::points<double>(at, 2), found));
    return found;
  };
  const std::vector<double> one = loss_and_gradient(solved, through_the_layer), other = loss_and_gradient(net, inside);
  BOOST_TEST(one.back() > 1e-3);
  BOOST_TEST(one == other, boost::test_tools::tolerance(1e-11) << boost::test_tools::per_element());
}

// An operation reads sixteen numbers at the most; a transform is worked out in parts.
BOOST_AUTO_TEST_CASE(nineteen_numbers_are_read_at_once) {
  constexpr auto wide =
      fg::input<18> | fg::dense<3> | fg::tanh | fg::dense<1> |
      fg::output_transform([](auto u, auto a, auto b, auto c, auto d, auto e, auto f, auto g, auto h, auto i, auto j,
                              auto k, auto l, auto m, auto n, auto o, auto p, auto q, auto r) {
        return 0 * u + a * b + c * d + e * f + g * h + i * j + k * l + m * n + o * p + q * r;
      });
  std::array<double, 18> sample{};
  double expected = 0;
  for (std::size_t i = 0; i < 18; ++i) sample[i] = 1.0 + static_cast<double>(i);
  for (std::size_t i = 0; i < 18; i += 2) expected += sample[i] * sample[i + 1];
  const fg::inference field{fg::weights<std::remove_const_t<decltype(wide)>, double>{wide, 3}};
  BOOST_TEST(field(sample)[0] == expected, boost::test_tools::tolerance(1e-14));
}

// A stream function, whose velocities are free of divergence; a factor that is learned, and an output that is not read.
BOOST_AUTO_TEST_CASE(several_outputs_and_a_parameter) {
  constexpr auto two = fg::input<3> | fg::dense<4> | fg::tanh | fg::dense<2> |
                       fg::output_transform([](auto u, auto v, auto x, auto y, auto) {
                         return fg::values(u * x * fg::parameter<"rate">(0.5), v - u * y, 1 - x);
                       });
  static_assert(two.output_shape() == fg::shape<3>);
  fg::weights<std::remove_const_t<decltype(two)>, double> w{two, 1};
  const auto outputs = [&](const fg::weights<std::remove_const_t<decltype(two)>, double>& with) {
    return fg::inference(with)(std::array{2.0, 0.3, 0.4});
  };
  const auto before = outputs(w);
  BOOST_TEST(std::string(w.parameter_names().back()) == "3.rate");
  BOOST_TEST(w.read("3.rate") == std::vector<double>{0.5}, boost::test_tools::per_element());
  w.write("3.rate", std::vector<double>{1.5});
  const auto after = outputs(w);
  BOOST_TEST(after[0] == 3 * before[0], boost::test_tools::tolerance(1e-14));
  BOOST_TEST(after[1] == before[1]);
  BOOST_TEST(before[2] == -1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
