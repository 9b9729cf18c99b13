// SPDX-License-Identifier: MIT
#include <fusegrad/train/physics.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <fusegrad/physics.hpp>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr double pi = 3.14159265358979323846;
constexpr auto net = fg::input<2> | fg::repeat<2>(fg::dense<9> | fg::tanh) | fg::dense<1>; // x, t
constexpr auto burgers =
    fg::equation([](auto u, auto x, auto t) { return d(u, t) + u * d(u, x) - 0.01 / pi * d(u, x, x); });
constexpr auto walls = fg::equation([](auto u, auto, auto) { return u; });
constexpr auto start = fg::equation([](auto u, auto x, auto) { return u + sin(pi * x); });
constexpr auto problem = fg::physics(burgers, 10 * walls, start);
using model = std::remove_const_t<decltype(net)>;

std::vector<double> points_of(std::size_t count, double shift) {
  std::vector<double> x;
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(2 * std::fmod(shift + 0.618034 * static_cast<double>(i), 1.0) - 1);
    x.push_back(std::fmod(shift + 0.754877 * static_cast<double>(i), 1.0));
  }
  return x;
}
const std::vector<double> inside = points_of(53, 0.1), sides = points_of(20, 0.3), at_start = points_of(17, 0.7);

auto trainer_of(int threads = 1) {
  return fg::trainer{net, problem, fg::adam{.learning_rate = 2e-3},
                     fg::training_options<double>{.seed = 3, .threads = threads}};
}

/// u, u_x, u_t, u_xx where a trainer's weights are.
template <class Trainer> auto field_of(const Trainer& trainer) {
  constexpr auto with_slopes = net | fg::derivatives(fg::by<0>, fg::by<1>, fg::by<0, 0>);
  fg::weights<std::remove_const_t<decltype(with_slopes)>, double> w;
  for (const std::string& name : trainer.parameter_names()) w.write(name, trainer.read(name));
  return fg::inference(std::move(w));
}

using fusegrad::test::says;

