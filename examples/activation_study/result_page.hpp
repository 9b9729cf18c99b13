// SPDX-License-Identifier: MIT
#pragma once

#include "claim.hpp"

#include <string>
#include <utility>
#include <vector>

namespace study {

/// A claim that was examined, and how long that took.
struct examined {
  claim_result result = {};
  double seconds = 0;
};

/// Where the section of a claim begins.
inline std::string id_of(int number) { return "claim-" + std::to_string(number); }

/// The page of the study; `facts` tell what it was made with.
page page_of(const std::vector<examined>& all, const std::vector<std::pair<std::string, std::string>>& facts);

} // namespace study
