// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "on_each_data_set.hpp"
#include "runs.hpp"
#include "starts.hpp"
#include "trained_net.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace study {

namespace {

constexpr std::size_t images_looked_at = 128;

/// Share of the outputs of hidden units that are exactly zero.
double zeros_of(const chain<float>& net, const rows<float>& inputs) {
  std::size_t zeros = 0, all = 0;
  rows<float> x = inputs;
  for (std::size_t l = 0; l < net.hidden_layers(); ++l) {
    x = net.activated(l, net.sums(l, x));
    zeros += static_cast<std::size_t>(std::count(x.numbers.begin(), x.numbers.end(), 0.0f));
    all += x.numbers.size();
  }
  return static_cast<double>(zeros) / static_cast<double>(all);
}

rows<float> some_inputs(const settings& asked) {
  std::vector<std::uint32_t> first = all_of(asked.images->test);
  first.resize(std::min(first.size(), images_looked_at));
  return inputs_of<float>(asked.images->test, first);
}

std::vector<spread> zeros_at_start(const settings& asked, const rows<float>& inputs) {
  const std::span<const known_activation> all = known_activations();
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  std::vector<std::vector<double>> shares(all.size(), std::vector<double>(seeds));
  for_each_run(all.size() * seeds, asked.threads, [&](std::size_t i) {
    const known_activation& f = all[i / seeds];
    constexpr std::array<std::size_t, 4> widths{64, wide_net_width, wide_net_width, 10};
    const auto net = chain<float>::drawn(f, widths, i % seeds, [&](std::size_t l, double in, double out) {
      return own_signal.deviation(l < 2 ? &f : nullptr, in, out);
    });
    shares[i / seeds][i % seeds] = zeros_of(net, inputs);
  });
  std::vector<spread> result;
  for (const auto& of_one : shares) result.push_back(spread_of(of_one));
  return result;
}

/// A net that was trained with some strength of the penalty.
struct penalised {
  std::string_view activation;
  double strength;
  std::unique_ptr<trained_net> (*make)(const net_recipe&);
  std::vector<double> zeros, accuracy;
};

std::vector<penalised> trained_with_penalties(const settings& asked, const rows<float>& inputs) {
  std::vector<penalised> all;
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  for (std::string_view f : {"relu", "sigmoid"}) {
    for (const net_kind& kind : wide_nets())
      if (kind.activation == f)
        all.push_back({f, 0, kind.make, std::vector<double>(seeds), std::vector<double>(seeds)});
    for (const penalised_kind& kind : penalised_nets())
      if (kind.activation == f)
        all.push_back({f, kind.strength, kind.make, std::vector<double>(seeds), std::vector<double>(seeds)});
  }
  const std::size_t steps = asked.quick ? 132 : 660;
  for_each_run(
      all.size() * seeds, asked.threads,
      [&](std::size_t i) {
        penalised& one = all[i / seeds];
        const auto net = one.make({.rule = rule::adam, .learning_rate = 1e-3, .seed = i % seeds});
        batches order(asked.images->train, i % seeds);
        for (std::size_t s = 0; s < steps; ++s) net->step(asked.images->train, order.next());
        const chain<float> inside = chain_of(*net, activation_named(one.activation));
        one.zeros[i % seeds] = zeros_of(inside, inputs);
        one.accuracy[i % seeds] = accuracy_of(inside, asked.images->test);
      },
      asked.progress);
  return all;
}

/// Whether the share never falls by more than a point from one strength to the next, and rises by ten in all.
bool grows(const std::vector<penalised>& all) {
  std::vector<double> shares;
  for (const penalised& p : all)
    if (p.activation == "relu") shares.push_back(median(p.zeros));
  for (std::size_t i = 1; i < shares.size(); ++i)
    if (shares[i] < shares[i - 1] - 0.01) return false;
  return shares.back() >= shares.front() + 0.1;
}

series line_of(const std::vector<penalised>& all, std::string_view activation, std::vector<double> penalised::* what,
               const char* name) {
  series line{name, {}, {}, {}, {}};
  for (const penalised& p : all) {
    if (p.activation != activation || p.strength == 0) continue;
    const spread s = spread_of(p.*what);
    line.x.push_back(p.strength);
    line.y.push_back(s.median);
    line.low.push_back(s.low);
    line.high.push_back(s.high);
  }
  return line;
}

std::string shares(const spread& s) {
  return percent(s.median) + " (" + percent(s.low) + " to " + percent(s.high) + ")";
}

std::vector<finding> findings_of(const spread& at_start, const std::vector<penalised>& trained,
                                 double most_of_sigmoid) {
  std::string strengths, zeros, accuracies;
  for (const penalised& p : trained) {
    if (p.activation != "relu") continue;
    const char* comma = strengths.empty() ? "" : ", ";
    strengths += comma + plain(p.strength);
    zeros += comma + percent(median(p.zeros));
    accuracies += comma + percent(median(p.accuracy));
  }
  return {{"zeros of ReLU at the start", shares(at_start)},
          {"trained with strengths " + strengths, zeros},
          {"largest share of zeros of sigmoid in any run", percent(most_of_sigmoid)},
          {"test accuracy of ReLU with strengths " + strengths, accuracies}};
}

claim_result examine(const settings& asked) {
  const rows<float> inputs = some_inputs(asked);
  const std::vector<spread> start = zeros_at_start(asked, inputs);
  const std::vector<penalised> trained = trained_with_penalties(asked, inputs);
  const auto at_start = [&](std::string_view name) {
    return start[static_cast<std::size_t>(&activation_named(name) - known_activations().data())];
  };

  const spread relu = at_start("relu");
  const bool is_half = relu.low >= 0.4 && relu.high <= 0.6, is_growing = grows(trained);
  double sigmoid = at_start("sigmoid").high;
  for (const penalised& p : trained)
    if (p.activation == "sigmoid") sigmoid = std::max(sigmoid, *std::max_element(p.zeros.begin(), p.zeros.end()));
  const int parts = int{is_half} + int{is_growing} + int{sigmoid == 0};

  claim_result result{2,
                      "About half of ReLU's outputs are exactly zero at initialisation; the share grows with an L1 "
                      "penalty on activations; sigmoid's never are",
                      parts == 3   ? verdict::supported
                      : parts == 0 ? verdict::not_supported
                                   : verdict::depends,
                      {},
                      {},
                      {}};
  result.because = "Before training " + shares(relu) +
                   " of ReLU's outputs are exactly zero. After training, by the strength of the L1 penalty:";
  for (const penalised& p : trained)
    if (p.activation == "relu")
      result.because += (p.strength == 0 ? " " : ", ") + percent(median(p.zeros)) +
                        (p.strength == 0 ? " with none" : " with strength " + plain(p.strength)) + " (test accuracy " +
                        percent(median(p.accuracy)) + ")";
  result.because += sigmoid == 0 ? ". No output of sigmoid is zero in any run."
                                 : ". Of sigmoid's outputs up to " + percent(sigmoid) + " are zero.";
  result.criterion =
      "Supported: ReLU's quartiles at the start lie between 40 and 60 %, the median share never falls by more than a "
      "point from one strength to the next and rises by ten points in all, and no output of "
      "sigmoid is zero in any run; not supported: none of the three; else it depends, on the part.";
  result.details.paragraph("Nets 64 | dense 256 | f | dense 256 | f | dense 10; share of zeros among the outputs of "
                           "both hidden layers for 128 test images, in float. " +
                           std::to_string(asked.seeds) +
                           " seeds. At the start with the variance-preserving weights; the penalty is a strength times "
                           "the sum of the absolute outputs of both layers, averaged over samples; Adam, rate 0.001, " +
                           (asked.quick ? "3" : "15") + " epochs.");
  using fusegrad::inspect::scale;
  result.details.add(
      fusegrad::inspect::line_chart{"ReLU under an L1 penalty on activations",
                                    "Share of zeros among the outputs of hidden units, and share of test images read "
                                    "correctly; median and quartiles of the seeds",
                                    {"strength of the penalty", "", scale::logarithmic},
                                    {"share", "", scale::linear, 0, 1},
                                    {line_of(trained, "relu", &penalised::zeros, "zeros, relu"),
                                     line_of(trained, "relu", &penalised::accuracy, "test accuracy, relu"),
                                     line_of(trained, "sigmoid", &penalised::zeros, "zeros, sigmoid"),
                                     line_of(trained, "sigmoid", &penalised::accuracy, "test accuracy, sigmoid")}});
  std::vector<std::vector<std::string>> rows_after;
  for (const penalised& p : trained)
    rows_after.push_back(
        {std::string(p.activation), plain(p.strength), shares(spread_of(p.zeros)), shares(spread_of(p.accuracy))});
  result.details.table("After training with the penalty",
                       {"activation", "strength", "outputs exactly zero", "test accuracy"}, rows_after);
  std::vector<std::vector<std::string>> rows_before;
  for (std::size_t i = 0; i < start.size(); ++i)
    rows_before.push_back({std::string(known_activations()[i].name), shares(start[i])});
  result.details.table("Outputs that are exactly zero before training", {"activation", "share: median and quartiles"},
                       rows_before);
  result.findings = findings_of(relu, trained, sigmoid);
  return result;
}

} // namespace

claim_result exact_zeros(const settings& asked) { return on_each_data_set(asked, examine); }

} // namespace study
