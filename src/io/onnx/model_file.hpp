// SPDX-License-Identifier: MIT
#pragma once

#include "protobuf.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::io::onnx {

/// Extents without the batch, which comes before them in every value.
using dimensions = std::vector<std::int64_t>;
using names = std::vector<std::string>;

/// A setting of a node: a number, a text or a list of integers.
class attribute {
public:
  attribute(std::string_view name, std::int64_t number) { text_.text(1, name).integer(3, number).integer(20, 2); }
  attribute(std::string_view name, std::string_view words) { text_.text(1, name).text(4, words).integer(20, 3); }
  attribute(std::string_view name, const dimensions& numbers) {
    text_.text(1, name).integers(8, numbers).integer(20, 7);
  }
  [[nodiscard]] const message& text() const noexcept { return text_; }

private:
  message text_;
};
using attributes = std::vector<attribute>;

/// An ONNX model that grows node by node; of opset 17, all numbers 32-bit floats, batches of any size.
class model_file {
public:
  static constexpr std::int64_t opset = 17;

  /// A node with one result, whose name is given back.
  std::string node(std::string_view type, const names& inputs, const attributes& settings = {});
  names nodes(std::string_view type, const names& inputs, const attributes& settings, std::size_t results);

  /// Constants; equal ones of no name are written once.
  std::string number(float value);
  std::string integers(const dimensions& values);
  /// `name` is made unique where other numbers have it.
  std::string tensor(const std::string& name, const dimensions& shape, std::span<const float> numbers);

  void input(const std::string& name, const dimensions& shape) { graph_.inner(11, value(name, shape)); }
  /// Gives a value the name of an output.
  void output(const std::string& name, const std::string& value_name, const dimensions& shape);

  [[nodiscard]] std::string bytes() const;

private:
  static message value(const std::string& name, const dimensions& shape);
  std::string constant(const std::string& name, const dimensions& shape, std::int64_t type, const std::string& raw);

  message graph_;
  std::size_t values_ = 0;
  std::map<std::string, std::string> constants_; ///< what is in it, by name
};

} // namespace fusegrad::io::onnx
