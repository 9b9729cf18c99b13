// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <string_view>

namespace fusegrad::base {

/// A number that stands for names in their order, so that comparing them costs a step nothing: FNV-1a. 0 for none.
template <class Names> constexpr std::uint64_t hash_of_names(const Names& names) noexcept {
  std::uint64_t hash = 0;
  for (const std::string_view name : names) {
    if (hash == 0) hash = 0xCBF29CE484222325u;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    hash = (hash ^ 0x1FFu) * 0x100000001B3u; // where one ends
  }
  return hash;
}

} // namespace fusegrad::base
