// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/inspect/health_log.hpp>
#include <fusegrad/inspect/page.hpp>

namespace fusegrad::inspect {

/// A run as part of a page: what is wrong and what helps; the gradient of each layer over the steps; signal and
/// gradient over the depth at the start and at the end; shares of zeros, dead and saturated units, and sizes of
/// updates; a table of layers. Needs fusegrad::io.
page to_page(const health_log& log);

} // namespace fusegrad::inspect
