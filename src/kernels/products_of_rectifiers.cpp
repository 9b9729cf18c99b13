// SPDX-License-Identifier: MIT
#include "define.hpp"

namespace fusegrad::kernel::inline FUSEGRAD_ABI {
namespace {
[[gnu::used]] constexpr auto products_of_rectifiers = [] {
  kept_products kept;
  each_epilogue_of_rectifiers([&](auto epilogue) { kept(epilogue); });
  return kept;
}();
} // namespace
} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
