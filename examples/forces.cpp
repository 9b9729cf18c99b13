// SPDX-License-Identifier: MIT
// Energies and forces of clusters of three to five atoms: the same small net for each atom, on how many neighbours it
// has at which distance, summed over those that are there; the forces are its exact gradient, and are learned with it
// from the potential of Lennard and Jones.
// test-arguments: --quick
// prints: error of the forces below a fifth of them: yes

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fusegrad/base/random.hpp>
#include <fusegrad/physics.hpp>
#include <span>
#include <vector>

namespace fg = fusegrad;

namespace {

constexpr std::size_t most_atoms = 5, shells = 8, columns = 4 * most_atoms, asked = 1 + 3 * most_atoms;

/// A soft shell around an atom in which neighbours are counted: shells are as far apart in 1 / distance^2, so that
/// there are more of them where the potential is steep. An atom itself is in none.
template <std::size_t Shell> struct in_shell {
  template <class Square, class There> constexpr auto operator()(Square r2, There there) const {
    constexpr double middle = 0.1 + 0.12 * Shell;
    return exp(-50.0 * square(1 / (r2 + 0.1) - middle)) * there;
  }
};

/// Positions and a mask in; for each atom its number of neighbours in each shell, and the mask, out.
struct neighbourhoods : fg::layer {
  static constexpr std::string_view name = "neighbourhoods";
  template <class Position, class In> static constexpr auto check() {
    return fg::layers::wire_shapes<fg::shape<most_atoms, shells>, fg::shape<most_atoms>>{};
  }
  static constexpr fg::wire emit(fg::emitter& e, const fg::wire& in) {
    const fg::row x = in[0], there = in[1];
    const fg::row norm = e.row_sum(e.map([](auto v) { return v * v; }, x));
    const fg::row products = e.value_product(x, x, fg::tensor::transposed_factor::right_one);
    const fg::row r2 = e.map([](auto p, auto a, auto b) { return a + b - 2 * p; }, products, norm,
                             e.reshape(norm, fg::shape<most_atoms>));
    fg::wire counts;
    [&]<std::size_t... Shell>(std::index_sequence<Shell...>) {
      (counts.push_back(e.row_sum(e.map(in_shell<Shell>{}, r2, there))), ...);
    }(std::make_index_sequence<shells>{});
    fg::wire out;
    out.push_back(e.concat(counts));
    out.push_back(there);
    return out;
  }
};

constexpr auto net = fg::inputs<fg::shape<most_atoms, 3>, fg::shape<most_atoms>> | neighbourhoods{} |
                     fg::each(fg::dense<16> | fg::tanh | fg::dense<16> | fg::tanh | fg::dense<1>, fg::identity) |
                     fg::masked_sum | fg::forces;

struct clusters {
  std::vector<float> inputs, targets;

  clusters(std::size_t count, std::uint64_t seed) {
    const fg::base::random_stream random(seed);
    std::uint64_t drawn = 0;
    const auto between = [&](double low, double high) { return low + (high - low) * random.uniform<double>(drawn++); };
    for (std::size_t c = 0; c < count; ++c) {
      const std::size_t atoms = 3 + c % 3;
      std::array<double, 3 * most_atoms> x{};
      for (std::size_t a = 0; a < atoms;) {
        for (std::size_t k = 0; k < 3; ++k) x[3 * a + k] = between(-1.1, 1.1);
        bool is_free = true;
        for (std::size_t b = 0; b < a; ++b) is_free = is_free && square_between(x, a, b) > 0.9;
        if (is_free) ++a;
      }
      add(x, atoms);
    }
  }
  [[nodiscard]] auto view() const { return fg::with_targets<float>(inputs, columns, targets, asked); }

private:
  static double square_between(std::span<const double> x, std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k) sum += (x[3 * a + k] - x[3 * b + k]) * (x[3 * a + k] - x[3 * b + k]);
    return sum;
  }
  /// Lennard-Jones: 4 (r^-12 - r^-6) for each pair.
  void add(std::span<const double> x, std::size_t atoms) {
    std::array<double, asked> made{};
    for (std::size_t a = 0; a < atoms; ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const double s = 1 / square_between(x, a, b), s3 = s * s * s;
        made[0] += 4 * (s3 * s3 - s3);
        const double push = 24 * (2 * s3 * s3 - s3) * s;
        for (std::size_t k = 0; k < 3; ++k) {
          made[1 + 3 * a + k] += push * (x[3 * a + k] - x[3 * b + k]);
          made[1 + 3 * b + k] -= push * (x[3 * a + k] - x[3 * b + k]);
        }
      }
    for (double v : x) inputs.push_back(static_cast<float>(v));
    for (std::size_t a = 0; a < most_atoms; ++a) inputs.push_back(a < atoms ? 1.0F : 0.0F);
    for (double v : made) targets.push_back(static_cast<float>(v));
  }
};

