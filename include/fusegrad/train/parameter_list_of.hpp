// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/train/checkpoint.hpp>
#include <fusegrad/train/rule_fingerprint.hpp>
#include <string_view>
#include <type_traits>
#include <utility>

namespace fusegrad::train {

/// The parameters of a compiled model, the states and settings of the rule behind `Updater`.
template <class Compiled, class Updater, class T>
inline constexpr parameter_list parameter_list_of{
    sizeof(T),
    Compiled::value.parameter_count,
    Compiled::value.parameter_size,
    Updater::state_count(),
    Updater::setting_count(),
    rule_fingerprint<std::remove_cvref_t<decltype(std::declval<const Updater&>().rule())>>(),
    [](std::size_t p) { return std::string_view(Compiled::value.parameter_name(p)); },
    [](std::size_t p) -> const tensor::extents& { return Compiled::value.facts[p].shape; },
    [](std::size_t p, const void* packed, void* plain) {
      execution::unpack(Compiled::value.parameters[p], static_cast<const T*>(packed), static_cast<T*>(plain));
    },
    [](std::size_t p, const void* plain, void* packed) {
      execution::pack(Compiled::value.parameters[p], static_cast<const T*>(plain), static_cast<T*>(packed));
    },
    [](std::size_t s) { return Updater::state_name(s); },
    [](std::size_t s) { return Updater::setting_name(s); }};

} // namespace fusegrad::train
