// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/kernel/apart.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/product.hpp>
#include <fusegrad/kernel/weight_gradient.hpp>
#include <utility>

#include "common_nets.hpp"

// What `fusegrad/kernel/apart.hpp` declares, for the files of this folder.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {
// Templates, so that what a compiler refuses tells the number that is missing in the list.
template <std::uint64_t Fingerprint> constexpr bool is_common_epilogue = is_listed(Fingerprint, common_epilogues);
template <std::uint64_t Fingerprint> constexpr bool is_common_update = is_listed(Fingerprint, common_updates);
} // namespace detail

template <int Wide, auto Table, auto Accesses, class T>
void product_apart(const call<T>& c, std::size_t column) noexcept {
  static_assert(detail::is_common_epilogue<fingerprint(Table, Accesses)>, "not listed in fusegrad/kernel/apart.hpp");
  detail::product_parts<T, Table, Accesses, fixed_shape{}, false>::template panel<Wide, false>(c, column);
}
template <int Wide, auto Table, auto Accesses, class T>
void weight_gradient_apart(const call<T>& c, std::size_t column, std::size_t begin, std::size_t end) noexcept {
  static_assert(detail::is_common_update<fingerprint(Table, Accesses)>, "not listed in fusegrad/kernel/apart.hpp");
  detail::weight_gradient_parts<T, Table, Accesses, fixed_shape{}, false, 1, true,
                                true>::template part_of_panel<Wide, false>(c, column, begin, end);
}

/// Addresses of kernels, one for each width of a register tile: what keeps them makes the compiler emit the kernels.
template <class Kernel, std::size_t Most> class kept_addresses {
public:
  constexpr void keep(Kernel kernel) noexcept { addresses_[count_++] = kernel; }

private:
  Kernel addresses_[Most]{};
  std::size_t count_ = 0;
};
using each_width = std::make_integer_sequence<int, static_cast<int>(most_tile_vectors)>;

struct kept_products : kept_addresses<void (*)(const call<float>&, std::size_t) noexcept, 256> {
  template <class Epilogue> constexpr void operator()(Epilogue) noexcept {
    [this]<int... Narrower>(std::integer_sequence<int, Narrower...>) {
      (keep(&product_apart<Narrower + 1, Epilogue::table, Epilogue::accesses>), ...);
    }(each_width{});
  }
};
struct kept_weight_gradients
    : kept_addresses<void (*)(const call<float>&, std::size_t, std::size_t, std::size_t) noexcept, 64> {
  template <class Epilogue> constexpr void operator()(Epilogue) noexcept {
    [this]<int... Narrower>(std::integer_sequence<int, Narrower...>) {
      (keep(&weight_gradient_apart<Narrower + 1, Epilogue::table, Epilogue::accesses>), ...);
    }(each_width{});
  }
};

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
