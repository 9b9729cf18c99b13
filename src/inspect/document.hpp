// SPDX-License-Identifier: MIT
#pragma once

#include "html.hpp"
#include "style.hpp"

#include <string>
#include <string_view>

namespace fusegrad::inspect::detail {

/// A whole HTML document around the body.
inline std::string document(std::string_view title, std::string_view body) {
  const std::string words = escaped(title);
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         words + "</title>\n<style>" + std::string(style) + "</style>\n</head>\n<body>\n<main>\n<h1>" + words +
         "</h1>\n" + std::string(body) + "</main>\n</body>\n</html>\n";
}

} // namespace fusegrad::inspect::detail
