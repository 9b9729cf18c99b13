// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/parts.hpp>

#include "unit/kernel/support.hpp"

#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_parts)

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_split_and_joined_is_what_it_was, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    const std::size_t count = between(1, 70), parts = between(1, 16);
    kernel::call<T> c;
    std::vector<rows<T>> part;
    std::size_t width = 0;
    for (std::size_t k = 0; k < parts; ++k) {
      c.widths[k] = between(1, 40);
      width += c.widths[k];
      part.emplace_back(count, c.widths[k]);
    }
    rows<T> whole(count, width), again(count, width);
    whole.fill(T(-7));
    c.rows = count, c.columns = width;
    c.arguments[0] = whole.place();
    for (std::size_t k = 0; k < parts; ++k) c.results[k] = part[k].place();
    kernel::split(c, parts);
    std::size_t first = 0;
    for (std::size_t k = 0; k < parts; ++k) {
      for (std::size_t r = 0; r < count; ++r)
        for (std::size_t j = 0; j < c.widths[k]; ++j) BOOST_REQUIRE_EQUAL(part[k].at(r, j), whole.at(r, first + j));
      first += c.widths[k];
      part[k].check_padding_is_zero();
      part[k].check_untouched_around();
      part[k].check_slack_untouched();
      c.arguments[k] = part[k].place();
    }
    c.results[0] = again.place();
    kernel::concat(c, parts);
    again.check_equal(whole, 0);
    again.check_padding_is_zero();
    again.check_untouched_around();
    again.check_slack_untouched();
  }
}

BOOST_AUTO_TEST_SUITE_END()
