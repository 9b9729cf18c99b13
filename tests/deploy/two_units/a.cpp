// SPDX-License-Identifier: MIT
#include <fusegrad/fusegrad.hpp>

#include <cstddef>

namespace fg = fusegrad;

std::size_t parameters_seen_by_a() { return (fg::input<4> | fg::dense<2> | fg::tanh).parameter_count(); }
