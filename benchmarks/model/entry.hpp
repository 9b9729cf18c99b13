// SPDX-License-Identifier: MIT
#pragma once

#include "common/worker.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace benchmarks {

/// A case as a model of this library.
struct entry {
  std::string_view name;
  std::unique_ptr<session> (*open)(phase, std::size_t batch, int threads);
};

// A file each, so that none takes the compiler long.
std::vector<entry> case_a();
std::vector<entry> case_b();
std::vector<entry> case_c();
std::vector<entry> case_d();
std::vector<entry> case_e();
std::vector<entry> case_trigger();
std::vector<entry> case_deep5();
std::vector<entry> case_deep9();
std::vector<entry> case_mnist();
std::vector<entry> case_policy();
std::vector<entry> widths_4_to_16();
std::vector<entry> widths_32_to_128();
std::vector<entry> widths_256_to_1024();
std::vector<entry> depths_1_to_4();
std::vector<entry> depths_8_to_16();
std::vector<entry> depths_32_to_64();

} // namespace benchmarks