BOOST_AUTO_TEST_SUITE(train_physics, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(each_equation_is_asked_at_its_own_points) {
  const auto trainer = trainer_of();
  const auto field = field_of(trainer);
  const auto mean = [&](const std::vector<double>& points, auto residual) {
    double sum = 0;
    for (std::size_t i = 0; i < points.size(); i += 2) {
      const double r = residual(field(std::array{points[i], points[i + 1]}), points[i]);
      sum += r * r;
    }
    return sum / static_cast<double>(points.size() / 2);
  };
  const double expected[] = {mean(inside, [](const auto& u, double) { return u[2] + u[0] * u[1] - 0.01 / pi * u[3]; }),
                             10 * mean(sides, [](const auto& u, double) { return u[0]; }),
                             mean(at_start, [](const auto& u, double x) { return u[0] + std::sin(pi * x); })};
  const fg::evaluation e = trainer.evaluate(fg::points(inside, sides, at_start));
  BOOST_REQUIRE(e.outputs.size() == 3u);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(e.outputs[i].loss == expected[i], boost::test_tools::tolerance(1e-12));
  BOOST_TEST(e.loss == expected[0] + expected[1] + expected[2], boost::test_tools::tolerance(1e-12));
  BOOST_TEST(e.samples == 90u);
}

// Sets without a name are there as long as the points are.
BOOST_AUTO_TEST_CASE(sets_that_nobody_else_keeps_are_kept) {
  const auto trainer = trainer_of();
  const auto kept = fg::points(points_of(53, 0.1), sides, points_of(17, 0.7));
  const std::vector<double> other(2 * 53, 0.5);
  static_assert(!std::is_same_v<std::remove_const_t<decltype(kept)>, decltype(fg::points(inside, sides, at_start))>);
  const double expected = trainer.evaluate(fg::points(inside, sides, at_start)).loss;
  BOOST_TEST(trainer.evaluate(kept).loss == expected);
}

// A single equation in batches: a vector, a span.
BOOST_AUTO_TEST_CASE(points_of_one_equation) {
  fg::trainer trainer{net, burgers, fg::adam{}, fg::training_options<double>{.seed = 3}};
  const double expected = trainer.evaluate(fg::points(std::span<const double>(inside), 2)).loss;
  BOOST_TEST(trainer.evaluate(fg::points(inside, 2)).loss == expected);
  BOOST_TEST(trainer_of().evaluate(fg::points(inside, sides, at_start)).outputs[0].loss == expected,
             boost::test_tools::tolerance(1e-12));
  BOOST_CHECK_EXCEPTION(fg::points(inside, 3), std::invalid_argument, says("106 numbers are not whole samples of 3."));
}

BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_the_sum) {
  auto trainer = trainer_of();
  const auto where = fg::points(inside, sides, at_start);
  std::vector<double> gradient(trainer.gradient_size()), unused(gradient.size());
  trainer.loss_and_gradient(where, gradient);
  std::size_t place = 0;
  for (const std::string& name : trainer.parameter_names()) {
    const std::vector<double> at = trainer.read(name);
    for (std::size_t k = 0; k < at.size(); ++k, ++place) {
      if (k % 4 != 0) continue;
      const auto moved = [&](double step) {
        std::vector<double> there = at;
        there[k] += step;
        trainer.write(name, there);
        return trainer.loss_and_gradient(where, unused);
      };
      const double slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      trainer.write(name, at);
      BOOST_TEST(std::abs(slope - gradient[place]) < 1e-6 * (1 + std::abs(slope)), name << " " << k);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_fit_and_a_minimisation) {
  auto one = trainer_of(1), three = trainer_of(3);
  const auto where = fg::points(inside, sides, at_start);
  for (auto* trainer : {&one, &three}) {
    const auto history = trainer->fit(where, {.epochs = 40, .progress = fg::progress_style::silent});
    BOOST_TEST(history.records.back().loss < history.records.front().loss);
    const double before = trainer->evaluate(where).loss;
    bool shows_what_was_found = true;
    const auto look = [&](const fg::lbfgs_result& now) {
      shows_what_was_found =
          shows_what_was_found && std::abs(trainer->evaluate(where).loss - now.loss) < 1e-12 * (1 + now.loss);
      return true;
    };
    const auto result =
        trainer->minimise(where, {.evaluations = 150, .on_iteration = look}, fg::progress_style::silent);
    BOOST_TEST(shows_what_was_found);
    BOOST_TEST(result.loss < 0.8 * before);
    BOOST_TEST(trainer->evaluate(where).loss == result.loss, boost::test_tools::tolerance(1e-12));
  }
  for (const std::string& name : one.parameter_names())
    BOOST_TEST(one.read(name) == three.read(name), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_single_equation_has_points_like_samples) {
  fg::trainer trainer{net, burgers, fg::adam{.learning_rate = 1e-2}, fg::training_options<double>{.seed = 3}};
  const auto where = fg::points<double>(inside, 2);
  const auto history = trainer.fit(where, {.epochs = 30, .batch_size = 16, .progress = fg::progress_style::silent});
  BOOST_TEST(history.records.back().loss < 0.5 * history.records.front().loss);
  std::vector<double> gradient(trainer.gradient_size());
  BOOST_TEST(trainer.loss_and_gradient(where, gradient) == trainer.evaluate(where).loss,
             boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(chain_rule_several_outputs_and_sums) {
  // u and v; a flux that is differentiated, a mixed derivative, and a Laplacian, which is one stream.
  constexpr auto two = fg::input<2> | fg::dense<7> | fg::silu | fg::dense<2>;
  constexpr auto system = fg::equation([](auto u, auto v, auto x, auto y) {
    const auto flux = (1 + u * u) * d(u, x) + x * y;
    return fg::values(d(flux, x) + d(v, x, y), 2 * d(u, x, x) + d(u, y, y) - 0.5 * d(u, y) - v);
  });
  constexpr auto collapsing = fg::equation([](auto u, auto v, auto x, auto y) {
    return 2 * d(u, x, x) + d(u, y, y) - 0.5 * d(u, y) + 3 * d(v, x, y) - d(v, x) - v * x + u * y;
  });
  constexpr auto with_slopes = two | fg::derivatives(fg::by<0>, fg::by<1>, fg::by<0, 0>, fg::by<0, 1>, fg::by<1, 1>);
  const fg::weights<std::remove_const_t<decltype(two)>, double> w{two, 9};
  fg::weights<std::remove_const_t<decltype(with_slopes)>, double> copied;
  for (const std::string& name : w.parameter_names()) copied.write(name, w.read(name));
  const fg::inference field(std::move(copied));
  double of_system = 0, of_sum = 0;
  for (std::size_t i = 0; i < inside.size(); i += 2) {
    const double x = inside[i], y = inside[i + 1];
    const auto o = field(std::array{x, y});
    const double u = o[0], v = o[1], ux = o[2], vx = o[3], uy = o[4], uxx = o[6], vxy = o[9], uyy = o[10];
    const double first = 2 * u * ux * ux + (1 + u * u) * uxx + y + vxy;
    const double second = 2 * uxx + uyy - 0.5 * uy - v;
    of_system += first * first + second * second;
    const double third = 2 * uxx + uyy - 0.5 * uy + 3 * vxy - vx - v * x + u * y;
    of_sum += third * third;
  }
  std::vector<std::uint32_t> all(inside.size() / 2);
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto loss_of = [&](auto equation) {
    fg::gradients<std::remove_const_t<decltype(two)>, decltype(equation), double> g(two, equation, all.size());
    return g.compute(w, fg::points<double>(inside, 2), all).loss * static_cast<double>(all.size());
  };
  BOOST_TEST(loss_of(system) == of_system, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(loss_of(collapsing) == of_sum, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(samples_with_targets_beside_an_equation) {
  constexpr auto measured = fg::physics(burgers, 2 * fg::mean_squared_error);
  fg::trainer trainer{net, measured, fg::adam{}, fg::training_options<double>{.seed = 3}};
  std::vector<double> targets(20, 0.25);
  const auto where = fg::points(inside, fg::with_targets<double>(sides, 2, targets, 1));
  const auto field = field_of(trainer);
  double squares = 0;
  for (std::size_t i = 0; i < sides.size(); i += 2)
    squares += std::pow(field(std::array{sides[i], sides[i + 1]})[0] - 0.25, 2);
  BOOST_TEST(trainer.evaluate(where).outputs[1].loss == 2 * squares / 20, boost::test_tools::tolerance(1e-12));
  std::vector<double> gradient(trainer.gradient_size());
  BOOST_TEST(trainer.loss_and_gradient(where, gradient) == trainer.evaluate(where).loss,
             boost::test_tools::tolerance(1e-12));
}

// Each epoch is one step on the points that are drawn for it; epoch 0's are those of everything else.
BOOST_AUTO_TEST_CASE(points_that_are_drawn_anew) {
  const fg::box domain{{-1, 0}, {1, 1}};
  const auto draw = [&](std::uint64_t epoch) { return domain.uniform(53, epoch); };
  auto by_fit = trainer_of(), by_hand = trainer_of();
  const auto where = fg::points(fg::resampled(draw), sides, at_start);
  by_fit.fit(where, {.epochs = 2, .progress = fg::progress_style::silent});
  by_fit.fit(where, {.epochs = 1, .progress = fg::progress_style::silent}); // goes on with epoch 2
  const std::uint32_t all[] = {0};
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    const std::vector<double> drawn = draw(epoch);
    by_hand.step(fg::points(drawn, sides, at_start), all);
  }
  for (const std::string& name : by_fit.parameter_names())
    BOOST_TEST(by_fit.read(name) == by_hand.read(name), boost::test_tools::per_element());
  const std::vector<double> first = draw(0);
  BOOST_TEST(by_fit.evaluate(where).loss == by_fit.evaluate(fg::points(first, sides, at_start)).loss);
}

BOOST_AUTO_TEST_CASE(points_are_added_where_the_equation_is_far_from_zero) {
  auto trainer = trainer_of();
  const std::vector<double> candidates = fg::box{{-1, 0}, {1, 1}}.sobol(2000, 1);
  const std::vector<double> squares = fg::squared_residuals(trainer, burgers, candidates);
  const auto field = field_of(trainer);
  for (std::size_t i = 0; i < 50; ++i) {
    const auto u = field(std::array{candidates[2 * i], candidates[2 * i + 1]});
    BOOST_TEST(squares[i] == std::pow(u[2] + u[0] * u[1] - 0.01 / pi * u[3], 2), boost::test_tools::tolerance(1e-11));
  }
  const auto mean = [&](const std::vector<double>& rows) {
    double sum = 0;
    for (const double r : fg::squared_residuals(trainer, burgers, rows)) sum += r;
    return sum / static_cast<double>(rows.size() / 2);
  };
  const double of_all = mean(candidates);
  const auto chosen = [&](fg::refinement how) { return fg::refined(trainer, burgers, candidates, 200, how); };
  BOOST_TEST(chosen({}).size() == 400u);
  BOOST_TEST(mean(chosen({.power = 1, .evenness = 0})) > 1.15 * of_all);
  BOOST_TEST(mean(chosen({.power = 4, .evenness = 0})) > mean(chosen({.power = 1, .evenness = 0})));
  BOOST_TEST(mean(chosen({.power = 0})) == of_all, boost::test_tools::tolerance(0.15));
  BOOST_TEST(chosen({.seed = 1}) != chosen({.seed = 2}), boost::test_tools::per_element());
  BOOST_TEST(fg::refined(trainer, burgers, candidates, 2000) == candidates, boost::test_tools::per_element());
  BOOST_CHECK_EXCEPTION(fg::refined(trainer, burgers, candidates, 2001), std::invalid_argument,
                        says("of 2000 candidates 2001 points were asked for."));
  BOOST_CHECK_EXCEPTION(chosen({.power = -1}), std::invalid_argument, says("refinement: power"));
  BOOST_CHECK_EXCEPTION(chosen({.evenness = std::nan("")}), std::invalid_argument, says("refinement: evenness"));
  BOOST_CHECK_EXCEPTION(fg::squared_residuals(trainer, burgers, std::vector<double>(3)), std::invalid_argument,
                        says("3 numbers are not whole points of 2."));
  trainer.write("1.weight", std::vector<double>(9, std::numeric_limits<double>::quiet_NaN()));
  BOOST_CHECK_EXCEPTION(chosen({}), std::invalid_argument, says("not finite at candidate 0"));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  auto trainer = trainer_of();
  const auto before = trainer.read("1.weight");
  const std::vector<double> odd(7);
  std::vector<double> infinite = sides;
  infinite[3] = std::numeric_limits<double>::infinity();
  const std::uint32_t first[] = {0};
  BOOST_CHECK_EXCEPTION(trainer.step(fg::points(inside, sides), first), std::invalid_argument,
                        says("are 2 sets of points, the loss takes 3."));
  BOOST_CHECK_EXCEPTION(trainer.step(fg::points<double>(inside, 2), first), std::invalid_argument,
                        says("are no sets of points"));
  BOOST_CHECK_EXCEPTION(trainer.step(fg::points(inside, odd, at_start), first), std::invalid_argument,
                        says("7 numbers are not whole samples of 2."));
  BOOST_CHECK_EXCEPTION(trainer.step(fg::points(inside, std::vector<double>{}, at_start), first), std::invalid_argument,
                        says("at least one sample"));
  BOOST_CHECK_EXCEPTION(trainer.fit(fg::points(inside, infinite, at_start), {.epochs = 1}), std::invalid_argument,
                        says("for output 1: feature 1 of sample 1 is infinite"));
  std::vector<double> room(3);
  BOOST_CHECK_EXCEPTION(trainer.loss_and_gradient(fg::points(inside, sides, at_start), room), std::invalid_argument,
                        says("was given room for 3."));
  BOOST_CHECK_EXCEPTION(trainer.minimise(fg::points(inside, sides, at_start), {.history = 0}), std::invalid_argument,
                        says("history"));
  BOOST_TEST(trainer.read("1.weight") == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