/// The root of the mean square of what is asked for in some columns, and of what is wrong there.
std::array<double, 2> deviations(std::span<const float> asked_for, std::span<const float> given, std::size_t first,
                                 std::size_t last) {
  double all = 0, wrong = 0, count = 0;
  for (std::size_t i = 0; i < asked_for.size(); ++i) {
    if (i % asked < first || i % asked >= last) continue;
    all += static_cast<double>(asked_for[i]) * static_cast<double>(asked_for[i]);
    const double error = static_cast<double>(given[i]) - static_cast<double>(asked_for[i]);
    wrong += error * error;
    ++count;
  }
  return {std::sqrt(all / count), std::sqrt(wrong / count)};
}

struct options {
  std::size_t clusters = 6000, epochs = 400;
  double learning_rate = 0.01;
  std::uint64_t seed = 1;
  int threads = 0;
  bool quick = false;
};

/// The error of forces on clusters that were not learned from, relative to the forces.
double run(const options& chosen) {
  const clusters known(chosen.clusters, chosen.seed), unseen(300, chosen.seed + 1);
  fg::trainer trainer{net, fg::losses(fg::mean_squared_error, fg::mean_squared_error),
                      fg::adam{.learning_rate = chosen.learning_rate},
                      fg::training_options<float>{.seed = chosen.seed, .threads = chosen.threads}};
  trainer.fit(known.view(),
              {.epochs = chosen.epochs, .batch_size = 50, .learning_rate_schedule = fg::schedule::cosine()});
  const std::vector<float> given = trainer.predict(unseen.inputs);
  const auto [energy, energy_error] = deviations(unseen.targets, given, 0, 1);
  const auto [force, force_error] = deviations(unseen.targets, given, 1, asked);
  std::printf("energy: root mean square %.2f, error %.3f\n", energy, energy_error);
  std::printf("forces: root mean square %.2f, error %.3f\n", force, force_error);
  return force_error / force;
}

} // namespace

int main(int argc, char** argv) {
  options chosen;
  CLI::App app{
      "Energies and forces of clusters of three to five atoms, learned from the potential of Lennard and Jones."};
  app.add_option("--clusters", chosen.clusters, "to learn from; 300 others are to check")
      ->check(CLI::Range(50, 1'000'000))
      ->capture_default_str();
  app.add_option("--epochs", chosen.epochs)->check(CLI::Range(1, 100'000))->capture_default_str();
  app.add_option("--learning-rate", chosen.learning_rate)->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seed", chosen.seed, "of the clusters and the initial weights")->capture_default_str();
  app.add_option("--threads", chosen.threads, "0: all there are; the result does not depend on it")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--quick", chosen.quick, "fewer clusters and epochs: for tests");
  CLI11_PARSE(app, argc, argv);
  if (chosen.quick) chosen.clusters = 3000, chosen.epochs = 150;
  std::printf("error of the forces below a fifth of them: %s\n", run(chosen) < 0.2 ? "yes" : "no");
}
