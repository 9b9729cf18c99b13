// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <string_view>

namespace fusegrad {

/// A string that can be a template argument: the names of parameters, states and layers.
template <std::size_t Length> struct fixed_string {
  char characters[Length + 1]{};

  constexpr fixed_string() = default;
  constexpr fixed_string(const char (&text)[Length + 1]) noexcept {
    // The last zero too: without it Clang's messages show the letters of some lengths as numbers.
    for (std::size_t i = 0; i <= Length; ++i) characters[i] = text[i];
  }

  [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters, Length}; }
  [[nodiscard]] constexpr const char* c_str() const noexcept { return characters; }
  constexpr operator std::string_view() const noexcept { return view(); }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return Length; }

  /// To any stream, without <ostream> here.
  template <class Stream>
    requires requires { typename Stream::char_type; }
  friend Stream& operator<<(Stream& out, const fixed_string& text) {
    out << text.view();
    return out;
  }
  friend constexpr bool operator==(const fixed_string& a, std::string_view b) noexcept { return a.view() == b; }
};

/// Without it Clang finds the comparison of two fixed strings ambiguous: either could be the view.
template <std::size_t A, std::size_t B>
constexpr bool operator==(const fixed_string<A>& a, const fixed_string<B>& b) noexcept {
  return a.view() == b.view();
}

template <std::size_t Characters> fixed_string(const char (&)[Characters]) -> fixed_string<Characters - 1>;

} // namespace fusegrad
