// SPDX-License-Identifier: MIT
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/penalty.hpp>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

/// Random nets of nested combinators.
class composition {
public:
  explicit composition(unsigned seed) : d_{seed} {}

  void check() {
    emitter e;
    wire in = wire_of(e.input(tensor::vector_of(d_.between(1, 12))));
    const row x = emit_dense(e, in[0], d_.between(1, 24));
    const row y = block(e, x, 6);
    const row prediction = emit_dense(e, y, d_.between(2, 10));
    e.result.outputs.push_back(prediction.value);
    if (d_.coin()) e.result.outputs.push_back(y.value);
    const bool classes = d_.coin();
    const row target = e.input(prediction.shape);
    if (classes)
      std::remove_cvref_t<decltype(softmax_cross_entropy)>::emit(e, prediction, target);
    else
      std::remove_cvref_t<decltype(mean_squared_error)>::emit(e, prediction, target);
    law(e, d_.between(1, 8), d_.seed(), "composition", classes ? targets::distribution : targets::real).check(4);
  }

private:
  row block(emitter& e, const row& x, std::size_t depth) {
    if (depth == 0 || ++blocks_ > 60) return simple(e, x);
    switch (d_.between(0, 8)) {
    case 0:
    case 1: return in_sequence(e, x, depth);
    case 2: return emit_residual(e, x, ending_in(x.width(), depth))[0];
    case 3: return narrow(e, layers::concat_layer::emit(e, emit_branch(e, x, any(depth), any(depth)))[0]);
    case 4:
      return std::remove_cvref_t<decltype(add)>::emit(
          e, emit_branch(e, x, ending_in(x.width(), depth), ending_in(x.width(), depth)))[0];
    case 5:
      return std::remove_cvref_t<decltype(multiply)>::emit(
          e, emit_branch(e, x, bounded(x.width(), depth), bounded(x.width(), depth), bounded(x.width(), 1)))[0];
    case 6: {
      const std::size_t pair = d_.between(0, group_pairs - 1);
      return narrow(e, emit_groups(e, emit_dense(e, x, width_of_pair(pair)), pair, any(1), any(1)));
    }
    case 7: return shared_twice(e, x);
    default: return penalised(e, simple(e, x));
    }
  }

  row in_sequence(emitter& e, const row& x, std::size_t depth) {
    row y = x;
    const std::size_t count = d_.between(2, 3);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t length = e.enter(i);
      y = block(e, y, depth - 1);
      e.leave(length);
    }
    return y;
  }

  /// Weights named for their width, so that what is shared fits wherever it is used.
  row shared_twice(emitter& e, const row& x) {
    const auto use = [&](const row& in) {
      const auto before = e.enter_shared("cell" + std::to_string(in.width()));
      const row out = fusegrad::tanh.emit(e, emit_dense(e, in, in.width()));
      e.leave_shared(before);
      return out;
    };
    return use(use(x));
  }

  row penalised(emitter& e, const row& x) {
    return decltype(activation_penalty([](auto y) { return 0.01 * fusegrad::square(y); }))::emit(e, x);
  }

  /// A dense layer or an activation that keeps numbers of moderate size.
  row simple(emitter& e, const row& x) {
    if (d_.between(0, 2) == 0) return emit_dense(e, x, d_.between(1, 24), d_.coin());
    const auto& a = all_activations[d_.between(0, all_activations.size() - 1)];
    return a.emit(e, emit_dense(e, x, d_.between(1, 24)));
  }
  row narrow(emitter& e, const row& x) { return x.width() > 30 ? emit_dense(e, x, d_.between(1, 24)) : x; }

  emission any(std::size_t depth) {
    return [this, depth](emitter& e, const wire& in) { return wire_of(block(e, in[0], depth - 1)); };
  }
  emission ending_in(std::size_t width, std::size_t depth) {
    return [this, width, depth](emitter& e, const wire& in) {
      return wire_of(emit_dense(e, block(e, in[0], depth - 1), width));
    };
  }
  emission bounded(std::size_t width, std::size_t depth) {
    return [this, width, depth](emitter& e, const wire& in) {
      return wire_of(fusegrad::tanh.emit(e, emit_dense(e, block(e, in[0], depth - 1), width)));
    };
  }

  dice d_;
  int blocks_ = 0; ///< so many are enough for one net
};

/// A row of any width from the one given.
row emit_wide(emitter& e, const row& x, std::size_t width) {
  return e.matrix_product(x, e.parameter("wide", tensor::matrix_of(width, x.width()), init::zeros));
}

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_compositions)

BOOST_AUTO_TEST_CASE(nested_combinators_to_depth_six) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) composition(seed).check();
  }
}

// More results than one kernel call can write, and more parts than one operation has operands.
BOOST_AUTO_TEST_CASE(long_runs_of_activations_and_many_parts) {
  using loss = std::remove_cvref_t<decltype(mean_squared_error)>;
  for (std::size_t count : {15u, 16u, 17u, 33u, 40u, 300u}) {
    emitter e;
    row x = emit_dense(e, e.input(tensor::vector_of(3)), 5);
    for (std::size_t i = 0; i < count; ++i)
      x = (i % 2 == 0 ? fusegrad::tanh.emit(e, x) : fusegrad::softplus.emit(e, x));
    growing<std::size_t> widths;
    for (std::size_t i = 0; i < count; ++i) widths.push_back(1 + i % 2);
    std::size_t width = 0;
    for (std::size_t w : widths) width += w;
    const wire parts = e.split(emit_wide(e, x, width), widths);
    BOOST_REQUIRE_EQUAL(parts.size(), count);
    wire changed;
    for (const row& part : parts) changed.push_back(fusegrad::tanh.emit(e, part));
    const row prediction = e.concat(changed);
    BOOST_TEST(prediction.width() == width);
    e.result.outputs.push_back(prediction.value);
    loss::emit(e, prediction, e.input(prediction.shape));
    law(e, 3, static_cast<unsigned>(count), "long runs").check();
  }
}

BOOST_AUTO_TEST_SUITE_END()
