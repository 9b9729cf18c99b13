// SPDX-License-Identifier: MIT
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/train/losses.hpp>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

constexpr int shapes = 100;

/// `make` gets an emitter and a row that depends on parameters, and gives back what the loss looks at.
template <class Make> void check_layer_law(const char* name, unsigned seed, Make&& make) {
  using loss = std::remove_cvref_t<decltype(mean_squared_error)>;
  dice d(seed);
  for (int i = 0; i < shapes; ++i) {
    emitter e;
    const row prediction = make(e, d);
    e.result.outputs.push_back(prediction.value);
    loss::emit(e, prediction, e.input(prediction.shape));
    law(e, d.batch(), d.seed(), name).check();
  }
}

row start(emitter& e, dice& d, std::size_t width) {
  return emit_dense(e, e.input(tensor::vector_of(d.width())), width);
}
row start(emitter& e, dice& d) { return start(e, d, d.width()); }

emission dense_tanh(std::size_t out) {
  return [out](emitter& e, const wire& in) { return wire_of(fusegrad::tanh.emit(e, emit_dense(e, in[0], out))); };
}
wire pass(emitter&, const wire& in) { return in; }

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_layers)

BOOST_AUTO_TEST_CASE(dense_with_and_without_bias) {
  check_layer_law("dense", 1, [](emitter& e, dice& d) { return start(e, d); });
  check_layer_law("dense without bias", 2,
                  [](emitter& e, dice& d) { return emit_dense(e, start(e, d), d.width(), false); });
}

BOOST_AUTO_TEST_CASE(residual_of_anything) {
  check_layer_law("residual", 3, [](emitter& e, dice& d) {
    const row x = start(e, d);
    return emit_residual(e, x, dense_tanh(x.width()))[0];
  });
  check_layer_law("residual of nothing", 4, [](emitter& e, dice& d) { return emit_residual(e, start(e, d), pass)[0]; });
  // What an epilogue would have to make for the product that it is the epilogue of.
  check_layer_law("residual of an activated input", 41, [](emitter& e, dice& d) {
    const row x = fusegrad::sigmoid.emit(e, e.input(tensor::vector_of(d.width())));
    return emit_residual(e, x, dense_tanh(x.width()))[0];
  });
}

BOOST_AUTO_TEST_CASE(branches) {
  check_layer_law("branch and concat", 5, [](emitter& e, dice& d) {
    return layers::concat_layer::emit(
        e, emit_branch(e, start(e, d), dense_tanh(d.between(1, 20)), dense_tanh(d.between(1, 20)), pass))[0];
  });
  check_layer_law("branch and add", 6, [](emitter& e, dice& d) {
    const row x = start(e, d);
    return std::remove_cvref_t<decltype(add)>::emit(e, emit_branch(e, x, pass, dense_tanh(x.width()), pass))[0];
  });
  check_layer_law("branch and multiply", 7, [](emitter& e, dice& d) {
    const row x = start(e, d);
    return std::remove_cvref_t<decltype(multiply)>::emit(e, emit_branch(e, x, dense_tanh(x.width()), pass, pass))[0];
  });
  check_layer_law("the same value twice", 8, [](emitter& e, dice& d) {
    return layers::concat_layer::emit(e, emit_branch(e, start(e, d), pass, pass))[0];
  });
}

BOOST_AUTO_TEST_CASE(each_of_several_inputs) {
  check_layer_law("each", 9, [](emitter& e, dice& d) {
    wire in;
    in.push_back(e.input(tensor::vector_of(d.width())));
    in.push_back(e.input(tensor::vector_of(d.width())));
    const std::size_t width = d.width();
    return std::remove_cvref_t<decltype(add)>::emit(e, emit_each(e, in, dense_tanh(width), dense_tanh(width)))[0];
  });
}

BOOST_AUTO_TEST_CASE(groups_of_every_pair_of_widths) {
  std::size_t pair = 0;
  check_layer_law("groups", 10, [&](emitter& e, dice& d) {
    const row x = start(e, d, width_of_pair(pair % group_pairs));
    const std::size_t activation_a = d.between(0, all_activations.size() - 1),
                      activation_b = d.between(0, all_activations.size() - 1);
    const auto apply = [](std::size_t a) {
      return [a](emitter& inner, const wire& in) { return wire_of(all_activations[a].emit(inner, in[0])); };
    };
    return emit_groups(e, x, pair++ % group_pairs, apply(activation_a), apply(activation_b));
  });
}

BOOST_AUTO_TEST_CASE(shared_weights) {
  check_layer_law("shared", 11, [](emitter& e, dice& d) {
    row x = start(e, d);
    for (std::size_t times = d.between(2, 4); times > 0; --times) x = emit_shared(e, x, dense_tanh(x.width()))[0];
    return x;
  });
  check_layer_law("shared and not shared", 12, [](emitter& e, dice& d) {
    const row x = start(e, d);
    const auto cell = [&](emitter& inner, const wire& in) { return emit_shared(inner, in[0], dense_tanh(x.width())); };
    return std::remove_cvref_t<decltype(multiply)>::emit(e, emit_branch(e, x, cell, dense_tanh(x.width()), cell))[0];
  });
}

BOOST_AUTO_TEST_CASE(shapes_that_change_cost_nothing_and_lose_nothing) {
  check_layer_law("reshape and flatten", 13, [](emitter& e, dice& d) {
    const row x = layers::reshape_layer<shape<2, 3, 4>>::emit(e, start(e, d, 24));
    BOOST_TEST((x.shape == shape<2, 3, 4>));
    const row y = fusegrad::softplus.emit(e, x);
    BOOST_TEST((y.shape == shape<2, 3, 4>));
    return emit_dense(e, layers::flatten_layer::emit(e, emit_residual(e, y, pass)[0]), d.width());
  });
}

BOOST_AUTO_TEST_SUITE_END()
