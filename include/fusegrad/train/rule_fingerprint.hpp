// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/recorded.hpp>

namespace fusegrad::train {

namespace detail {
constexpr std::uint64_t scattered(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}
} // namespace detail

/// A number for the operations and constants that the function of an update rule is made of. It tells rules apart whose
/// states and settings are called alike, as those of Adam and AdamW; that compilers may record a function in different
/// orders does not change it.
template <class Rule> constexpr std::uint64_t rule_fingerprint() {
  const expr::recording rule = expr::recording_of<typename Rule::recipe, 2>();
  std::uint64_t sum = 0;
  for (const expr::node n : rule.body.nodes) {
    std::uint64_t word = static_cast<std::uint64_t>(n.op) + 1;
    if (n.op == expr::operation::integer_power || n.op == expr::operation::polygamma)
      word += std::uint64_t{n.b} << 16;
    else if (n.op == expr::operation::constant)
      word += detail::scattered(std::bit_cast<std::uint64_t>(rule.body.constants[n.a]));
    sum += detail::scattered(word);
  }
  return sum;
}

} // namespace fusegrad::train
