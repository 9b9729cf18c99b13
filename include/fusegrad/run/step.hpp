// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/graph/kind.hpp>
#include <fusegrad/graph/operand.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/window_pattern.hpp>
#include <fusegrad/tensor/matrices.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Which memory an argument or result lies in.
enum class memory : std::uint8_t { none, rows, given, parameters, gradients, uniforms, batch, observations };

/// One argument or result of a kernel call. In `rows` the offset counts numbers per sample: a workspace for n samples
/// keeps a value at n times its offset. `given` are rows that lie where the
/// samples are: the offset counts from where one begins. In `batch` lie the values that a whole batch has in common.
struct argument {
  memory where = memory::none;
  kernel::access how = kernel::access::product;
  std::uint32_t offset = 0;
  std::uint32_t stride = 0; ///< from one row to the next: of vectors a sample, of images a position
  std::uint32_t width = 0;  ///< of a row
  std::uint32_t first = 0;  ///< from where a sample begins to its first position: there may be a border
  std::uint32_t row_step = 0, sample_step = 0; ///< of images; of vectors `sample_step` is `stride`
  bool is_part = false;                        ///< its columns lie among those of other values
  friend constexpr bool operator==(const argument&, const argument&) = default;
};

/// An argument in the table of a program: equal layers have arguments that differ in the offset alone.
struct argument_place {
  std::uint32_t offset = 0;
  std::uint32_t form = 0; ///< which argument of the program's forms it is but for that
};
constexpr argument at_offset(const argument& form, std::uint32_t offset) noexcept {
  argument a = form;
  a.offset = offset;
  return a;
}

/// How threads share a step that makes rows.
enum class sharing : std::uint8_t {
  samples, ///< each its own samples
  panels,  ///< the same, or by panels of a large weight
  columns, ///< of what the whole batch has in common
  none,    ///< one of them does it
};

/// What a kernel call is, apart from where its numbers lie: equal layers have it in common.
struct step_form {
  graph::kind what = graph::kind::input;
  sharing shared_by = sharing::samples;
  bool transposed = false;
  tensor::transposed_factor turned = tensor::transposed_factor::none; ///< of a product of two values
  bool is_narrow = false;          ///< product with a weight that is stored by outputs
  bool is_of_batch = false;        ///< works on one row for the whole batch
  bool first_contribution = false; ///< the first to write its gradient in a pass: it overwrites
  bool is_image = false;           ///< works on more than one position of each sample
  bool keeps_places = false;       ///< a pooled product that tells which number of each window was the largest
  bool reads_parts = false;        ///< a product or its gradient: a factor lies among other values
  bool reads_given = false;        ///< a gradient: its left factor are rows of samples, where these lie
  bool reads_places = false;       ///< multiplies with what a pool has spread: its numbers and their places
  kernel::pooling pool;            ///< of a product or its gradients
  std::uint32_t depth = 0;         ///< product: the width of the left side; weight gradient: the inputs
  std::uint32_t columns = 0;
  std::uint32_t image_rows = 1, image_columns = 1; ///< rows of positions that it walks over
  std::uint32_t groups = 1;    ///< of a product's columns; its depth, and a gradient's columns, are those of one
  std::uint32_t taps = 1;      ///< of the window of a product
  std::uint32_t factors = 1;   ///< how many products with one weight it makes, or sums up to its gradient
  std::uint32_t positions = 1; ///< how many products, or rows that are summed, there are for a sample
  std::uint32_t window = 0, patterns_begin = 0, pattern_count = 0; ///< in the program's tables
  argument left;                                                   ///< product: the left side
  argument right;                                                  ///< of a product of two values
  argument places;                                                 ///< where the numbers of a pool belong
  std::uint32_t causal_rows = 0; ///< of a causal softmax: after how many rows the first position comes again
  std::uint32_t row_step = 0, column_step = 0; ///< of the image that the patterns of such a gradient count in
  graph::expression_id expression = graph::expression_id::none;
  graph::uniform weight = graph::uniform::one;
  std::uint16_t argument_count = 0;
  std::uint16_t result_count = 0;
  std::uint16_t kernel = 0; ///< which of the distinct kernels runs it

  /// Whether it makes several products, each of a row of its own.
  [[nodiscard]] constexpr bool joins_products() const noexcept { return factors > 1 && left.where != memory::none; }
  friend constexpr bool operator==(const step_form&, const step_form&) = default;
};

/// Where the numbers of a kernel call lie: what is left of a step in a program's table.
struct step_place {
  std::uint32_t form = 0;             ///< which of the program's forms it has
  std::uint32_t parameter_offset = 0; ///< of the weight of a product, or of the gradient that is summed
  graph::parameter_id parameter = graph::parameter_id::none;
  std::int32_t slot = -1;
  std::uint32_t arguments_begin = 0;
  std::uint32_t left_offset = 0, right_offset = 0, places_offset = 0;
};

/// One kernel call, whole: as it is planned, and as the compiler looks at it.
struct step : step_form, step_place {
  constexpr step() = default;
  constexpr step(const step_form& what_it_is, const step_place& where) noexcept
      : step_form{what_it_is}, step_place{where} {
    left.offset = where.left_offset;
    right.offset = where.right_offset;
    places.offset = where.places_offset;
  }
};

/// Where a sample's numbers that come from outside go to, or where the output is read.
struct row_place {
  std::uint32_t offset = 0;
  std::uint32_t width = 0;                                      ///< of all positions together
  std::uint32_t sample_step = 0;                                ///< from one sample to the next
  std::uint32_t image_rows = 1, image_columns = 1, columns = 0; ///< where they do not lie one after the other
  std::uint32_t first = 0, row_step = 0, column_step = 0;
  bool is_flat = true;   ///< all numbers of a sample lie one after the other
  bool is_given = false; ///< they are read where they are: nothing is copied
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
