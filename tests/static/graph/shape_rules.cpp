// SPDX-License-Identifier: MIT
// Every rule of an operation is noted by the emitter where it is broken, before anything is written down that other
// operations could read wrongly; tests/fail has the messages of those that are broken most.
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/layer/broken_rule.hpp>
#include <fusegrad/layer/layer.hpp>

#include <initializer_list>
#include <type_traits>

namespace {

using namespace fusegrad;
using graph::row;
using graph::rule;
using tensor::matrix_of;
using tensor::transposed_factor;
using tensor::vector_of;

/// What an emitter notes, in training, with a row of 6 numbers.
template <class Write> constexpr rule broken_by(Write write, bool is_training = true) {
  graph::emitter e(graph::emission{is_training});
  write(e, e.input(vector_of(6)));
  return e.broken().broken;
}
constexpr auto sum = [](auto... all) { return (all + ...); };
constexpr auto ones = [](graph::emitter& e, tensor::extents shape) { return e.parameter("gain", shape, init::ones); };
constexpr growing<std::size_t> list(std::initializer_list<std::size_t> numbers) {
  growing<std::size_t> out;
  for (std::size_t n : numbers) out.push_back(n);
  return out;
}

// What fits is not noted.
static_assert(broken_by([](auto& e, const row& x) {
                const auto parts = e.split(x, list({1, 5}));
                const row wide =
                    e.map(sum, parts[0], parts[1], ones(e, vector_of(5)), e.batch_mean(parts[1]), graph::uniform::one);
                const auto state = e.state("running", vector_of(5), 0);
                e.set_next(state, e.batch_sum(wide));
                const row y =
                    e.matrix_product(e.reshape(x, matrix_of(2, 3)), e.parameter("weight", matrix_of(4, 3), init::ones));
                e.add_to_loss(e.softmax_cross_entropy(y, e.softmax(e.log_softmax(y))), graph::uniform::loss_scale);
              }) == rule::none);

// Rows and parameters that are not of this emitter, or of another size than they say.
static_assert(broken_by([](auto& e, const row&) { e.softmax({graph::value_id{7}, vector_of(6)}); }) ==
              rule::known_operand);
static_assert(broken_by([](auto& e, const row&) { e.map(sum, row{graph::value_id::none, vector_of(6)}); }) ==
              rule::known_operand);
static_assert(broken_by([](auto& e, const row& x) { e.map(sum, x, graph::parameter_id{3}); }) == rule::known_operand);
static_assert(broken_by([](auto& e, const row& x) { e.map(sum, x, graph::operand{graph::value_id{9}}); }) ==
              rule::known_operand);
static_assert(broken_by([](auto& e, const row& x) { e.matrix_product(x, graph::parameter_id{1}); }) ==
              rule::known_operand);
static_assert(broken_by([](auto& e, const row& x) { e.set_next(graph::parameter_id{1}, e.batch_mean(x)); }) ==
              rule::known_operand);
static_assert(broken_by([](auto& e, row x) {
                x.shape = vector_of(60);
                e.row_sum(x);
              }) == rule::size_of_row);
static_assert(broken_by([](auto& e, row x) {
                x.shape = vector_of(60);
                e.add_to_loss(x, graph::uniform::one);
              }) == rule::size_of_row);

// Matrices.
static_assert(broken_by([](auto& e, const row& x) { e.matrix_product(x, ones(e, matrix_of(6, 3))); }) ==
              rule::matrix_of_row);
static_assert(broken_by([](auto& e, const row& x) { e.matrix_product(x, ones(e, vector_of(6))); }) ==
              rule::matrix_of_row);
static_assert(broken_by([](auto& e, const row& x) {
                const auto p = ones(e, matrix_of(1, 6));
                e.map(sum, x, p);
                e.matrix_product(x, p);
              }) == rule::matrix_by_itself);
static_assert(broken_by([](auto& e, const row& x) {
                const auto p = ones(e, matrix_of(1, 6));
                e.map(sum, e.matrix_product(x, p), p);
              }) == rule::matrix_by_itself);

// map.
static_assert(broken_by([](auto& e, const row& x) { e.map(sum, e.split(x, list({2, 4}))[0], x); }) ==
              rule::equal_widths);
static_assert(broken_by([](auto& e, const row& x) { e.map(sum, x, ones(e, vector_of(5))); }) ==
              rule::parameter_of_columns);
static_assert(broken_by([](auto& e, const row& x) { e.map(sum, x, ones(e, vector_of(7))); }) == rule::equal_widths);
static_assert(broken_by([](auto& e, const row& x) {
                e.map(sum, e.batch_mean(x), e.row_sum(x), ones(e, vector_of(2)));
              }) == rule::parameter_of_columns);
static_assert(broken_by([](auto& e, const row& x) {
                e.map([](auto... all) { return (all + ...) * fusegrad::parameter<"slope">(1); }, x, x, x, x, x, x, x, x,
                      x, x, x, x, x, x, x, x);
              }) == rule::operand_count);
static_assert(broken_by([](auto& e, const row& x) { e.map([](auto a) { return fusegrad::values(a, a); }, x); }) ==
              rule::one_result);
static_assert(broken_by([](auto& e, const row& x) {
                e.map([](auto a) { return a * fusegrad::setting<"rate">(1); }, x);
              }) == rule::only_parameters);

// Parts and shapes.
static_assert(broken_by([](auto& e, const row& x) { e.split(x, list({3, 4})); }) == rule::parts_of_row);
static_assert(broken_by([](auto& e, const row& x) { e.split(x, list({6, 0})); }) == rule::parts_of_row);
static_assert(broken_by([](auto& e, const row& x) { e.split(x, list({~std::size_t{0}, 7})); }) == rule::parts_of_row);
static_assert(broken_by([](auto& e, const row& x) { e.split(x, list({})); }) == rule::parts_of_row);
static_assert(broken_by([](auto& e, const row&) { e.concat({}); }) == rule::some_parts);
static_assert(broken_by([](auto& e, const row& x) { e.reshape(x, vector_of(5)); }) == rule::size_kept);
static_assert(broken_by([](auto& e, const row& x) { e.softmax_cross_entropy(x, e.row_sum(x)); }) ==
              rule::logits_and_target);
static_assert(broken_by([](auto& e, const row&) { ones(e, vector_of(0)); }) == rule::sensible_size);
static_assert(broken_by([](auto& e, const row&) { ones(e, matrix_of(1 << 20, 1 << 20)); }) == rule::sensible_size);
static_assert(broken_by([](auto& e, const row&) { e.input(vector_of((std::size_t{1} << 32) + 5)); }) ==
              rule::sensible_size);
static_assert(broken_by([](auto& e, const row&) {
                e.random(tensor::extents{4, {1u << 16, 1u << 16, 1u << 16, 1u << 16}});
              }) == rule::sensible_size);

// States, and what a batch has in common.
static_assert(broken_by([](auto& e, const row& x) { e.softmax(e.batch_mean(x)); }) == rule::row_for_each_sample);
static_assert(broken_by([](auto& e, const row& x) { e.set_next(ones(e, vector_of(6)), e.batch_mean(x)); }) ==
              rule::state_of_batch);
static_assert(broken_by([](auto& e, const row& x) { e.set_next(e.state("s", vector_of(6), 0), x); }) ==
              rule::row_of_batch);
static_assert(broken_by([](auto& e, const row& x) { e.set_next(e.state("s", vector_of(5), 0), e.batch_mean(x)); }) ==
              rule::size_of_state);
static_assert(broken_by([](auto& e, const row& x) { e.batch_sum(x); }, false) == rule::training_only);
static_assert(broken_by([](auto& e, const row& x) { e.random(x.shape); }, false) == rule::training_only);

// Names.
static_assert(broken_by([](auto& e, const row&) {
                e.expect_user_names();
                ones(e, vector_of(2)), ones(e, vector_of(2));
              }) == rule::name_once);
// Windows, over images and back to them.
constexpr tensor::extents image{3, {4, 5, 6}};
constexpr auto window_of = [](std::uint32_t rows, std::uint32_t columns, std::int32_t before = 0) {
  graph::window w;
  w.rows.size = rows, w.columns.size = columns;
  w.rows.before = w.columns.before = before;
  return w;
};
constexpr auto no_stride = [] {
  graph::window w;
  w.rows.stride = 0;
  return w;
}();
constexpr auto kernels = [](auto& e, tensor::extents shape, const char* name = "weight") {
  return e.parameter(name, shape, init::ones);
};
static_assert(broken_by([](auto& e, const row&) {
                const row x = e.input(image);
                const row y = e.convolution(x, kernels(e, {4, {7, 6, 3, 2}}), window_of(3, 2, 1));
                const row z = e.max_pool(y, window_of(2, 2, 1));
                const row half = e.window_sum(z, window_of(1, 2));
                e.transposed_window_sum(half, window_of(1, 2), z.shape);
                e.map(sum, x, e.position_mean(x), e.row_mean(x)); // one position and one column are repeated
                wire both;
                both.push_back(x), both.push_back(e.row_sum(x));
                e.concat(both);
                e.interpolated(e.repeated(x, 3), 2, 4);
                e.transposed_convolution(y, kernels(e, {4, {7, 2, 3, 2}}, "back"), window_of(3, 2, 1), {3, {4, 5, 2}});
                e.convolution(x, kernels(e, {4, {4, 3, 1, 2}}, "of groups"), window_of(1, 2), 2);
              }) == rule::none);
static_assert(broken_by([](auto& e, const row& x) { e.repeated(x, 0); }) == rule::parts_of_row);
static_assert(broken_by([](auto& e, const row& x) { e.interpolated(x, 2, 2); }) == rule::image_of_window);
static_assert(broken_by([](auto& e, const row&) { e.interpolated(e.input(image), 0, 2); }) == rule::window_fits);
static_assert(broken_by([](auto& e, const row&) {
                const row x = e.input(image);
                e.transposed_convolution(x, kernels(e, {4, {6, 2, 3, 2}}), window_of(3, 2), x.shape);
              }) == rule::weight_of_window);
static_assert(broken_by([](auto& e, const row&) {
                e.convolution(e.input(image), kernels(e, {4, {7, 3, 1, 2}}), window_of(1, 2), 2);
              }) == rule::weight_of_window);
static_assert(broken_by([](auto& e, const row&) {
                const auto weight = kernels(e, {4, {4, 3, 1, 2}});
                e.convolution(e.input(image), weight, window_of(1, 2), 2);
                e.convolution(e.input({3, {4, 5, 3}}), weight, window_of(1, 2)); // has its groups already
              }) == rule::weight_of_window);
static_assert(broken_by([](auto& e, const row& x) { e.window_sum(x, window_of(1, 2)); }) == rule::image_of_window);
static_assert(broken_by([](auto& e, const row&) { e.max_pool(e.input(matrix_of(4, 5)), window_of(2, 1)); }) ==
              rule::image_of_window);
static_assert(broken_by([](auto& e, const row&) { e.max_pool(e.input({4, {2, 4, 5, 6}}), window_of(2, 1)); }) ==
              rule::image_of_window);
static_assert(broken_by([](auto& e, const row&) { e.window_sum(e.input(image), window_of(5, 1)); }) ==
              rule::window_fits);
static_assert(broken_by([](auto& e, const row&) { e.window_sum(e.input(image), window_of(0, 1)); }) ==
              rule::window_fits);
static_assert(broken_by([](auto& e, const row&) { e.window_sum(e.input(image), no_stride); }) == rule::window_fits);
static_assert(broken_by([](auto& e, const row&) { e.transposed_window_sum(e.input(image), window_of(2, 2), image); }) ==
              rule::window_fits);
static_assert(broken_by([](auto& e, const row&) { e.max_pool(e.input(image), window_of(2, 2, 2)); }) ==
              rule::window_sees);
static_assert(broken_by([](auto& e, const row&) {
                e.convolution(e.input(image), kernels(e, {4, {7, 6, 2, 3}}), window_of(3, 3));
              }) == rule::weight_of_window);
static_assert(broken_by([](auto& e, const row&) {
                const row x = e.input(matrix_of(4, 6));
                e.value_product(x, x, transposed_factor::right_one, 4);
              }) == rule::matrices_of_value);
static_assert(broken_by([](auto& e, const row&) {
                const row x = e.input(image);
                e.value_product(x, x, transposed_factor::left_one);
              }) == rule::matrices_of_value);
static_assert(broken_by([](auto& e, const row&) {
                e.value_product(e.input(matrix_of(4, 6)), e.input(matrix_of(4, 6)));
              }) == rule::factors_fit);
static_assert(broken_by([](auto& e, const row&) {
                const row x = e.input(image);
                wire both;
                both.push_back(x), both.push_back(e.window_sum(x, window_of(2, 2)));
                e.concat(both);
              }) == rule::equal_images);
static_assert(broken_by([](auto& e, const row&) {
                const row x = e.input(image);
                e.map(sum, x, e.window_sum(x, window_of(2, 2)));
              }) == rule::equal_widths);
// As many positions, but in other places.
static_assert(broken_by([](auto& e, const row&) { e.map(sum, e.input(image), e.input({3, {5, 4, 6}})); }) ==
              rule::equal_widths);

// A shared block does not share with a layer that happens to have its name, before it or behind it.
constexpr auto in_shared = [](auto& e) {
  const auto before = e.enter_shared("0");
  ones(e, vector_of(2));
  e.leave_shared(before);
};
constexpr auto in_layer = [](auto& e) {
  const auto length = e.enter(0);
  ones(e, vector_of(2));
  e.leave(length);
};
static_assert(broken_by([](auto& e, const row&) { in_shared(e), in_shared(e); }) == rule::none);
static_assert(broken_by([](auto& e, const row&) { in_shared(e), in_layer(e); }) == rule::name_once);
static_assert(broken_by([](auto& e, const row&) { in_layer(e), in_shared(e); }) == rule::name_once);

// A layer has the same parameters in training and outside of it: weights are kept by the latter, a step reads them
// there.
template <class Write> constexpr graph::violation differing(Write write) {
  graph::emitter training(graph::emission{true}), outside(graph::emission{false});
  write(training, training.input(vector_of(6)));
  write(outside, outside.input(vector_of(6)));
  return graph::shape_rules::same_parameters(training.result, outside.result);
}
constexpr auto two_gains = [](auto& e, const char* first, const char* second) {
  e.parameter(first, vector_of(6), init::ones);
  e.parameter(second, vector_of(6), init::ones);
};
static_assert(differing([](auto& e, const row& x) {
                const row y = e.matrix_product(x, e.parameter("weight", matrix_of(4, 6), init::ones));
                const auto running = e.state("running", vector_of(4), 0);
                if (e.is_training()) e.set_next(running, e.batch_mean(y));
              }).broken == rule::none);
static_assert(differing([](auto& e, const row&) {
                if (e.is_training()) ones(e, vector_of(6));
              }).broken == rule::same_parameters);
static_assert(differing([](auto& e, const row&) {
                if (!e.is_training()) ones(e, vector_of(6));
              }).broken == rule::same_parameters);
static_assert(differing([](auto& e, const row&) {
                e.is_training() ? two_gains(e, "a", "b") : two_gains(e, "b", "a");
              }).broken == rule::same_parameters);
static_assert(differing([](auto& e, const row&) {
                e.is_training() ? two_gains(e, "a", "b") : two_gains(e, "a", "c");
              }).got == vector_of(1));
static_assert(differing([](auto& e, const row&) { ones(e, vector_of(e.is_training() ? 6 : 5)); }).broken ==
              rule::same_parameters);
static_assert(differing([](auto& e, const row&) {
                e.is_training() ? ones(e, vector_of(6)) : e.state("gain", vector_of(6), 1);
              }).broken == rule::same_parameters);
// The weights of products are kept in panels.
static_assert(differing([](auto& e, const row& x) {
                const auto weight = ones(e, matrix_of(4, 6));
                if (e.is_training()) e.matrix_product(x, weight);
              }).broken == rule::same_parameters);

// Inputs are the model's.
static_assert([] {
  graph::emitter e;
  e.input(vector_of(6));
  const bool is_one = graph::shape_rules::inputs_of_model(e.result).broken == rule::none;
  e.input(vector_of(6));
  return is_one && graph::shape_rules::inputs_of_model(e.result).broken == rule::inputs_of_model;
}());

// The derivative of a function of as many operands as there may be reads the gradient besides; a state that is a matrix
// is not summed for.
static_assert([] {
  graph::emitter e(graph::emission{true});
  const row x = e.input(vector_of(6));
  const row y = e.matrix_product(x, e.state("fixed", matrix_of(6, 6), 1));
  const auto p = ones(e, vector_of(6));
  e.add_to_loss(e.map([](auto... all) { return sin((all + ...)); }, y, p, x, x, x, x, x, x, x, x, x, x, x, x, x, x),
                graph::uniform::one);
  append_backward(e);
  for (const graph::operation& op : e.result.operations)
    if (op.what == graph::kind::weight_gradient) return false;
  return e.broken().broken == rule::none;
}());

// The words that a rule is refused with.
struct found_nothing_to_concat {
  static constexpr graph::violation found{rule::some_parts, {}, vector_of(1)};
};
static_assert(
    std::is_same_v<layers::broken_rule<found_nothing_to_concat, layers::called<"mine">, diagnostics::position<3>>,
                   layers::concat_of_nothing<layers::called<"mine">, diagnostics::position<3>, diagnostics::got<>,
                                             diagnostics::needs<std::size_t{1}>>>);

} // namespace
