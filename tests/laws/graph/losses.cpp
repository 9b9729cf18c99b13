// SPDX-License-Identifier: MIT
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/penalty.hpp>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

constexpr int shapes = 100;

/// A small net in front of the loss, so that its gradient runs through several layers.
row net(emitter& e, dice& d, std::size_t out) {
  const row x = e.input(tensor::vector_of(d.width()));
  return emit_dense(e, fusegrad::tanh.emit(e, emit_dense(e, x, d.width())), out);
}

template <class Loss> void check_loss_law(const Loss&, const char* name, targets kind, std::size_t fewest_outputs = 1) {
  dice d(7);
  for (int i = 0; i < shapes; ++i) {
    emitter e;
    const row prediction = net(e, d, d.between(fewest_outputs, widest_dense));
    e.result.outputs.push_back(prediction.value);
    Loss::emit(e, prediction, e.input(Loss::target_shape(prediction.shape)));
    law(e, d.batch(), d.seed(), name, kind).check();
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_losses)

BOOST_AUTO_TEST_CASE(mean_squared_error_law) {
  check_loss_law(mean_squared_error, "mean_squared_error", targets::real);
}
BOOST_AUTO_TEST_CASE(mean_absolute_error_law) {
  check_loss_law(mean_absolute_error, "mean_absolute_error", targets::real);
}
BOOST_AUTO_TEST_CASE(huber_law) { check_loss_law(huber, "huber", targets::real); }
BOOST_AUTO_TEST_CASE(binary_cross_entropy_law) {
  check_loss_law(binary_cross_entropy, "binary_cross_entropy", targets::shares);
}
BOOST_AUTO_TEST_CASE(hinge_law) { check_loss_law(hinge, "hinge", targets::signs); }
BOOST_AUTO_TEST_CASE(softmax_cross_entropy_law) {
  check_loss_law(softmax_cross_entropy, "softmax_cross_entropy", targets::distribution, 2);
}
BOOST_AUTO_TEST_CASE(own_loss_law) {
  check_loss_law(loss([](auto p, auto y) { return log(1 + fusegrad::square(p - y) * exp(-0.1 * y)); }), "own loss",
                 targets::real);
}

// As a student learns from a teacher that is trained itself.
BOOST_AUTO_TEST_CASE(softmax_cross_entropy_of_a_computed_target) {
  dice d(9);
  for (int i = 0; i < shapes; ++i) {
    emitter e;
    const std::size_t classes = d.between(2, widest_dense);
    const row x = e.input(tensor::vector_of(d.width()));
    const row hidden = fusegrad::tanh.emit(e, emit_dense(e, x, d.width()));
    const row student = emit_dense(e, hidden, classes), teacher = emit_dense(e, hidden, classes);
    e.result.outputs.push_back(student.value);
    e.add_to_loss(e.softmax_cross_entropy(student, e.softmax(teacher)), graph::uniform::loss_scale);
    if (i % 2 == 0)
      e.add_to_loss(e.softmax_cross_entropy(e.input(student.shape), e.softmax(teacher)), graph::uniform::loss_scale);
    law(e, d.batch(), d.seed(), "cross entropy of a computed target").check();
  }
}

BOOST_AUTO_TEST_CASE(penalty_on_activations) {
  using penalty =
      decltype(activation_penalty([](auto y) { return 0.3 * fusegrad::abs(y) + 0.1 * fusegrad::square(y); }));
  using loss_type = std::remove_cvref_t<decltype(softmax_cross_entropy)>;
  dice d(8);
  for (int i = 0; i < shapes; ++i) {
    emitter e;
    const row x = e.input(tensor::vector_of(d.width()));
    const row hidden = penalty::emit(e, gelu.emit(e, emit_dense(e, x, d.width())));
    const row prediction = penalty::emit(e, emit_dense(e, hidden, d.between(2, widest_dense)));
    e.result.outputs.push_back(prediction.value);
    loss_type::emit(e, prediction, e.input(prediction.shape));
    law(e, d.batch(), d.seed(), "penalty on activations", targets::distribution).check();
  }
}

BOOST_AUTO_TEST_SUITE_END()
