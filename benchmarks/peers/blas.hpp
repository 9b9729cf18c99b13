// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <string_view>

namespace benchmarks {

/// The kernels that OpenBLAS chose, or nullptr where there is no OpenBLAS.
inline const char* openblas_kernels() {
  void* const chosen = dlsym(RTLD_DEFAULT, "openblas_get_corename");
  return chosen == nullptr ? nullptr : reinterpret_cast<char* (*)()>(chosen)();
}

/// What OPENBLAS_CORETYPE has to be where OpenBLAS took kernels far older than the processor, or nullptr. Of a
/// processor that is newer than itself OpenBLAS takes those of 2004 (Prescott), two to four times slower; a peer is
/// shown at its best.
inline const char* better_openblas_kernels() {
#if defined(__x86_64__)
  const char* const chosen = openblas_kernels();
  if (chosen == nullptr) return nullptr;
  for (const std::string_view old :
       {"Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Sandybridge", "Generic"}) {
    if (old != chosen) continue;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
      return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
  }
#endif
  return nullptr;
}

/// Where `settle` leaves the kernels that OpenBLAS took by itself.
inline constexpr const char* openblas_by_itself = "FUSEGRAD_OPENBLAS_BY_ITSELF";

/// The BLAS that the dynamic linker gave this program, and the kernels that it chose where it is one that tells
/// (OpenBLAS). Debian puts the plain reference in place of OpenBLAS where nothing else is installed, many times slower:
/// the name has to be seen.
inline std::string blas_in_use() {
  void* const product = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info from{};
  if (product == nullptr || dladdr(product, &from) == 0) return "no BLAS";
  char* const path = realpath(from.dli_fname, nullptr);
  const std::string file = path != nullptr ? path : from.dli_fname;
  std::free(path);
  const std::string name = file.substr(file.rfind('/') + 1);
  if (const char* const chosen = openblas_kernels()) {
    const char* const itself = std::getenv(openblas_by_itself);
    const std::string why = itself ? " (set for it; by itself it takes " + std::string(itself) + " here)" : "";
    return "OpenBLAS: " + std::string(chosen) + why;
  }
  const bool plain = name.find("libblas.so") == 0;
  return "BLAS " + name + (plain ? ": the plain reference, slow" : ": it does not tell its kernels");
}

} // namespace benchmarks
