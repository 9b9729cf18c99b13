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

constexpr std::size_t looked_at = 44; ///< the loss is a mean over the last so many batches, an epoch

// The first is the library's default, and what the net is drawn with.
constexpr std::array<std::string_view, 6> names{"own gain", "half of it", "twice it", "own, gradient", "Glorot", "He"};

/// What the weights of a hidden layer are multiplied by.
double factor_of(std::size_t s, const known_activation& f, double fan_in, double fan_out) {
  const double own = own_signal.deviation(&f, fan_in, fan_out);
  switch (s) {
  case 1: return 0.5;
  case 2: return 2;
  case 3: return own_gradient.deviation(&f, fan_in, fan_out) / own;
  case 4: return glorot.deviation(&f, fan_in, fan_out) / own;
  case 5: return he.deviation(&f, fan_in, fan_out) / own;
  default: return 1;
  }
}

void start_with(trained_net& net, std::size_t s, const known_activation& f) {
  bool is_first = true;
  for (const std::string& name : hidden_matrices(net)) {
    std::vector<float> w = net.read(name);
    for (float& x : w) x *= static_cast<float>(factor_of(s, f, is_first ? 64 : 32, 32));
    net.write(name, w);
    is_first = false;
  }
}

double loss_after(const net_kind& kind, std::size_t s, const net_recipe& how, std::size_t steps,
                  const settings& asked) {
  const auto net = kind.make(how);
  start_with(*net, s, activation_named(kind.activation));
  batches order(asked.images->train, how.seed);
  double sum = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    const double loss = net->step(asked.images->train, order.next());
    if (!std::isfinite(loss)) return HUGE_VAL;
    if (i + looked_at >= steps) sum += loss / looked_at;
  }
  return sum;
}

struct way {
  std::string_view name;
  study::rule rule;
  std::vector<double> rates;
};

/// Losses with a rule of one activation; the best rate for each start, by the median.
struct examined {
  std::array<std::vector<std::vector<double>>, names.size()> loss; ///< [start][rate][seed]

  spread of(std::size_t s) const {
    spread best{HUGE_VAL, HUGE_VAL, HUGE_VAL};
    for (const auto& of_rate : loss[s])
      if (const spread one = spread_of(of_rate); one.median < best.median) best = one;
    return best;
  }
  /// A tenth and 0.01 are within the noise.
  bool is_clearly_better(std::size_t s, std::size_t other) const {
    return of(other).median > 1.1 * of(s).median + 0.01;
  }
};

/// Of the matched start against another one, over activations.
struct score {
  std::size_t wins = 0, losses = 0;
  bool is_better(std::size_t activations) const {
    return 4 * (static_cast<double>(wins) - static_cast<double>(losses)) >= static_cast<double>(activations);
  }
};

struct examined_way {
  way how;
  std::vector<examined> of; ///< by net

  score against(std::size_t s) const {
    score result;
    for (const examined& e : of) {
      result.wins += e.is_clearly_better(0, s);
      result.losses += e.is_clearly_better(s, 0);
    }
    return result;
  }
};

examined_way examine(const way& how, std::size_t steps, const settings& asked, double done, double share) {
  const std::span<const net_kind> nets = deep_nets();
  const auto seeds = static_cast<std::size_t>(asked.seeds);
  examined_way result{how, std::vector<examined>(nets.size())};
  for (examined& e : result.of)
    for (auto& of_start : e.loss) of_start.assign(how.rates.size(), std::vector<double>(seeds));
  const auto progress = [&](double part) {
    if (asked.progress) asked.progress(done + share * part);
  };
  for_each_run(
      nets.size() * names.size() * how.rates.size() * seeds, asked.threads,
      [&](std::size_t i) {
        const std::size_t seed = i % seeds, rate = i / seeds % how.rates.size(),
                          s = i / seeds / how.rates.size() % names.size();
        const std::size_t n = i / seeds / how.rates.size() / names.size();
        result.of[n].loss[s][rate][seed] =
            loss_after(nets[n], s, {.rule = how.rule, .learning_rate = how.rates[rate], .seed = seed}, steps, asked);
      },
      progress);
  return result;
}

// Those that do not ask what the activation is, or have it wrong.
constexpr std::array<std::size_t, 4> mismatched{1, 2, 4, 5};

std::size_t beaten_by_matched(const examined_way& e) {
  return static_cast<std::size_t>(std::count_if(mismatched.begin(), mismatched.end(),
                                                [&](std::size_t s) { return e.against(s).is_better(e.of.size()); }));
}

std::string in_words(const examined_way& e) {
  std::string text = std::string(e.how.name) + ": clearly lower than from";
  for (std::size_t s : mismatched) {
    const score against = e.against(s);
    text += (s == mismatched.front() ? " " : ", ") + std::string(names[s]) + " for " + std::to_string(against.wins) +
            " (higher for " + std::to_string(against.losses) + ")";
  }
  return text;
}

