// SPDX-License-Identifier: MIT
// The main kernels as check_spills.py compiles them: each under a name of its own.
#include <fusegrad/expr/function.hpp>
#include <fusegrad/expr/functions.hpp>
#include <fusegrad/expr/values.hpp>
#include <fusegrad/kernel/narrow_product.hpp>
#include <fusegrad/kernel/product.hpp>
#include <fusegrad/kernel/weight_gradient.hpp>

#include <cstddef>

namespace {

using namespace fusegrad;
using kernel::access;
using call = kernel::call<float>;

using relu = decltype([](auto x, auto bias) { return max(x + bias, 0); });
using sigmoid = decltype([](auto x, auto bias) { return expr::sigmoid(x + bias); });
using slope_of_relu = decltype([](auto x, auto y) { return select(y > 0, x, 0); });
using kept = decltype([](auto x) { return x; });
using descent = decltype([](auto w, auto g, auto rate) { return w - rate * g; });

template <class F, std::size_t Arity> inline constexpr auto table = expr::recorded<expr::recipe_of<F>, Arity>.body;
template <access... How> inline constexpr kernel::access_list<sizeof...(How)> accesses{{How...}};
template <std::size_t Columns> inline constexpr auto tiles = kernel::tiles_for<float>(Columns);

constexpr auto biased = accesses<access::product, access::column>;
constexpr auto backward = accesses<access::product, access::element>;
constexpr auto alone = accesses<access::product>;
constexpr auto in_place = accesses<access::element, access::product, access::scalar>;

} // namespace

extern "C" {
void product_relu(const call& c) { kernel::product<float, tiles<128>, table<relu, 2>, biased>::run(c); }
void product_sigmoid(const call& c) { kernel::product<float, tiles<128>, table<sigmoid, 2>, biased>::run(c); }
void product_backward(const call& c) { kernel::product<float, tiles<128>, table<slope_of_relu, 2>, backward>::run(c); }
void product_of_48_columns(const call& c) { kernel::product<float, tiles<48>, table<relu, 2>, biased>::run(c); }
void product_of_one_sample(const call& c) {
  kernel::product<float, tiles<64>, table<relu, 2>, biased, kernel::fixed_shape{1, 64, 64}>::run(c);
}
void narrow_product(const call& c) { kernel::narrow_product<float, 10, table<relu, 2>, biased>::run(c); }
void narrow_product_of_one(const call& c) { kernel::narrow_product<float, 1, table<relu, 2>, biased>::run(c); }
void weight_gradient(const call& c) { kernel::weight_gradient<float, tiles<128>, table<kept, 1>, alone>::run(c); }
void weight_gradient_update(const call& c) {
  kernel::weight_gradient<float, tiles<128>, table<descent, 3>, in_place>::run(c);
}
void weight_gradient_of_any_rows(const call& c) {
  kernel::weight_gradient<float, tiles<128>, table<descent, 3>, in_place, kernel::fixed_shape{}, false, 1, true,
                          true>::run(c);
}
}
