// SPDX-License-Identifier: MIT
#include <fusegrad/expr/dual.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>

// Functions of dual numbers and activations have the same names, and one unit may use both.
namespace fg = fusegrad;

constexpr auto model = fg::input<2> | fg::dense<3> | fg::tanh | fg::square;
static_assert(model.output_size() == 3);

constexpr fg::dual<double> slope_of_tanh(double at) { return tanh(fg::dual<double>::variable(at)); }
static_assert(slope_of_tanh(0).value == 0 && slope_of_tanh(0).slope[0] == 1);
static_assert(square(fg::variables(std::array{3.0})[0]).slope[0] == 6);
