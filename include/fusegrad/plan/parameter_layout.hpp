// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/kernel/call.hpp>

namespace fusegrad::plan {

/// Where a parameter lies among the packed parameters, and where its transpose lies among the transposes.
/// A matrix [out][in] is packed as [in][padded out], its transpose as [out][padded in]; anything else as one padded row.
struct parameter_place {
  std::size_t offset = 0;
  std::size_t transposed_offset = 0;
  std::size_t in = 0;  ///< of a matrix
  std::size_t out = 0; ///< of a matrix; the size of anything else
  bool is_matrix = false;
  bool needs_transpose = false;
  bool has_gradient = false; ///< some call of the program writes its gradient
};

/// The places of all parameters, and the sizes of the two stretches of memory.
struct parameter_layout {
  growing<parameter_place> places;
  std::size_t size = 0;
  std::size_t transposed_size = 0;
};

template <class T> constexpr parameter_layout lay_out_parameters(const graph::graph& g) {
  parameter_layout layout;
  for (const graph::parameter& p : g.parameters) {
    parameter_place place;
    place.is_matrix = p.is_matrix;
    place.needs_transpose = p.needs_transpose;
    place.out = p.is_matrix ? p.shape[0] : p.shape.size();
    place.in = p.is_matrix ? p.shape[1] : 1;
    place.offset = layout.size;
    place.transposed_offset = layout.transposed_size;
    layout.size += place.in * kernel::padded<T>(place.out);
    if (p.needs_transpose) layout.transposed_size += place.out * kernel::padded<T>(place.in);
    layout.places.push_back(place);
  }
  return layout;
}

} // namespace fusegrad::plan
