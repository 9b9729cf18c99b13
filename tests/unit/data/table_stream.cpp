// SPDX-License-Identifier: MIT
#include <fusegrad/data/table_stream.hpp>

#include <boost/test/unit_test.hpp>
#include <fusegrad/training.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::data;
namespace fg = fusegrad;

std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

/// A file in the temporary directory that is removed at the end.
class temporary_file {
public:
  explicit temporary_file(const std::string& contents)
      : path_(std::filesystem::temp_directory_path() / "fusegrad_stream.csv") {
    write(contents);
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::filesystem::remove(path_); }
  void write(const std::string& contents) const { std::ofstream(path_, std::ios::binary) << contents; }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// Rows with everything that makes it hard to see where one begins.
std::string rows(std::size_t count) {
  std::string text = "\xEF\xBB\xBF# a comment with a \"\n\"number\",kind,\"y\ny\"\r\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string kind = i % 3 == 0 ? "\"a\n\"\"b\"\"\"" : i % 3 == 1 ? "c" : "";
    text += std::to_string(i) + ',' + kind + ',' + std::to_string(2 * i) + (i % 2 == 0 ? "\r\n" : "\n");
    if (i % 5 == 0) text += "\n# between, \"\n\r\n";
  }
  return text;
}

const table_options options{
    .inputs = {"number", one_hot("kind").or_category("none")}, .targets = {"y\ny"}, .comment = '#'};

std::vector<float> numbers_of(const table_stream<float>& stream) {
  std::vector<float> result;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    result.push_back(stream.input(i)[0]);
    BOOST_TEST(stream.target(i)[0] == 2 * result.back());
  }
  return result;
}

BOOST_AUTO_TEST_SUITE(data_table_stream)

