// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace fusegrad::tensor {

/// Bytes of a page such as large memory may lie on: reading a large weight row by row costs less where there are few.
inline constexpr std::size_t huge_page = std::size_t{2} << 20;

/// Memory of fewer bytes stays on usual pages.
inline constexpr std::size_t least_bytes_on_huge_pages = huge_page / 2;

constexpr bool lies_on_huge_pages(std::size_t bytes) noexcept { return bytes >= least_bytes_on_huge_pages; }

/// So many bytes, or up to whole huge pages.
constexpr std::size_t whole_pages(std::size_t bytes) noexcept {
  return lies_on_huge_pages(bytes) ? (bytes + huge_page - 1) / huge_page * huge_page : bytes;
}

/// Asks the system for huge pages, before the memory is first written; it may not have any.
inline void ask_for_huge_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  static_cast<void>(::madvise(begin, bytes, MADV_HUGEPAGE));
#endif
}

} // namespace fusegrad::tensor
