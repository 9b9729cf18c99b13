// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/io/golden.hpp>
#include <fusegrad/io/save.hpp>
#include <fusegrad/model/inference.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace onnx_in {

/// Loads the weights of an imported model, repeats its golden pair, and writes what it makes of the samples in NAME.in
/// to NAME.out. What goes wrong is said, and has no NAME.out.
template <class Model> void run_model(Model model, const std::filesystem::path& folder, const std::string& name) {
  namespace fg = fusegrad;
  try {
    fg::weights weights{model};
    fg::io::load(weights, folder / (name + ".safetensors"));
    fg::io::replay(weights, folder / (name + ".safetensors"), 1e-4);
    const fg::inference net{weights};
    using network = decltype(net);
    const auto bytes = std::filesystem::file_size(folder / (name + ".in"));
    std::vector<float> x(bytes / sizeof(float)), y(x.size() / network::input_size * network::output_size);
    std::ifstream(folder / (name + ".in"), std::ios::binary)
        .read(reinterpret_cast<char*>(x.data()), static_cast<std::streamsize>(bytes));
    typename std::remove_const_t<network>::workspace memory;
    net.predict(x, y, memory);
    std::ofstream(folder / (name + ".out"), std::ios::binary)
        .write(reinterpret_cast<const char*>(y.data()), static_cast<std::streamsize>(y.size() * sizeof(float)));
  } catch (const std::exception& error) {
    std::printf("%s: %s\n", name.c_str(), error.what());
  }
}

} // namespace onnx_in
