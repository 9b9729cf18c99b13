// SPDX-License-Identifier: MIT
#include "claims.hpp"
#include "on_each_data_set.hpp"
#include "runs.hpp"
#include "trained_net.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace study {

namespace {

constexpr std::array<std::string_view, 5> activations{"relu", "leaky_relu<0.01>", "prelu", "elu<1.0>",
                                                      "necro_relu<0.01>"};

const net_kind& wide_net_named(std::string_view name) {
  return *std::find_if(wide_nets().begin(), wide_nets().end(),
                       [name](const net_kind& k) { return k.activation == name; });
}

/// Units of both hidden layers that get no positive sum from any image: ReLU's and NecroReLU's put out zero for all of
/// them and are dead.
std::vector<bool> silent_units(const chain<float>& net, const rows<float>& inputs) {
  std::vector<bool> silent;
  rows<float> x = inputs;
  for (std::size_t l = 0; l < net.hidden_layers(); ++l) {
    const rows<float> z = net.sums(l, x);
    for (std::size_t u = 0; u < z.width; ++u) {
      bool is_silent = true;
      for (std::size_t s = 0; s < z.size() && is_silent; ++s) is_silent = !(z[s][u] > 0);
      silent.push_back(is_silent);
    }
    x = net.activated(l, z);
  }
  return silent;
}

struct outcome {
  double silent_before = 0, silent = 0, revived = 0; ///< shares of all hidden units
  double accuracy = 0;
  bool diverged = false;
};

struct trial {
  std::string_view activation;
  net_recipe how;
  double bias = 0; ///< of all hidden units at the start
};

outcome run(const trial& t, std::size_t steps, const settings& asked, const rows<float>& inputs) {
  const auto net = wide_net_named(t.activation).make(t.how);
  const known_activation& f = activation_named(t.activation);
  const std::vector<float> biases(wide_net_width, static_cast<float>(t.bias));
  for (const char* name : {"0.0.bias", "1.0.bias"}) net->write(name, biases);
  const std::vector<bool> before = silent_units(chain_of(*net, f), inputs);
  batches order(asked.images->train, t.how.seed);
  outcome o;
  for (std::size_t i = 0; i < steps; ++i)
    if (!std::isfinite(net->step(asked.images->train, order.next()))) o.diverged = true;
  const chain<float> trained = chain_of(*net, f);
  const std::vector<bool> after = silent_units(trained, inputs);
  const auto units = static_cast<double>(after.size());
  for (std::size_t u = 0; u < after.size(); ++u) {
    o.silent_before += before[u] / units;
    o.silent += after[u] / units;
    o.revived += (before[u] && !after[u]) / units;
  }
  o.accuracy = accuracy_of(trained, asked.images->test);
  return o;
}

/// Runs of one activation in one setting that did not diverge.
struct summary {
  std::vector<outcome> runs;

  spread of(double outcome::* what) const {
    std::vector<double> all;
    for (const outcome& o : runs)
      if (!o.diverged) all.push_back(o.*what);
    return spread_of(all);
  }
  std::size_t diverged() const {
    return static_cast<std::size_t>(
        std::count_if(runs.begin(), runs.end(), [](const outcome& o) { return o.diverged; }));
  }
  bool is_usable() const { return 2 * diverged() < runs.size(); }
};

/// One number is varied, for all activations.
struct sweep {
  std::string title, axis;
  std::vector<double> places;
  std::array<std::vector<summary>, activations.size()> of; ///< [activation][place]

