// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/io/flattened.hpp>
#include <fusegrad/io/load_options.hpp>
#include <fusegrad/io/safetensors.hpp>

#include <bit>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <fusegrad/base/file_path.hpp>
#include <span>
#include <string>
#include <string_view>
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

/// The tensors that are expected, in their order and number types, and what became of the others.
struct matched_tensors {
  std::vector<named_tensor> tensors;
  load_result result;
};

/// Finds each tensor that is expected. Throws file_error, naming every tensor that is missing, not expected, or of
/// another shape or number type, with what was expected and what was found, and the options that would help.
matched_tensors match(std::span<const expected_tensor> expected, tensor_file found, const base::file_path& path,
                      const load_options& options = {});

/// The number type of the format that holds T.
template <class T> constexpr number_type type_of() noexcept {
  static_assert(std::is_arithmetic_v<T> && sizeof(T) <= 8, "no number type of the format holds this type");
  if constexpr (std::is_floating_point_v<T>) return sizeof(T) == 4 ? number_type::f32 : number_type::f64;
  if constexpr (std::is_same_v<T, bool>) return number_type::boolean;
  constexpr bool sign = std::is_signed_v<T>;
  switch (sizeof(T)) {
  case 1: return sign ? number_type::i8 : number_type::u8;
  case 2: return sign ? number_type::i16 : number_type::u16;
  case 4: return sign ? number_type::i32 : number_type::u32;
  default: return sign ? number_type::i64 : number_type::u64;
  }
}

/// Copies numbers to or from the file's byte order, little-endian, which is nearly always ours.
inline void copy_in_order_of_file(std::byte* to, const std::byte* from, std::size_t bytes,
                                  std::size_t number_size) noexcept {
  if (bytes == 0) return;
  std::memcpy(to, from, bytes);
  if constexpr (std::endian::native == std::endian::big) {
    for (std::size_t i = 0; i < bytes; i += number_size)
      for (std::size_t k = 0; k < number_size / 2; ++k) std::swap(to[i + k], to[i + number_size - 1 - k]);
  } else {
    static_cast<void>(number_size);
  }
}

/// A tensor of these numbers, which may be of any type with a name in the format.
template <class T>
named_tensor to_tensor(std::string name, std::vector<std::size_t> shape, std::span<const T> numbers) {
  const auto bytes = std::as_bytes(numbers);
  named_tensor tensor{std::move(name), std::move(shape), type_of<T>(), std::vector<std::byte>(bytes.size())};
  copy_in_order_of_file(tensor.bytes.data(), bytes.data(), bytes.size(), sizeof(T));
  return tensor;
}

/// The numbers of a tensor of that type, into as many places.
template <class T> void copy_to(std::span<T> numbers, const named_tensor& tensor) noexcept {
  assert(tensor.type == type_of<T>() && tensor.bytes.size() == numbers.size_bytes());
  copy_in_order_of_file(std::as_writable_bytes(numbers).data(), tensor.bytes.data(), tensor.bytes.size(), sizeof(T));
}

/// Under which key a file tells the names of the inputs that its weights are for.
inline constexpr const char* inputs_key = "fusegrad.inputs";

/// The names of a model's inputs, one after the other, where it takes a struct.
template <class Store> std::string input_names() {
  std::string names;
  if constexpr (requires { Store::model_type::input_type::names; })
    for (const std::string_view name : Store::model_type::input_type::names)
      names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

/// Throws file_error where the weights of a file are for inputs of other names or in another order.
inline void match_inputs(const std::string& expected, const tensor_file& found, const base::file_path& path) {
  const auto said = found.metadata.find(inputs_key);
  if (expected.empty() || said == found.metadata.end() || said->second == expected) return;
  throw file_error(path.string() + ": expected weights for the inputs " + expected + ", found those for " +
                   said->second);
}

} // namespace detail

/// Writes every parameter by name to a safetensors file; it appears when it is complete. The weights of a model that
/// takes a struct carry the names of its members, and are loaded into no model that takes others or another order.
/// Throws file_error if it cannot be written.
template <parameter_store Store>
void save(const Store& store, const base::file_path& path, const save_options& options) {
  using number = typename Store::number_type;
  std::vector<named_tensor> tensors;
  std::vector<std::string> names;
  for (auto&& listed : store.parameter_names()) {
    const std::string& name = names.emplace_back(listed);
    const std::vector<number> numbers = store.read(name);
    tensors.push_back(detail::to_tensor<number>(name, store.parameter_shape(name), numbers));
  }
  tensor_metadata told = options.metadata;
  if (std::string inputs = detail::input_names<Store>(); !inputs.empty())
    told.try_emplace(detail::inputs_key, std::move(inputs));
  const std::vector<detail::named_part> parts = detail::flattened_parts<Store>();
  const std::span<const detail::named_part> flat(parts.data(), parts.size());
  detail::tell_order(told, flat, options.flattened);
  if (options.flattened == flattened::channels_first)
    detail::reorder({tensors.data(), tensors.size()}, {names.data(), names.size()}, flat, flattened::channels_first);
  write_safetensors(path, {tensors.data(), tensors.size()}, told);
}
template <parameter_store Store>
void save(const Store& store, const base::file_path& path, const tensor_metadata& metadata = {}) {
  io::save(store, path, save_options{.metadata = metadata});
}

/// Reads every parameter by name from a safetensors file. Either all tensors fit, or nothing is written to
/// the store, also where memory runs out. Throws file_error naming each tensor that is missing, not expected, or of
/// another shape or number type, unless the options say what to do with it. What PyTorch's batch norms count
/// (`num_batches_tracked`) and tensors of number types that no store holds are passed over where the store does not ask
/// for them. Of a file that another program wrote it must be said in which order it has the columns that read a
/// flattened image (load_options::flattened). Gives back the names of tensors that were passed over or converted.
template <parameter_store Store>
load_result load(Store& store, const base::file_path& path, const load_options& options = {}) {
  using number = typename Store::number_type;
  std::vector<detail::expected_tensor> expected;
  std::vector<std::string> names;
  for (auto&& listed : store.parameter_names()) {
    std::string name = names.emplace_back(listed);
    auto shape = store.parameter_shape(name);
    expected.push_back({std::move(name), std::move(shape), detail::type_of<number>()});
  }
  tensor_file file = read_safetensors(path);
  detail::match_inputs(detail::input_names<Store>(), file, path);
  const std::vector<detail::named_part> parts = detail::flattened_parts<Store>();
  const std::span<const detail::named_part> flat(parts.data(), parts.size());
  const flattened order = detail::order_in(file, flat, options.flattened, path);
  detail::matched_tensors found = detail::match({expected.data(), expected.size()}, std::move(file), path, options);
  if (order == flattened::channels_first)
    detail::reorder({found.tensors.data(), found.tensors.size()}, {names.data(), names.size()}, flat,
                    flattened::channels_last);
  std::size_t most_bytes = 0;
  for (const named_tensor& tensor : found.tensors)
    if (tensor.bytes.size() > most_bytes) most_bytes = tensor.bytes.size();
  // All that may fail comes before the first number is written.
  std::vector<number> numbers(most_bytes / sizeof(number));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const named_tensor& tensor = found.tensors[i];
    const std::span<number> part(numbers.data(), tensor.bytes.size() / sizeof(number));
    detail::copy_to(part, tensor);
    store.write(expected[i].name, part);
  }
  return std::move(found.result);
}

} // namespace fusegrad::io
