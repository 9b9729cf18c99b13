// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <dlfcn.h>
#include <string>

namespace benchmarks {

/// The BLAS that the dynamic linker gave this program, and the kernels that it chose where it is one that tells (OpenBLAS).
/// Debian puts the plain reference in place of OpenBLAS where nothing else is installed, many times slower: the name has
/// to be seen.
inline std::string blas_in_use() {
  void* const product = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info from{};
  if (product == nullptr || dladdr(product, &from) == 0) return "no BLAS";
  char* const path = realpath(from.dli_fname, nullptr);
  const std::string file = path != nullptr ? path : from.dli_fname;
  std::free(path);
  const std::string name = file.substr(file.rfind('/') + 1);
  if (void* const chosen = dlsym(RTLD_DEFAULT, "openblas_get_corename"))
    return "BLAS " + name + ": " + reinterpret_cast<char* (*)()>(chosen)();
  const bool plain = name.find("libblas.so") == 0;
  return "BLAS " + name + (plain ? ": the plain reference, slow" : ": it does not tell its kernels");
}

} // namespace benchmarks
