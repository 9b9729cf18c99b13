// SPDX-License-Identifier: MIT
#include "number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

#if !defined(__cpp_lib_to_chars)
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <locale.h>
#include <string>
#include <type_traits>
#endif

namespace fusegrad::base {

namespace {

#if defined(__cpp_lib_to_chars)

template <class T> std::errc convert(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // Out of range is said of what was read so far, too: something may stand behind it.
  return end == text.data() + text.size() ? error : std::errc::invalid_argument;
}

#else // a standard library that reads integers only: libc++ before version 20

bool has_form_of_from_chars(std::string_view text) {
  std::string_view rest = text.starts_with('-') ? text.substr(1) : text;
  if (rest.empty()) return false;
  if (rest[0] == 'i' || rest[0] == 'I' || rest[0] == 'n' || rest[0] == 'N') return true;
  return rest.find_first_not_of("0123456789.eE+-") == std::string_view::npos && rest[0] != '+' && rest[0] != '-';
}

template <class T> std::errc convert(std::string_view text, T& number) {
  static const locale_t plain = ::newlocale(LC_ALL_MASK, "C", nullptr);
  if (!has_form_of_from_chars(text)) return std::errc::invalid_argument;
  const std::string copy(text);
  char* end = nullptr;
  errno = 0;
  T value;
  if constexpr (std::is_same_v<T, float>)
    value = ::strtof_l(copy.c_str(), &end, plain);
  else
    value = ::strtod_l(copy.c_str(), &end, plain);
  if (end != copy.c_str() + copy.size()) return std::errc::invalid_argument;
  // Numbers below the normal ones count as out of range here, though they are what was asked for.
  if (errno == ERANGE && (value == 0 || std::isinf(value))) return std::errc::result_out_of_range;
  number = value;
  return {};
}

#endif

/// Whether a decimal number is less than 1, without its sign: by where its first digit stands and by its exponent,
/// which may have any number of digits.
bool is_below_one(std::string_view text) {
  const auto exponent_at = text.find_first_of("eE");
  const auto digits = text.substr(0, exponent_at);
  const auto first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const auto point = std::min(digits.find('.'), digits.size());
  // The place of the first digit, counted from the point: 0 for the ones, -1 for the tenths.
  const auto place = static_cast<long long>(point) - static_cast<long long>(first) - (first < point ? 1 : 0);
  if (exponent_at == std::string_view::npos) return place < 0;
  std::string_view exponent = text.substr(exponent_at + 1);
  const bool is_negative = exponent.starts_with('-');
  if (is_negative || exponent.starts_with('+')) exponent.remove_prefix(1);
  constexpr long long far = 1'000'000'000'000;
  long long value = 0;
  for (const char digit : exponent) value = std::min(far, 10 * value + (digit - '0'));
  return place + (is_negative ? -value : value) < 0;
}

} // namespace

template <class T> std::errc read_number(std::string_view text, T& number) {
  const auto error = convert(text, number);
  if (error != std::errc::result_out_of_range || !is_below_one(text)) return error;
  // from_chars does not say which side it missed. Of the smallest floats a double knows all bits.
  double wide = 0;
  if (convert(text, wide) != std::errc{}) wide = text.starts_with('-') ? -0.0 : 0.0;
  number = static_cast<T>(wide);
  return {};
}

template std::errc read_number(std::string_view, float&);
template std::errc read_number(std::string_view, double&);

} // namespace fusegrad::base
