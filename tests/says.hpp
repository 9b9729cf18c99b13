// SPDX-License-Identifier: MIT
#pragma once

#include <boost/test/unit_test.hpp>

#include <string>

namespace fusegrad::test {

/// For BOOST_CHECK_EXCEPTION: whether an exception's message has these words in it; shows the message where it has not.
inline auto says(const std::string& words) {
  return [words](const auto& error) {
    const bool found = std::string(error.what()).find(words) != std::string::npos;
    BOOST_TEST(found, "\"" << words << "\" is not in: " << error.what());
    return found;
  };
}

} // namespace fusegrad::test
