// SPDX-License-Identifier: MIT
#include "chain.hpp"
#include "claims.hpp"
#include "compiled_deep_nets.hpp"
#include "on_each_data_set.hpp"
#include "runs.hpp"
#include "starts.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fusegrad/base/random.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace study {

namespace {

constexpr std::size_t width = 32, samples_looked_at = 64;
constexpr std::array<std::size_t, 5> depths{2, 5, 10, 20, 50};
// Below that 48 layers more leave less than a tenth.
constexpr double shrinks_below = 0.955, geometric_from = 0.9;

struct batch {
  rows<double> inputs;
  std::vector<std::int32_t> labels;
};

batch first_samples(const fusegrad::data::dataset<float>& samples, std::uint64_t seed) {
  std::vector<std::uint32_t> chosen = fusegrad::base::permutation(static_cast<std::uint32_t>(samples.size()), seed);
  chosen.resize(samples_looked_at);
  batch b{inputs_of<double>(samples, chosen), {}};
  for (std::uint32_t i : chosen) b.labels.push_back(samples.label(i));
  return b;
}

chain<double> net_of(const known_activation& f, const start& how, std::size_t depth, std::uint64_t seed) {
  std::vector<std::size_t> widths(depth + 2, width);
  widths.front() = 64;
  widths.back() = 10;
  return chain<double>::drawn(f, widths, seed, [&](std::size_t l, double in, double out) {
    return how.deviation(l < depth ? &f : nullptr, in, out);
  });
}

/// How norms lie on a geometric course.
struct course {
  double factor = std::nan(""); ///< for each layer more; 0: a gradient is zero; infinite: one is not finite
  double fit = 0;               ///< share of the variance of the logarithms that a straight line explains
};

/// Norms at places in rising order.
course course_of(const std::vector<double>& places, const std::vector<double>& norms) {
  for (double n : norms)
    if (!std::isfinite(n)) return {HUGE_VAL, 0};
  for (double n : norms)
    if (n < 1e-300) return {0, 1};
  const auto count = static_cast<double>(norms.size());
  double x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < norms.size(); ++i) {
    x += places[i] / count;
    y += std::log(norms[i]) / count;
  }
  for (std::size_t i = 0; i < norms.size(); ++i) {
    const double dx = places[i] - x, dy = std::log(norms[i]) - y;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  return {std::exp(xy / xx), yy > 0 ? xy * xy / (xx * yy) : 0};
}

/// An activation with a start.
struct examined {
  std::array<std::vector<std::vector<double>>, depths.size()> norms; ///< [depth][seed][layer]

  /// Of the first layer's gradient, over the depth of the net.
  course with_depth(std::size_t seed) const {
    std::vector<double> places, first;
    for (std::size_t d = 0; d < depths.size(); ++d) {
      places.push_back(static_cast<double>(depths[d]));
      first.push_back(norms[d][seed].front());
    }
    return course_of(places, first);
  }
  /// Within the deepest net, from the last hidden layer back to the second; the first has other inputs.
  course within(std::size_t seed) const {
    const std::vector<double>& all = norms.back()[seed];
    std::vector<double> places;
    const std::vector<double> hidden(all.rbegin() + 1, all.rend() - 1);
    for (std::size_t i = 0; i < hidden.size(); ++i) places.push_back(static_cast<double>(i));
    return course_of(places, hidden);
  }
  spread over_seeds(course (examined::*of)(std::size_t) const, double course::* what) const {
    std::vector<double> all;
    for (std::size_t seed = 0; seed < norms.back().size(); ++seed) all.push_back((this->*of)(seed).*what);
    return spread_of(all);
  }
  spread factor() const { return over_seeds(&examined::with_depth, &course::factor); }
  spread factor_within() const { return over_seeds(&examined::within, &course::factor); }
  bool vanishes() const {
    return factor().high < shrinks_below && over_seeds(&examined::with_depth, &course::fit).median > geometric_from;
  }

  spread at_layer(std::size_t d, std::size_t layer) const {
    std::vector<double> all;
    for (const auto& n : norms[d]) all.push_back(n[layer]);
    return spread_of(all);
  }
};

struct measured {
  std::span<const known_activation> activations;
  std::vector<std::array<examined, starts.size()>> of; ///< [activation][start]

  const std::array<examined, starts.size()>& named(std::string_view name) const {
    const auto at = std::find_if(activations.begin(), activations.end(),
                                 [name](const known_activation& f) { return f.name == name; });
    return of[static_cast<std::size_t>(at - activations.begin())];
  }
  /// With how many of the starts it vanishes.
  std::size_t vanishing(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(named(name).begin(), named(name).end(), [](const examined& c) { return c.vanishes(); }));
  }
};

