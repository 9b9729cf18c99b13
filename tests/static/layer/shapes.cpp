// SPDX-License-Identifier: MIT
#include "laws/models.hpp"

#include <fusegrad/model/network_plan.hpp>
#include <type_traits>

// Shapes and numbers of parameters, carried along by the type.
namespace {

constexpr auto chain = fg::input<64> | fg::dense<32> | fg::relu | fg::dense<10>;
static_assert(chain.output_shape() == fg::shape<10>);
static_assert(chain.parameter_count() == 64 * 32 + 32 + 32 * 10 + 10);
static_assert(std::is_empty_v<decltype(chain)>);

static_assert((fg::input<5> | fg::dense<7>.without_bias()).parameter_count() == 35);
static_assert((fg::input<2, 3, 4> | fg::flatten).output_shape() == fg::shape<24>);
static_assert((fg::input<24> | fg::reshape<2, 3, 4> | fg::tanh).output_shape() == fg::shape<2, 3, 4>);
static_assert((fg::input<5> | fg::branch(fg::dense<2>, fg::identity, fg::dense<4> | fg::relu) | fg::concat)
                  .output_shape() == fg::shape<11>);
static_assert((fg::input<5> | fg::branch(fg::dense<3>, fg::dense<3>) | fg::multiply).output_shape() == fg::shape<3>);
static_assert((fg::input<5> | fg::groups(fg::on<2>(fg::relu), fg::on<3>(fg::dense<7>))).output_shape() == fg::shape<9>);
static_assert((fg::inputs<fg::shape<4>, fg::shape<8>> | fg::each(fg::dense<16>, fg::dense<16>) | fg::add)
                  .output_shape() == fg::shape<16>);
static_assert(fg::inputs<fg::shape<4>, fg::shape<2, 4>>.input_size() == 12);
static_assert((fg::input<5> | fg::branch(fg::dense<2>, fg::dense<3>)).output_size() == 5);

// A block defined once has weights of its own wherever it stands, unless it is shared.
constexpr auto block = fg::residual(fg::dense<6> | fg::tanh);
static_assert((fg::input<6> | block | block).parameter_count() == 2 * 42);
static_assert((fg::input<6> | fg::shared<"b">(block) | fg::shared<"b">(block)).parameter_count() == 42);
static_assert((fg::input<6> | fg::prelu | fg::prelu.per_unit()).parameter_count() == 1 + 6);
static_assert((fg::input<6> | fg::tanh | fg::softmax).parameter_count() == 0);

} // namespace
