// SPDX-License-Identifier: MIT
#include <fusegrad/plan/lay_out_values.hpp>

#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/plan/fuse.hpp>
#include <fusegrad/train/losses.hpp>

namespace {

using namespace fusegrad;
using plan::border;
using plan::value_layout;

graph::window window_of(graph::window_side rows, graph::window_side columns) { return {rows, columns}; }
row convolution(emitter& e, const row& x, std::size_t out, const graph::window& w) {
  const auto number = [](std::size_t n) { return tensor::extent_of(n); };
  return e.convolution(
      x, e.parameter("weight", {4, {number(out), number(x.shape.columns()), w.rows.size, w.columns.size}}, init::ones),
      w);
}
row tanh_of(emitter& e, const row& x) { return fusegrad::tanh.emit(e, x); }

/// The layout of a value, in a graph of which nothing else is wanted than `y`.
class laid_out {
public:
  laid_out(emitter& e, const row& y) {
    e.result.outputs.push_back(y.value);
    const plan::fusion fused(e.result);
    growing<const plan::fused_operation*> operations;
    for (const plan::fused_operation& op : fused.operations)
      if (op.alive) operations.push_back(&op);
    layouts_ = plan::lay_out_values<float>(e.result, operations);
  }
  const value_layout& of(const row& x) const { return layouts_[x.value]; }

private:
  numbered<graph::value_id, value_layout> layouts_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(plan_lay_out_values)

// 6 rows, padded by 1 on both sides, in steps of 2: the last window begins at row 3 and ends at row 5. 9 columns in
// steps of 3 with a dilation of 2: from column -2 on, and to column 8.
BOOST_AUTO_TEST_CASE(a_border_is_as_large_as_windows_reach) {
  emitter e;
  const row x = e.input(shape<6, 9, 3>);
  const row y = convolution(e, x, 5, window_of({3, 2, 1, 1, 1}, {3, 3, 2, 2, 2}));
  const laid_out values(e, y);
  BOOST_TEST((values.of(x).edges == border{1, 0, 2, 0}));
  BOOST_TEST((values.of(y).edges == border{}));
  BOOST_TEST(values.of(x).is_tight); // 3 channels do not fill a vector, and only a convolution reads them
  BOOST_TEST(!values.of(y).is_tight);
}

BOOST_AUTO_TEST_CASE(several_readers_share_the_larger_border) {
  emitter e;
  const row x = e.input(shape<6, 6, 4>);
  wire both;
  both.push_back(convolution(e, x, 2, window_of({3, 1, 1, 1, 1}, {3, 1, 1, 1, 1})));
  const auto length = e.enter("other");
  both.push_back(convolution(e, x, 2, window_of({1, 1, 1, 0, 0}, {5, 1, 1, 2, 2})));
  e.leave(length);
  const laid_out values(e, e.concat(both));
  BOOST_TEST((values.of(x).edges == border{1, 1, 2, 2}));
}

BOOST_AUTO_TEST_CASE(who_reads_whole_vectors_keeps_positions_apart) {
  emitter e;
  const row x = e.input(shape<6, 6, 3>);
  const row y = convolution(e, x, 3, window_of({3, 1, 1, 1, 1}, {3, 1, 1, 1, 1}));
  const laid_out values(e, e.map([](auto a, auto b) { return a * b; }, x, tanh_of(e, y)));
  BOOST_TEST(!values.of(x).is_tight);
  BOOST_TEST((values.of(x).edges == border{1, 1, 1, 1}));
}

BOOST_AUTO_TEST_CASE(pools_and_sums_look_for_the_edge_themselves) {
  emitter e;
  const row x = tanh_of(e, e.input(shape<6, 6, 3>));
  const row y = e.max_pool(e.window_sum(x, window_of({3, 1, 1, 1, 1}, {3, 1, 1, 1, 1})),
                           window_of({3, 2, 1, 1, 1}, {3, 2, 1, 1, 1}));
  const laid_out values(e, y);
  for (const row& v : {x, y}) BOOST_TEST(values.of(v).edges.is_none());
}

// What comes back through a window of 3 needs zeros around the gradient: as many as windows that would still see an
// edge.
BOOST_AUTO_TEST_CASE(gradients_have_the_border_of_the_way_back) {
  emitter e(graph::emission{true});
  const row x = tanh_of(e, convolution(e, e.input(shape<6, 6, 3>), 4, window_of({3}, {3})));
  const auto length = e.enter("second");
  const row y = convolution(e, x, 20, window_of({3}, {3}));
  e.leave(length);
  const row error = e.map([](auto a, auto b) { return square(a - b); }, y, e.input(y.shape));
  e.add_to_loss(error, graph::uniform::loss_scale);
  graph::append_backward(e);
  const laid_out values(e, y);
  bool found = false;
  for (const graph::operation& op : e.result.operations) {
    if (op.what != graph::kind::convolution || !op.transposed) continue;
    found = true;
    BOOST_TEST((values.of({op.inputs[0].value(), {}}).edges == border{2, 2, 2, 2}));
  }
  BOOST_TEST(found);
}

BOOST_AUTO_TEST_SUITE_END()
