// SPDX-License-Identifier: MIT
#include "model_file.hpp"

namespace fusegrad::io::onnx {

// The numbers of fields and types are those of onnx.proto, https://github.com/onnx/onnx.
namespace {
constexpr std::int64_t floats = 1, longs = 7, ir_version = 8;

void append(std::string& raw, std::uint64_t bits, int bytes) {
  for (int i = 0; i < bytes; ++i) raw += static_cast<char>(bits >> (8 * i) & 0xFF);
}
} // namespace

names model_file::nodes(std::string_view type, const names& inputs, const attributes& settings, std::size_t results) {
  message text;
  for (const std::string& input : inputs) text.text(1, input);
  names made;
  for (std::size_t i = 0; i < results; ++i) text.text(2, made.emplace_back("value_" + std::to_string(values_++)));
  text.text(4, type);
  for (const attribute& setting : settings) text.inner(5, setting.text());
  graph_.inner(1, text);
  return made;
}

std::string model_file::node(std::string_view type, const names& inputs, const attributes& settings) {
  return nodes(type, inputs, settings, 1).front();
}

std::string model_file::constant(const std::string& name, const dimensions& shape, std::int64_t type,
                                 const std::string& raw) {
  message text;
  text.integers(1, shape).integer(2, type).text(9, raw);
  std::string unique = name;
  for (int i = 1;; ++i) {
    const auto [place, is_new] = constants_.emplace(unique, text.bytes());
    if (!is_new && place->second == text.bytes()) return unique;
    if (is_new) break;
    unique = name + "_" + std::to_string(i);
  }
  graph_.inner(5, text.text(8, unique));
  return unique;
}

std::string model_file::tensor(const std::string& name, const dimensions& shape, std::span<const float> numbers) {
  std::string raw;
  raw.reserve(4 * numbers.size());
  for (const float x : numbers) append(raw, std::bit_cast<std::uint32_t>(x), 4);
  return constant(name, shape, floats, raw);
}

std::string model_file::number(float value) { return tensor("number", {}, std::span(&value, 1)); }

std::string model_file::integers(const dimensions& values) {
  std::string raw;
  for (const std::int64_t x : values) append(raw, static_cast<std::uint64_t>(x), 8);
  return constant("integers", {static_cast<std::int64_t>(values.size())}, longs, raw);
}

message model_file::value(const std::string& name, const dimensions& shape) {
  message extents;
  extents.inner(1, message().text(2, "batch"));
  for (const std::int64_t extent : shape) extents.inner(1, message().integer(1, extent));
  const message tensor = message().integer(1, floats).inner(2, extents);
  return message().text(1, name).inner(2, message().inner(1, tensor));
}

void model_file::output(const std::string& name, const std::string& value_name, const dimensions& shape) {
  graph_.inner(1, message().text(1, value_name).text(2, name).text(4, "Identity"));
  graph_.inner(12, value(name, shape));
}

std::string model_file::bytes() const {
  message graph = graph_;
  graph.text(2, "model");
  return message()
      .integer(1, ir_version)
      .text(2, "fusegrad")
      .inner(7, graph)
      .inner(8, message().text(1, "").integer(2, opset))
      .bytes();
}

} // namespace fusegrad::io::onnx
