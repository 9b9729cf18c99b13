// SPDX-License-Identifier: MIT
#pragma once

#include "station.hpp"

namespace fusegrad::inspect::detail {

/// What helps, the best first. `place` is the station that is worst off, `depth` how many layers with weights
/// there are.
using remedies = std::vector<std::string>;

remedies against_vanishing(const health_log& log, const station& place, bool keeps_width, std::size_t depth);
remedies against_exploding(const health_log& log, const station& place);
remedies against_growth(double usual_norm);
remedies against_death(const health_log& log, const station& place, std::size_t depth);
remedies against_saturation(const health_log& log, const station& place, bool is_first);
remedies against_equality(const health_log& log, const station& place);
remedies against_equal_outputs(const health_log& log, const station& place, bool is_first);
remedies against_shift(const health_log& log, const station& place, bool is_first);
/// `ratio` of a step's change to the weights.
remedies against_update_ratio(double ratio);
remedies against_rising_loss();
remedies against_not_finite(const health_log& log, const not_finite& where);

} // namespace fusegrad::inspect::detail
