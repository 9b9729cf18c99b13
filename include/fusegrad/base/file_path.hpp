// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
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
} // namespace detail

/// Where a file or folder is, as text: made of text or of a `std::filesystem::path`, and becomes one where one is
/// asked for. `<filesystem>` itself brings streams and locales along, a fifth of what it costs to read the library.
class file_path {
public:
  file_path(const char* text) : text_{text} {}
  file_path(std::string text) noexcept : text_{std::move(text)} {}
  file_path(std::string_view text) : text_{text} {}
  template <class Path>
    requires(!std::same_as<Path, file_path> && detail::named_path<Path>)
  file_path(const Path& path) : text_{path.string()} {}
  file_path(const detail::entry_with_path auto& entry) : text_{entry.path().string()} {}

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
