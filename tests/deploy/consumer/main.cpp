// SPDX-License-Identifier: MIT
#include <fusegrad/fusegrad.hpp>

#include <iostream>

namespace fg = fusegrad;

constexpr auto model = fg::input<64> | fg::dense<32> | fg::relu | fg::dense<10>;
static_assert(model.parameter_count() == 64 * 32 + 32 + 32 * 10 + 10);
static_assert(model.output_shape() == fg::shape<10>);

int main() { std::cout << "consumer: " << model.parameter_count() << " parameters\n"; }