void add_tables(page& details, const examined_way& e) {
  const std::span<const net_kind> nets = deep_nets();
  fusegrad::inspect::heat_map map{"Loss after training, " + std::string(e.how.name),
                                  "Median of the seeds at the best rate; 2.30 is guessing, 2.5 stands for that or more",
                                  {"cross-entropy", "", fusegrad::inspect::scale::linear, 0, 2.5},
                                  "activation",
                                  "start",
                                  {},
                                  {},
                                  {}};
  for (std::string_view s : names) map.columns.emplace_back(s);
  std::vector<std::vector<std::string>> table;
  for (std::size_t n = 0; n < nets.size(); ++n) {
    map.rows.emplace_back(nets[n].activation);
    map.numbers.emplace_back();
    table.push_back({std::string(nets[n].activation)});
    for (std::size_t s = 0; s < names.size(); ++s) {
      const spread loss = e.of[n].of(s);
      map.numbers.back().push_back(std::min(loss.median, 2.5)); // what is above has diverged
      table.back().push_back(loss_in_words(loss));
    }
  }
  details.add(map);
  std::vector<std::string> head{"activation"};
  for (std::string_view s : names) head.emplace_back(s);
  page folded;
  folded.table("Median and quartiles of the loss", head, table);
  details.fold("The numbers: " + std::string(e.how.name), folded);
}

/// By the start that the matched one is compared with.
std::vector<finding> findings_of(const std::vector<examined_way>& all, std::size_t beaten, std::size_t most) {
  std::vector<finding> found{
      {"starts that the matched one beats, two rules", std::to_string(beaten) + " of " + std::to_string(most)}};
  for (std::size_t s : mismatched) {
    std::string values;
    for (const examined_way& e : all) {
      const score against = e.against(s);
      values += (values.empty() ? "" : "; ") + std::to_string(against.wins) + " : " + std::to_string(against.losses);
    }
    found.push_back({"activations better : worse than with " + std::string(names[s]) + " (momentum; Adam)", values});
  }
  std::rotate(found.begin() + 1, found.end() - 2, found.end()); // Glorot's and He's are what people use
  return found;
}

claim_result examine(const settings& asked) {
  const std::size_t steps = asked.quick ? 176 : 440;
  std::vector<way> ways{{"descent with momentum", rule::momentum, {0.01, 0.03, 0.1}},
                        {"Adam", rule::adam, {0.001, 0.003, 0.01}}};
  if (asked.quick)
    for (way& w : ways) w.rates = {w.rates[1]};
  std::vector<examined_way> all;
  for (std::size_t w = 0; w < ways.size(); ++w)
    all.push_back(examine(ways[w], steps, asked, 0.5 * static_cast<double>(w), 0.5));
  const std::size_t beaten = beaten_by_matched(all[0]) + beaten_by_matched(all[1]), most = 2 * mismatched.size();
  claim_result result{11,
                      "Initialisation matched to the activation trains better than mismatched ones",
                      beaten == most       ? verdict::supported
                      : 4 * beaten <= most ? verdict::not_supported
                                           : verdict::depends,
                      {},
                      {},
                      {}};
  result.because = "Losses of nets of 12 hidden layers after " + std::to_string(steps) +
                   " steps, from the matched start against others, for " + std::to_string(deep_nets().size()) +
                   " activations, with " + in_words(all[0]) + "; with " + in_words(all[1]) +
                   ". By the criterion it beats " + std::to_string(beaten) + " of " + std::to_string(most) +
                   " (four starts, two rules).";
  result.criterion = "Matched: the gain that preserves the signal, the library's default. It is clearly better for an "
                     "activation where the other's median loss is more than a tenth plus 0.01 above its own, and "
                     "better than a start where that is so for "
                     "more activations than the reverse, by at least a quarter of all. Supported: better than half of "
                     "itself, twice itself, Glorot and He, with both rules, eight in all; not supported: than two of "
                     "the eight at most; else it depends, "
                     "on the start it is compared with and the rule.";
  result.details.paragraph(
      "Nets 64 | dense 32 | f | (12 times) | dense 10, batches of 32, " + std::to_string(asked.seeds) +
      " seeds; the loss is the mean over the batches of the last epoch. " +
      std::string(asked.quick ? "One learning rate for each rule"
                              : "The best of three learning rates for each start and rule") +
      ". Starts differ in the deviation of the hidden weights alone; the last layer is drawn alike.");
  for (const examined_way& e : all) add_tables(result.details, e);
  result.findings = findings_of(all, beaten, most);
  return result;
}

} // namespace

claim_result matched_initialisation(const settings& asked) { return on_each_data_set(asked, examine); }

} // namespace study
