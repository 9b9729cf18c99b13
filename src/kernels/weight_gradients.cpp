// SPDX-License-Identifier: MIT
#include "define.hpp"

namespace fusegrad::kernel::inline FUSEGRAD_ABI {
namespace {
[[gnu::used]] constexpr auto weight_gradients = [] {
  kept_weight_gradients kept;
  each_use_of_gradients([&](auto epilogue) { kept(epilogue); });
  return kept;
}();
} // namespace
} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
