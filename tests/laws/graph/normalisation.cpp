// SPDX-License-Identifier: MIT
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/layer_norm.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/penalty.hpp>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

constexpr int shapes = 40;

/// `make` gets the emitter of a training step and a row that depends on parameters.
template <class Make> void check_training_law(const char* name, unsigned seed, Make&& make) {
  using loss = std::remove_cvref_t<decltype(mean_squared_error)>;
  dice d(seed);
  for (int i = 0; i < shapes; ++i) {
    emitter e(graph::emission{true, false});
    const row x = emit_dense(e, e.input(tensor::vector_of(d.width())), d.width(),
                             false); // a bias before a mean has no effect at all
    const row prediction = make(e, d, x);
    e.result.outputs.push_back(prediction.value);
    loss::emit(e, prediction, e.input(prediction.shape));
    law(e, d.batch() + 2, d.seed(), name).check();
  }
}

template <class Layer> constexpr auto emission_of(Layer) {
  return [](emitter& e, dice&, const row& x) { return Layer::emit(e, x); };
}

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_normalisation)

BOOST_AUTO_TEST_CASE(statistics_of_the_batch) {
  check_training_law("batch_norm", 1, emission_of(batch_norm));
  check_training_law("batch_norm without gain and shift", 2,
                     emission_of(batch_norm.without_gain_and_shift().with_epsilon<1e-3>()));
  check_training_law("dense, batch_norm, relu, dense", 3, [](emitter& e, dice& d, const row& x) {
    return emit_dense(e, relu.emit(e, batch_norm.emit(e, x)), d.width());
  });
  check_training_law("batch_norm in a residual block", 4, [](emitter& e, dice&, const row& x) {
    return emit_residual(e, x, [](emitter& inner, const wire& in) {
      const row y = fusegrad::tanh.emit(inner, batch_norm.emit(inner, emit_dense(inner, in[0], in[0].width())));
      return wire_of(batch_norm.emit(inner, y));
    })[0];
  });
}

BOOST_AUTO_TEST_CASE(statistics_of_a_sample) {
  check_training_law("layer_norm", 5, emission_of(layer_norm));
  check_training_law("layer_norm without gain and shift", 6, emission_of(layer_norm.without_gain_and_shift()));
  check_training_law("rms_norm", 7, emission_of(rms_norm));
  check_training_law("rms_norm without gain", 8, emission_of(rms_norm.without_gain()));
  check_training_law("layer_norm, gelu, layer_norm", 9, [](emitter& e, dice&, const row& x) {
    return layer_norm.emit(e, gelu.emit(e, layer_norm.emit(e, x)));
  });
}

BOOST_AUTO_TEST_CASE(random_masks) {
  check_training_law("dropout", 10, emission_of(dropout<0.3>));
  check_training_law("rrelu", 11, emission_of(rrelu<>));
  check_training_law("relu, dropout, dense, dropout", 12, [](emitter& e, dice& d, const row& x) {
    return dropout<0.5>.emit(e, emit_dense(e, dropout<0.2>.emit(e, relu.emit(e, x)), d.width()));
  });
}

BOOST_AUTO_TEST_CASE(sparsity_of_the_batch_mean) {
  check_training_law("kl_sparsity", 13, [](emitter& e, dice& d, const row& x) {
    return emit_dense(e, kl_sparsity<0.1, 0.5>.emit(e, fusegrad::sigmoid.emit(e, x)), d.width());
  });
  check_training_law("kl_sparsity before batch_norm", 14, [](emitter& e, dice&, const row& x) {
    return batch_norm.emit(e, kl_sparsity<0.05, 0.2>.emit(e, fusegrad::sigmoid.emit(e, x)));
  });
}

BOOST_AUTO_TEST_SUITE_END()
