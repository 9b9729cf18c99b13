// SPDX-License-Identifier: MIT
#include <fusegrad/layers.hpp>

// Compiled with -fsanitize=undefined, as tests/CMakeLists.txt says: g++ then does not know of any address that it is
// not null, and compares none in a constant expression.
namespace {

namespace fg = fusegrad;

constexpr auto model = fg::input<4> | fg::dense<3> | fg::batch_norm | fg::relu | fg::dense<2>;
static_assert(model.plan().parameter_count() == 4 * 3 + 3 + 2 * 3 + 3 * 2 + 2);

} // namespace
