// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/text.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/plan/network_plan.hpp>
#include <string>

namespace fusegrad {

/// A model as a table: layers, output shapes, parameters, operations and what backward keeps; then the totals and bytes.
template <any_model Model> std::string summary(Model);

} // namespace fusegrad
