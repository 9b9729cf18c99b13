// SPDX-License-Identifier: MIT
#pragma once

#include "../common/worker.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace benchmarks {

/// Of several ways to do a case the one that is fastest here; found once for each case, phase and batch.
class choice {
public:
  struct way {
    std::string name;
    std::function<std::unique_ptr<session>()> make;
  };

  /// A new session made in the fastest way. What each took goes to standard error.
  std::unique_ptr<session> fastest(const model_case& c, phase p, std::size_t batch, const std::vector<way>& ways) {
    if (ways.size() == 1) return ways.front().make();
    const auto [place, unknown] = best_.try_emplace(std::tuple(c.name, p, batch), 0);
    if (unknown) place->second = compare(c, p, batch, ways);
    return ways[place->second].make();
  }

private:
  static std::size_t compare(const model_case& c, phase p, std::size_t batch, const std::vector<way>& ways) {
    std::size_t best = 0;
    double least = 0;
    std::fprintf(stderr, "%s %s batch %zu:", std::string(c.name).c_str(), p == phase::train ? "train" : "infer", batch);
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const auto made = ways[i].make();
      const double first = measure(*made, 0.1).median_us, took = std::min(first, measure(*made, 0.1).median_us);
      std::fprintf(stderr, " %s %.2f us", ways[i].name.c_str(), took);
      if (i > 0 && took >= least) continue;
      best = i;
      least = took;
    }
    std::fputc('\n', stderr);
    return best;
  }

  std::map<std::tuple<std::string_view, phase, std::size_t>, std::size_t> best_;
};

} // namespace benchmarks
