// SPDX-License-Identifier: MIT
#include "safetensors_header.hpp"

#include "../base/file.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <utility>

namespace fusegrad::io::detail {

namespace {

using base::in_quotes;

/// As many as NumPy and PyTorch have.
constexpr std::size_t most_extents = 64;

/// Follows the parser through a header and refuses the first thing that does not belong there. A document
/// tree would not do: it keeps the last of two equal keys without a word and turns negative sizes into large
/// ones.
class header_reader final : public nlohmann::json_sax<nlohmann::json> {
public:
  explicit header_reader(std::string_view file) : file_(file) {}

  tensor_header take() { return std::move(header_); }

  bool null() override { refuse("null"); }
  bool boolean(bool value) override { refuse(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { refuse(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { refuse(text); }
  bool binary(binary_t&) override { refuse("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ != place::shape && place_ != place::offsets) refuse(std::to_string(value));
    if (!std::in_range<std::size_t>(value)) refuse(std::to_string(value));
    if (place_ == place::shape) {
      if (entry_.shape.size() == most_extents)
        fail_tensor("expected at most " + std::to_string(most_extents) + " sizes for shape, found more");
      entry_.shape.push_back(static_cast<std::size_t>(value));
      return true;
    }
    if (offset_count_ == 2) refuse("a third number");
    (offset_count_ == 0 ? entry_.begin : entry_.end) = static_cast<std::size_t>(value);
    ++offset_count_;
    return true;
  }

  bool string(string_t& value) override {
    if (place_ == place::metadata) {
      header_.metadata[metadata_name_] = value;
    } else if (place_ == place::tensor && field_ == field::type) {
      entry_.type = value;
    } else {
      refuse("the text " + in_quotes(value));
    }
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ == place::outside) {
      place_ = place::top;
    } else if (place_ == place::top) {
      place_ = entry_.name == metadata_key ? place::metadata : place::tensor;
    } else {
      refuse("an object");
    }
    return true;
  }

  bool key(string_t& name) override {
    if (place_ == place::top) {
      if (!names_.insert(name).second) fail("expected each name once, found " + in_quotes(name) + " twice");
      entry_ = {};
      entry_.name = name;
      seen_ = {};
      offset_count_ = 0;
    } else if (place_ == place::metadata) {
      if (header_.metadata.contains(name))
        fail("expected each key of the metadata once, found " + in_quotes(name) + " twice");
      metadata_name_ = name;
    } else {
      start_field(name);
    }
    return true;
  }

  bool end_object() override {
    if (place_ == place::tensor) {
      for (std::size_t i = 0; i < field_names.size(); ++i) {
        if (!seen_[i]) fail_tensor("expected " + std::string(field_names[i]) + ", found none");
      }
      header_.entries.push_back(std::move(entry_));
    }
    place_ = place_ == place::top ? place::outside : place::top;
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ != place::tensor || field_ == field::type) refuse("an array");
    place_ = field_ == field::shape ? place::shape : place::offsets;
    return true;
  }

  bool end_array() override {
    if (place_ == place::offsets && offset_count_ < 2) {
      refuse(offset_count_ == 0 ? "none" : "one");
    }
    place_ = place::tensor;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& last_token, const nlohmann::detail::exception&) override {
    fail("expected a header in JSON, found a mistake at byte " + std::to_string(position) + " of it, at " +
         in_quotes(last_token));
  }

private:
  enum class place { outside, top, metadata, tensor, shape, offsets };
  enum class field : std::size_t { type, shape, offsets };
  static constexpr std::array<std::string_view, 3> field_names{"dtype", "shape", "data_offsets"};

  void start_field(const std::string& name) {
    for (std::size_t i = 0; i < field_names.size(); ++i) {
      if (name != field_names[i]) continue;
      if (seen_[i]) fail_tensor("expected " + name + " once, found it twice");
      seen_[i] = true;
      field_ = static_cast<field>(i);
      return;
    }
    fail_tensor("expected the keys dtype, shape and data_offsets, found " + in_quotes(name));
  }

  std::string expected() const {
    if (place_ == place::outside) return "an object";
    if (place_ == place::metadata) return "text for the key " + in_quotes(metadata_name_);
    if (place_ == place::top) {
      return entry_.name == metadata_key ? "an object of texts" : "an object with dtype, shape and data_offsets";
    }
    if (field_ == field::type) return "text for dtype";
    if (field_ == field::shape) return "an array of sizes for shape";
    return "an array of two positions for data_offsets";
  }

  [[noreturn]] void refuse(const std::string& found) const {
    const std::string words = "expected " + expected() + ", found " + found;
    if (place_ == place::outside || entry_.name == metadata_key) fail(words);
    fail_tensor(words);
  }
  [[noreturn]] void fail_tensor(const std::string& words) const { fail(tensor_words(entry_.name) + ": " + words); }
  [[noreturn]] void fail(const std::string& words) const { throw file_error(std::string(file_) + ": " + words); }

  std::string_view file_;
  tensor_header header_;
  place place_ = place::outside;
  std::set<std::string> names_;
  header_entry entry_;
  field field_ = field::type;
  std::array<bool, 3> seen_{};
  int offset_count_ = 0;
  std::string metadata_name_;
};

std::string json_text(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    throw std::invalid_argument("safetensors: expected names and metadata in UTF-8, found " + in_quotes(text));
  }
}

} // namespace

tensor_header parse_header(std::string_view json, std::string_view file) {
  // The parser takes it for the end, and would not look at what comes behind it.
  if (const auto nul = json.find('\0'); nul != std::string_view::npos) {
    throw file_error(std::string(file) + ": expected a header in JSON, found a NUL at byte " + std::to_string(nul + 1) +
                     " of it");
  }
  header_reader reader(file);
  nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
  return reader.take();
}

std::string format_header(const tensor_header& header) {
  std::string text = "{";
  const auto separate = [&] {
    if (text.back() != '{') text += ',';
  };
  if (!header.metadata.empty()) {
    text += json_text(std::string(metadata_key)) + ":{";
    for (const auto& [key, value] : header.metadata) {
      separate();
      text += json_text(key) + ':' + json_text(value);
    }
    text += '}';
  }
  for (const auto& entry : header.entries) {
    separate();
    text += json_text(entry.name) + ":{\"dtype\":" + json_text(entry.type) + ",\"shape\":[";
    // Not one expression: of `"," + std::string` GCC 12 believes at -O3 that its parts overlap, and warns.
    for (std::size_t i = 0; i < entry.shape.size(); ++i) {
      if (i > 0) text += ',';
      text += std::to_string(entry.shape[i]);
    }
    text += "],\"data_offsets\":[" + std::to_string(entry.begin) + ',' + std::to_string(entry.end) + "]}";
  }
  return text + '}';
}

std::string tensor_words(std::string_view name) { return "tensor " + in_quotes(name); }

} // namespace fusegrad::io::detail
