// SPDX-License-Identifier: MIT
#include <fusegrad/data/scale.hpp>

#include <boost/test/unit_test.hpp>
#include <fusegrad/io/save.hpp>
#include <fusegrad/training.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::data;
namespace fg = fusegrad;

constexpr auto model = fg::input<2> | fg::dense<5>.without_bias() | fg::tanh | fg::dense<1>;

std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

/// Houses: metres and years in, thousands of money out.
dataset<float> houses() {
  std::vector<float> inputs, targets;
  for (int i = 0; i < 64; ++i) {
    const float area = 40 + 5 * static_cast<float>(i % 8), year = 1950 + static_cast<float>(i);
    inputs.insert(inputs.end(), {area, year});
    targets.push_back(3 * area + 0.5f * (year - 1950));
  }
  return dataset<float>::from_targets(inputs, 2, targets, 1).with_target_names({"price"});
}

BOOST_AUTO_TEST_SUITE(data_scale)

BOOST_AUTO_TEST_CASE(targets_are_normalised_as_inputs_are) {
  const auto samples = houses();
  const auto scaled = fit_scale(samples).apply(samples);
  double sum = 0, squares = 0;
  for (const float target : scaled.targets()) sum += target, squares += target * target;
  BOOST_TEST(std::abs(sum) < 1e-4);
  BOOST_TEST(squares / 64 == 1, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(scaled.target_names()[0] == "price");
  const auto labels = dataset<float>::from_labels({1, 3}, 1, {0, 1}, 2);
  const auto of_labels = fit_scale(labels);
  BOOST_TEST(of_labels.targets.shift.empty());
  BOOST_TEST(of_labels.apply(labels).input(0)[0] == -1.0f);
  BOOST_CHECK_THROW(fit_target_standardisation(labels), std::invalid_argument);
  auto broken = samples.with_targets(std::vector<float>(64, std::nanf("")));
  BOOST_CHECK_EXCEPTION(fit_scale(broken), std::invalid_argument,
                        says("normalisation: expected finite numbers in target 0 (price), found nan at sample 0"));
}

BOOST_AUTO_TEST_CASE(a_deployed_model_takes_and_gives_raw_units) {
  const auto samples = houses();
  const auto scale = fit_scale(samples);
  fg::trainer trainer{model, fg::mean_squared_error, fg::adam{.learning_rate = 1e-2}};
  trainer.fit(scale.apply(samples), {.epochs = 60, .progress = fg::progress_style::silent});
  const auto deployed = fg::normalised(trainer.parameters(), scale);
  // It travels with the weights.
  const auto path = std::filesystem::temp_directory_path() / "fusegrad_scale.safetensors";
  fg::io::save(deployed, path);
  constexpr auto raw_model = fg::normalised(model);
  fg::weights loaded{raw_model};
  fg::io::load(loaded, path);
  std::filesystem::remove(path);

  const fg::inference plain{trainer.parameters()};
  const fg::inference raw{loaded};
  const auto folded = fg::fold(loaded);
  static_assert(decltype(folded)::model_type::layer_count() == 1, "nothing but the net is left");
  const fg::inference fast{folded};
  for (std::size_t i = 0; i < samples.size(); i += 7) {
    std::array<float, 2> sample{samples.input(i)[0], samples.input(i)[1]};
    const float found = raw(sample)[0], fast_found = fast(sample)[0];
    BOOST_TEST(fast_found == found, boost::test_tools::tolerance(1e-3f));
    scale.inputs.apply(sample);
    const float expected = plain(sample)[0] * scale.targets.divisor[0] + scale.targets.shift[0];
    BOOST_TEST(found == expected, boost::test_tools::tolerance(1e-5f));
    BOOST_TEST(found == samples.target(i)[0], boost::test_tools::tolerance(0.2f));
  }
}

BOOST_AUTO_TEST_CASE(a_normalised_model_can_be_trained_itself) {
  const auto samples = houses();
  constexpr auto raw_model = fg::normalised(model);
  fg::trainer trainer{raw_model, fg::mean_squared_error, fg::adam{.learning_rate = 1e-2}};
  fg::write_scale(trainer.parameters(), fit_scale(samples));
  const std::vector<float> before = trainer.parameters().read("inputs.shift");
  const double at_first = trainer.evaluate(samples).loss;
  trainer.fit(samples, {.epochs = 60, .progress = fg::progress_style::silent});
  BOOST_TEST(trainer.parameters().read("inputs.shift") == before, "it is not learned");
  BOOST_TEST(trainer.evaluate(samples).loss < 0.1 * at_first);
  // What a trainer infers with is folded.
  const auto net = trainer.inference();
  const fg::inference unfolded{std::as_const(trainer).parameters()};
  const std::array<float, 2> sample{60, 1980};
  BOOST_TEST(net(sample)[0] == unfolded(sample)[0], boost::test_tools::tolerance(1e-3f));
}

BOOST_AUTO_TEST_CASE(what_has_no_dense_layer_beside_it_stays) {
  constexpr auto classifier = fg::input<2> | fg::tanh | fg::dense<3> | fg::softmax;
  scale<float> scale{{{1, 2}, {3, 4}}, {}};
  const auto deployed = fg::normalised(classifier, scale, 3);
  const auto folded = fg::fold(deployed);
  static_assert(std::is_same_v<decltype(folded), decltype(deployed)>);
  const fg::inference raw{deployed};
  const fg::inference plain{fg::weights{classifier, 3}};
  const auto found = raw(std::array{7.f, 10.f}), expected = plain(std::array{2.f, 2.f});
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_number_of_an_image_has_its_own) {
  constexpr auto of_image = fg::input<2, 2, 1> | fg::flatten | fg::dense<1>;
  const auto deployed = fg::normalised(of_image, scale<float>{{{1, 2, 3, 4}, {1, 1, 2, 2}}, {{5}, {2}}}, 1);
  const fg::weights plain{of_image, 1};
  const auto w = plain.read("1.weight");
  const std::array<float, 4> image{2, 4, 7, 10};
  const float expected = 5 + 2 * (1 * w[0] + 2 * w[1] + 2 * w[2] + 3 * w[3]);
  BOOST_TEST(fg::inference{deployed}(image)[0] == expected, boost::test_tools::tolerance(1e-5f));
  BOOST_TEST(fg::inference{fg::fold(deployed)}(image)[0] == expected, boost::test_tools::tolerance(1e-5f));
  BOOST_TEST(!fg::fold(deployed).has("outputs.shift"));
}

BOOST_AUTO_TEST_CASE(one_layer_takes_both_and_a_batch_norm) {
  constexpr auto line = fg::input<1> | fg::dense<1>;
  fg::weights<decltype(line), double> weights;
  weights.write("0.weight", std::vector{2.0});
  weights.write("0.bias", std::vector{1.0});
  const auto deployed = fg::normalised(weights, scale<double>{{{3}, {4}}, {{5}, {6}}});
  const fg::inference net{fg::fold(deployed)};
  BOOST_TEST(net(std::array{11.0})[0] == (2 * (11 - 3) / 4.0 + 1) * 6 + 5);
  constexpr auto with_norm = fg::input<1> | fg::dense<4> | fg::batch_norm | fg::relu | fg::dense<1>;
  fg::weights<decltype(with_norm), double> drawn{with_norm, 1};
  drawn.write("1.running_mean", std::vector{0.5, -1.0, 2.0, 0.0});
  drawn.write("1.running_var", std::vector{4.0, 0.25, 1.0, 2.0});
  const auto raw = fg::normalised(drawn, scale<double>{{{3}, {4}}, {{5}, {6}}});
  const double expected = fg::inference{raw}(std::array{7.5})[0];
  BOOST_TEST(fg::inference{fg::fold(raw)}(std::array{7.5})[0] == expected, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(scales_of_other_models_are_refused) {
  fg::weights weights{fg::normalised(model)};
  BOOST_CHECK_EXCEPTION(fg::write_scale(weights, scale<float>{{{1}, {1}}, {}}), std::invalid_argument,
                        says("scale: expected shifts and divisors for 2 inputs, found 1 and 1"));
  BOOST_CHECK_EXCEPTION(fg::write_scale(weights, scale<float>{{{1, 2}, {1, 2}}, {{1, 2}, {1, 2}}}),
                        std::invalid_argument,
                        says("scale: expected shifts and divisors for 1 outputs, found 2 and 2"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
