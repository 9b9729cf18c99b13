// SPDX-License-Identifier: MIT
#pragma once

#include "claim.hpp"

namespace study {

/// Examines a claim on the digits in the library and, where it was given, on MNIST reduced to 8 x 8 pixels. It holds if
/// it holds on both, and fails if it fails on both; else it depends. The numbers of both stand beside each other,
/// charts and tables below each other.
claim_result on_each_data_set(const settings& asked, claim_result (*examine)(const settings&));

} // namespace study
