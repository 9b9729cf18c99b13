// SPDX-License-Identifier: MIT
// test-arguments: --quick
// Burgers' equation, u_t + u u_x = 0.01 / pi u_xx, as a loss: a network of eight layers of 20 units is trained until it
// solves it, by Adam and then by L-BFGS, and compared with the exact solution, which has a shock.

#include "exact.hpp"

#include <algorithm>
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/inspect/solution.hpp>

namespace fg = fusegrad;

namespace {

constexpr double pi = 3.14159265358979323846, nu = 0.01 / pi;
constexpr auto net = fg::input<2> | fg::repeat<8>(fg::dense<20> | fg::tanh) | fg::dense<1>; // x, t
constexpr auto burgers = fg::equation([](auto u, auto x, auto t) { return d(u, t) + u * d(u, x) - nu * d(u, x, x); });
constexpr auto walls = fg::equation([](auto u, auto, auto) { return u; });
constexpr auto start = fg::equation([](auto u, auto x, auto) { return u + sin(pi * x); });

struct options {
  std::string output = std::filesystem::is_directory("build/demo") ? "build/demo" : ".";
  std::string problem; // where points and initial weights are written for other systems; empty: nowhere
  std::size_t points = 2540, at_walls = 80, at_start = 160;
  std::size_t adam = 1000, evaluations = 1000, rounds = 12;
  double until = 0;
  std::uint64_t seed = 1;
  int threads = 0;
  bool quick = false;
};

/// The error is looked at on 256 places at each of 100 times.
constexpr std::size_t columns = 256, times = 100;
const fg::box domain{{-1, 0}, {1, 1}};

class run {
public:
  explicit run(const options& asked) : asked_{asked} {
    for (std::size_t i = 0; i < grid_.size(); i += 2) exact_.push_back(exact_burgers(grid_[i], grid_[i + 1], nu));
    report_.sets = {"inside", "walls", "start"};
    report_.summary = fg::summary(net);
    report_.stages = {{0, "Adam"}, {asked.adam, "L-BFGS"}};
  }

  double solve() {
    if (!asked_.problem.empty()) write_problem();
    begin_ = std::chrono::steady_clock::now();
    const std::size_t every = std::max<std::size_t>(1, asked_.adam / 10);
    trainer_.fit(fg::points(inside_, sides_, initial_), {.epochs = asked_.adam, .on_epoch = [&](const auto& epoch) {
                                                           if (epoch.epoch % every == 0) note(epoch.epoch);
                                                           return true;
                                                         }});
    std::size_t before = asked_.adam;
    for (std::size_t round = 0; round < asked_.rounds && !is_done(); ++round) {
      if (round > 0) refine(round);
      std::size_t next = every;
      const auto result = trainer_.minimise(
          fg::points(inside_, sides_, initial_),
          fg::lbfgs{.evaluations = asked_.evaluations, .history = 100, .on_iteration = [&](const auto& now) {
                      if (now.evaluations < next) return true;
                      next += every;
                      note(before + now.evaluations);
                      return !is_done();
                    }});
      before += result.evaluations;
      if (report_.records.back().evaluations != before) note(before);
      if (result.end == fg::lbfgs_end::interrupted) break;
    }
    return report_.records.back().error;
  }

  void write_page() {
    const std::vector<double> found = trainer_.predict(grid_);
    const fg::inspect::axis x{.title = "x", .low = -1, .high = 1}, t{.title = "t", .low = 0, .high = 0.99};
    report_.fields = {
        {.title = "Solution", .x = t, .y = x, .values = {.title = "u"}, .numbers = field(found)},
        {.title = "Error", .x = t, .y = x, .values = {.title = "found - exact"}, .numbers = field(difference(found))}};
    for (const std::size_t time : {25u, 50u, 75u}) report_.charts.push_back(slice(found, time));
    report_.facts = {{"points", fg::base::grouped(asked_.points) + " inside, " + fg::base::grouped(asked_.at_walls) +
                                    " at the walls, " + fg::base::grouped(asked_.at_start) + " at the start"},
                     {"threads", asked_.threads == 0 ? "all" : std::to_string(asked_.threads)},
                     {"seed", std::to_string(asked_.seed)},
                     {"instructions", std::string(fg::math::isa_name)},
                     {"fusegrad", std::string(fg::version)}};
    const std::filesystem::path folder = asked_.output;
    std::filesystem::create_directories(folder);
    fg::inspect::save_html(fg::inspect::to_page(report_), "Burgers' equation, solved by a network",
                           folder / "burgers.html");
    fg::io::save(trainer_, folder / "burgers.safetensors");
    std::printf("weights: %s\npage:    %s\n", (folder / "burgers.safetensors").c_str(),
                (folder / "burgers.html").c_str());
  }

private:
  [[nodiscard]] bool is_done() const {
    return !report_.records.empty() && report_.records.back().error <= asked_.until;
  }

