// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/kernel/narrow_product.hpp>
#include <fusegrad/run/parameter_place.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// The places of all parameters, and the sizes of the two stretches of memory.
struct parameter_layout {
  numbered<graph::parameter_id, execution::parameter_place> places;
  std::size_t size = 0;
  std::size_t transposed_size = 0;
};

template <class T> constexpr parameter_layout lay_out_parameters(const graph::graph& g) {
  parameter_layout layout;
  for (const graph::parameter& p : g.parameters) {
    execution::parameter_place place;
    place.is_matrix = p.is_matrix;
    place.is_trained = p.is_trained;
    place.out = p.is_matrix ? p.shape[0] : p.shape.size();
    place.in = p.is_matrix ? p.shape.size() / p.shape[0] : 1;
    place.groups = p.groups;
    place.taps = p.is_matrix ? place.in / p.shape[1] : 1;
    place.is_narrow = p.is_matrix && !p.meets_images && kernel::is_narrow<T>(place.in, place.out);
    place.needs_transpose = p.needs_transpose && !place.is_narrow;
    place.offset = layout.size;
    place.transposed_offset = layout.transposed_size;
    layout.size += execution::packed_size<T>(place);
    if (place.needs_transpose) layout.transposed_size += execution::transposed_size<T>(place);
    layout.places.push_back(place);
  }
  return layout;
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
