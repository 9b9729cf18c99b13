// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/inspect/chart.hpp>

namespace study {

/// A small picture of every activation of the catalogue.
fusegrad::inspect::line_chart function_shapes();

} // namespace study
