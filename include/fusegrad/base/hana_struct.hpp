// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/hana.hpp>

// What makes the members of a struct known; for those alone who have structs as samples.
#include <boost/hana/accessors.hpp>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>
