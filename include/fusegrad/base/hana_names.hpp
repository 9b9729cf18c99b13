// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

// The name of a tuple of Boost.Hana, for who hands one on and makes none: reading all of hana.hpp takes a twentieth of
// what reading the trainer does.
#include <boost/hana/fwd/tuple.hpp>

namespace fusegrad {
namespace hana = boost::hana;
} // namespace fusegrad
