// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/file_error.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad::train {

/// Some numbers of an archive: row-major, with a shape.
template <class T> struct archived_numbers {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<T> numbers;
};

/// A run of training as numbers and words by name, for a file or from one. What is missing or does not fit throws file_error in words.
class run_archive {
public:
  std::string origin; ///< the file it comes from
  std::vector<archived_numbers<float>> floats;
  std::vector<archived_numbers<double>> doubles;
  std::vector<std::pair<std::string, std::string>> words;

  template <class T> void add(std::string name, std::vector<std::size_t> shape, std::vector<T> numbers) {
    list<T>(*this).push_back({std::move(name), std::move(shape), std::move(numbers)});
  }
  void add(std::string name, std::uint64_t count) { words.emplace_back(std::move(name), std::to_string(count)); }
  void add(std::string name, std::string text) { words.emplace_back(std::move(name), std::move(text)); }

  [[nodiscard]] bool has_word(std::string_view name) const {
    for (const auto& [known, text] : words)
      if (known == name) return true;
    return false;
  }
  [[nodiscard]] const std::string& word(std::string_view name) const {
    for (const auto& [known, text] : words)
      if (known == name) return text;
    refuse("it says nothing of \"" + std::string(name) + "\"");
  }
  [[nodiscard]] std::uint64_t count(std::string_view name) const {
    const std::string& text = word(name);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) refuse("\"" + std::string(name) + "\" is no whole number");
    return number;
  }
  /// Numbers of this name and shape.
  template <class T> [[nodiscard]] const std::vector<T>& numbers(const std::string& name, const std::vector<std::size_t>& shape) const {
    for (const archived_numbers<T>& entry : list<T>(*this)) {
      if (entry.name != name) continue;
      if (entry.shape != shape) refuse("tensor \"" + name + "\" is " + in_words(entry.shape) + ", expected " + in_words(shape));
      return entry.numbers;
    }
    refuse("there is no tensor \"" + name + "\" of " + in_words(shape) + " numbers of " + (std::is_same_v<T, float> ? "32" : "64") + " bits");
  }
  /// As many rows of numbers as there are.
  template <class T> [[nodiscard]] const std::vector<T>& rows(const std::string& name, std::size_t columns) const {
    for (const archived_numbers<T>& entry : list<T>(*this))
      if (entry.name == name && entry.shape.size() == 2 && entry.shape[1] == columns) return entry.numbers;
    refuse("there is no table \"" + name + "\" with " + std::to_string(columns) + " columns");
  }

  [[noreturn]] void refuse(const std::string& words_of_error) const { throw base::file_error(origin + ": " + words_of_error + "."); }

private:
  template <class T, class Self> static auto& list(Self& self) {
    if constexpr (std::is_same_v<T, float>) return self.floats;
    else return self.doubles;
  }
  static std::string in_words(const std::vector<std::size_t>& shape) {
    std::string text;
    for (const std::size_t extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "a single number" : text;
  }
};

} // namespace fusegrad::train
