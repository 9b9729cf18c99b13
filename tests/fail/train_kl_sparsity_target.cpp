// SPDX-License-Identifier: MIT
// expect: the target of kl_sparsity is a mean activation between 0 and 1
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4> | fg::dense<8> | fg::sigmoid | fg::kl_sparsity<0.0, 0.1> | fg::dense<2>;
#else
constexpr auto model = fg::input<4> | fg::dense<8> | fg::sigmoid | fg::kl_sparsity<0.05, 0.1> | fg::dense<2>;
#endif
