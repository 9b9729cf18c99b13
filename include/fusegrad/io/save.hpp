// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/io/safetensors.hpp>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad::io {

/// Something whose numbers are read and written by name: a model instance, a trainer.
///
/// Names are unique, shapes and numbers row-major. write() is called with exactly as many numbers as the
/// shape has.
template <class Store>
concept parameter_store =
    (std::same_as<typename Store::number_type, float> || std::same_as<typename Store::number_type, double>) &&
    requires(Store& store, const Store& reader, const std::string& name,
             std::span<const typename Store::number_type> numbers) {
      requires std::constructible_from<std::string, decltype(*std::begin(reader.parameter_names()))>;
      { reader.parameter_shape(name) } -> std::convertible_to<std::vector<std::size_t>>;
      { reader.read(name) } -> std::convertible_to<std::vector<typename Store::number_type>>;
      store.write(name, numbers);
    };

namespace detail {

/// What a store needs of a tensor in a file.
struct expected_tensor {
  std::string name;
  std::vector<std::size_t> shape;
  number_type type = number_type::f32;
};

/// For each tensor that is expected, where it is in the file. Throws file_error, naming every tensor that is
/// missing, not expected, or of another shape or number type, with what was expected and what was found.
std::vector<std::size_t> match(std::span<const expected_tensor> expected, std::span<const named_tensor> found,
                               const std::filesystem::path& path);

template <class T>
inline constexpr number_type type_of = std::is_same_v<T, float> ? number_type::f32 : number_type::f64;

/// Copies numbers to or from the file's byte order, little-endian, which is nearly always ours.
inline void copy_numbers(std::byte* to, const std::byte* from, std::size_t bytes,
                         std::size_t number_size) noexcept {
  if (bytes == 0) return;
  std::memcpy(to, from, bytes);
  if constexpr (std::endian::native == std::endian::big) {
    for (std::size_t i = 0; i < bytes; i += number_size) std::reverse(to + i, to + i + number_size);
  } else {
    static_cast<void>(number_size);
  }
}

template <class T>
named_tensor to_tensor(std::string name, std::vector<std::size_t> shape, const std::vector<T>& numbers) {
  const auto bytes = std::as_bytes(std::span(numbers));
  named_tensor tensor{std::move(name), std::move(shape), type_of<T>, std::vector<std::byte>(bytes.size())};
  copy_numbers(tensor.bytes.data(), bytes.data(), bytes.size(), sizeof(T));
  return tensor;
}

template <class T>
std::vector<T> to_numbers(const named_tensor& tensor) {
  std::vector<T> numbers(tensor.bytes.size() / sizeof(T));
  copy_numbers(std::as_writable_bytes(std::span(numbers)).data(), tensor.bytes.data(), tensor.bytes.size(),
               sizeof(T));
  return numbers;
}

} // namespace detail

/// Writes every parameter by name to a safetensors file; it appears when it is complete.
/// Throws file_error if it cannot be written.
template <parameter_store Store>
void save(const Store& store, const std::filesystem::path& path, const tensor_metadata& metadata = {}) {
  using number = typename Store::number_type;
  std::vector<named_tensor> tensors;
  for (auto&& listed : store.parameter_names()) {
    const std::string name(listed);
    tensors.push_back(detail::to_tensor<number>(name, store.parameter_shape(name), store.read(name)));
  }
  write_safetensors(path, tensors, metadata);
}

/// Reads every parameter by name from a safetensors file. Either all tensors fit, or nothing is written to
/// the store. Throws file_error naming each tensor that is missing, not expected, or of another shape or
/// number type.
template <parameter_store Store>
void load(Store& store, const std::filesystem::path& path) {
  using number = typename Store::number_type;
  std::vector<detail::expected_tensor> expected;
  for (auto&& listed : store.parameter_names()) {
    std::string name(listed);
    auto shape = store.parameter_shape(name);
    expected.push_back({std::move(name), std::move(shape), detail::type_of<number>});
  }
  const tensor_file file = read_safetensors(path);
  const auto positions = detail::match(expected, file.tensors, path);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto numbers = detail::to_numbers<number>(file.tensors[positions[i]]);
    store.write(expected[i].name, std::span<const number>(numbers));
  }
}

} // namespace fusegrad::io