  const std::vector<summary>& named(std::string_view name) const {
    return of[static_cast<std::size_t>(std::find(activations.begin(), activations.end(), name) - activations.begin())];
  }
};

template <class Trial>
void run_all(sweep& s, const settings& asked, const rows<float>& inputs, double done, const Trial& trial_at) {
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  for (auto& of_one : s.of) of_one.assign(s.places.size(), {std::vector<outcome>(seeds)});
  const auto progress = [&](double part) {
    if (asked.progress) asked.progress(done + part / 3);
  };
  for_each_run(
      activations.size() * s.places.size() * seeds, asked.threads,
      [&](std::size_t i) {
        const std::size_t seed = i % seeds, p = i / seeds % s.places.size(), a = i / seeds / s.places.size();
        s.of[a][p].runs[seed] =
            run(trial_at(activations[a], s.places[p], seed), asked.quick ? 132 : 440, asked, inputs);
      },
      progress);
}

/// What all-zero weights and biases come to.
struct from_zero {
  std::string_view activation;
  double loss_before = 0, loss_after = 0, largest_weight = 0, accuracy = 0;
  std::size_t different_units = 0; ///< in the first layer
};

from_zero train_from_zero(std::string_view activation, const settings& asked) {
  const auto net = wide_net_named(activation).make({.rule = rule::momentum, .learning_rate = 0.1});
  for (const std::string& name : net->names())
    if (!name.ends_with("slope")) net->write(name, std::vector<float>(net->read(name).size()));
  from_zero z{activation};
  constexpr std::size_t epoch = 44;
  const std::size_t steps = asked.quick ? 3 * epoch : 10 * epoch;
  batches order(asked.images->train, 0);
  for (std::size_t i = 0; i < steps; ++i) {
    const double loss = net->step(asked.images->train, order.next());
    if (i == 0) z.loss_before = loss;
    if (i + epoch >= steps) z.loss_after += loss / epoch;
  }
  for (const std::string& name : hidden_matrices(*net))
    for (float w : net->read(name)) z.largest_weight = std::max(z.largest_weight, static_cast<double>(std::abs(w)));
  const std::vector<float> first = net->read("0.0.weight");
  std::set<std::vector<float>> units;
  for (std::size_t u = 0; u < wide_net_width; ++u)
    units.emplace(first.begin() + static_cast<std::ptrdiff_t>(64 * u),
                  first.begin() + static_cast<std::ptrdiff_t>(64 * (u + 1)));
  z.different_units = units.size();
  z.accuracy = accuracy_of(chain_of(*net, activation_named(activation)), asked.images->test);
  return z;
}

std::string shares(const spread& s) {
  return std::isfinite(s.median) ? percent(s.median) + " (" + percent(s.low) + " to " + percent(s.high) + ")"
                                 : "diverged";
}

void add_sweep(page& details, const sweep& s) {
  using fusegrad::inspect::scale;
  for (const auto& [title, what] :
       {std::pair{"silent units at the end", &outcome::silent}, std::pair{"test accuracy", &outcome::accuracy}}) {
    fusegrad::inspect::line_chart chart{
        s.title + ": " + title,
        "Median of the runs that did not diverge; a point is missing where all did",
        {s.axis},
        {what == &outcome::silent ? "share of hidden units" : "share of test images", "", scale::linear, 0, 1},
        {}};
    for (std::size_t a = 0; a < activations.size(); ++a) {
      series line{std::string(activations[a]), s.places, {}, {}, {}};
      for (const summary& r : s.of[a]) {
        const spread all = r.of(what);
        line.y.push_back(all.median);
        line.low.push_back(all.low);
        line.high.push_back(all.high);
      }
      chart.lines.push_back(std::move(line));
    }
    details.add(chart);
  }
  std::vector<std::vector<std::string>> table;
  for (std::size_t a = 0; a < activations.size(); ++a)
    for (std::size_t p = 0; p < s.places.size(); ++p) {
      const summary& r = s.of[a][p];
      table.push_back({std::string(activations[a]), plain(s.places[p]), shares(r.of(&outcome::silent_before)),
                       shares(r.of(&outcome::silent)), shares(r.of(&outcome::revived)),
                       shares(r.of(&outcome::accuracy)), std::to_string(r.diverged())});
    }
  page folded;
  folded.table("Medians and quartiles; silent: no positive sum for any training image",
               {"activation", s.axis, "silent at the start", "silent at the end", "revived", "test accuracy",
                "runs that diverged"},
               table);
  details.fold("The numbers: " + s.title, folded);
}

void add_zero_table(page& details, const std::vector<from_zero>& all) {
  std::vector<std::vector<std::string>> table;
  for (const from_zero& z : all)
    table.push_back({std::string(z.activation), fusegrad::base::fixed(z.loss_before, 4),
                     fusegrad::base::fixed(z.loss_after, 4),
                     z.largest_weight == 0 ? "0" : fusegrad::base::readable(z.largest_weight),
                     std::to_string(z.different_units), percent(z.accuracy)});
  details.table(
      "All weights and biases zero at the start, descent with momentum at rate 0.1: units that start equal stay equal, "
      "so that only different first weights help",
      {"activation", "loss before", "loss after", "largest hidden weight", "different units of 256", "test accuracy"},
      table);
}

claim_result examine(const settings& asked) {
  const rows<float> inputs = inputs_of<float>(asked.images->train, all_of(asked.images->train));
  sweep rates{"Plain gradient descent", "learning rate", {0.03, 0.1, 0.3, 1, 3}, {}};
  sweep adam{"Negative biases at the start, Adam at 0.01", "minus the bias at the start", {0, 2, 4, 8}, {}},
      descent{"Negative biases at the start, plain descent at 0.1", "minus the bias at the start", {0, 4, 8}, {}};
  if (asked.quick) {
    rates.places = {0.03, 1, 3};
    adam.places = {0, 2, 8};
    descent.places = {0, 8};
  }
  run_all(rates, asked, inputs, 0,
          [](std::string_view f, double at, std::uint64_t seed) { return trial{f, {rule::descent, at, seed}, 0}; });
  run_all(adam, asked, inputs, 1.0 / 3,
          [](std::string_view f, double at, std::uint64_t seed) { return trial{f, {rule::adam, 0.01, seed}, -at}; });
  run_all(descent, asked, inputs, 2.0 / 3,
          [](std::string_view f, double at, std::uint64_t seed) { return trial{f, {rule::descent, 0.1, seed}, -at}; });
  std::vector<from_zero> zeros;
  for (const net_kind& kind : wide_nets()) zeros.push_back(train_from_zero(kind.activation, asked));

  const auto silent = [](const summary& s) { return s.of(&outcome::silent).median; };
  std::size_t highest = 0; // the highest rate that ReLU bears
  for (std::size_t p = 0; p < rates.places.size(); ++p)
    if (rates.named("relu")[p].is_usable()) highest = p;
  const double slow = silent(rates.named("relu").front()), fast = silent(rates.named("relu")[highest]),
               biased = silent(adam.named("relu").back());
  const bool die_of_rate = fast >= slow + 0.1, die_of_bias = biased >= 0.5;
  const auto list_of_helpers = [&](const sweep& s, bool helps) {
    const double relu = silent(s.named("relu").back());
    std::vector<std::string> list;
    for (std::string_view f : activations)
      if (const summary& r = s.named(f).back(); f != "relu" && (silent(r) <= relu / 2) == helps)
        list.push_back(std::string(f) + " " + shares(r.of(&outcome::silent)) +
                       (r.is_usable() ? ", accuracy " + percent(r.of(&outcome::accuracy).median) : ""));
    return list;
  };
  const std::size_t others = activations.size() - 1, with_adam = list_of_helpers(adam, true).size(),
                    with_descent = list_of_helpers(descent, true).size();
  const bool stays_zero = zeros.front().activation == "relu" && zeros.front().largest_weight == 0;
  const verdict decision = die_of_rate && die_of_bias && with_adam == others && with_descent == others && stays_zero
                               ? verdict::supported
                           : (!die_of_rate && !die_of_bias) || with_adam + with_descent == 0 ? verdict::not_supported
                                                                                             : verdict::depends;
  const auto joined = [](const std::vector<std::string>& list) {
    std::string text;
    for (const std::string& item : list) text += (text.empty() ? "" : "; ") + item;
    return text.empty() ? std::string("none") : text;
  };

  claim_result result{3,
                      "Units die with a high learning rate or a large negative bias; leaky, PReLU, ELU and NecroReLU "
                      "prevent or revive; all-zero weights with ReLU never learn",
                      decision,
                      {},
                      {},
                      {}};
  result.because =
      "Plain descent at learning rate " + plain(rates.places.front()) + " leaves " + percent(slow) +
      " of ReLU's units dead, and " + percent(fast) + " at " + plain(rates.places[highest]) +
      ". Of units that start with a bias of -8 and are trained with Adam, " + percent(biased) +
      " are dead in the end with ReLU (accuracy " + percent(adam.named("relu").back().of(&outcome::accuracy).median) +
      "); at most half as many are silent with " + joined(list_of_helpers(adam, true)) +
      ". With plain descent instead, at most half as many are silent with: " + joined(list_of_helpers(descent, true)) +
      ". From all-zero weights ReLU's hidden weights " + (stays_zero ? "stay exactly zero" : "move") +
      " and the loss ends at " + fusegrad::base::fixed(zeros.front().loss_after, 3) + ".";
  result.criterion =
      "Silent: no positive sum for any of the training images (for ReLU and NecroReLU: dead, zero for all). Supported: "
      "at the highest rate that most ReLU runs bear at least ten points more of its units are dead "
      "than at the lowest; with biases of -8 at least half are dead after training with Adam, and at most half as many "
      "silent for each of the four others, with Adam and with plain descent; ReLU's hidden weights are "
      "exactly zero after training from zero. Not supported: neither rate nor bias kills, or none of the four helps "
      "with any rule; else it depends.";
  result.details.paragraph("Nets 64 | dense 256 | f | dense 256 | f | dense 10, batches of 32, " +
                           std::string(asked.quick ? "3" : "10") + " epochs, " + std::to_string(asked.seeds) +
                           " seeds. A bias at the start is that of all hidden units. Silent units of an activation "
                           "that leaks still put something out, and have a small gradient.");
  for (const sweep* s : {&rates, &adam, &descent}) add_sweep(result.details, *s);
  add_zero_table(result.details, zeros);
  const auto others_of = [&](const sweep& s) {
    std::string text;
    for (std::string_view f : activations)
      if (f != "relu")
        text += (text.empty() ? "" : ", ") +
                (std::isfinite(silent(s.named(f).back())) ? percent(silent(s.named(f).back())) : "diverged");
    return text;
  };
  const std::string others_are = "silent units of leaky ReLU, PReLU, ELU, NecroReLU ";
  result.findings = {
      {"dead ReLU units with biases of -8, Adam", shares(adam.named("relu").back().of(&outcome::silent))},
      {others_are + "with Adam", others_of(adam)},
      {others_are + "with plain descent", others_of(descent)},
      {"dead ReLU units with biases of -8, plain descent", shares(descent.named("relu").back().of(&outcome::silent))},
      {"dead ReLU units at learning rate " + plain(rates.places.front()), percent(slow)},
      {"highest learning rate that ReLU bears", plain(rates.places[highest])},
      {"dead ReLU units there", percent(fast)},
      {"largest hidden weight of ReLU after training from zero",
       stays_zero ? "0" : fusegrad::base::readable(zeros.front().largest_weight)}};
  return result;
}

} // namespace

claim_result dying_units(const settings& asked) { return on_each_data_set(asked, examine); }

} // namespace study
