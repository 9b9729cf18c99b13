// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace fusegrad::base {

namespace detail {
/// What tells its name as `std::filesystem::path` does.
template <class Path>
concept named_path = requires(const Path& path) {
  { path.string() } -> std::convertible_to<std::string>;
};
/// What holds such a path, as `std::filesystem::directory_entry` does.
template <class Entry>
concept entry_with_path = !named_path<Entry> && requires(const Entry& entry) {
  { entry.path() } -> named_path;
};
/// Any other type that becomes text.
template <class Text>
concept becomes_text = !named_path<Text> && !entry_with_path<Text> && std::convertible_to<const Text&, std::string>;
} // namespace detail

/// Where a file or folder is, as text: made of text or of a `std::filesystem::path`, and becomes one where one is
/// asked for. `<filesystem>` itself brings streams and locales along, a fifth of what it costs to read the library.
class file_path {
public:
  file_path(const char* text) : text_{text} {}
  file_path(std::nullptr_t) = delete;
  file_path(std::string text) noexcept : text_{std::move(text)} {}
  file_path(std::string_view text) : text_{text} {}
  template <class Path>
    requires(!std::same_as<Path, file_path> && detail::named_path<Path>)
  file_path(const Path& path) : text_{path.string()} {}
  file_path(const detail::entry_with_path auto& entry) : text_{entry.path().string()} {}
  template <class Text>
    requires(!std::same_as<Text, file_path> && detail::becomes_text<Text>)
  file_path(const Text& text) : text_([&]() -> std::string { return text; }()) {}
#if defined(__cpp_char8_t)
  file_path(const char8_t* text) : file_path(std::u8string_view(text)) {}
  file_path(const std::u8string& text) : file_path(std::u8string_view(text)) {}
  file_path(std::u8string_view text) : text_(text.begin(), text.end()) {}
#endif

  [[nodiscard]] const std::string& string() const noexcept { return text_; }

  template <detail::named_path Path>
    requires(!std::same_as<Path, file_path> && std::constructible_from<Path, const std::string&>)
  operator Path() const {
    return Path(text_);
  }

private:
  std::string text_;
};

} // namespace fusegrad::base

namespace fusegrad {

/// What reads or writes a file takes its name as: text, a `std::filesystem::path` or an entry of a folder.
using base::file_path;

} // namespace fusegrad
