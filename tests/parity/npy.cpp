// SPDX-License-Identifier: MIT
#include <fusegrad/data/npy.hpp>

#include <cstdio>
#include <exception>
#include <string>

/// usage: npy ARCHIVE FOLDER   (writes the arrays of the archive again: stored.npz, deflated.npz and NAME.npy)
int main(int count, char** arguments) {
  namespace data = fusegrad::data;
  try {
    if (count != 3) return 2;
    const auto arrays = data::read_npz(arguments[1], {.transpose = true});
    const std::string folder = std::string(arguments[2]) + '/';
    data::write_npz(folder + "stored.npz", arrays, {.compress = false});
    data::write_npz(folder + "deflated.npz", arrays);
    for (const auto& [name, array] : arrays) data::write_npy(folder + name + ".npy", array);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
