// SPDX-License-Identifier: MIT
#include <fusegrad/base/refuse.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

namespace {

BOOST_AUTO_TEST_SUITE(base_refuse)

BOOST_AUTO_TEST_CASE(words_are_put_together) {
  BOOST_CHECK_EXCEPTION(fusegrad::base::refuse("%zu of %s", std::size_t{7}, "nine"), std::invalid_argument,
                        [](const auto& e) { return std::string(e.what()) == "7 of nine"; });
  BOOST_CHECK_EXCEPTION(fusegrad::base::refuse<std::length_error>("%.*s is %g", 3, "above", 0.5), std::length_error,
                        [](const auto& e) { return std::string(e.what()) == "abo is 0.5"; });
}

BOOST_AUTO_TEST_CASE(a_long_name_is_not_cut) {
  for (const std::size_t size : {500U, 510U, 511U, 512U, 513U, 5000U}) {
    const std::string name(size, 'x');
    BOOST_CHECK_EXCEPTION(fusegrad::base::refuse("%s.", name.c_str()), std::invalid_argument,
                          [&](const auto& e) { return e.what() == name + "."; });
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
