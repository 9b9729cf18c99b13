// SPDX-License-Identifier: MIT
#pragma once

#include "entry.hpp"
#include "peak.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace benchmarks {

inline void offer_threads(int threads) {
#ifdef _OPENMP
  omp_set_num_threads(threads);
#else
  static_cast<void>(threads);
#endif
}

/// This library, and the peak of the machine as if it were a case.
class ours final : public contender {
public:
  explicit ours(int threads) : threads_{threads} { offer_threads(threads); }

  std::string name() const override { return "fusegrad"; }
  std::string version() const override { return FUSEGRAD_VERSION; }
  std::string kernels() const override {
    namespace math = fusegrad::math;
    return std::string(math::isa_name) + ", " + std::to_string(math::vector<float>::lanes) + " floats at once";
  }
  const model_case* find(std::string_view name) const override {
    return name == no_model.name ? &no_model : find_case(name);
  }

  std::unique_ptr<session> open(const model_case& c, phase p, std::size_t batch) override {
    if (c.name == no_model.name) return std::make_unique<peak>(threads_);
    const std::vector<entry>& all = entries();
    const auto found = std::find_if(all.begin(), all.end(), [&](const entry& e) { return e.name == c.name; });
    if (found == all.end()) throw cannot("it is not compiled in");
    return found->open(p, batch, threads_);
  }

private:
  static constexpr model_case no_model{"peak", {1, 1}, activation::relu, loss::squared_error, {1}};

  int threads_;
};

} // namespace benchmarks
