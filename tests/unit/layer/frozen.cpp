// SPDX-License-Identifier: MIT
#include <fusegrad/layer/frozen.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <fusegrad/training.hpp>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto backbone = fg::dense<6> | fg::batch_norm | fg::tanh | fg::dropout<0.5> | fg::dense<4> | fg::tanh;
constexpr auto whole = fg::input<3> | fg::named<"backbone">(backbone) | fg::named<"head">(fg::dense<1>);
constexpr auto fixed = fg::input<3> | fg::frozen(fg::named<"backbone">(backbone)) | fg::named<"head">(fg::dense<1>);
constexpr auto behind = fg::input<3> | fg::dense<4> | fg::tanh | fg::frozen(fg::dense<4> | fg::tanh) | fg::dense<1>;

const std::vector<float> x{1, 2, 3, -1, 0, 1, 0.5F, 0.25F, -2, 1, 1, 1};
const std::vector<float> y{1, -1, 0.5F, 0};
const std::vector<std::uint32_t> all{0, 1, 2, 3};

} // namespace

BOOST_AUTO_TEST_SUITE(layer_frozen)

BOOST_AUTO_TEST_CASE(a_frozen_block_stays_as_it_is_whatever_a_step_does) {
  fg::trainer trainer{fixed, fg::mean_squared_error + fg::l2<0.1>,
                      fg::adamw{.learning_rate = 0.1, .weight_decay = 0.5}};
  const fg::weights before = trainer.parameters();
  for (int i = 0; i < 5; ++i) trainer.step(fg::with_targets(x, 3, y, 1), all);
  for (const std::string& name : trainer.parameter_names())
    BOOST_TEST((trainer.read(name) == before.read(name)) == name.starts_with("backbone."), name);
}

BOOST_AUTO_TEST_CASE(names_are_those_of_the_same_block_that_is_trained) {
  BOOST_TEST(fg::weights_for<fixed>::parameter_names() == fg::weights_for<whole>::parameter_names(),
             boost::test_tools::per_element());
  fg::weights trained{whole, 7};
  fg::weights head{fixed, 8};
  BOOST_TEST(head.write_from(trained).empty());
  BOOST_TEST(head.read("backbone.0.weight") == trained.read("backbone.0.weight"), boost::test_tools::per_element());
  constexpr auto smaller =
      fg::input<3> | fg::named<"backbone">(fg::dense<5> | fg::tanh) | fg::named<"other">(fg::dense<2>);
  fg::weights small{smaller, 1};
  const std::vector<float> before = small.read("backbone.0.weight");
  BOOST_CHECK_THROW(small.write_from(trained), std::invalid_argument);
  BOOST_TEST(small.read("backbone.0.weight") == before, boost::test_tools::per_element());
  constexpr auto longer = fg::input<3> | fg::named<"head">(fg::dense<4>) | fg::named<"backbone">(fg::dense<5>);
  const std::vector<std::string> left = fg::weights{longer, 1}.write_from(small);
  const std::vector<std::string> expected{"head.weight", "head.bias", "backbone.weight", "backbone.bias"};
  BOOST_TEST(left == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_works_as_in_inference) {
  fg::trainer trainer{fixed, fg::mean_squared_error, fg::sgd{.learning_rate = 1e-30}};
  const double loss = trainer.step(fg::with_targets(x, 3, y, 1), all).loss;
  BOOST_TEST(loss == trainer.evaluate(fg::with_targets(x, 3, y, 1)).loss, boost::test_tools::tolerance(1e-6));
}

// The gradient of what stands before is that of the same net in which everything is trained.
BOOST_AUTO_TEST_CASE(gradients_go_through_it) {
  constexpr auto free = fg::input<3> | fg::dense<4> | fg::tanh | (fg::dense<4> | fg::tanh) | fg::dense<1>;
  fg::weights of_free{free, 3};
  fg::weights of_frozen{behind, 3};
  const std::vector<std::string> from = of_free.parameter_names(), to = of_frozen.parameter_names();
  BOOST_REQUIRE(from.size() == to.size());
  for (std::size_t p = 0; p < from.size(); ++p) of_frozen.write(to[p], of_free.read(from[p]));
  fg::gradients expected{free, fg::mean_squared_error, 4};
  fg::gradients found{behind, fg::mean_squared_error, 4};
  BOOST_TEST(expected.compute(of_free, fg::with_targets(x, 3, y, 1), all).loss ==
             found.compute(of_frozen, fg::with_targets(x, 3, y, 1), all).loss);
  for (const char* name : {"0.weight", "0.bias"})
    BOOST_TEST(found.read(name) == expected.read(name), boost::test_tools::per_element());
  BOOST_TEST(found.read(to.back()) == expected.read(from.back()), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(numbers_that_are_not_trained_are_not_counted_as_trained) {
  BOOST_TEST((fg::trainer{fixed, fg::mean_squared_error, fg::sgd{}}.gradient_size()) == 5u);
  BOOST_TEST(fixed.parameter_count() == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
