// SPDX-License-Identifier: MIT
// expect: two parameters have the same name
// expect: two_parameters_of_one_name<.*"encoder.weight"
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto second = fg::named<"encoder">(fg::dense<4>);
#else
constexpr auto second = fg::named<"decoder">(fg::dense<4>);
#endif
fg::trainer trainer{fg::input<4> | fg::named<"encoder">(fg::dense<4>) | second, fg::mean_squared_error, fg::sgd{}};
