// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <span>
#include <string_view>

namespace fusegrad::layers {

/// What a model calls its inputs, where they are a struct's members; else nothing.
template <class Model> constexpr std::span<const std::string_view> input_names() noexcept {
  if constexpr (requires { Model::input_type::names; })
    return Model::input_type::names;
  else
    return {};
}

} // namespace fusegrad::layers
