// SPDX-License-Identifier: MIT
// test-arguments: --quick
// The equation of Allen and Cahn, u_t = 1e-4 u_xx + 5 (u - u^3), whose solution grows steep fronts: start and ends are
// built into what is solved for, and after each minimisation points move to where the equation is far from zero.

#include "reference.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/inspect/solution.hpp>
#include <fusegrad/physics.hpp>

namespace fg = fusegrad;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr auto net = fg::input<2> | fg::repeat<3>(fg::dense<32> | fg::tanh) | fg::dense<1>; // x, t

/// x^2 cos(pi x) at the start and -1 at the ends, whatever the network puts out.
constexpr auto solution = [](auto out, auto x, auto t) { return x * x * cos(pi * x) + t * (1 - x * x) * out; };
constexpr auto allen_cahn = fg::equation([](auto out, auto x, auto t) {
  const auto u = solution(out, x, t);
  return d(u, t) - allen_cahn_reference::diffusion * d(u, x, x) - allen_cahn_reference::reaction * (u - u * u * u);
});

struct options {
  std::string output = std::filesystem::is_directory("build/demo") ? "build/demo" : ".";
  std::size_t points = 4000, evaluations = 1500, rounds = 12;
  double power = 1;
  std::uint64_t seed = 1;
  int threads = 0;
  bool quick = false;
};

double run(const options& asked) {
  const fg::box domain{{-1, 0}, {1, 1}};
  constexpr std::size_t columns = 201, times = 101;
  const std::vector<double> grid = domain.grid({columns, times});
  const allen_cahn_reference reference;
  std::vector<double> exact;
  for (std::size_t i = 0; i < grid.size(); i += 2) exact.push_back(reference(grid[i], grid[i + 1]));

  fg::trainer trainer{net, fg::physics(allen_cahn), fg::adam{.learning_rate = 1e-3},
                      fg::training_options<double>{.seed = asked.seed, .threads = asked.threads}};
  const auto found = [&] {
    std::vector<double> u = trainer.predict(grid);
    for (std::size_t i = 0; i < u.size(); ++i) {
      const double x = grid[2 * i], t = grid[2 * i + 1];
      u[i] = x * x * std::cos(pi * x) + t * (1 - x * x) * u[i];
    }
    return u;
  };

  const auto begin = std::chrono::steady_clock::now();
  fg::inspect::solution_report report{.sets = {"inside"}};
  std::vector<double> inside = domain.sobol(asked.points, asked.seed);
  std::size_t evaluations = 0;
  const auto note = [&] {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    report.note(evaluations, seconds, trainer.evaluate(fg::points(inside)), fg::relative_error(found(), exact));
    return report.records.back();
  };
  note();
  for (std::size_t round = 0; round < asked.rounds; ++round) {
    if (round > 0)
      inside = fg::refined(trainer, allen_cahn, domain.sobol(10 * asked.points, asked.seed + round), asked.points,
                           {.power = asked.power, .seed = asked.seed + round});
    const auto result =
        trainer.minimise(fg::points(inside), fg::lbfgs{.evaluations = asked.evaluations, .history = 100});
    evaluations += result.evaluations;
    const auto now = note();
    std::printf("round %zu: %zu evaluations, %.1f s, loss %.2e, relative L2 error %.2e\n", round + 1, evaluations,
                now.seconds, now.loss, now.error);
    std::fflush(stdout);
    if (result.end == fg::lbfgs_end::interrupted) break;
  }

  const std::vector<double> u = found();
  const auto field = [&](auto number) {
    std::vector<std::vector<double>> rows(times, std::vector<double>(columns));
    for (std::size_t i = 0; i < u.size(); ++i) rows[i % times][i / times] = number(i);
    return rows;
  };
  const fg::inspect::axis x{.title = "x", .low = -1, .high = 1}, t{.title = "t", .low = 0, .high = 1};
  report.summary = fg::summary(net);
  report.fields = {
      {.title = "Solution", .x = x, .y = t, .values = {.title = "u"}, .numbers = field([&](auto i) { return u[i]; })},
      {.title = "Error", .x = x, .y = t, .values = {.title = "found - exact"}, .numbers = field([&](auto i) {
                                                                                 return u[i] - exact[i];
                                                                               })}};
  report.facts = {{"points", fg::base::grouped(asked.points)}, {"seed", std::to_string(asked.seed)}};
  const std::filesystem::path folder = asked.output;
  std::filesystem::create_directories(folder);
  fg::inspect::save_html(fg::inspect::to_page(report), "The equation of Allen and Cahn, solved by a network",
                         folder / "allen_cahn.html");
  std::printf("page: %s\n", (folder / "allen_cahn.html").c_str());
  return report.records.back().error;
}

} // namespace

int main(int argc, char** argv) {
  options asked;
  CLI::App app{"u_t = 1e-4 u_xx + 5 (u - u^3) with steep fronts, solved by a network."};
  app.add_option("--points", asked.points, "inside of the domain")
      ->check(CLI::Range(10, 1'000'000))
      ->capture_default_str();
  app.add_option("--rounds", asked.rounds, "minimisations, between which points move")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--evaluations", asked.evaluations, "of loss and gradient in each round")
      ->check(CLI::Range(2, 1'000'000))
      ->capture_default_str();
  app.add_option("--power", asked.power, "of the residual, by which points are chosen")->capture_default_str();
  app.add_option("--seed", asked.seed, "of the points and the initial weights")->capture_default_str();
  app.add_option("--threads", asked.threads, "0: all there are; the result does not depend on it")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--output", asked.output, "folder for allen_cahn.html")->capture_default_str();
  app.add_flag("--quick", asked.quick, "a few rounds of few points: for tests");
  CLI11_PARSE(app, argc, argv);
  if (asked.quick) asked.points = 800, asked.rounds = 3, asked.evaluations = 500;
  try {
    const double error = run(asked);
    std::printf("relative L2 error %.4f\n", error);
    // prints: relative L2 error 0.25 +- 0.08
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
