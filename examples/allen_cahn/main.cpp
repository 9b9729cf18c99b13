// SPDX-License-Identifier: MIT
// test-arguments: --quick
// The equation of Allen and Cahn, u_t = 1e-4 u_xx + 5 (u - u^3), whose solution grows steep fronts. Start and ends are
// built into what is solved for, symmetry into what the network sees; the time that is solved for grows, and after each
// minimisation points move to where the equation is far from zero.

#include "reference.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/inspect/solution.hpp>
#include <fusegrad/physics.hpp>

namespace fg = fusegrad;

namespace {

constexpr double pi = 3.14159265358979323846;
/// Of x, t it sees cos(pi x), which is even and periodic as the solution is, and the time from -1 to 1.
constexpr auto wave = fg::activation([](auto x) { return cos(pi * x); });
constexpr auto centred = fg::activation([](auto t) { return 2 * t - 1; });
constexpr auto net = fg::input<2> | fg::groups(fg::on<1>(wave), fg::on<1>(centred)) |
                     fg::repeat<3>(fg::dense<32> | fg::tanh) | fg::dense<1>;

/// x^2 cos(pi x) at the start and -1 at the ends, whatever the network puts out.
constexpr auto solution = [](auto out, auto x, auto t) {
  using std::cos;
  return x * x * cos(pi * x) + t * (1 - x * x) * out;
};
constexpr auto allen_cahn = fg::equation([](auto out, auto x, auto t) {
  const auto u = solution(out, x, t);
  return d(u, t) - allen_cahn_reference::diffusion * d(u, x, x) - allen_cahn_reference::reaction * (u - u * u * u);
});

struct options {
  std::string output = std::filesystem::is_directory("build/demo") ? "build/demo" : ".";
  std::size_t points = 2000, growing = 5, rounds = 5, evaluations = 1500;
  double power = 1;
  std::uint64_t seed = 1;
  int threads = 0;
  bool quick = false;
};

double run(const options& asked) {
  const fg::box domain{{0, 0}, {1, 1}}; // the other half is the same
  constexpr std::size_t columns = 201, times = 101;
  const std::vector<double> grid = domain.grid({columns, times});
  const allen_cahn_reference reference;
  std::vector<double> exact;
  for (std::size_t i = 0; i < grid.size(); i += 2) exact.push_back(reference(grid[i], grid[i + 1]));

  fg::trainer trainer{net, fg::physics(allen_cahn), fg::adam{.learning_rate = 1e-3},
                      fg::training_options<double>{.seed = asked.seed, .threads = asked.threads}};
  const auto found = [&] {
    std::vector<double> u = trainer.predict(grid);
    for (std::size_t i = 0; i < u.size(); ++i) u[i] = solution(u[i], grid[2 * i], grid[2 * i + 1]);
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
  for (std::size_t round = 0; round < asked.growing + asked.rounds; ++round) {
    const bool grows = round < asked.growing;
    const double end = grows ? 0.2 + 0.8 * static_cast<double>(round) / static_cast<double>(asked.growing) : 1;
    const fg::box part{{0, 0}, {1, end}};
    if (round == 0)
      inside = part.sobol(asked.points, asked.seed);
    else
      inside = fg::refined(trainer, allen_cahn, part.sobol(10 * asked.points, asked.seed + round), asked.points,
                           {.power = asked.power, .seed = asked.seed + round});
    const auto result =
        trainer.minimise(fg::points(inside),
                         fg::lbfgs{.evaluations = grows ? asked.evaluations / 3 : asked.evaluations, .history = 100});
    evaluations += result.evaluations;
    const auto now = note();
    std::printf("until t = %.2f: %zu evaluations, %.1f s, loss %.2e, relative L2 error %.2e\n", end, evaluations,
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
  const fg::inspect::axis x{.title = "x", .low = 0, .high = 1}, t{.title = "t", .low = 0, .high = 1};
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
  app.add_option("--growing", asked.growing, "minimisations of a third of the evaluations, each for a longer time")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  app.add_option("--rounds", asked.rounds, "minimisations for all of the time; between any two points move")
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
  if (asked.quick) asked.points = 800, asked.growing = 4, asked.rounds = 2, asked.evaluations = 600;
  try {
    const double error = run(asked);
    std::printf("relative L2 error %.4f\n", error);
    // prints: relative L2 error 0.06 +- 0.05
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
