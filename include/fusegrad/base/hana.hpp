// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

// The one place that includes Boost.Hana, and only the parts in use: the whole of it costs a second per file.
#include <boost/hana/at.hpp>
#include <boost/hana/concat.hpp>
#include <boost/hana/ext/std/integral_constant.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/transform.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/unpack.hpp>

namespace fusegrad {
namespace hana = boost::hana;
} // namespace fusegrad
