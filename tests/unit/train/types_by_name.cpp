// SPDX-License-Identifier: MIT
#include <fusegrad/train/types_by_name.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <fusegrad/training.hpp>
#include <memory>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto model = fg::input<4> | fg::dense<3> | fg::tanh | fg::dense<1>;
constexpr auto loss = fg::mean_squared_error;

// What a class keeps, in the ways people write it.
using by_decltype = fg::trainer<decltype(model), decltype(loss), fg::adam>;
using by_value = fg::trainer_for<model, loss, fg::adam>;

static_assert(std::is_same_v<by_value, decltype(fg::trainer{model, loss, fg::adam{}})>);
static_assert(std::is_base_of_v<by_value, by_decltype>);
static_assert(std::is_same_v<fg::weights_for<model>, decltype(fg::weights{model, 1})>);
static_assert(std::is_same_v<fg::inference_for<model>, decltype(fg::inference{fg::weights{model, 1}})>);
static_assert(std::is_same_v<fg::gradients_for<model, loss>, decltype(fg::gradients{model, loss, 1})>);
static_assert(std::is_same_v<decltype(fg::inference{fg::weights<decltype(model)>{}}), fg::inference_for<model>>);

struct agent {
  by_decltype actor{model, loss, fg::adam{}, {.seed = 1}};
  by_value critic{model, loss, fg::adam{}, {.seed = 2}};
};

/// Code that knows the interface and no types.
struct any_regressor {
  virtual ~any_regressor() = default;
  virtual double step(const std::vector<float>& x, const std::vector<float>& y) = 0;
};
struct regressor final : any_regressor {
  by_decltype net{model, loss, fg::adam{.learning_rate = 0.05}};
  double step(const std::vector<float>& x, const std::vector<float>& y) override {
    const std::vector<std::uint32_t> all{0, 1};
    return net.step(fg::with_targets(x, 4, y, 1), all).loss;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(train_types_by_name)

BOOST_AUTO_TEST_CASE(what_is_named_by_decltype_and_what_is_deduced_convert_into_each_other) {
  agent a;
  std::vector<by_decltype> many;
  many.push_back(a.actor);
  many.push_back(fg::trainer{model, loss, fg::adam{}, fg::training_options<>{.seed = 2}});
  BOOST_TEST(many[1].read("0.weight") == a.critic.read("0.weight"), boost::test_tools::per_element());

  fg::weights<decltype(model)> kept = a.actor.parameters();
  a.critic.parameters() = kept;
  BOOST_TEST(a.critic.read("2.bias") == a.actor.read("2.bias"), boost::test_tools::per_element());

  fg::inference<decltype(model)> net{kept};
  const std::array sample{0.5F, 1.0F, -1.0F, 2.0F};
  const fg::inference_for<model> other{kept};
  BOOST_TEST(net(sample)[0] == other(sample)[0]);
  net = a.critic.inference();
  BOOST_TEST(net(sample)[0] == fg::inference{fg::fold(kept)}(sample)[0]);
}

BOOST_AUTO_TEST_CASE(a_trainer_behind_an_interface_learns) {
  const std::unique_ptr<any_regressor> hidden = std::make_unique<regressor>();
  const std::vector<float> x{1, 2, 3, 4, -1, 0, 1, 0}, y{1, -1};
  const double first = hidden->step(x, y);
  double last = first;
  for (int i = 0; i < 300; ++i) last = hidden->step(x, y);
  BOOST_TEST(last < first / 10);
}

BOOST_AUTO_TEST_CASE(gradients_by_decltype_are_those_of_the_deduced_type) {
  const std::vector<float> x{1, 2, 3, 4, -1, 0, 1, 0}, y{1, -1};
  const std::vector<std::uint32_t> all{0, 1};
  const fg::weights w{model, 5};
  fg::gradients<decltype(model), decltype(fg::mean_squared_error)> named{model, fg::mean_squared_error, 2};
  fg::gradients deduced{model, loss, 2};
  const auto samples = fg::with_targets(x, 4, y, 1);
  BOOST_TEST(named.compute(w, samples, all).loss == deduced.compute(w, samples, all).loss);
  BOOST_TEST(named.read("0.weight") == deduced.read("0.weight"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
