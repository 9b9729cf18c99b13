// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/short_list.hpp>

namespace fusegrad::graph {

// Numbers of values, parameters, expressions and windows; each counts one kind of thing.
enum class value_id : std::int32_t { none = -1 };
enum class parameter_id : std::int32_t { none = -1 };
enum class expression_id : std::int32_t { none = -1 };
enum class window_id : std::int32_t { none = -1 };

/// Numbers that are known when a step starts.
enum class uniform : std::uint8_t {
  one_over_batch,
  unbiased, ///< n / (n - 1) for n samples, 1 for one: from the variance of a batch to that of what it was drawn from
  one,
  loss_scale, ///< of the term of the loss that is being written; those of further terms follow
};
/// The most terms that a loss adds up.
inline constexpr std::size_t most_loss_terms = 8;
inline constexpr std::size_t uniform_count = static_cast<std::size_t>(uniform::loss_scale) + most_loss_terms;
constexpr uniform loss_scale_of(std::size_t term) {
  return static_cast<uniform>(static_cast<std::size_t>(uniform::loss_scale) + term);
}

/// What an operation reads.
enum class source : std::uint8_t {
  value,     ///< the row of a value at each position; of one column: the same number for all; of one position: the same
             ///< row for all; of a value of the batch: its only row
  parameter, ///< one number for each column, the same for all samples; of size 1: one number
  uniform,   ///< one number for a whole step
  product,   ///< of an epilogue: the product that it works on, which never reaches memory; made by the plan
  factor,    ///< of an epilogue of several products with one weight: another of them, of the row of a value
};

/// One thing that an operation reads.
class operand {
public:
  constexpr operand() = default;
  constexpr operand(value_id v) : from{source::value}, number_{static_cast<std::int32_t>(v)} {}
  constexpr operand(parameter_id p) : from{source::parameter}, number_{static_cast<std::int32_t>(p)} {}
  constexpr operand(uniform u) : from{source::uniform}, number_{static_cast<std::int32_t>(u)} {}
  static constexpr operand product() {
    operand x;
    x.from = source::product;
    return x;
  }

  static constexpr operand factor(value_id left) {
    operand x(left);
    x.from = source::factor;
    return x;
  }

  source from = source::value;

  [[nodiscard]] constexpr bool is_value() const { return from == source::value; }
  [[nodiscard]] constexpr bool is_factor() const { return from == source::factor; }
  [[nodiscard]] constexpr bool is_parameter() const { return from == source::parameter; }
  [[nodiscard]] constexpr value_id value() const { return value_id{number_}; }
  [[nodiscard]] constexpr parameter_id parameter() const { return parameter_id{number_}; }
  [[nodiscard]] constexpr uniform which_uniform() const { return static_cast<uniform>(number_); }

  friend constexpr bool operator==(const operand&, const operand&) = default;

private:
  std::int32_t number_ = 0;
};

/// How many inputs or outputs one operation of a layer can have: the most values that `concat` joins, or that `map`
/// reads.
inline constexpr std::size_t most_operands = 16;
/// A derivative reads the gradient and the result besides.
inline constexpr std::size_t most_inputs = most_operands + 2;
using operand_list = short_list<operand, most_inputs>;
using value_list = short_list<value_id, most_operands>;

} // namespace fusegrad::graph
