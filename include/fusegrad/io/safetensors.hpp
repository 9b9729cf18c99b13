// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/file_error.hpp>

#include <cstddef>
#include <deque>
#include <fusegrad/base/file_path.hpp>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Files that hold what a model has learned.
namespace fusegrad::io {

using data::file_error;

/// The number types of the safetensors format.
enum class number_type { boolean, u8, i8, f8_e5m2, f8_e4m3, u16, i16, f16, bf16, u32, i32, f32, u64, i64, f64 };

/// The name that a number type has in the file: "F32" and so on.
std::string_view to_string(number_type type) noexcept;

/// Bytes that one number takes.
std::size_t size_of(number_type type) noexcept;

/// A tensor in a file: row-major numbers, little-endian, as many bytes as shape and type say.
struct named_tensor {
  std::string name;
  std::vector<std::size_t> shape;
  number_type type = number_type::f32;
  std::vector<std::byte> bytes;

  friend bool operator==(const named_tensor&, const named_tensor&) = default;
};

/// Free text that a file carries along.
using tensor_metadata = std::map<std::string, std::string>;

/// A tensor of a number type that is not in the list, as the file names it; its bytes are not read.
struct skipped_tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::string type;

  friend bool operator==(const skipped_tensor&, const skipped_tensor&) = default;
};

/// All that a safetensors file holds, the tensors in the order of its header.
struct tensor_file {
  std::vector<named_tensor> tensors;
  /// Without the checksum.
  tensor_metadata metadata;
  std::deque<skipped_tensor> skipped;
  /// Whether the file came with a checksum of its contents; those of other programs have none.
  bool has_checksum = false;
};

/// Reads a safetensors file strictly.
/// Source: "Safetensors", format description, https://github.com/huggingface/safetensors.
/// Throws file_error naming file and tensor for anything the format does not allow: doubled names, sizes that
/// are negative, overflow or contradict each other, data that overlaps, has gaps or is left over; and for
/// contents that are not those the checksum was made of, where there is one.
tensor_file read_safetensors(const base::file_path& path);

/// The same from the bytes of a file; `name` stands for the file in messages.
tensor_file parse_safetensors(std::string_view bytes, std::string_view name);

/// Writes a safetensors file with a checksum of names, types, shapes, numbers and metadata (the key
/// "fusegrad.crc64" of its metadata). Whoever opens the file at any time, also after the process was killed or
/// the power was cut, finds the older file or the new one, whole; a failure leaves the older one untouched.
/// Mode, owner and symbolic links stay as they are, and FIFOs and devices are written to.
/// Throws file_error if it cannot be written; std::invalid_argument for tensors that make no valid file:
/// doubled or reserved names, names that are not UTF-8, bytes that do not agree with shape and type.
void write_safetensors(const base::file_path& path, std::span<const named_tensor> tensors,
                       const tensor_metadata& metadata = {});

/// The bytes of such a file.
std::string format_safetensors(std::span<const named_tensor> tensors, const tensor_metadata& metadata = {});

} // namespace fusegrad::io
