// SPDX-License-Identifier: MIT
#include "convert_numbers.hpp"

#include <fusegrad/io/save.hpp>

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

namespace fusegrad::io::detail {

namespace {

template <class T> T from_bytes(const std::byte* bytes) noexcept {
  T number{};
  copy_in_order_of_file(reinterpret_cast<std::byte*>(&number), bytes, sizeof(T), sizeof(T));
  return number;
}

/// IEEE 754's half precision: a sign, 5 bits of exponent, 10 of fraction.
double from_half(std::uint16_t bits) noexcept {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double sign = bits >> 15 ? -1 : 1;
  if (exponent == 31)
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

double number_at(const std::byte* bytes, number_type type) noexcept {
  switch (type) {
  case number_type::f16: return from_half(from_bytes<std::uint16_t>(bytes));
  case number_type::bf16: return std::bit_cast<float>(std::uint32_t{from_bytes<std::uint16_t>(bytes)} << 16);
  case number_type::f32: return from_bytes<float>(bytes);
  default: return from_bytes<double>(bytes);
  }
}

template <class T> std::optional<std::string> convert(named_tensor& tensor) {
  const std::size_t size = size_of(tensor.type), count = tensor.bytes.size() / size;
  std::vector<T> numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double number = number_at(tensor.bytes.data() + i * size, tensor.type);
    numbers[i] = static_cast<T>(number);
    if (std::isinf(static_cast<double>(numbers[i])) && !std::isinf(number)) {
      return std::to_string(number) + " at number " + std::to_string(i);
    }
  }
  tensor = to_tensor<T>(tensor.name, tensor.shape, numbers);
  return std::nullopt;
}

} // namespace

bool is_real(number_type type) noexcept {
  return type == number_type::f16 || type == number_type::bf16 || type == number_type::f32 || type == number_type::f64;
}

std::optional<std::string> convert_numbers(named_tensor& tensor, number_type to) {
  assert(is_real(tensor.type) && (to == number_type::f32 || to == number_type::f64));
  return to == number_type::f32 ? convert<float>(tensor) : convert<double>(tensor);
}

} // namespace fusegrad::io::detail