BOOST_AUTO_TEST_CASE(chunks_are_the_table_in_parts) {
  for (const std::size_t count : {1u, 9u, 10u, 11u, 100u}) {
    const temporary_file file(rows(count));
    const auto table = load_table(file.path(), options);
    const table_stream stream(file.path(), options, {.chunk_rows = 10});
    BOOST_TEST(stream.size() == count);
    BOOST_TEST(stream.chunk_count() == (count + 9) / 10);
    BOOST_TEST((stream.columns() == table.columns));
    BOOST_TEST(stream.feature_names() == table.samples.feature_names(), boost::test_tools::per_element());
    std::size_t begin = 0;
    for (std::size_t k = 0; k < stream.chunk_count(); ++k) {
      std::vector<std::size_t> indices(std::min<std::size_t>(10, count - begin));
      for (std::size_t& index : indices) index = begin++;
      BOOST_TEST((stream.chunk(k) == table.samples.subset(indices)));
    }
    BOOST_CHECK_THROW(static_cast<void>(stream.chunk(stream.chunk_count())), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(an_epoch_has_each_sample_once_in_an_order_of_its_seed) {
  const temporary_file file(rows(95));
  const table_stream stream(file.path(), options, {.chunk_rows = 10, .seed = 7});
  const auto first = numbers_of(stream.at_epoch(0)), second = numbers_of(stream.at_epoch(1));
  auto sorted = first;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < 95; ++i) BOOST_TEST(sorted[i] == static_cast<float>(i));
  BOOST_TEST(first != second);
  BOOST_TEST(!std::is_sorted(first.begin(), first.begin() + 5));
  BOOST_TEST(numbers_of(stream.at_epoch(0)) == first, "the same after another epoch");
  BOOST_TEST(numbers_of(table_stream(file.path(), options, {.chunk_rows = 10, .seed = 7}).at_epoch(1)) == second);
  BOOST_TEST(numbers_of(table_stream(file.path(), options, {.chunk_rows = 10, .seed = 8})) != first);
  BOOST_TEST(numbers_of(table_stream(file.path(), options, {.chunk_rows = 10, .shuffle = false})) == sorted);
}

BOOST_AUTO_TEST_CASE(a_fit_sees_the_order_of_the_stream) {
  constexpr auto model = fg::input<4> | fg::dense<3> | fg::tanh | fg::dense<1>;
  const temporary_file file(rows(50));
  const table_stream stream(file.path(), options, {.chunk_rows = 16, .seed = 3});
  const auto all = load_table(file.path(), options).samples;
  fg::trainer on_stream{model, fg::mean_squared_error, fg::sgd{.learning_rate = 1e-6}};
  fg::trainer in_memory{model, fg::mean_squared_error, fg::sgd{.learning_rate = 1e-6}};
  const auto history =
      on_stream.fit(stream, {.epochs = 2, .batch_size = 8, .validation = &all, .progress = fg::progress_style::silent});
  for (std::size_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<std::uint32_t> order;
    for (const float number : numbers_of(stream.at_epoch(epoch))) order.push_back(static_cast<std::uint32_t>(number));
    in_memory.fit(all.subset(order),
                  {.epochs = 1, .batch_size = 8, .shuffle = false, .progress = fg::progress_style::silent});
  }
  const auto trained = std::as_const(on_stream).parameters().packed();
  BOOST_TEST(trained == std::as_const(in_memory).parameters().packed(), boost::test_tools::per_element());
  BOOST_TEST(history.records.size() == 2u);
  BOOST_TEST(on_stream.evaluate(stream).loss == on_stream.evaluate(all).loss, boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(labels_are_known_to_fit) {
  const temporary_file file("a,k\n1,x\n2,y\n3,z\n");
  const table_stream stream(file.path(), {.inputs = {"a"}, .label = "k"}, {.chunk_rows = 2});
  BOOST_TEST(stream.class_count() == 3u);
  BOOST_TEST(stream.class_names().back() == "z");
  fg::trainer three{fg::input<1> | fg::dense<3>, fg::softmax_cross_entropy, fg::sgd{}};
  three.fit(stream, {.epochs = 1, .progress = fg::progress_style::silent});
  fg::trainer two{fg::input<1> | fg::dense<2>, fg::softmax_cross_entropy, fg::sgd{}};
  BOOST_CHECK_EXCEPTION(two.fit(stream, {.epochs = 1}), std::invalid_argument,
                        says("fusegrad: the samples have 3 classes, the model has 2."));
}

BOOST_AUTO_TEST_CASE(all_of_the_file_is_checked_first) {
  const temporary_file file("a,y\n1,2\n2,3\n3,x\n");
  const std::string name = file.path().string();
  const table_options plain{.inputs = {"a"}, .targets = {"y"}};
  const auto refuses = [&](const std::string& words, const stream_options& how = {.chunk_rows = 2}) {
    BOOST_CHECK_EXCEPTION(table_stream<float>(file.path(), plain, how), file_error, says(name + ": " + words));
  };
  refuses("line 4, column 2: expected a number for \"y\", found \"x\"");
  file.write("a,y\n");
  refuses("expected at least one row below the header, found none");
  file.write("");
  refuses("expected a header with the names of the columns, found an empty file");
  file.write("a,y\n1,2\n\"3,4\n");
  refuses("line 3, column 1: expected a closing quote, found the end of the file");
  file.write("\x1f\x8b\x08");
  refuses("expected a plain file to read in parts, found one packed with gzip; unpack it");
  file.write("a,y\n\"" + std::string((std::size_t{64} << 20) + 2, 'x'));
  refuses("line 2: expected the end of a row within 64 MiB, found none; is a closing quote missing?");
  BOOST_CHECK_THROW(table_stream<float>(file.path(), plain, {.chunk_rows = 0}), std::invalid_argument);
  auto both = plain;
  both.label = "k";
  BOOST_CHECK_THROW(table_stream<float>(file.path(), both), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_is_refused) {
  const temporary_file file("a,y\n1,2\n2,3\n3,4\n");
  const table_stream stream(file.path(), {.inputs = {"a"}, .targets = {"y"}}, {.chunk_rows = 2, .shuffle = false});
  BOOST_TEST(stream.input(0)[0] == 1.0f);
  file.write("a,y\n1,2\n2,3\n9,4\n");
  std::filesystem::last_write_time(file.path(), std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  BOOST_CHECK_EXCEPTION(
      static_cast<void>(stream.input(2)), file_error,
      says(file.path().string() + ": expected the file as it was when the stream was made, found it changed"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
