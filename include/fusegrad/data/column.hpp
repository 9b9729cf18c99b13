// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad::data {

/// What a column of a table becomes.
enum class column_kind : std::uint8_t {
  number,  ///< itself
  one_hot, ///< a number for each category, 1 for the one it is, else 0
  code,    ///< the number of the category, from 0
};

/// What is done about a field that is missing.
enum class missing_field : std::uint8_t {
  refuse,  ///< an error with its line and column
  mean,    ///< the mean of the column, in the table that it was found in
  replace, ///< a given number, or a given category
};

/// A column of a table, and what becomes of it. A name alone is a column of numbers without gaps.
struct column {
  std::string name;
  column_kind kind = column_kind::number;
  missing_field missing = missing_field::refuse;
  /// Whether one more number follows: 1 where the field is missing, else 0.
  bool is_marked = false;
  /// What stands in for a missing number: given, or for `mean` found when a table is read.
  std::optional<double> replacement = std::nullopt;
  /// What stands in for a missing category.
  std::string replacement_category = {};
  /// Of one_hot and code, in the order of their numbers; if empty, those of the table: whole numbers by size, others in
  /// the order of their bytes.
  std::vector<std::string> categories = {};

  column(std::string of_name) : name(std::move(of_name)) {}
  column(const char* of_name) : name(of_name) {}

  /// Missing numbers become the mean of those that are there.
  [[nodiscard]] column or_mean() const { return with(missing_field::mean, std::nullopt, {}); }
  /// Missing numbers become this one.
  [[nodiscard]] column or_number(double number) const { return with(missing_field::replace, number, {}); }
  /// Missing categories become this one.
  [[nodiscard]] column or_category(std::string category) const {
    return with(missing_field::replace, std::nullopt, std::move(category));
  }
  /// One more number follows: 1 where the field is missing, else 0.
  [[nodiscard]] column marked() const {
    column result = *this;
    result.is_marked = true;
    return result;
  }

  /// How many numbers it becomes, once its categories are known.
  [[nodiscard]] std::size_t width() const noexcept {
    return (kind == column_kind::one_hot ? categories.size() : 1) + (is_marked ? 1 : 0);
  }

  friend bool operator==(const column&, const column&) = default;

private:
  [[nodiscard]] column with(missing_field what, std::optional<double> number, std::string category) const {
    column result = *this;
    result.missing = what;
    result.replacement = number;
    result.replacement_category = std::move(category);
    return result;
  }
};

/// A column of texts that becomes a number for each category: 1 for the one it is, else 0.
inline column one_hot(std::string name, std::vector<std::string> categories = {}) {
  column result{std::move(name)};
  result.kind = column_kind::one_hot;
  result.categories = std::move(categories);
  return result;
}

/// A column of texts that becomes one number, that of the category, from 0: for categories that have an order.
inline column code(std::string name, std::vector<std::string> categories = {}) {
  column result = one_hot(std::move(name), std::move(categories));
  result.kind = column_kind::code;
  return result;
}

} // namespace fusegrad::data
