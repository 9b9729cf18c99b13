// SPDX-License-Identifier: MIT
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/train/losses.hpp>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

constexpr int shapes = 100;

void finish(emitter& e, const row& prediction) {
  using loss = std::remove_cvref_t<decltype(mean_squared_error)>;
  e.result.outputs.push_back({graph::source::value, prediction.value});
  loss::emit(e, prediction, e.input(prediction.shape));
}

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_activations)

BOOST_AUTO_TEST_CASE(every_activation_at_a_hundred_random_shapes) {
  for (std::size_t a = 0; a < all_activations.size(); ++a) {
    dice d(static_cast<unsigned>(100 + a));
    for (int i = 0; i < shapes; ++i) {
      emitter e;
      const row x = e.input(tensor::vector_of(d.width()));
      const row hidden = emit_dense(e, x, d.width());
      const row y = all_activations[a].emit(e, hidden);
      finish(e, d.coin() ? y : emit_dense(e, y, d.width()));
      law(e, d.batch(), d.seed(), all_activations[a].name).check();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
