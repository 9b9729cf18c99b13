// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "on_each_data_set.hpp"
#include "runs.hpp"
#include "starts.hpp"
#include "trained_net.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace study {

namespace {

constexpr std::size_t depth = 20, width = 32, images_looked_at = 64;
constexpr std::array<double, 6> scales{0.5, 1, 1.5, 2, 3, 4}; ///< of the weights that preserve the signal
constexpr std::size_t usual = 1, doubled = 3;                 ///< places in scales
constexpr double exploded = 100;                              ///< times the gradient of the usual weights
constexpr double trains_below = 1.15;                         ///< half the loss of guessing

// Part one: nets of 20 layers as they are drawn.

struct drawn {
  std::array<std::vector<double>, scales.size()> gradient, saturated; ///< [scale][seed]

  bool explodes() const { return !(growth() < exploded) && !(median(gradient[doubled]) < exploded); }
  double growth() const {
    std::vector<double> all;
    for (std::size_t seed = 0; seed < gradient[usual].size(); ++seed)
      all.push_back(gradient[doubled][seed] / gradient[usual][seed]);
    return median(all);
  }
};

double largest_slope(const known_activation& f) {
  double largest = 0;
  for (int i = -1000; i <= 1000; ++i) largest = std::max(largest, std::abs(f.slope(0.01 * i)));
  return largest;
}

/// Share of the outputs of hidden units where the slope is below a hundredth of its largest.
template <class T> double saturated_share(const chain<T>& net, rows<T> x, double largest) {
  std::size_t flat = 0, all = 0;
  for (std::size_t l = 0; l < net.hidden_layers(); ++l) {
    const rows<T> z = net.sums(l, x);
    const rows<T> slope = net.slopes(l, z);
    flat += static_cast<std::size_t>(std::count_if(slope.numbers.begin(), slope.numbers.end(), [&](T s) {
      return !(std::abs(static_cast<double>(s)) >= 0.01 * largest);
    }));
    all += slope.numbers.size();
    x = net.activated(l, z);
  }
  return static_cast<double>(flat) / static_cast<double>(all);
}

std::vector<drawn> draw_all(const settings& asked) {
  const std::span<const known_activation> activations = known_activations();
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  std::vector<std::uint32_t> first = all_of(asked.images->train);
  first.resize(images_looked_at);
  const rows<double> inputs = inputs_of<double>(asked.images->train, first);
  std::vector<std::int32_t> labels;
  for (std::uint32_t i : first) labels.push_back(asked.images->train.label(i));
  std::vector<std::size_t> widths(depth + 2, width);
  widths.front() = 64;
  widths.back() = 10;

  std::vector<drawn> all(activations.size());
  for (drawn& d : all)
    for (std::size_t s = 0; s < scales.size(); ++s) {
      d.gradient[s].resize(seeds);
      d.saturated[s].resize(seeds);
    }
  for_each_run(
      activations.size() * scales.size() * seeds, asked.threads,
      [&](std::size_t i) {
        const std::size_t seed = i % seeds, s = i / seeds % scales.size(), a = i / seeds / scales.size();
        const known_activation& f = activations[a];
        const auto net = chain<double>::drawn(f, widths, seed, [&](std::size_t l, double in, double out) {
          return (l < depth ? scales[s] : 1) * own_signal.deviation(l < depth ? &f : nullptr, in, out);
        });
        all[a].gradient[s][seed] = net.gradient_norms(inputs, labels).front();
        all[a].saturated[s][seed] = saturated_share(net, inputs, largest_slope(f));
      },
      asked.progress);
  return all;
}

// Part two: nets of 12 layers in training.

struct condition {
  std::string_view name;
  double scale, rate;
};
constexpr std::array<condition, 3> conditions{
    {{"as usual", 1, 0.03}, {"weights doubled", 2, 0.03}, {"rate tenfold", 1, 0.3}}};

struct trained {
  net_kind kind;
  std::size_t where; ///< among the conditions
  bool is_clipped;
  std::vector<double> first_gradient, loss;

