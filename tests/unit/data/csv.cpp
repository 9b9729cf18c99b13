// SPDX-License-Identifier: MIT
#include <fusegrad/data/csv.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::data;
using namespace std::string_literals;

/// True for an error with exactly these words.
std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

void refuses(const std::string& text, const std::string& words, const csv_options& options = {}) {
  BOOST_CHECK_EXCEPTION(parse_csv(text, "t.csv", 2, options), file_error, says("t.csv: " + words));
}

void refuses_options(const csv_options& options, const std::string& words) {
  BOOST_CHECK_EXCEPTION(parse_csv("1,2,0\n", "t.csv", 2, options), std::invalid_argument,
                        says("CSV options: " + words));
}

/// A path in the temporary directory whose file is removed at the end.
class temporary_file {
public:
  explicit temporary_file(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("fusegrad_csv_" + name)) {}
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

BOOST_AUTO_TEST_SUITE(data_csv)

BOOST_AUTO_TEST_CASE(last_column_is_the_label) {
  const auto samples = parse_csv("0.5,1,2\n-3e2,+.25,0\n", "t.csv", 2);
  const std::vector<float> inputs{0.5f, 1, -300, 0.25f};
  const std::vector<std::int32_t> labels{2, 0};
  BOOST_TEST(samples.inputs() == inputs, boost::test_tools::per_element());
  BOOST_TEST(samples.labels() == labels, boost::test_tools::per_element());
  BOOST_TEST(samples.class_count() == 3u);
}

BOOST_AUTO_TEST_CASE(line_ends_blanks_quotes_and_byte_order_mark) {
  const auto plain = parse_csv("1,2,0\n3,4,1\n", "t.csv", 2);
  for (const char* text : {"1,2,0\r\n3,4,1\r\n", "1,2,0\n3,4,1",
                           "\xEF\xBB\xBF"
                           "1,2,0\n3,4,1\n",
                           " 1 ,\t2,0\n\n3,4 , 1\n\n", "\"1\",2,\"0\"\r\n3,\"4\",1",
                           "a,\"b \"\"x\"\", y\nz\",c\n1,2,0\n3,4,1\n", "1,2,0.0\n3,4,1e0\n"}) {
    BOOST_TEST((parse_csv(text, "t.csv", 2) == plain), "read differently: " << text);
  }
  BOOST_TEST((parse_csv("1;2;0\n3;4;1\n", "t.csv", 2, {.separator = ';'}) == plain));
}

BOOST_AUTO_TEST_CASE(header_is_detected_or_told) {
  BOOST_TEST(parse_csv("a,b,c\n1,2,0\n", "t.csv", 2).size() == 1u);
  BOOST_TEST(parse_csv("1,2,3\n1,2,0\n", "t.csv", 2).size() == 2u);
  BOOST_TEST(parse_csv("1,2,3\n1,2,0\n", "t.csv", 2, {.header = csv_header::yes}).size() == 1u);
  refuses("a,b,c\n1,2,0\n", "line 1, column 1: expected a number, found \"a\"", {.header = csv_header::no});
  // One misprint does not make a header.
  refuses("1,2x,0\n1,2,0\n", "line 1, column 2: expected a number, found \"2x\"");
}

BOOST_AUTO_TEST_CASE(label_by_column_or_name) {
  const auto expected = parse_csv("1,2,0\n3,4,1\n", "t.csv", 2);
  BOOST_TEST((parse_csv("0,1,2\n1,3,4\n", "t.csv", 2, {.header = csv_header::no, .label_column = 0}) == expected));
  BOOST_TEST((parse_csv("x,kind,y\n1,0,2\n3,1,4\n", "t.csv", 2, {.label_name = "kind"}) == expected));
  refuses("x,kind,y\n1,0,2\n", "line 1: expected a column named \"sort\" in the header, found none",
          {.label_name = "sort"});
  refuses("x,x,y\n1,0,2\n", "line 1: expected one column named \"x\" in the header, found several",
          {.label_name = "x"});
}

BOOST_AUTO_TEST_CASE(classes_may_have_names) {
  const std::string text = "a,b,species\n1,3,virginica\n1,2, setosa \n4,5,virginica\n";
  for (const csv_options& options : {csv_options{}, csv_options{.label_name = "species"}}) {
    const auto flowers = parse_csv(text, "t.csv", 2, options);
    BOOST_TEST(flowers.class_names() == (std::vector<std::string>{"setosa", "virginica"}),
               boost::test_tools::per_element());
    BOOST_TEST(flowers.labels() == (std::vector<std::int32_t>{1, 0, 1}), boost::test_tools::per_element());
  }
  // The file to test on has the classes of that to train on, whichever are met in it.
  const csv_options known{.class_names = {"virginica", "setosa", "versicolor"}};
  const auto others = parse_csv("1,2,setosa\n", "t.csv", 2, known);
  BOOST_TEST(others.label(0) == 1);
  BOOST_TEST(others.class_count() == 3u);
  refuses("1,2,rose\n", "line 1, column 3: expected one of the classes in csv_options::class_names, found \"rose\"",
          known);
  refuses("1,2,setosa\n1,2,3\n",
          "line 2, column 3: expected the name of a class, as in the samples before, found \"3\"");
  refuses("1,2,a\n1,2,b\n1,2,c\n",
          "line 3, column 3: expected at most 2 classes, as csv_options::classes says, found one more: \"c\"",
          {.classes = 2});
  refuses("1,2,a\n1,2,b\n",
          "expected 3 different classes, as csv_options::classes says, found 2; csv_options::class_names says which "
          "there are",
          {.classes = 3});
  std::string names;
  for (int i = 0; i < 1001; ++i) names += "1,2,name" + std::to_string(i) + "\n";
  refuses(names, "line 1001, column 3: expected at most 1000 classes where csv_options::classes does not say it, found "
                 "one more: \"name1000\"");
  BOOST_TEST(parse_csv(names, "t.csv", 2, {.classes = 1001}).class_count() == 1001u);
  refuses_options({.class_names = {"a", "a"}}, "expected different names of classes, found one twice");
  refuses_options({.classes = 2, .class_names = {"a", "b"}}, "expected classes by name or their number, found both");
  refuses_options({.class_names = {"a", "b"}, .targets = 1}, "expected classes by name or targets, found both");
}

BOOST_AUTO_TEST_CASE(dates_are_told) {
  for (const char* date : {"2024-01-31", "31.1.24", "1/31/2024", "12:30", "2024-01-31T12:30:00Z", "2024-01-31 7:30"}) {
    refuses("1,2,0\n1," + std::string(date) + ",0\n",
            "line 2, column 2: expected a number, found the date or time \"" + std::string(date) + "\"");
  }
  refuses("1,2,0\n1,1-2,0\n", "line 2, column 2: expected a number, found \"1-2\"");
  refuses("1,2,0\n1,1.2.3.4,0\n", "line 2, column 2: expected a number, found \"1.2.3.4\"");
}

BOOST_AUTO_TEST_CASE(targets_are_the_last_columns) {
  const auto samples = parse_csv<double>("1,2,3.5,4.5\n5,6,7.5,8.5\n", "t.csv", 2, {.targets = 2});
  const std::vector<double> targets{3.5, 4.5, 7.5, 8.5};
  BOOST_TEST(samples.targets() == targets, boost::test_tools::per_element());
  BOOST_TEST(samples.input(1)[1] == 6.0);
}

BOOST_AUTO_TEST_CASE(number_of_classes_may_be_given) {
  BOOST_TEST(parse_csv("1,2,0\n", "t.csv", 2, {.classes = 10}).class_count() == 10u);
  refuses("1,2,3\n", "line 1, column 3: expected a class label below 3, the number of classes, found \"3\"",
          {.classes = 3});
}

BOOST_AUTO_TEST_CASE(errors_name_line_and_column) {
  refuses("1,2,0\n1,2,x\n", "line 2, column 3: expected an integer class label, found \"x\"");
  refuses("1,2,0\n1,2,0.5\n", "line 2, column 3: expected an integer class label, found \"0.5\"");
  refuses("1,2,-1\n", "line 1, column 3: expected a class label from 0 up, found \"-1\"");
  refuses("1,2,3e9\n", "line 1, column 3: expected a class label below 2^31, found \"3e9\"");
  refuses("1,2,nan\n", "line 1, column 3: expected an integer class label, found \"nan\"");
  refuses("1,,0\n", "line 1, column 2: expected a number, found \"\"");
  refuses("1,+-2,0\n", "line 1, column 2: expected a number, found \"+-2\"");
  refuses("1,inf,0\n", "line 1, column 2: expected a finite number, found \"inf\"");
  refuses("1,nan,0\n", "line 1, column 2: expected a finite number, found \"nan\"");
  refuses("1,1e39,0\n", "line 1, column 2: expected a number of moderate size, found \"1e39\"");
  refuses("1,1e99999,0\n", "line 1, column 2: expected a number of moderate size, found \"1e99999\"");
  refuses("\"a\nb\",y,z\n1,2,0\n\n1,?,0\n", "line 5, column 2: expected a number, found \"?\"");
}

BOOST_AUTO_TEST_CASE(errors_name_the_record) {
  refuses("", "expected at least one row, found an empty file");
  refuses("\n\n", "expected at least one row, found an empty file");
  refuses("a,b,c\n", "expected at least one row below the header, found none");
  refuses("1,2,0\n1,2\n", "line 2: expected 3 columns (2 features and a class label), found 2");
  refuses("1,2,0\n1,2,3,0\n", "line 2: expected 3 columns (2 features and a class label), found 4");
  refuses("1,2,3\n", "line 1: expected 5 columns (2 features and 3 targets), found 3", {.targets = 3});
}

BOOST_AUTO_TEST_CASE(errors_in_the_quoting) {
  refuses("1,2\"2\",0\n", "line 1, column 2: expected quotes around the whole field, found one inside of it");
  refuses("1,\"2\"2,0\n", "line 1, column 2: expected the end of the field after a closing quote");
  refuses("1,2,0\n1,\"2,0\n\n", "line 2, column 2: expected a closing quote, found the end of the file");
  refuses("1,2,0\r1,2,0\r", "line 1, column 3: expected a line feed after a carriage return");
}

BOOST_AUTO_TEST_CASE(too_small_to_tell_from_zero_is_no_mistake) {
  BOOST_TEST(parse_csv("1e-60,-1e-60,0\n", "t.csv", 2).input(0)[0] == 0.0f);
  BOOST_TEST(parse_csv("1e-42,0,0\n", "t.csv", 2).input(0)[0] == 1e-42f);
  BOOST_TEST(parse_csv<double>("1e-400,0,0\n", "t.csv", 2).input(0)[0] == 0.0);
}

BOOST_AUTO_TEST_CASE(options_must_not_contradict_each_other) {
  refuses_options({.separator = '.'}, "expected a separator that cannot be part of a number, found \".\"");
  refuses_options({.separator = 'e'}, "expected a separator that cannot be part of a number, found \"e\"");
  refuses_options({.label_column = 0, .label_name = "a"},
                  "expected the label's column by number or by name, found both");
  refuses_options({.label_column = 0, .targets = 1}, "expected either targets or labels, found both");
  refuses_options({.label_column = 3}, "expected a label column from 0 to 2, found 3");
  refuses_options({.header = csv_header::no, .label_name = "a"},
                  "expected a header to look up the label's column \"a\" in, found none");
  BOOST_CHECK_THROW(parse_csv("1,2\n", "t.csv", 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_was_saved_reads_back_the_same) {
  const temporary_file file("round_trip.csv");
  const float smallest = std::numeric_limits<float>::denorm_min();
  const auto labelled = dataset<float>::from_labels({0.1f, -1e30f, smallest, 3}, 2, {4, 0}, 5);
  save_csv(file.path(), labelled);
  BOOST_TEST((load_csv<2>(file.path()) == labelled));
  const std::vector<std::string> names{"a, b", "say \"c\"", "kind"};
  save_csv(file.path(), labelled, names, ';');
  BOOST_TEST((load_csv<2>(file.path(), {.separator = ';', .label_name = "kind"}) == labelled));
  const auto targets = dataset<double>::from_targets({0.1, 1.0 / 3}, 1, {1e-300, 2, 3, 4}, 2);
  save_csv(file.path(), targets);
  BOOST_TEST((load_csv<1, double>(file.path(), {.targets = 2}) == targets));
}

BOOST_AUTO_TEST_CASE(saving_refuses_and_leaves_the_old_file) {
  const temporary_file file("kept.csv");
  std::ofstream(file.path()) << "1,2,0\n";
  const float nothing = std::numeric_limits<float>::quiet_NaN();
  BOOST_CHECK_THROW(save_csv(file.path(), dataset<float>::from_labels({1, nothing}, 2, {0}, 1)), std::invalid_argument);
  const std::vector<std::string> names{"a"};
  BOOST_CHECK_THROW(save_csv(file.path(), dataset<float>::from_labels({1, 2}, 2, {0}, 1), names),
                    std::invalid_argument);
  BOOST_TEST(load_csv<2>(file.path()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(files_that_are_not_there) {
  const temporary_file file("missing.csv");
  BOOST_CHECK_EXCEPTION(load_csv<2>(file.path()), file_error,
                        says(file.path().string() + ": cannot be opened: No such file or directory"));
  const auto nowhere = file.path() / "below.csv";
  BOOST_CHECK_EXCEPTION(save_csv(nowhere, dataset<float>::from_labels({1, 2}, 2, {0}, 1)), file_error,
                        says(nowhere.string() + ": cannot be written: No such file or directory"));
}

BOOST_AUTO_TEST_CASE(numbers_too_small_to_tell_from_zero_are_zero) {
  for (const char* tiny : {"1e-400", "1e-5000", "0.00001e-999999999999999999999", "-1e-5000"}) {
    BOOST_TEST(parse_csv<double>(tiny + ",0,0\n"s, "t.csv", 2).input(0)[0] == 0.0);
    BOOST_TEST(parse_csv<float>(tiny + ",0,0\n"s, "t.csv", 2).input(0)[0] == 0.0f);
  }
  refuses("1,1e5000,0\n", "line 1, column 2: expected a number of moderate size, found \"1e5000\"");
  refuses("1,-1e999999999999999999999,0\n",
          "line 1, column 2: expected a number of moderate size, found \"-1e999999999999999999999\"");
}

BOOST_AUTO_TEST_CASE(a_first_row_that_numbers_the_columns_may_be_a_header_or_a_sample) {
  const std::string text = "0,1,2\n0.5,1.5,1\n2.5,3.5,0\n";
  refuses(
      text,
      "line 1: expected a first row that is clearly a header or clearly a sample, found the numbers of the columns, "
      "0 to 2; csv_options::header says which (csv_header::yes or no)");
  BOOST_TEST(parse_csv(text, "t.csv", 2, {.header = csv_header::yes}).size() == 2u);
  BOOST_TEST(parse_csv(text, "t.csv", 2, {.header = csv_header::no}).size() == 3u);
  BOOST_TEST(parse_csv("0,1,3\n", "t.csv", 2).size() == 1u);
  BOOST_TEST(parse_csv("0,1\n", "t.csv", 1).size() == 1u);
}

BOOST_AUTO_TEST_CASE(labels_that_would_make_millions_of_classes_are_refused) {
  refuses("1,2,2147483647\n",
          "expected labels below 1000 where nothing says how many classes there are, found 2147483647 "
          "at sample 0 (csv_options::classes says it)");
  BOOST_TEST(parse_csv("1,2,999\n", "t.csv", 2).class_count() == 1000u);
  BOOST_TEST(parse_csv("1,2,2147483647\n", "t.csv", 2, {.classes = std::size_t{1} << 31}).label(0) == 2147483647);
  std::string many;
  for (int i = 0; i < 1200; ++i) many += "1,2," + std::to_string(i) + '\n';
  BOOST_TEST(parse_csv(many, "t.csv", 2).class_count() == 1200u);
}

BOOST_AUTO_TEST_CASE(says_what_else_a_file_is) {
  const auto is = [](const std::string& text, const std::string& what) {
    refuses(text, "expected a table as text in UTF-8, found " + what);
  };
  is("\xFF\xFE"
     "1\0,\0"s,
     "text in UTF-16 (as Excel's \"Unicode text\")");
  is("\xFE\xFF\0"
     "1\0,"s,
     "text in UTF-16 (as Excel's \"Unicode text\")");
  is("\xFF\xFE\0\0"
     "1\0\0\0"s,
     "text in UTF-32");
  is("PK\3\4\x14", "a ZIP archive (as torch.save, NumPy's savez and Excel write)");
  is("\x93NUMPY\1\0v"s, "a NumPy array");
  is("\x80\4\x95\1", "a Python pickle");
  is("<!DOCTYPE html>", "a web page");
  is("version https://git-lfs.github.com/spec/v1\n",
     "a pointer of Git LFS in place of the file (git lfs pull brings it)");
  refuses("1,2,0\n3,\0,1\n"s, "line 2: expected text in UTF-8, found a NUL byte, as in UTF-16 and in binary files");
  refuses("1\0,\0"s, "line 1: expected text in UTF-8, found a NUL byte, as in UTF-16 and in binary files");
}

// printf '1,2,0\n3,4,1\n' | gzip -n, without and with the zeros that tapes add.
BOOST_AUTO_TEST_CASE(reads_what_gzip_compressed) {
  const std::string compressed =
      "\037\213\010\000\000\000\000\000\000\003\063\324\061\322\061\340\062\326\061\321\061\344\002\000\115\007\350\277\014\000\000\000"s;
  const auto expected = parse_csv("1,2,0\n3,4,1\n", "t.csv", 2);
  BOOST_TEST((parse_csv(compressed, "t.csv", 2) == expected));
  BOOST_TEST((parse_csv(compressed + std::string(512, '\0'), "t.csv", 2) == expected));
  refuses(compressed + "\0x"s, "expected the end of the file after the gzip data, found more bytes");
  for (std::size_t length = 2; length < compressed.size(); ++length)
    BOOST_CHECK_THROW(parse_csv(compressed.substr(0, length), "t.csv", 2), file_error);
}

BOOST_AUTO_TEST_CASE(refuses_options_that_cannot_be) {
  constexpr auto most = std::numeric_limits<std::size_t>::max();
  const auto refused = [](std::size_t features, const csv_options& options) {
    BOOST_CHECK_THROW(parse_csv("1,2,0\n", "t.csv", features, options), std::invalid_argument);
  };
  refused(most, {});
  refused(2, {.targets = most});
  refused(2, {.separator = '\0'});
  const temporary_file file("separator.csv");
  BOOST_CHECK_THROW(save_csv(file.path(), dataset<float>::from_labels({1, 2}, 2, {0}, 1), {}, '.'),
                    std::invalid_argument);
  BOOST_TEST(!std::filesystem::exists(file.path()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
