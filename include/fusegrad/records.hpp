// SPDX-License-Identifier: MIT
#pragma once

/// \file Structs of the user's as samples and predictions. It brings the parts of Boost.Hana that know members, and so
/// stands apart.

#include <fusegrad/layer/record_errors.hpp>

#include <fusegrad/data/records.hpp>
#include <fusegrad/layer/record.hpp>
