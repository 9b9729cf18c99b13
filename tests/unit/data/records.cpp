// SPDX-License-Identifier: MIT
#include <fusegrad/data/records.hpp>

#include <boost/test/unit_test.hpp>
#include <fusegrad/inspect/summary.hpp>
#include <fusegrad/io/save.hpp>
#include <fusegrad/training.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace shop {

enum class detector : std::uint8_t { barrel, endcap };
struct vertex {
  double x, y;
};
struct event {
  float pt;
  double eta;
  std::array<int, 3> hits;
  detector where;
  vertex origin;
  bool is_muon;
};
enum class kind { signal, background };
struct answer {
  kind what;
};
struct vertex_reordered {
  double y, x;
};
struct prediction {
  float energy;
  std::array<double, 2> direction;
};

} // namespace shop

BOOST_HANA_ADAPT_STRUCT(shop::vertex, x, y);
BOOST_HANA_ADAPT_STRUCT(shop::vertex_reordered, y, x);
BOOST_HANA_ADAPT_STRUCT(shop::event, pt, eta, hits, where, origin, is_muon);
BOOST_HANA_ADAPT_STRUCT(shop::answer, what);
BOOST_HANA_ADAPT_STRUCT(shop::prediction, energy, direction);

namespace {

using namespace fusegrad::data;
namespace fg = fusegrad;
using shop::answer, shop::detector, shop::event, shop::kind, shop::prediction;

std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

constexpr event muon{1.5f, -2, {3, 4, 5}, detector::endcap, {0.25, 0.5}, true};
const std::vector<std::string> names{"pt",           "eta",          "hits_0",   "hits_1",   "hits_2",
                                     "where=barrel", "where=endcap", "origin.x", "origin.y", "is_muon"};

constexpr auto model = fg::input_of<event> | fg::dense<4> | fg::tanh | fg::dense<3> | fg::output_of<prediction>;
static_assert(model.input_size() == 10);
static_assert(fg::numbers_of<float>(muon) == std::array<float, 10>{1.5f, -2, 3, 4, 5, 0, 1, 0.25f, 0.5f, 1});

BOOST_AUTO_TEST_SUITE(data_records)

BOOST_AUTO_TEST_CASE(members_become_inputs_in_their_order) {
  const std::vector<event> events{muon, {2, 1, {0, 0, 7}, detector::barrel, {}, false}};
  const std::vector<prediction> truths{{7, {8, 9}}, {1, {2, 3}}};
  const auto samples = from_records(events, truths);
  BOOST_TEST(samples.feature_names() == names, boost::test_tools::per_element());
  BOOST_TEST(samples.input(1)[4] == 7.0f);
  BOOST_TEST(samples.input(1)[5] == 1.0f);
  BOOST_TEST(samples.target_names() == (std::vector<std::string>{"energy", "direction_0", "direction_1"}),
             boost::test_tools::per_element());
  BOOST_TEST(samples.target(0)[2] == 9.0f);
  const auto classes = from_records<double>(events, std::vector{kind::background, kind::signal});
  BOOST_TEST(classes.label(0) == 1);
  BOOST_TEST(classes.class_names() == (std::vector<std::string>{"signal", "background"}),
             boost::test_tools::per_element());
  BOOST_TEST((from_records<double>(events, std::vector<answer>{{kind::background}, {kind::signal}}) == classes));
}

BOOST_AUTO_TEST_CASE(records_that_are_none_are_refused) {
  event strange = muon;
  strange.where = static_cast<detector>(7);
  BOOST_CHECK_EXCEPTION(from_records(std::vector{muon, strange}, std::vector<prediction>(2)), std::invalid_argument,
                        says("records: expected the value of an enumerator, found another one in input 1"));
  BOOST_CHECK_EXCEPTION(from_records(std::vector{muon}, std::vector<prediction>(2)), std::invalid_argument,
                        says("records: expected as many answers as inputs, found 2 for 1"));
}

BOOST_AUTO_TEST_CASE(a_struct_goes_in_and_a_struct_comes_out) {
  const fg::inference net{fg::weights{model, 1}};
  const prediction p = net(muon);
  const auto numbers = net(fg::numbers_of<float>(muon));
  BOOST_TEST(p.energy == numbers[0]);
  BOOST_TEST(p.direction[1] == static_cast<double>(numbers[2]));
  // Without a struct at the end the numbers come out; an enumeration is the largest of its numbers.
  constexpr auto plain = fg::input_of<event> | fg::dense<2>;
  constexpr auto classifier = plain | fg::output_of<answer>;
  const auto scores = fg::inference{fg::weights{plain, 2}}(muon);
  static_assert(std::is_same_v<decltype(scores), const std::array<float, 2>>);
  const answer found = fg::inference{fg::weights{classifier, 2}}(muon);
  BOOST_TEST((found.what == (scores[1] > scores[0] ? kind::background : kind::signal)));
}

BOOST_AUTO_TEST_CASE(samples_that_are_called_otherwise_are_refused) {
  fg::trainer trainer{model, fg::mean_squared_error, fg::sgd{}};
  const auto samples = from_records(std::vector{muon, muon}, std::vector<prediction>(2));
  constexpr auto silent = fg::progress_style::silent;
  trainer.fit(samples, {.epochs = 1, .progress = silent});
  auto reordered = names;
  std::swap(reordered[0], reordered[1]);
  const auto other = samples.with_feature_names(reordered);
  const std::string words = "feature 0 is called \"eta\", the model takes \"pt\" there.";
  BOOST_CHECK_EXCEPTION(trainer.fit(other, {.epochs = 1}), std::invalid_argument,
                        says("fusegrad: the samples: " + words));
  BOOST_CHECK_EXCEPTION(trainer.fit(samples, {.epochs = 1, .validation = &other}), std::invalid_argument,
                        says("fusegrad: the validation samples: " + words));
  BOOST_CHECK_THROW(static_cast<void>(trainer.evaluate(other)), std::invalid_argument);
  const std::vector<std::uint32_t> both{0, 1};
  trainer.step(samples, both);
  const auto before = trainer.read("0.weight");
  BOOST_CHECK_EXCEPTION(trainer.step(other, both), std::invalid_argument, says("fusegrad: the samples: " + words));
  BOOST_CHECK_EXCEPTION(trainer.step(other.first(2).shuffled(1), both), std::invalid_argument,
                        says("fusegrad: the samples: " + words));
  BOOST_TEST(trainer.read("0.weight") == before, boost::test_tools::per_element());
  // With weights they are called the same.
  fg::trainer weighing{model, fg::weighted_by_sample(fg::mean_squared_error), fg::sgd{}};
  const std::vector<float> weights{1, 2};
  weighing.step(fg::with_weights(samples, weights), both);
  BOOST_CHECK_EXCEPTION(weighing.step(fg::with_weights(other, weights), both), std::invalid_argument,
                        says("fusegrad: the samples: " + words));
  BOOST_CHECK_EXCEPTION(weighing.fit(fg::with_weights(other, weights), {.epochs = 1}), std::invalid_argument,
                        says("fusegrad: the samples: " + words));
  // Without names they are numbers.
  trainer.fit(samples.with_feature_names({}), {.epochs = 1, .progress = silent});
}

BOOST_AUTO_TEST_CASE(messages_and_summaries_name_members) {
  fg::trainer trainer{model, fg::mean_squared_error, fg::sgd{}};
  event bad = muon;
  bad.eta = std::numeric_limits<double>::quiet_NaN();
  BOOST_CHECK_EXCEPTION(trainer.fit(from_records(std::vector{muon, bad}, std::vector<prediction>(2)), {.epochs = 1}),
                        std::invalid_argument, says("fusegrad: the samples: feature 1 (eta) of sample 1 is NaN."));
  std::vector<float> inputs(20), targets(6);
  inputs[12] = std::numeric_limits<float>::infinity();
  BOOST_CHECK_EXCEPTION(trainer.fit(fg::with_targets<float>(inputs, 10, targets, 3), {.epochs = 1}),
                        std::invalid_argument,
                        says("fusegrad: the samples: feature 2 (hits_0) of sample 1 is infinite."));
  const std::string summary = fg::summary(model);
  BOOST_TEST(summary.find("input: pt, eta, hits_0, hits_1, hits_2, where=barrel, where=endcap, origin.x, origin.y, "
                          "is_muon\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(weights_are_for_inputs_of_their_names) {
  const auto path = std::filesystem::temp_directory_path() / "fusegrad_records.safetensors";
  const fg::weights saved{fg::input_of<shop::vertex> | fg::dense<1>, 1};
  fg::io::save(saved, path);
  fg::weights same{fg::input_of<shop::vertex> | fg::dense<1>, 2};
  fg::io::load(same, path);
  BOOST_TEST(same.read("0.weight") == saved.read("0.weight"), boost::test_tools::per_element());
  fg::weights other{fg::input_of<shop::vertex_reordered> | fg::dense<1>, 2};
  const auto before = other.read("0.weight");
  BOOST_CHECK_EXCEPTION(fg::io::load(other, path), fg::io::file_error,
                        says(path.string() + ": expected weights for the inputs y, x, found those for x, y"));
  BOOST_TEST(other.read("0.weight") == before, boost::test_tools::per_element());
  fg::weights plain{fg::input<2> | fg::dense<1>, 2};
  fg::io::load(plain, path);
  std::filesystem::remove(path);
}

/// A file in the temporary directory that is removed at the end.
struct temporary_file {
  explicit temporary_file(const std::string& text) { std::ofstream(path) << text; }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::filesystem::remove(path); }
  std::filesystem::path path = std::filesystem::temp_directory_path() / "fusegrad_records.csv";
};

BOOST_AUTO_TEST_CASE(tables_are_read_by_the_names_of_members) {
  const temporary_file file("id,is_muon,where,hits_2,hits_1,hits_0,origin.y,origin.x,eta,pt,what\n"
                            "1,1,endcap,5,4,3,0.5,0.25,-2,1.5,background\n"
                            "2,0,barrel,0,0,0,0,0,,2,signal\n");
  const table_options rest{.inputs = {column("eta").or_number(9)}, .ignore = {"id"}};
  const auto table = load_records<event, answer>(file.path, rest);
  const auto expected = from_records(std::vector{muon, event{2, 9, {}, detector::barrel, {}, false}},
                                     std::vector{kind::background, kind::signal});
  BOOST_TEST((table.samples == expected));
  BOOST_TEST(table.samples.feature_names() == names, boost::test_tools::per_element());
  BOOST_TEST(table.samples.class_names() == expected.class_names(), boost::test_tools::per_element());
  auto by_label = rest;
  by_label.label = "what";
  BOOST_TEST((load_records<event, kind>(file.path, by_label).samples == expected));
  BOOST_CHECK_EXCEPTION((load_records<event, kind>(file.path, rest)), std::invalid_argument,
                        says("records: expected the name of the column with the class, found no label"));
  BOOST_CHECK_THROW((load_records<event, answer>(file.path, {.inputs = {"phi"}})), std::invalid_argument);
  BOOST_CHECK_THROW((load_records<event, answer>(file.path, {.inputs = {column("eta").marked()}})),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_renamed_column_is_refused) {
  const temporary_file file("energy,direction_0,direction_1,x,Y\n1,2,3,4,5\n");
  BOOST_CHECK_EXCEPTION(
      (load_records<shop::vertex, prediction>(file.path)), file_error,
      says(
          file.path.string() +
          ": line 1: expected a column named \"y\", found \"energy\", \"direction_0\", \"direction_1\", \"x\", \"Y\""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
