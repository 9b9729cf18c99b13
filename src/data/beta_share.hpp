// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/random.hpp>

namespace fusegrad::data::detail {

/// A share from 0 to 1 of the beta distribution with both parameters `alpha`, above 0.
double beta_share(const base::random_stream& stream, double alpha) noexcept;

} // namespace fusegrad::data::detail