measured measure(const settings& asked) {
  measured all{known_activations(), {}};
  all.of.resize(all.activations.size());
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  for (auto& of_start : all.of)
    for (examined& c : of_start)
      for (auto& of_depth : c.norms) of_depth.resize(seeds);
  for_each_run(
      all.activations.size() * starts.size() * seeds, asked.threads,
      [&](std::size_t i) {
        const std::size_t a = i / seeds / starts.size(), s = i / seeds % starts.size(), seed = i % seeds;
        const batch samples = first_samples(asked.images->train, seed);
        for (std::size_t d = 0; d < depths.size(); ++d)
          all.of[a][s].norms[d][seed] =
              net_of(all.activations[a], starts[s], depths[d], seed).gradient_norms(samples.inputs, samples.labels);
      },
      asked.progress);
  return all;
}

/// The largest relative difference between the plain loops and what the library compiles.
double difference_to_compiled(const settings& asked) {
  const batch samples = first_samples(asked.images->train, 0);
  double largest = 0;
  for (const compiled_deep_net& compiled : compiled_deep_nets())
    for (const start& how : starts) {
      const chain<double> plain = net_of(activation_named(compiled.activation), how, compiled_depth, 0);
      const std::vector<double> here = plain.gradient_norms(samples.inputs, samples.labels),
                                there = compiled.gradient_norms(plain, samples.inputs, samples.labels);
      for (std::size_t l = 0; l < here.size(); ++l) largest = std::max(largest, std::abs(here[l] - there[l]) / here[l]);
    }
  return largest;
}

double largest_slope(std::string_view name) {
  const known_activation& f = activation_named(name);
  double largest = 0;
  for (int i = -1'000'000; i <= 1'000'000; ++i) largest = std::max(largest, f.slope(2e-5 * i));
  return largest;
}

verdict judge(const measured& all, double slope) {
  const std::size_t sigmoid = all.vanishing("sigmoid"), tanh = all.vanishing("tanh"), relu = all.vanishing("relu");
  if (sigmoid == starts.size() && tanh == starts.size() && relu == 0 && slope <= 0.25) return verdict::supported;
  return (sigmoid == 0 && tanh == 0) || relu == starts.size() || slope > 0.25 ? verdict::not_supported
                                                                              : verdict::depends;
}

std::string factor_in_words(const spread& s) {
  if (std::isinf(s.median)) return "not finite";
  return fusegrad::base::fixed(s.median, 3) + " (" + fusegrad::base::fixed(s.low, 3) + " to " +
         (std::isinf(s.high) ? "infinity" : fusegrad::base::fixed(s.high, 3)) + ")";
}

std::string factors_of(const measured& all, std::string_view name) {
  std::string text = std::string(name) + ":";
  for (std::size_t s = 0; s < starts.size(); ++s)
    text += (s ? ", " : " ") + fusegrad::base::fixed(all.named(name)[s].factor().median, 2) + " (" +
            std::string(starts[s].name) + ")";
  return text;
}

series line_of(const std::string& name, const examined& c, std::size_t d) {
  series line{name, {}, {}, {}, {}};
  for (std::size_t l = 0; l < depths[d]; ++l) {
    const spread s = c.at_layer(d, l);
    line.x.push_back(static_cast<double>(l + 1));
    line.y.push_back(s.median);
    line.low.push_back(s.low);
    line.high.push_back(s.high);
  }
  return line;
}

constexpr std::array<std::string_view, 6> shown{"sigmoid", "tanh", "relu", "gelu", "selu", "softsign"};

void add_charts(page& details, const measured& all) {
  using fusegrad::inspect::scale;
  for (std::size_t s : {0u, 2u}) {
    fusegrad::inspect::line_chart chart{"Gradient of each of 50 layers, start: " + std::string(starts[s].name),
                                        "Median of the seeds, band from quartile to quartile",
                                        {"layer", "", scale::linear},
                                        {"gradient norm", "", scale::logarithmic},
                                        {}};
    for (std::string_view name : shown)
      chart.lines.push_back(line_of(std::string(name), all.named(name)[s], depths.size() - 1));
    details.add(chart);
  }
  for (std::size_t s = 0; s < starts.size(); ++s) {
    fusegrad::inspect::line_chart chart{"The first layer's gradient by depth, start: " + std::string(starts[s].name),
                                        "Median of the seeds",
                                        {"hidden layers", "", scale::linear},
                                        {"gradient norm", "", scale::logarithmic},
                                        {}};
    for (std::string_view name : shown) {
      series line{std::string(name), {}, {}, {}, {}};
      for (std::size_t d = 0; d < depths.size(); ++d) {
        line.x.push_back(static_cast<double>(depths[d]));
        line.y.push_back(all.named(name)[s].at_layer(d, 0).median);
      }
      chart.lines.push_back(std::move(line));
    }
    details.add(chart);
  }
}

