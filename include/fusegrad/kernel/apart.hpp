// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/microkernel.hpp>
#include <type_traits>

// Kernels of common expressions need not be compiled in each unit that has a model: `fusegrad::kernels` has them once
// for all units of a target. What decides is a number that stands for the expression. Declarations of what is there
// (`extern template`) would have to be read in every unit, and compilers instantiate through them to inline.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// A number that stands for an expression and for how its arguments are read: FNV-1a over both.
template <class Table, class Accesses>
constexpr std::uint64_t fingerprint(const Table& table, const Accesses& accesses) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325u;
  const auto add = [&](std::uint64_t part) {
    hash = (hash ^ part) * 0x100000001B3u;
    hash ^= hash >> 32;
  };
  for (std::size_t i = 0; i < Table::node_count; ++i) add(table.code[i]);
  for (const double constant : table.constants) add(std::bit_cast<std::uint64_t>(constant));
  for (std::size_t i = 0; i < Table::result_count; ++i) add(table.results[i]);
  add(static_cast<std::uint64_t>(table.arguments));
  for (std::size_t i = 0; i < Accesses::count; ++i) add(static_cast<std::uint64_t>(accesses[i]));
  add(accesses.is_part);
  return hash;
}

namespace detail {
/// The epilogues of products whose kernels `fusegrad::kernels` has, and what uses up gradients of weights there. The
/// library refuses to be compiled with an expression that is not listed here, and a test asks whether it has all.
inline constexpr std::uint64_t common_epilogues[] = {
    15642770376611194153u, 6819042574846633552u,  2517539650304245604u,  15987790656879354721u, 7022502218571945813u,
    13403371532544354573u, 1989010053726224129u,  10860029670489252572u, 14214749574597481292u, 17001868231200004401u,
    1444828651480898561u,  10860144870580807707u, 18390769644518405307u};
inline constexpr std::uint64_t common_updates[] = {8297279123173478080u, 13593188773696221467u, 9310797011993430956u,
                                                   11009473318781187179u, 1959985988425770519u};

template <std::size_t Count> constexpr bool is_listed(std::uint64_t print, const std::uint64_t (&list)[Count]) {
  for (const std::uint64_t listed : list)
    if (print == listed) return true;
  return false;
}
} // namespace detail

/// Whether this unit is linked with them.
#ifdef FUSEGRAD_KERNELS
constexpr bool has_kernels_apart = true;
#else
constexpr bool has_kernels_apart = false;
#endif

/// Whether the kernel of a product, or of the gradient of a weight, is called there.
template <class T, auto Table, auto Accesses, fixed_shape Fixed, bool IsOfParts>
constexpr bool is_product_apart() noexcept {
  if constexpr (!has_kernels_apart || !std::is_same_v<T, float> || IsOfParts || !knows_nothing(Fixed))
    return false;
  else
    return detail::is_listed(fingerprint(Table, Accesses), detail::common_epilogues);
}
template <class T, auto Table, auto Accesses, fixed_shape Fixed, bool IsOfParts, std::size_t Factors>
constexpr bool is_weight_gradient_apart() noexcept {
  if constexpr (!has_kernels_apart || !std::is_same_v<T, float> || IsOfParts || Factors != 1 || !knows_nothing(Fixed))
    return false;
  else
    return detail::is_listed(fingerprint(Table, Accesses), detail::common_updates);
}

/// A panel of a product, and some rows of a panel of a gradient: defined in `fusegrad::kernels` alone.
template <int Wide, auto Table, auto Accesses, class T>
void product_apart(const call<T>& c, std::size_t column) noexcept;
template <int Wide, auto Table, auto Accesses, class T>
void weight_gradient_apart(const call<T>& c, std::size_t column, std::size_t begin, std::size_t end) noexcept;

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
