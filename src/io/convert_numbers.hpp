// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/io/safetensors.hpp>

#include <optional>
#include <string>

namespace fusegrad::io::detail {

/// Whether numbers of this type can be converted: F16, BF16, F32 and F64.
bool is_real(number_type type) noexcept;

/// Makes the numbers of a tensor of real numbers F32 or F64. Where a finite number has no place there, it is told in
/// words and the tensor is as it was.
std::optional<std::string> convert_numbers(named_tensor& tensor, number_type to);

} // namespace fusegrad::io::detail
