// SPDX-License-Identifier: MIT
#pragma once

#include "claim.hpp"

// One claim a file: claim_NN_<function>.cpp.
namespace study {

claim_result vanishing_gradients(const settings&);    // 1
claim_result exact_zeros(const settings&);            // 2
claim_result dying_units(const settings&);            // 3
claim_result digits_speed(const settings&);           // 4
claim_result cost_of_relu(const settings&);           // 5
claim_result exploding_gradients(const settings&);    // 6
claim_result symmetric_targets(const settings&);      // 7
claim_result exclusive_or(const settings&);           // 8
claim_result few_samples(const settings&);            // 9
claim_result mixed_groups(const settings&);           // 10
claim_result matched_initialisation(const settings&); // 11
claim_result skipping_zeros(const settings&);         // 12

} // namespace study
