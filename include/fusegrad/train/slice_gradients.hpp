// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/size_product.hpp>
#include <fusegrad/math/vector.hpp>
#include <fusegrad/run/slice_tree.hpp>
#include <fusegrad/tensor/buffer.hpp>

namespace fusegrad::train {

/// Adds two rows of whole vectors; the sum may stand where one of them does.
template <class T> constexpr void add_numbers(const T* a, const T* b, std::size_t count, T* sum) noexcept {
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = 0; i < count; ++i) sum[i] = a[i] + b[i];
    return;
  }
  using vector = math::vector<T>;
  for (std::size_t i = 0; i < count; i += static_cast<std::size_t>(vector::lanes))
    (vector::load_aligned(a + i) + vector::load_aligned(b + i)).store_aligned(sum + i);
}

/// Gradients of slices of a batch, packed like the weights, where a slice_tree has its places; the sum of all stands in
/// the first.
template <class T> class slice_gradients {
public:
  constexpr slice_gradients(std::size_t slices, std::size_t size)
      : size_{size}, numbers_{base::size_product("the gradients of all slices", slices, size)} {}

  [[nodiscard]] constexpr T* at(std::size_t place) noexcept { return numbers_.data() + place * size_; }
  [[nodiscard]] constexpr const T* whole() const noexcept { return numbers_.data(); }

  /// Adds all that stands in one place to another.
  constexpr void add(std::size_t to, std::size_t from) noexcept { add_numbers(at(to), at(from), size_, at(to)); }

  /// Completes a stretch of the whole gradient from what groups of threads have added, and says where it stands: in
  /// `room` if there is some and it is needed, else in its place. What another core has to write again is better left.
  constexpr T* sum(const execution::slice_tree& tree, std::size_t begin, std::size_t end, T* room) noexcept {
    tree.each_sum_of_groups([&](std::size_t to, std::size_t from) {
      T* const left = at(tree.place_of(to)) + begin;
      add_numbers(left, at(tree.place_of(from)) + begin, end - begin,
                  room != nullptr && tree.is_last_sum(to, from) ? room : left);
    });
    return room != nullptr && tree.groups() > 1 ? room : at(0) + begin;
  }

private:
  std::size_t size_;
  tensor::buffer<T> numbers_;
};

} // namespace fusegrad::train
