// SPDX-License-Identifier: MIT
#define BOOST_TEST_MODULE fusegrad
#include <boost/test/unit_test.hpp>
