// SPDX-License-Identifier: MIT
#include <fusegrad/train/training_options.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>
#include <string>

namespace {

namespace fg = fusegrad;
using fusegrad::test::says;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

template <class Check> void refuses(Check&& check, const std::string& words) {
  BOOST_CHECK_EXCEPTION(check(), std::invalid_argument, says(words));
}

BOOST_AUTO_TEST_SUITE(train_training_options)

BOOST_AUTO_TEST_CASE(what_is_out_of_range_is_named) {
  using options = fg::training_options<float>;
  const auto refused = [](options o, const std::string& words) {
    refuses([&] { fg::train::check_options(o); }, words);
  };
  refused({.clip_norm_of_each = -1}, "clip_norm_of_each is 0 or more, not -1");
  refused({.clip_norm = -0.5}, "clip_norm is 0 or more, not -0.5");
  refused({.clip_norm = none}, "clip_norm is 0 or more, not ");
  refused({.clip_value = -1}, "clip_value is 0 or more, not -1");
  refused({.max_norm = 0}, "max_norm is above 0, not 0");
  refused({.max_norm = none}, "max_norm is above 0, not ");
  refused({.threads = -1}, "threads is 0, for as many as pay, or more, not -1");
  fg::train::check_options(options{});
  fg::train::check_options(options{.clip_norm = 0, .max_norm = 1e-30});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
