// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/io/load_options.hpp>
#include <fusegrad/io/safetensors.hpp>

#include <array>
#include <cstddef>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/graph/column_order.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::io::detail {

/// The parts of parameters that are numbers of flattened images, found by the compiler.
template <class Model> constexpr growing<graph::flattened_part> find_flattened() {
  const graph::graph g = plan::graph_of<Model, plan::no_loss, plan::purpose::predict>();
  return graph::column_orders(g).parameters();
}
template <class Model> inline constexpr std::size_t flattened_count = find_flattened<Model>().size();
template <class Model>
inline constexpr auto flattened_of = [] {
  std::array<graph::flattened_part, flattened_count<Model>> parts{};
  if constexpr (flattened_count<Model> != 0) {
    const growing<graph::flattened_part> found = find_flattened<Model>();
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i] = found[i];
  }
  return parts;
}();

/// Such a part with the name of its parameter.
struct named_part {
  std::string name;
  graph::flattened_part part;
};

/// Those of a store; none where it is not known what model it is of.
template <class Store> std::vector<named_part> flattened_parts() {
  std::vector<named_part> parts;
  if constexpr (requires { typename Store::model_type; }) {
    using model = typename Store::model_type;
    using compiled = plan::compiled<model, plan::no_loss, plan::purpose::hold, typename Store::number_type>;
    for (const graph::flattened_part& part : flattened_of<model>)
      parts.push_back({std::string(compiled::value.parameter_name(part.parameter)), part});
  }
  return parts;
}

/// In which order a file has its flattened images. Throws file_error where it does not tell and was not asked for, or
/// where it tells another one.
flattened order_in(const tensor_file& file, std::span<const named_part> parts, flattened asked,
                   const base::file_path& path);

/// Writes down in which order they are.
void tell_order(tensor_metadata& metadata, std::span<const named_part> parts, flattened order);

/// From channels first to channels last, or back.
void reorder(std::span<named_tensor> tensors, std::span<const std::string> names, std::span<const named_part> parts,
             flattened to);

} // namespace fusegrad::io::detail
