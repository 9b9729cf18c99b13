// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/training.hpp>
#include <initializer_list>

namespace benchmarks {

/// Calls `use(name, model, batches)` with nets from small to large: weights from 1 KB to 2.6 MB.
template <class Use> void each_net(Use use) {
  using namespace fusegrad;
  constexpr auto five =
      dense<64> | sigmoid | dense<64> | sigmoid | dense<64> | sigmoid | dense<64> | sigmoid | dense<64> | sigmoid;
  use("16-32-32-1", input<16> | dense<32> | fusegrad::tanh | dense<32> | fusegrad::tanh | dense<1>,
      {64, 256, 1024, 4096});
  use("64-64-64-64-1", input<64> | dense<64> | relu | dense<64> | relu | dense<64> | relu | dense<1>,
      {64, 256, 1000, 4096});
  use("20x64", input<64> | five | five | five | five, {32, 128, 512});
  use("784-128-10", input<784> | dense<128> | relu | dense<10>, {64, 128, 256, 1024});
  use("64-256-256-10", input<64> | dense<256> | relu | dense<256> | relu | dense<10>, {64, 128, 256, 1024});
  use("784-512-512-10", input<784> | dense<512> | relu | dense<512> | relu | dense<10>, {128});
}

} // namespace benchmarks