std::vector<finding> findings_of(const measured& all) {
  std::vector<finding> found;
  for (std::string_view name : {"sigmoid", "tanh", "relu"}) {
    std::string factors;
    for (const examined& e : all.named(name))
      factors += (factors.empty() ? "" : ", ") + fusegrad::base::fixed(e.factor().median, 2);
    found.push_back({"starts with which it vanishes for " + std::string(name),
                     std::to_string(all.vanishing(name)) + " of 4 (factors " + factors + ")"});
  }
  for (std::size_t s = 0; s < starts.size(); ++s)
    found.push_back(
        {"activations for which it vanishes, start: " + std::string(starts[s].name),
         std::to_string(std::count_if(all.of.begin(), all.of.end(), [s](const auto& of) { return of[s].vanishes(); })) +
             " of " + std::to_string(all.of.size())});
  return found;
}

claim_result examine(const settings& asked) {
  const double slope = largest_slope("sigmoid"), difference = difference_to_compiled(asked);
  const measured all = measure(asked);
  claim_result result{
      1,
      "The gradient that reaches layer 1 shrinks geometrically with depth for sigmoid and tanh, not for ReLU",
      judge(all, slope),
      {},
      {},
      {}};
  const auto counted = [&](const char* name) { return std::to_string(all.vanishing(name)); };
  result.because =
      "The gradient vanishes with " + counted("sigmoid") +
      " of 4 starts (ways to draw the first weights) for sigmoid, with " + counted("tanh") + " for tanh and with " +
      counted("relu") +
      " for ReLU. Each layer more multiplies the norm of the first layer's gradient by these factors (medians): " +
      factors_of(all, "sigmoid") + "; " + factors_of(all, "tanh") + "; " + factors_of(all, "relu") +
      ". Sigmoid's derivative, " + std::string(activation_named("sigmoid").slope_formula) + ", is at most " +
      fusegrad::base::fixed(slope, 6) + " at 2,000,001 points from -20 to 20.";
  result.criterion = "It vanishes with a start if the upper quartile of the factor is below " +
                     fusegrad::base::fixed(shrinks_below, 3) +
                     " (of the first layer's gradient, for each layer that the net is deeper; it leaves a tenth from 2 "
                     "layers to 50) and a straight line explains at least 90 % of the variance of the norm's logarithm "
                     "over the depths. Supported: with all four starts for sigmoid and tanh, "
                     "with none for ReLU, and no derivative of sigmoid above 1/4; not supported: with none for sigmoid "
                     "and tanh, or with all for ReLU, or a larger derivative; else it depends, on the start.";
  result.details.paragraph("Nets of 2 to 50 hidden layers of 32 units on 64 images, before any training; norm of the "
                           "gradient of the cross-entropy with respect to the weights of each layer, in double "
                           "precision. Starts: Glorot and He as people use them for any activation, and the gains that "
                           "the library works out from the activation's expression to keep the mean square of the "
                           "signal (own gain) or of the gradient (own gain, gradient). " +
                           std::to_string(asked.seeds) +
                           " seeds (weights and images). The nets are computed by plain loops here; where the library "
                           "compiles the same net (50 layers of sigmoid or relu, each start), "
                           "norms differ by at most " +
                           fusegrad::base::readable(difference) + " of themselves.");
  add_charts(result.details, all);
  const auto add_table = [&](page& to, const char* caption, spread (examined::*factor)() const) {
    std::vector<std::vector<std::string>> table;
    for (std::size_t a = 0; a < all.activations.size(); ++a) {
      table.push_back({std::string(all.activations[a].name)});
      for (const examined& e : all.of[a]) table.back().push_back(factor_in_words((e.*factor)()));
    }
    std::vector<std::string> head{"activation"};
    for (const start& s : starts) head.emplace_back(s.name);
    to.table(caption, head, table);
  };
  add_table(result.details,
            "Factor on the first layer's gradient for each layer more, median and quartiles of the seeds; below 1 it "
            "vanishes, above 1 it explodes; 0: a gradient that is zero, not finite: one that overflows",
            &examined::factor);
  page within;
  add_table(within,
            "Median and quartiles of the seeds. It stays near 1 even where all gradients vanish, if signal and "
            "gradient shrink alike",
            &examined::factor_within);
  result.details.fold("Factor on the gradient from a layer to the one before it, within a net of 50 layers", within);
  result.findings = findings_of(all);
  return result;
}

} // namespace

claim_result vanishing_gradients(const settings& asked) { return on_each_data_set(asked, examine); }

} // namespace study
