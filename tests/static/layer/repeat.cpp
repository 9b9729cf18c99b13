// SPDX-License-Identifier: MIT
#include <fusegrad/layer/repeat.hpp>

#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/model/network_plan.hpp>
#include <type_traits>

namespace fg = fusegrad;

constexpr auto layer = fg::dense<4> | fg::tanh;
static_assert(
    std::is_same_v<decltype(fg::repeat<3>(fg::tanh)), fg::layers::sequence<std::remove_const_t<decltype(fg::tanh)>,
                                                                           std::remove_const_t<decltype(fg::tanh)>,
                                                                           std::remove_const_t<decltype(fg::tanh)>>>);
constexpr auto model = fg::input<4> | fg::repeat<5>(fg::residual(layer)) | fg::dense<2>;
static_assert(model.output_shape() == fg::shape<2>);
static_assert(model.parameter_count() == 5 * (4 * 4 + 4) + 4 * 2 + 2);
