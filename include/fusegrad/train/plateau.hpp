// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/math/basic.hpp>
#include <fusegrad/train/history.hpp>
#include <fusegrad/train/rule_settings.hpp>
#include <limits>
#include <span>

namespace fusegrad {

namespace schedule::inline FUSEGRAD_ABI {

/// Multiplies the learning rate by `factor` when more than `patience` epochs in a row were not better than the best by
/// `least_improvement` of it. PyTorch's ReduceLROnPlateau. A factor of 1: never.
struct plateau {
  double factor = 1;
  std::size_t patience = 10;
  double least_improvement = 1e-4; ///< a share of the best
  double floor = 0;                ///< the rate does not fall below this share of what it was
  std::size_t pause = 0;           ///< so many epochs after a fall are not counted

  /// The factor on the rate behind these epochs: a function of the past alone, so that a fit can go on anywhere.
  [[nodiscard]] double after(std::span<const epoch_record> past, const best_by& what) const {
    double best = std::numeric_limits<double>::infinity(), rate = 1;
    std::size_t bad = 0, paused = 0;
    for (const epoch_record& record : past) {
      const double now = record.watched(what);
      const bool is_better = now < best - (base::is_finite(best) ? least_improvement * math::abs(best) : 0);
      bad = is_better ? 0 : bad + 1;
      if (is_better) best = now;
      if (paused > 0) {
        --paused;
        bad = 0;
      }
      if (bad <= patience) continue;
      rate = rate * factor > floor ? rate * factor : floor;
      paused = pause;
      bad = 0;
    }
    return rate;
  }
};

} // namespace schedule::inline FUSEGRAD_ABI

namespace train {

/// Throws std::invalid_argument for a factor or a floor that is out of its range, and for a factor on no learning rate.
inline void check_plateau(const schedule::plateau& plateau, bool has_learning_rate) {
  if (!(plateau.factor > 0 && plateau.factor <= 1))
    refuse_setting("plateau.factor", "above 0 and at most 1", plateau.factor);
  if (!is_rate_factor(plateau.factor, has_learning_rate)) refuse_rate_factor("plateau.factor", plateau.factor);
  if (!(plateau.floor >= 0 && plateau.floor <= 1)) refuse_setting("plateau.floor", "from 0 to 1", plateau.floor);
}

} // namespace train

} // namespace fusegrad
