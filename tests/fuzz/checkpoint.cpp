// SPDX-License-Identifier: MIT
#include "../../src/io/run_tensors.hpp"
#include "memory.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fusegrad/tensor/shape.hpp>
#include <string>
#include <string_view>
#include <utility>

using namespace fusegrad;

namespace {

// A run of a dense layer under an update rule with one state. Packed, its numbers lie as they are.
constexpr std::size_t numbers = 3;
constexpr std::string_view names[]{"0.weight", "0.bias"};
constexpr tensor::extents shapes[]{tensor::matrix_of(1, 2), tensor::vector_of(1)};
constexpr std::size_t offsets[]{0, 2};

constexpr train::parameter_list parameters{
    .number_size = sizeof(float),
    .count = 2,
    .packed_size = numbers,
    .state_count = 1,
    .setting_count = 2,
    .fingerprint = 1,
    .name = [](std::size_t p) { return names[p]; },
    .shape = [](std::size_t p) -> const tensor::extents& { return shapes[p]; },
    .unpack =
        [](std::size_t p, const void* packed, void* plain) {
          std::memcpy(plain, static_cast<const float*>(packed) + offsets[p], shapes[p].size() * sizeof(float));
        },
    .pack =
        [](std::size_t p, const void* plain, void* packed) {
          std::memcpy(static_cast<float*>(packed) + offsets[p], plain, shapes[p].size() * sizeof(float));
        },
    .state_name = [](std::size_t) { return std::string_view("velocity"); },
    .setting_name = [](std::size_t s) { return std::string_view(s == 0 ? "learning_rate" : "momentum"); },
};

struct run {
  float weights[numbers]{}, states[numbers]{}, best_weights[numbers]{};
  train::training_counters counters;
  train::fit_place place;

  train::training_view training() { return {&parameters, weights, states, &counters}; }
  train::fit_view fit() {
    return {{.samples = 10, .batch_size = 4, .epochs = 3, .seed = 1, .shuffles = true}, &place, best_weights};
  }
};

std::string written(run& r, bool has_fit) {
  const train::fit_view fit = r.fit();
  return io::format_run(r.training(), has_fit ? &fit : nullptr);
}
bool read(io::tensor_file file, const char* name, run& into) {
  // Bytes that were changed have another sum, and the reader of tensors would be all that is ever reached.
  file.has_checksum = true;
  const train::fit_view fit = into.fit();
  return io::read_run(file, name, into.training(), &fit);
}

} // namespace

/// The bytes are refused with an error, or the run that was read from them survives being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  run first, second;
  bool has_fit = false;
  try {
    const fuzz::memory_limit limit(size);
    has_fit = read(io::parse_safetensors({reinterpret_cast<const char*>(bytes), size}, "fuzz"), "fuzz", first);
  } catch (const io::file_error&) {
    return 0;
  }
  const std::string once = written(first, has_fit);
  if (read(io::parse_safetensors(once, "again"), "again", second) != has_fit) std::abort();
  if (written(second, has_fit) != once) std::abort();
  return 0;
}