  bool trains() const { return median(loss) < trains_below; }
  std::string name() const {
    return kind.remedy.empty() ? is_clipped ? "clipping" : "nothing"
                               : std::string(kind.remedy) + (is_clipped ? " and clipping" : "");
  }
};

/// By the change of the weights in one step of plain descent at rate 1.
double first_gradient_norm(const net_kind& kind, double scale, std::uint64_t seed, const settings& asked) {
  const auto net = kind.make({.rule = rule::descent, .learning_rate = 1, .seed = seed});
  scale_hidden_weights(*net, scale);
  const std::string first = hidden_matrices(*net).front();
  const std::vector<float> before = net->read(first);
  net->step(asked.images->train, batches(asked.images->train, seed).next());
  const std::vector<float> after = net->read(first);
  double squares = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    squares += std::pow(static_cast<double>(after[i]) - static_cast<double>(before[i]), 2);
  return std::sqrt(squares);
}

double loss_after(const trained& t, std::uint64_t seed, const settings& asked) {
  const auto net = t.kind.make({.rule = rule::momentum,
                                .learning_rate = conditions[t.where].rate,
                                .seed = seed,
                                .clip_norm = t.is_clipped ? 1 : HUGE_VAL});
  scale_hidden_weights(*net, conditions[t.where].scale);
  batches order(asked.images->train, seed);
  constexpr std::size_t epoch = 44;
  const std::size_t steps = asked.quick ? 4 * epoch : 10 * epoch;
  double sum = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    const double loss = net->step(asked.images->train, order.next());
    if (!std::isfinite(loss)) return HUGE_VAL;
    if (i + epoch >= steps) sum += loss / epoch;
  }
  return sum;
}

std::vector<trained> train_all(const settings& asked) {
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  std::vector<trained> all;
  for (std::span<const net_kind> kinds : {deep_nets_with_remedies(), deep_nets()})
    for (const net_kind& kind : kinds)
      for (std::size_t where = 0; where < conditions.size(); ++where)
        for (bool is_clipped : {false, true})
          all.push_back({kind, where, is_clipped, std::vector<double>(seeds), std::vector<double>(seeds)});
  for_each_run(
      all.size() * seeds, asked.threads,
      [&](std::size_t i) {
        trained& t = all[i / seeds];
        t.first_gradient[i % seeds] = first_gradient_norm(t.kind, conditions[t.where].scale, i % seeds, asked);
        t.loss[i % seeds] = loss_after(t, i % seeds, asked);
      },
      asked.progress);
  return all;
}

const trained& of(const std::vector<trained>& all, std::string_view remedy, std::size_t where, bool is_clipped,
                  std::string_view activation = "relu") {
  return *std::find_if(all.begin(), all.end(), [&](const trained& t) {
    return t.kind.activation == activation && t.kind.remedy == remedy && t.where == where && t.is_clipped == is_clipped;
  });
}

// Part three: bounded activations after some training at some rates.

struct at_rate {
  std::string_view activation;
  double rate;
  std::vector<double> saturated;
};

std::vector<at_rate> saturate(const settings& asked) {
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  const rows<float> inputs = inputs_of<float>(asked.images->test, all_of(asked.images->test));
  std::vector<at_rate> all;
  for (std::string_view f : {"sigmoid", "tanh"})
    for (double rate : {0.1, 0.3, 1.0, 3.0, 10.0})
      if (!asked.quick || rate == 0.1 || rate >= 1) all.push_back({f, rate, std::vector<double>(seeds)});
  for_each_run(
      all.size() * seeds, asked.threads,
      [&](std::size_t i) {
        at_rate& one = all[i / seeds];
        const auto kind = std::find_if(wide_nets().begin(), wide_nets().end(),
                                       [&](const net_kind& k) { return k.activation == one.activation; });
        const auto net = kind->make({.rule = rule::descent, .learning_rate = one.rate, .seed = i % seeds});
        batches order(asked.images->train, i % seeds);
        for (std::size_t s = 0; s < (asked.quick ? 88u : 220u); ++s) net->step(asked.images->train, order.next());
        const known_activation& f = activation_named(one.activation);
        one.saturated[i % seeds] = saturated_share(chain_of(*net, f), inputs, largest_slope(f));
      },
      asked.progress);
  return all;
}

