// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fusegrad/data/dataset.hpp>
#include <vector>

namespace digits {

/// Makes the compiler believe that the memory behind `p` is read and written here, so that nothing can be
/// computed early, twice for the price of once, or not at all.
inline void launder(const void* p) { asm volatile("" : : "r"(p) : "memory"); }

/// Nanoseconds of one call with one sample, on one thread: the median over many rounds of 32 calls with
/// changing samples. A round is long enough for the clock, and the median ignores those in which the system
/// did something else.
template <class Inference>
double nanoseconds_per_sample(const Inference& net, const fusegrad::data::dataset<float>& samples, std::size_t rounds) {
  using clock = std::chrono::steady_clock;
  constexpr std::size_t calls = 32, features = Inference::input_size;
  std::vector<double> nanoseconds;
  nanoseconds.reserve(rounds);
  std::size_t next = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto start = clock::now();
    for (std::size_t call = 0; call < calls; ++call) {
      const auto sample = samples.input(next).first<features>();
      launder(sample.data());
      const auto out = net(sample);
      launder(out.data());
      next = next + 1 < samples.size() ? next + 1 : 0;
    }
    nanoseconds.push_back(std::chrono::duration<double, std::nano>(clock::now() - start).count() / calls);
  }
  std::nth_element(nanoseconds.begin(), nanoseconds.begin() + static_cast<std::ptrdiff_t>(rounds / 2),
                   nanoseconds.end());
  return nanoseconds[rounds / 2];
}

} // namespace digits
