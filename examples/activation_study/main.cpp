// SPDX-License-Identifier: MIT
// test-arguments: --quick
// Puts twelve claims about activation functions to the test, and writes a page with plots and verdicts.

#include "claims.hpp"
#include "progress.hpp"
#include "result_page.hpp"
#include "samples.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <fstream>
#include <fusegrad/inspect/version.hpp>
#include <fusegrad/math/isa.hpp>
#include <fusegrad/run/team.hpp>

namespace fg = fusegrad;

namespace {

struct known_claim {
  int number;
  const char* topic;
  double on_digits, with_mnist; ///< about so many seconds it takes; only shares matter, for the time that is left
  study::claim_result (*examine)(const study::settings&);

  double seconds(const study::settings& asked) const { return asked.mnist != nullptr ? with_mnist : on_digits; }
};

// A claim that takes another time for --quick is none the worse: only the time left is then less exact.
constexpr known_claim known_claims[] = {
    {1, "vanishing gradients", 5, 10, study::vanishing_gradients},
    {2, "exact zeros", 3, 6, study::exact_zeros},
    {3, "dying units", 28, 58, study::dying_units},
    {4, "speed of learning on digits", 7, 23, study::digits_speed},
    {5, "cost of ReLU", 8, 8, study::cost_of_relu},
    {6, "exploding gradients", 9, 18, study::exploding_gradients},
    {7, "symmetric targets", 18, 18, study::symmetric_targets},
    {8, "exclusive or", 3, 3, study::exclusive_or},
    {9, "few samples", 17, 17, study::few_samples},
    {10, "mixed groups", 7, 9, study::mixed_groups},
    {11, "matched initialisation", 18, 38, study::matched_initialisation},
    {12, "skipping zeros", 8, 8, study::skipping_zeros},
};

struct options {
  study::settings study = {};
  std::string output = "activation_study.html";
  std::vector<int> only = {};
  bool list = false;
};

std::string command_line(int count, char** words) {
  std::string line = std::filesystem::path(words[0]).filename().string();
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const bool is_plain =
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,=+:") == word.npos;
    line += ' ' + (is_plain && !word.empty() ? word : "'" + word + "'");
  }
  return line;
}

std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", std::gmtime(&now));
  return {text, size};
}

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__VERSION__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(std::min(line.size(), line.find(": ") + 2));
  return "unknown";
}

std::vector<study::examined> examine(const std::vector<known_claim>& claims, study::settings asked,
                                     std::vector<std::string>& failures) {
  double expected = 0;
  for (const known_claim& c : claims) expected += c.seconds(asked);
  study::progress shown(claims.size(), expected);
  asked.progress = [&shown](double share) { shown.tell(share); };
  std::vector<study::examined> all;
  for (const known_claim& c : claims) {
    const auto start = std::chrono::steady_clock::now();
    shown.begin(std::to_string(c.number) + " " + c.topic, c.seconds(asked));
    try {
      all.push_back({c.examine(asked)});
      all.back().seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      shown.end(study::in_words(all.back().result.decision) + " (" + fg::base::duration(all.back().seconds) + ")");
    } catch (const std::exception& error) {
      failures.push_back("claim " + std::to_string(c.number) + ": " + error.what());
      shown.end("failed");
    }
  }
  return all;
}

void print_verdicts(const std::vector<study::examined>& all) {
  std::printf("\n");
  for (const study::examined& e : all)
    std::printf("%3d  %-13s  %s\n", e.result.number, study::in_words(e.result.decision).c_str(),
                e.result.claim.c_str());
}

/// What a reader would miss.
void find_gaps(const std::vector<study::examined>& all, const std::string& html, std::vector<std::string>& failures) {
  for (const study::examined& e : all) {
    const std::string name = "claim " + std::to_string(e.result.number);
    if (html.find("<section id=\"" + study::id_of(e.result.number) + "\"") == html.npos)
      failures.push_back(name + " is missing from the page");
    if (e.result.because.empty()) failures.push_back(name + " gives no reason for its verdict");
    if (e.result.details.html().find("<svg") == std::string::npos &&
        e.result.details.html().find("<table") == std::string::npos)
      failures.push_back(name + " shows no numbers");
  }
}

int run(options asked, const std::string& command) {
  std::vector<known_claim> claims;
  for (const known_claim& c : known_claims)
    if (asked.only.empty() || std::find(asked.only.begin(), asked.only.end(), c.number) != asked.only.end())
      claims.push_back(c);
  const auto start = std::chrono::steady_clock::now();
  const study::image_set digits = study::load_digits();
  const std::optional<study::image_set> more_mnist = study::load_reduced_mnist(asked.study.data);
  const study::image_set mnist = more_mnist ? study::as_many_as(digits, *more_mnist) : study::image_set{};
  asked.study.images = &digits;
  if (more_mnist) asked.study.mnist = &mnist, asked.study.more_mnist = &*more_mnist;

  std::vector<std::string> failures;
  const std::vector<study::examined> all = examine(claims, asked.study, failures);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const study::page page = study::page_of(
      all, {{"command", command},
            {"date", today()},
            {"took", fg::base::duration(seconds)},
            {"seeds", std::to_string(asked.study.seeds) +
                          (asked.study.quick ? " (--quick: fewer seeds, steps and sizes than the whole study)" : "")},
            {"data", more_mnist ? "1,797 handwritten digits (UCI), and MNIST from " + asked.study.data +
                                      ", reduced to 8 x 8 pixels"
                                : "1,797 handwritten digits (UCI)"},
            {"processor", processor()},
            {"threads", std::to_string(fg::execution::team{asked.study.threads}.size())},
            {"vectors", std::to_string(8 * fg::math::vector_bytes) + " bits (" + std::string(fg::math::isa_name) + ")"},
            {"compiler", compiler()},
            {"fusegrad", std::string(fg::version)}});
  print_verdicts(all);
  const std::string title = "What activation functions do to training";
  fg::inspect::save_html(page, title, asked.output);
  find_gaps(all, page.html(), failures);
  std::printf("\npage: %s (%s in all)\n", asked.output.c_str(), fg::base::duration(seconds).c_str());
  for (const std::string& failure : failures) std::fprintf(stderr, "%s\n", failure.c_str());
  return failures.empty() && all.size() == claims.size() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  options asked;
  int seeds = 0;
  CLI::App app{"Puts twelve claims about activation functions to the test, and writes a page with plots and verdicts."};
  app.add_flag("--quick", asked.study.quick,
               "about a minute on two cores instead of two to five: fewer seeds, steps and sizes");
  app.add_option("--output", asked.output, "the page")->capture_default_str();
  app.add_option("--data", asked.study.data,
                 "folder with MNIST in IDX form (train-* and t10k-*, or one of them; plain or .gz): all claims that "
                 "are examined on images are examined on MNIST too")
      ->check(CLI::ExistingDirectory);
  app.add_option("--seeds", seeds, "random starts for each number; 5, or 3 with --quick")->check(CLI::Range(1, 1000));
  app.add_option("--only", asked.only, "numbers of claims, such as 3,8")->delimiter(',')->check(CLI::Range(1, 12));
  app.add_option("--threads", asked.study.threads, "0: all there are; but for times, no number depends on it")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--list", asked.list, "name the claims, and do nothing else");
  CLI11_PARSE(app, argc, argv);
  if (asked.list) {
    for (const known_claim& c : known_claims) std::printf("%3d  %s\n", c.number, c.topic);
    return 0;
  }
  asked.study.seeds = seeds > 0 ? seeds : asked.study.quick ? 3 : 5;
  try {
    return run(std::move(asked), command_line(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
