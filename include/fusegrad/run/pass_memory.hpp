// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/run/step.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// The memory that one pass over some rows works in; nothing of it is owned here.
template <class T> struct pass_memory {
  T* workspace = nullptr;        ///< row_size times `capacity` numbers
  std::size_t capacity = 0;      ///< samples that the workspace is laid out for, slack included
  std::size_t first_row = 0;     ///< which of them the pass begins with
  const T** given = nullptr;     ///< where each sample's numbers begin, some more listed than there are rows
  const T* parameters = nullptr; ///< packed
  const T* transposed = nullptr;
  T* turned = nullptr;    ///< the same, where large ones are made panel by panel as they are read
  T* gradients = nullptr; ///< packed like the parameters
  const T* uniforms = nullptr;
  double* loss = nullptr;
  T* batch = nullptr; ///< what the whole batch has in common
  T* observations = nullptr;
  base::philox_key random_key{};
  std::size_t first_sample = 0; ///< which sample of the batch the first row of the workspace is
};

/// What a step is to do: on how many samples, and which of the units that threads can share it in.
struct task {
  std::size_t rows = 0;
  bool accumulate = false; ///< gradients are added to what is there, else each is overwritten by its first contribution
  std::size_t first_unit = 0, last_unit = 0; ///< up to 0: all
  bool goes_on = true;                       ///< what lies behind the units' weights will be read next
};

/// Where an argument in this memory lies, `offset` from its beginning. A choice by the compiler: one that is left to
/// the optimiser is worked through for each argument of each step.
template <memory Where, class T>
FUSEGRAD_INLINE constexpr kernel::place<T> place_in(const argument& a, std::uint32_t offset,
                                                    const pass_memory<T>& m) noexcept {
  if constexpr (Where == memory::rows)
    return {m.workspace + offset * m.capacity + m.first_row * a.sample_step + a.first, a.stride, a.row_step,
            a.sample_step};
  // Arguments are only read: kernels write to results alone.
  else if constexpr (Where == memory::parameters)
    return {const_cast<T*>(m.parameters) + offset, 0, 0, 0};
  else if constexpr (Where == memory::gradients)
    return {m.gradients + offset, 0, 0, 0};
  else if constexpr (Where == memory::uniforms)
    return {const_cast<T*>(m.uniforms) + offset, 0, 0, 0};
  else if constexpr (Where == memory::batch)
    return {m.batch + offset, 0, 0, 0};
  else if constexpr (Where == memory::observations)
    return {m.observations + offset, 0, 0, 0};
  else
    return {};
}
/// The same in whatever memory it lies.
template <class T>
FUSEGRAD_INLINE constexpr kernel::place<T> place_of(const argument& a, const pass_memory<T>& m) noexcept {
  switch (a.where) {
  case memory::rows: return place_in<memory::rows>(a, a.offset, m);
  case memory::parameters: return place_in<memory::parameters>(a, a.offset, m);
  case memory::gradients: return place_in<memory::gradients>(a, a.offset, m);
  case memory::uniforms: return place_in<memory::uniforms>(a, a.offset, m);
  case memory::batch: return place_in<memory::batch>(a, a.offset, m);
  case memory::observations: return place_in<memory::observations>(a, a.offset, m);
  case memory::given:
  case memory::none: break;
  }
  return {};
}

/// Points to the rows of a left factor, wherever they are.
template <class T>
FUSEGRAD_INLINE constexpr void point_to_left(kernel::call<T>& c, const argument& a, const pass_memory<T>& m) noexcept {
  if (a.where == memory::given) {
    c.left_rows = m.given + m.first_row;
    c.left_begin = a.offset;
    c.left = c.left_rows[0] + a.offset;
    return;
  }
  const kernel::place<T> left = place_of(a, m);
  c.left = left.data;
  c.left_stride = left.stride;
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
