// SPDX-License-Identifier: MIT
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/layer/catalogue.hpp>
#include <fusegrad/layer/gated.hpp>
#include <fusegrad/layer/maxout.hpp>
#include <fusegrad/train/losses.hpp>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

constexpr int shapes = 30;

void finish(emitter& e, const row& prediction) {
  using loss = std::remove_cvref_t<decltype(mean_squared_error)>;
  e.result.outputs.push_back(prediction.value);
  loss::emit(e, prediction, e.input(prediction.shape));
}

void check_at_random_shapes(const std::string& name, test::detail::emit_row emit, std::size_t parts, unsigned seed) {
  dice d(seed);
  for (int i = 0; i < shapes; ++i) {
    emitter e;
    const row x = e.input(tensor::vector_of(d.width()));
    const row hidden = emit_dense(e, x, parts * d.between(1, widest_dense / parts));
    const row y = emit(e, hidden);
    finish(e, d.coin() ? y : emit_dense(e, y, d.width()));
    law(e, d.batch(), d.seed(), name).check();
  }
}

// A surrogate's law is that of the expression it stands for: dual numbers take its slope from the second function.
constexpr auto straight_through = surrogate([](auto x) { return sign(x); }, hard_tanh);

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_activations)

BOOST_AUTO_TEST_CASE(every_activation_at_random_shapes) {
  unsigned seed = 100;
  for_each_activation([&]<class Activation>(std::string_view name, const Activation&) {
    check_at_random_shapes(std::string(name), &Activation::emit, 1, seed++);
  });
}

BOOST_AUTO_TEST_CASE(what_users_make_of_them) {
  unsigned seed = 200;
  for (const known_activation& a :
       {known("prelu per unit", prelu.per_unit()), known("learned swish per unit", learned_swish.per_unit()),
        known("surrogate", fusegrad::surrogate(relu, leaky_relu<0.1>)), known("straight through", straight_through),
        known("own", own_activation), known("own per unit", own_activation.per_unit()), known("softmax", softmax),
        known("log_softmax", log_softmax)})
    check_at_random_shapes(a.name, a.emit, 1, seed++);
}

BOOST_AUTO_TEST_CASE(gates_and_pieces) {
  unsigned seed = 300;
  for (const known_activation& a :
       {known("glu", glu), known("reglu", reglu), known("geglu", geglu), known("swiglu", swiglu),
        known("bilinear", bilinear), known("gated prelu", gated(prelu)),
        known("gated prelu per unit", gated(prelu.per_unit())), known("maxout<2>", maxout<2>)})
    check_at_random_shapes(a.name, a.emit, 2, seed++);
  check_at_random_shapes("maxout<3>", &std::remove_cvref_t<decltype(maxout<3>)>::emit, 3, seed++);
  check_at_random_shapes("maxout<8>", &std::remove_cvref_t<decltype(maxout<8>)>::emit, 8, seed++);
}

BOOST_AUTO_TEST_SUITE_END()