std::string magnitude(double x) {
  if (!std::isfinite(x)) return "not finite";
  return x >= 0.001 && x < 1e7 ? brief(x) : fusegrad::base::readable(x);
}
std::string shares(const spread& s) {
  return percent(s.median) + " (" + percent(s.low) + " to " + percent(s.high) + ")";
}

void add_drawn(page& details, const std::vector<drawn>& all) {
  const std::span<const known_activation> activations = known_activations();
  using fusegrad::inspect::scale;
  const auto chart_of = [&](const char* title, std::vector<std::string_view> names, auto what,
                            fusegrad::inspect::axis y) {
    fusegrad::inspect::line_chart chart{title,
                                        "20 layers before training; median of the seeds",
                                        {"times the weights that preserve the signal", "", scale::linear},
                                        y,
                                        {}};
    for (std::string_view name : names) {
      const drawn& d = all[static_cast<std::size_t>(&activation_named(name) - activations.data())];
      series line{std::string(name), {scales.begin(), scales.end()}, {}, {}, {}};
      for (const auto& of_scale : d.*what) line.y.push_back(median(of_scale));
      chart.lines.push_back(std::move(line));
    }
    details.add(chart);
  };
  chart_of("Gradient of the first layer by the size of the weights",
           {"relu", "elu<1.0>", "gelu", "softplus", "sigmoid", "tanh", "sine"}, &drawn::gradient,
           {"gradient norm", "", scale::logarithmic});
  chart_of("Saturated units by the size of the weights", {"sigmoid", "tanh", "softsign", "hard_tanh"},
           &drawn::saturated, {"share of outputs", "", scale::linear, 0, 1});
  std::vector<std::vector<std::string>> table;
  for (std::size_t a = 0; a < all.size(); ++a) {
    table.push_back({std::string(activations[a].name), activations[a].is_bounded() ? "bounded" : "unbounded"});
    for (std::size_t s : {usual, doubled}) table.back().push_back(magnitude(median(all[a].gradient[s])));
    table.back().push_back(magnitude(all[a].growth()));
    for (std::size_t s : {usual, doubled, scales.size() - 1})
      table.back().push_back(percent(median(all[a].saturated[s])));
  }
  page folded;
  folded.table("Medians; saturated: slope below 1 % of its largest (a slope of zero on one side, as ReLU's, counts)",
               {"activation", "range", "gradient at 1", "gradient at 2", "growth", "saturated at 1", "saturated at 2",
                "saturated at 4"},
               table);
  details.fold("All activations: gradient of the first layer and saturation by the size of the weights", folded);
}

void add_trained(page& details, const std::vector<trained>& all) {
  std::vector<std::vector<std::string>> table;
  for (std::size_t where = 0; where < conditions.size(); ++where)
    for (const trained& t : all)
      if (t.kind.activation == "relu" && t.where == where)
        table.push_back({std::string(conditions[where].name), t.name(), magnitude(median(t.first_gradient)),
                         loss_in_words(spread_of(t.loss))});
  details.table("ReLU, 12 layers: gradient of the first layer before training and loss after it, by remedy",
                {"condition", "remedy", "first gradient", "loss: median and quartiles"}, table);
  table.clear();
  for (const net_kind& kind : deep_nets()) {
    table.push_back({std::string(kind.activation)});
    for (std::size_t where = 0; where < conditions.size(); ++where)
      for (bool is_clipped : {false, true})
        table.back().push_back(loss_in_words(spread_of(of(all, "", where, is_clipped, kind.activation).loss)));
  }
  details.table(
      "Loss after training, 12 layers, without and with clipping of the gradient's norm to 1",
      {"activation", "as usual", "clipped", "weights doubled", "doubled, clipped", "rate tenfold", "tenfold, clipped"},
      table);
}

