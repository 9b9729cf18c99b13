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

template <class T>
FUSEGRAD_INLINE constexpr kernel::place<T> place_of(const argument& a, const pass_memory<T>& m) noexcept {
  switch (a.where) {
  case memory::rows:
    return {m.workspace + a.offset * m.capacity + m.first_row * a.sample_step + a.first, a.stride, a.row_step,
            a.sample_step};
  // Arguments are only read: kernels write to results alone.
  case memory::parameters: return {const_cast<T*>(m.parameters) + a.offset, 0, 0, 0};
  case memory::gradients: return {m.gradients + a.offset, 0, 0, 0};
  case memory::uniforms: return {const_cast<T*>(m.uniforms) + a.offset, 0, 0, 0};
  case memory::batch: return {m.batch + a.offset, 0, 0, 0};
  case memory::observations: return {m.observations + a.offset, 0, 0, 0};
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