  /// The time that this takes is not counted.
  void note(std::size_t evaluations) {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    report_.note(evaluations, seconds, trainer_.evaluate(fg::points(inside_, sides_, initial_)),
                 fg::relative_error(trainer_.predict(grid_), exact_));
    std::printf("%6zu evaluations %8.2f s  loss %.2e  relative L2 error %.2e\n", evaluations, seconds,
                report_.records.back().loss, report_.records.back().error);
    std::fflush(stdout);
    begin_ += std::chrono::steady_clock::now() - now;
  }

  /// Points move to where the equation is far from zero.
  void refine(std::size_t round) {
    inside_ = fg::refined(trainer_, burgers, domain.sobol(10 * asked_.points, asked_.seed + round), asked_.points,
                          {.seed = asked_.seed + round});
  }

  /// Rows of places, columns of times.
  [[nodiscard]] static std::vector<std::vector<double>> field(const std::vector<double>& of) {
    std::vector<std::vector<double>> rows(columns);
    for (std::size_t i = 0; i < of.size(); ++i) rows[i / times].push_back(of[i]);
    return rows;
  }
  [[nodiscard]] std::vector<double> difference(const std::vector<double>& found) const {
    std::vector<double> by;
    for (std::size_t i = 0; i < found.size(); ++i) by.push_back(found[i] - exact_[i]);
    return by;
  }
  [[nodiscard]] fg::inspect::line_chart slice(const std::vector<double>& found, std::size_t time) const {
    fg::inspect::line_chart chart{.title = "At t = " + fg::base::fixed(0.01 * static_cast<double>(time), 2),
                                  .x = {.title = "x"},
                                  .y = {.title = "u", .scale = fg::inspect::scale::linear},
                                  .lines = {{.name = "exact"}, {.name = "found"}}};
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t i = column * times + time;
      for (auto& line : chart.lines) line.x.push_back(grid_[2 * i]);
      chart.lines[0].y.push_back(exact_[i]);
      chart.lines[1].y.push_back(found[i]);
    }
    return chart;
  }

  /// Points of each set, and the initial weights under their names.
  void write_problem() const {
    std::string text;
    const auto add = [&](const std::string& name, const std::vector<double>& numbers) {
      text += name;
      for (const double number : numbers) text += ' ' + fg::base::fixed(number, 17);
      text += '\n';
    };
    add("inside", inside_), add("walls", sides_), add("start", initial_), add("grid", grid_), add("exact", exact_);
    for (const std::string& name : trainer_.parameter_names()) add(name, trainer_.read(name));
    std::FILE* const file = std::fopen(asked_.problem.c_str(), "w");
    if (file == nullptr || std::fputs(text.c_str(), file) < 0 || std::fclose(file) != 0)
      throw std::runtime_error(asked_.problem + " cannot be written.");
  }

  options asked_;
  std::vector<double> inside_ = domain.sobol(asked_.points, asked_.seed),
                      sides_ = domain.faces(0).sobol(asked_.at_walls, asked_.seed),
                      initial_ = domain.low_face(1).sobol(asked_.at_start, asked_.seed);
  std::vector<double> grid_ = fg::box{{-1, 0}, {1, 0.99}}.grid({columns, times}), exact_;
  fg::trainer<std::remove_const_t<decltype(net)>, std::remove_const_t<decltype(fg::physics(burgers, walls, start))>,
              fg::adam, double>
      trainer_{net, fg::physics(burgers, walls, start), fg::adam{.learning_rate = 1e-3},
               fg::training_options<double>{.seed = asked_.seed, .threads = asked_.threads}};
  fg::inspect::solution_report report_;
  std::chrono::steady_clock::time_point begin_;
};

} // namespace

int main(int argc, char** argv) {
  options asked;
  CLI::App app{"Burgers' equation, solved by a network of eight layers that is trained on the equation itself."};
  app.add_option("--adam", asked.adam, "steps of Adam")->check(CLI::Range(1, 10'000'000))->capture_default_str();
  app.add_option("--rounds", asked.rounds, "minimisations by L-BFGS; between them points inside move")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_option("--evaluations", asked.evaluations, "of loss and gradient in each round")
      ->check(CLI::Range(2, 10'000'000))
      ->capture_default_str();
  app.add_option("--until", asked.until, "stop at this relative L2 error")->capture_default_str();
  app.add_option("--points", asked.points, "inside of the domain")
      ->check(CLI::Range(10, 10'000'000))
      ->capture_default_str();
  app.add_option("--seed", asked.seed, "of the points and the initial weights")->capture_default_str();
  app.add_option("--threads", asked.threads, "0: all there are; the result does not depend on it")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--output", asked.output, "folder for burgers.html and burgers.safetensors")->capture_default_str();
  app.add_option("--problem", asked.problem, "file for points and initial weights, for other systems");
  app.add_flag("--quick", asked.quick, "few points, and failure above an error of 0.5: for tests");
  CLI11_PARSE(app, argc, argv);
  if (asked.quick) asked.points = 400, asked.adam = 200, asked.evaluations = 150, asked.rounds = 2;
  try {
    run solving(asked);
    const double error = solving.solve();
    solving.write_page();
    std::printf("relative L2 error %.4f\n", error);
    // prints: relative L2 error 0.28 +- 0.05
    return asked.quick && !(error < 0.5) ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