void add_rates(page& details, const std::vector<at_rate>& all) {
  std::vector<std::vector<std::string>> table;
  for (const at_rate& one : all)
    table.push_back(
        {std::string(one.activation), fusegrad::base::fixed(one.rate, 1), shares(spread_of(one.saturated))});
  details.table("Two hidden layers of 256 units after plain gradient descent: share saturated on the test images",
                {"activation", "learning rate", "saturated: median and quartiles"}, table);
}

claim_result examine(const settings& asked) {
  const std::vector<drawn> start = draw_all(asked);
  const std::vector<trained> runs = train_all(asked);
  const std::vector<at_rate> rates = saturate(asked);

  std::size_t unbounded = 0, unbounded_explode = 0, bounded = 0, bounded_explode = 0;
  std::string exploding_bounded;
  for (std::size_t a = 0; a < start.size(); ++a) {
    const known_activation& f = known_activations()[a];
    const bool explodes = start[a].explodes();
    (f.is_bounded() ? bounded : unbounded) += 1;
    (f.is_bounded() ? bounded_explode : unbounded_explode) += explodes;
    if (f.is_bounded() && explodes) exploding_bounded += (exploding_bounded.empty() ? "" : ", ") + std::string(f.name);
  }
  const auto start_of = [&](std::string_view name) -> const drawn& {
    return start[static_cast<std::size_t>(&activation_named(name) - known_activations().data())];
  };
  double least_saturated = 1, least_by_rate = 1;
  for (std::string_view f : {"sigmoid", "tanh", "hard_tanh", "softsign"})
    least_saturated = std::min(least_saturated, median(start_of(f).saturated.back()));
  for (const at_rate& one : rates)
    if (one.rate == 10) least_by_rate = std::min(least_by_rate, median(one.saturated));

  const bool explode = 4 * unbounded_explode >= 3 * unbounded,
             saturates = least_saturated >= 0.5 && least_by_rate >= 0.5;
  // A remedy helps if it makes a net train that does not without, with doubled weights or at the tenfold rate.
  const auto helps = [&](std::string_view remedy, bool is_clipped) {
    const auto makes_train = [&](std::size_t where) {
      return !of(runs, "", where, false).trains() && of(runs, remedy, where, is_clipped).trains();
    };
    return makes_train(1) || makes_train(2);
  };
  const bool all_help = helps("", true) && helps("batch normalisation", false) && helps("residual blocks", false);
  const verdict decision = explode && saturates && all_help ? verdict::supported
                           : !explode && !saturates         ? verdict::not_supported
                                                            : verdict::depends;

  claim_result result{6,
                      "Unbounded activations explode without care (clipping, batch normalisation, residual "
                      "connections); bounded ones saturate",
                      decision,
                      {},
                      {},
                      {}};
  const auto losses = [&](std::size_t where) {
    const auto loss = [&](std::string_view remedy, bool is_clipped) {
      return loss_in_words(spread_of(of(runs, remedy, where, is_clipped).loss));
    };
    return "without a remedy " + loss("", false) + ", with clipping " + loss("", true) + ", batch normalisation " +
           loss("batch normalisation", false) + ", residual blocks " + loss("residual blocks", false) +
           ", the last two together " + loss("residual blocks with batch normalisation", false);
  };
  result.because = "With doubled weights the gradient that reaches the first of 20 layers explodes for " +
                   std::to_string(unbounded_explode) + " of " + std::to_string(unbounded) +
                   " unbounded activations (ReLU: it grows by " + magnitude(start_of("relu").growth()) +
                   " times) and for " + std::to_string(bounded_explode) + " of " + std::to_string(bounded) +
                   " bounded ones" + (exploding_bounded.empty() ? "" : " (" + exploding_bounded + ")") +
                   ". Loss of 12 ReLU layers after training (guessing: 2.3), weights doubled: " + losses(1) +
                   "; ten times the learning rate: " + losses(2) +
                   ". Outputs that are saturated before training with weights four times as large: sigmoid " +
                   percent(median(start_of("sigmoid").saturated.back())) + ", tanh " +
                   percent(median(start_of("tanh").saturated.back())) + ", softsign " +
                   percent(median(start_of("softsign").saturated.back())) + "; after descent at rate 10 at least " +
                   percent(least_by_rate) + " of sigmoid's and tanh's.";
  result.criterion =
      "It explodes: at twice the weights at least " + fusegrad::base::fixed(exploded, 0) +
      " times the gradient, and a norm above that number. Supported: at least three quarters of the unbounded "
      "activations explode; at four times the weights at least half of the "
      "outputs of sigmoid, tanh, hard tanh and softsign are saturated, and of sigmoid and tanh after descent at rate "
      "10; and clipping, batch normalisation and residual blocks each "
      "make 12 ReLU layers end below a loss of 1.15 (half of guessing) that end above it without, with doubled weights "
      "or at ten times the rate. Not supported: neither explosion nor saturation. Else it depends.";
  result.details.paragraph(
      "Before training: 20 hidden layers of 32 units, weights a multiple of those that preserve the signal, gradient "
      "norm of the first layer's weights on 64 images, double precision. In training: 12 hidden layers of 32 units, "
      "descent with momentum at rate 0.03 (tenfold: 0.3), " +
      std::string(asked.quick ? "4" : "10") +
      " epochs of batches of 32, loss over the last. Clipping: the whole gradient's norm to at most 1. Residual: each "
      "layer but the first is x + relu(dense(x)). " +
      std::to_string(asked.seeds) + " seeds.");
  add_drawn(result.details, start);
  add_trained(result.details, runs);
  add_rates(result.details, rates);
  std::string helping;
  for (const auto& [name, does] :
       {std::pair{"clipping", helps("", true)}, std::pair{"normalisation", helps("batch normalisation", false)},
        std::pair{"residual", helps("residual blocks", false)},
        std::pair{"residual + normalisation", helps("residual blocks with batch normalisation", false)}})
    if (does) helping += (helping.empty() ? "" : ", ") + std::string(name);
  result.findings = {
      {"unbounded activations that explode", std::to_string(unbounded_explode) + " of " + std::to_string(unbounded)},
      {"bounded ones", std::to_string(bounded_explode) + " of " + std::to_string(bounded)},
      {"remedies that make 12 ReLU layers train", helping.empty() ? "none" : helping}};
  for (std::size_t where : {1u, 2u})
    for (const auto& [remedy, is_clipped] :
         {std::pair{"", false}, std::pair{"", true}, std::pair{"batch normalisation", false},
          std::pair{"residual blocks", false}, std::pair{"residual blocks with batch normalisation", false}}) {
      const trained& t = of(runs, remedy, where, is_clipped);
      result.findings.push_back(
          {"loss, " + std::string(conditions[where].name) + ", " + t.name(), loss_in_words(spread_of(t.loss))});
    }
  result.findings.push_back({"saturated with four times the weights: sigmoid, tanh, softsign",
                             percent(median(start_of("sigmoid").saturated.back())) + ", " +
                                 percent(median(start_of("tanh").saturated.back())) + ", " +
                                 percent(median(start_of("softsign").saturated.back()))});
  return result;
}

} // namespace

claim_result exploding_gradients(const settings& asked) { return on_each_data_set(asked, examine); }

} // namespace study
