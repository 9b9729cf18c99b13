// SPDX-License-Identifier: MIT
#include <fusegrad/layer/gated.hpp>
#include <fusegrad/layer/maxout.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/model/network_plan.hpp>
#include <type_traits>

// An activation of a user's program is the built-in one, expression for expression: kernels are made from the table
// alone, so the same table is the same code. And the shapes of layers that take parts.
namespace {

namespace fg = fusegrad;

template <class A, class B> constexpr bool is_one_table(const A& a, const B& b) {
  if constexpr (std::is_same_v<A, B>)
    return a == b;
  else
    return false;
}
template <class A, class B> constexpr bool same_table(const A&, const B&) {
  return is_one_table(A::template table<>, B::template table<>) &&
         is_one_table(decltype(fg::derivative(A{}))::template table<>, decltype(fg::derivative(B{}))::template table<>);
}

static_assert(same_table(fg::activation([](auto x) { return max(x, 0); }), fg::relu));
static_assert(same_table(fg::activation([](auto x) { return x / (1 + exp(-x)); }), fg::silu));
static_assert(same_table(fg::activation([](auto x) { return 1 / (1 + exp(-x)); }), fg::sigmoid));
static_assert(same_table(fg::activation([](auto x) { return log(1 + exp(x)); }), fg::softplus));
static_assert(same_table(fg::activation([](auto x) { return log(1 / (1 + exp(-x))); }), fg::log_sigmoid));
static_assert(same_table(fg::activation([](auto x) { return select(x > 0, x, 0.01 * x); }), fg::leaky_relu<>));
static_assert(same_table(fg::activation([](auto x) { return max(x, 0) + fg::parameter<"weight">(0.25) * min(0, x); }),
                         fg::prelu));
static_assert(same_table(fg::activation([](auto x) { return clamp(x, -1, 1); }), fg::hard_tanh));
static_assert(same_table(fg::surrogate(fg::relu, fg::leaky_relu<0.1>), fg::necro_relu<0.1>));
static_assert(same_table(fg::swish_with<1.0>, fg::silu));
static_assert(!same_table(fg::gelu, fg::gelu_tanh));
static_assert(!same_table(fg::relu, fg::relu_with_slope_at_zero<1>));

static_assert((fg::input<12> | fg::maxout<3>).output_shape() == fg::shape<4>);
static_assert((fg::input<12> | fg::swiglu).output_shape() == fg::shape<6>);
static_assert((fg::input<12> | fg::gated(fg::prelu)).parameter_count() == 1);
static_assert((fg::input<12> | fg::gated(fg::prelu.per_unit())).parameter_count() == 6);
static_assert((fg::input<12> | fg::gated([](auto x) { return x * x; })).output_shape() == fg::shape<6>);
static_assert((fg::input<4, 3> | fg::flatten | fg::glu).output_shape() == fg::shape<6>);
static_assert((fg::input<3, 4> | fg::learned_swish.per_unit()).parameter_count() == 4); // one for each channel
static_assert((fg::input<3, 4> | fg::glu).output_shape() == fg::shape<3, 2>);

} // namespace
