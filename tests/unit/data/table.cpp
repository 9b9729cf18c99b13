// SPDX-License-Identifier: MIT
#include <fusegrad/data/table.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::data;
using strings = std::vector<std::string>;

std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

void refuses(const std::string& text, const table_options& options, const std::string& words) {
  BOOST_CHECK_EXCEPTION(parse_table(text, "t.csv", options), file_error, says("t.csv: " + words));
}

void refuses_options(const table_options& options, const std::string& words) {
  BOOST_CHECK_EXCEPTION(parse_table("a,b\n1,2\n", "t.csv", options), std::invalid_argument,
                        says("table options: " + words));
}

template <class T> void are(const std::vector<T>& expected, const auto& found) {
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

const std::string houses = "# asked for in March\n"
                           "id;price;area;rooms;heating;seen\n"
                           "1;229720;44,2;7;gas;2024-03-01\n"
                           "2;340460;50;; oil ;2024-03-02\n"
                           "# sold meanwhile\n"
                           "3;1,5e5;\"38,5\";4;?;2024-03-02\n";
const table_options of_houses{
    .inputs = {"area", column("rooms").or_mean().marked(), one_hot("heating").or_category("none")},
    .targets = {"price"},
    .ignore = {"id", "seen"},
    .separator = ';',
    .comment = '#',
    .decimal_comma = true};

BOOST_AUTO_TEST_SUITE(data_table)

BOOST_AUTO_TEST_CASE(a_messy_table) {
  const auto table = parse_table(houses, "houses.csv", of_houses);
  const auto& samples = table.samples;
  are<float>({44.2f, 7, 0, 1, 0, 0, 50, 5.5f, 1, 0, 0, 1, 38.5f, 4, 0, 0, 1, 0}, samples.inputs());
  are<float>({229720, 340460, 150000}, samples.targets());
  are<std::string>({"area", "rooms", "rooms is missing", "heating=gas", "heating=none", "heating=oil"},
                   samples.feature_names());
  are<std::string>({"price"}, samples.target_names());
  are<std::string>({"gas", "none", "oil"}, table.columns.inputs[2].categories);
  BOOST_TEST(*table.columns.inputs[1].replacement == 5.5);
}

BOOST_AUTO_TEST_CASE(another_table_is_read_the_same_way) {
  const auto columns = parse_table(houses, "houses.csv", of_houses).columns;
  // Means and categories are those of the first table, columns are found by name.
  const std::string other = "heating;area;rooms;id;price;seen\noil;10;;9;1;-\n";
  const auto table = parse_table<double>(other, "more.csv", columns);
  are<double>({10, 5.5, 1, 0, 0, 1}, table.samples.inputs());
  BOOST_TEST((table.columns == columns));
  refuses(
      "id;price;area;rooms;heating;seen\n1;2;3;4;coal;-\n", columns,
      "line 2, column 5: expected one of the categories of \"heating\", \"gas\", \"none\", \"oil\", found \"coal\"");
  are<float>({10, 5.5, 1, 0, 0, 1}, parse_inputs("rooms;area;heating\n;10;oil\n", "new.csv", columns));
  BOOST_CHECK_EXCEPTION(parse_inputs("a\n1\n", "new.csv", of_houses), file_error,
                        says("new.csv: line 1: expected a column named \"area\", found \"a\""));
  BOOST_CHECK_EXCEPTION(
      parse_inputs("rooms;area;heating\n;10;oil\n", "new.csv", of_houses), std::invalid_argument,
      says("table options: expected the columns of a table that was read, found columns whose categories or "
           "means are not known"));
}

BOOST_AUTO_TEST_CASE(columns_are_kept_in_a_file) {
  const auto path = std::filesystem::temp_directory_path() / "fusegrad_table_columns.csv";
  auto columns = parse_table(houses, "houses.csv", of_houses).columns;
  save_columns(path, columns);
  BOOST_TEST((load_columns(path) == columns));
  columns.inputs[1].replacement = 1.0 / 3;
  columns.inputs[2].categories = {"a,b", "\"quoted\"", "two\nlines", "none"};
  columns.label = "kind";
  columns.classes = {"1", "2"};
  columns.header = {"x", "y"};
  columns.missing = {};
  columns.comment = '\0';
  save_columns(path, columns);
  BOOST_TEST((load_columns(path) == columns));
  std::filesystem::remove(path);
  BOOST_CHECK_THROW(save_columns(path, {.label = "a", .guess = true}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(damaged_columns_are_refused) {
  const auto refuses = [](const std::string& text, const std::string& words) {
    BOOST_CHECK_EXCEPTION(parse_columns(text, "c.csv"), file_error, says("c.csv: " + words));
  };
  refuses("a,b\n", "expected columns as save_columns writes them, found another file");
  refuses("fusegrad columns,2\n", "line 1, column 2: expected version 1, found \"2\"");
  refuses("fusegrad columns,1\nspam,1\n", "line 2, column 1: expected a word of the format, found \"spam\"");
  refuses("fusegrad columns,1\ninput,a,number,refuse\n", "line 2: expected at least 6 fields, found 4");
  refuses("fusegrad columns,1\ninput,a,text,refuse,plain,\n",
          "line 2, column 3: expected number, one_hot or code, found \"text\"");
  refuses("fusegrad columns,1\ninput,a,number,replace,plain,x\n", "line 2, column 6: expected a number, found \"x\"");
  refuses("fusegrad columns,1\n", "table options: expected at least one input, found none");
  refuses("fusegrad columns,1\nseparator,;;\n", "line 2, column 2: expected a single sign, found \";;\"");
  refuses("fusegrad columns,1\ndecimal comma,maybe\n", "line 2, column 2: expected no or yes, found \"maybe\"");
}

BOOST_AUTO_TEST_CASE(classes_by_text_or_number) {
  const table_options options{.inputs = {"a"}, .label = "kind"};
  const auto texts = parse_table("kind,a\nvirginica,1\nsetosa,2\nvirginica,3\n", "t.csv", options);
  are<std::int32_t>({1, 0, 1}, texts.samples.labels());
  are<std::string>({"setosa", "virginica"}, texts.samples.class_names());
  are<std::string>({"setosa", "virginica"}, texts.columns.classes);
  // Whole numbers are in the order of their size, wherever they begin.
  const auto numbers = parse_table("kind,a\n10,1\n9,2\n1,3\n", "t.csv", options);
  are<std::int32_t>({2, 1, 0}, numbers.samples.labels());
  are<std::string>({"1", "9", "10"}, numbers.samples.class_names());
  auto given = options;
  given.classes = {"virginica", "setosa", "rosa"};
  BOOST_TEST(parse_table("kind,a\nsetosa,1\n", "t.csv", given).samples.label(0) == 1);
  BOOST_TEST(parse_table("kind,a\nsetosa,1\n", "t.csv", given).samples.class_count() == 3u);
  refuses("kind,a\nsetosa,1\n,2\n", options, "line 3, column 1: expected a class in \"kind\", found none");
}

BOOST_AUTO_TEST_CASE(several_targets_and_a_label_beside_them) {
  const std::string text = "x,kind,u,v\n1,b,3,4\n2,a,5,6\n";
  const auto targets = parse_table(text, "t.csv", {.inputs = {"x"}, .targets = {"v", "u"}, .ignore = {"kind"}});
  are<float>({4, 3, 6, 5}, targets.samples.targets());
  are<std::string>({"v", "u"}, targets.samples.target_names());
  const auto both = parse_table(text, "t.csv", {.inputs = {"x"}, .targets = {"u", "v"}, .label = "kind"}).samples;
  BOOST_TEST(both.output_count() == 2u);
  BOOST_TEST(both.label(0) == 1);
  BOOST_TEST(both.target(1, 1)[1] == 6.0f);
  const auto kinds = parse_table(text, "t.csv", {.inputs = {"x"}, .targets = {one_hot("kind")}, .ignore_others = true});
  are<float>({0, 1, 1, 0}, kinds.samples.targets());
  are<std::string>({"kind=a", "kind=b"}, kinds.samples.target_names());
}

BOOST_AUTO_TEST_CASE(codes_and_given_categories) {
  const auto table = parse_table("size,y\nlarge,1\nsmall,2\n", "t.csv",
                                 {.inputs = {code("size", {"small", "medium", "large"})}, .targets = {"y"}});
  are<float>({2, 0}, table.samples.inputs());
  are<std::string>({"size"}, table.samples.feature_names());
}

BOOST_AUTO_TEST_CASE(missing_fields) {
  const std::string text = "a,b\n1,2\nNA,3\n";
  const table_options plain{.inputs = {"a"}, .targets = {"b"}};
  refuses(text, plain,
          "line 3, column 1: expected a number for \"a\", found none (\"NA\"); or_mean() or or_number(...) says what "
          "stands in for it");
  are<float>({1, -1},
             parse_table(text, "t", {.inputs = {column("a").or_number(-1)}, .targets = {"b"}}).samples.inputs());
  // Where nothing marks a missing field, its text is what it is.
  auto strict = plain;
  strict.missing = {"-9999"};
  refuses(text, strict, "line 3, column 1: expected a number for \"a\", found \"NA\"");
  auto mean = strict;
  mean.inputs = {column("a").or_mean()};
  are<float>({1, 2, 3}, parse_table("a,b\n1,2\n-9999,2\n3,2\n", "t", mean).samples.inputs());
  refuses("a,b\n-9999,2\n", mean, "expected numbers to take the mean of in \"a\", found none");
  refuses("a,b\nx,2\n", mean, "line 2, column 1: expected a number for \"a\", found \"x\"");
  refuses(
      "c,y\n,1\nk,2\n", {.inputs = {one_hot("c")}, .targets = {"y"}},
      "line 2, column 1: expected a category for \"c\", found none (\"\"); or_category(...) says what stands in for "
      "it");
}

BOOST_AUTO_TEST_CASE(every_column_is_spoken_of) {
  const std::string text = "id,a,b\n1,2,3\n";
  refuses(text, {.inputs = {"a"}, .targets = {"b"}},
          "line 1: expected every column to be named as an input, a target, the label or one to ignore, found others: "
          "\"id\" (table_options::ignore or ignore_others passes over them)");
  BOOST_TEST(parse_table(text, "t", {.inputs = {"a"}, .targets = {"b"}, .ignore_others = true}).samples.size() == 1u);
  refuses(text, {.inputs = {"a", "c"}, .targets = {"b"}},
          "line 1: expected a column named \"c\", found \"id\", \"a\", \"b\"");
  refuses("a,b,a\n1,2,3\n", {.inputs = {"a"}, .targets = {"b"}},
          "line 1: expected one column named \"a\", found several");
  refuses("a,b\n1,2\n1\n", {.inputs = {"a"}, .targets = {"b"}},
          "line 3: expected 2 columns, as the header has, found 1");
  refuses("", {.inputs = {"a"}, .targets = {"b"}},
          "expected a header with the names of the columns, found an empty file");
  refuses("a,b\n", {.inputs = {"a"}, .targets = {"b"}}, "expected at least one row below the header, found none");
}

BOOST_AUTO_TEST_CASE(names_for_a_file_without_a_header) {
  const table_options options{.inputs = {"a"}, .targets = {"b"}, .header = {"b", "a"}};
  const auto samples = parse_table("1,2\n3,4\n", "t.csv", options).samples;
  are<float>({2, 4}, samples.inputs());
  refuses("1,2\n3,4,5\n", options, "line 2: expected 2 columns, as the header has, found 3");
  refuses("1,2\n", {.inputs = {"a"}, .targets = {"c"}, .header = {"b", "a"}},
          "expected a column named \"c\", found \"b\", \"a\" in table_options::header");
}

BOOST_AUTO_TEST_CASE(guesses_on_request_alone) {
  const table_options guess{.targets = {"y"}, .guess = true};
  const auto table = parse_table("k,a,y,b\nu,1,2,-1\nv,3,4,1e3\n", "t.csv", guess);
  are<std::string>({"k=u", "k=v", "a", "b"}, table.samples.feature_names());
  are<float>({1, 0, 1, -1, 0, 1, 3, 1000}, table.samples.inputs());
  BOOST_TEST(!table.columns.guess);
  BOOST_TEST((parse_table("k,a,y,b\nu,1,2,-1\n", "t.csv", table.columns).columns == table.columns));
  refuses("a,y\n1,2\n12x,3\n", guess,
          "expected numbers alone or texts alone for the guess of \"a\", found \"1\" in line 2 and \"12x\" in line 3; "
          "table_options::inputs says what it is");
  refuses("when,y\n2024-01-31,2\n", guess,
          "line 2, column 1: expected a number or a category for \"when\", found the date or time \"2024-01-31\"; "
          "ignore it, or write it as numbers");
  std::string names = "n,y\n";
  for (int i = 0; i < 33; ++i) names += "name" + std::to_string(i) + ",1\n";
  refuses(
      names, guess,
      "expected at most 32 different texts for the guess of \"n\", found more; table_options::inputs or ignore says "
      "what it is");
  refuses("a,y\n,2\n", guess, "expected numbers or texts for the guess of \"a\", found every field missing");
}

BOOST_AUTO_TEST_CASE(numbers_of_other_countries) {
  const table_options points{.inputs = {"a"}, .targets = {"b"}, .separator = ';'};
  auto commas = points;
  commas.decimal_comma = true;
  are<float>({-0.5f, 1250}, parse_table("a;b\n-0,5;1\n1,25e3;1\n", "t.csv", commas).samples.inputs());
  refuses("a;b\n0,5;1\n", points,
          "line 2, column 1: expected a number for \"a\", found \"0,5\"; table_options::decimal_comma reads it");
  refuses("a;b\n1.234,5;1\n", commas,
          "line 2, column 1: expected a number with a decimal comma and without points for \"a\", found \"1.234,5\"");
  refuses(
      "a;b\n31.01.2024;1\n", commas,
      "line 2, column 1: expected a number for \"a\", found the date or time \"31.01.2024\"; ignore it, or write it "
      "as numbers");
  refuses("a;b\n1,2,3;1\n", commas, "line 2, column 1: expected a number for \"a\", found \"1,2,3\"");
  refuses("a;b\n1e39;1\n", points, "line 2, column 1: expected a number of moderate size for \"a\", found \"1e39\"");
  refuses("a;b\ninf;1\n", points, "line 2, column 1: expected a finite number for \"a\", found \"inf\"");
  are<double>({1e39}, parse_table<double>("a;b\n1e39;1\n", "t.csv", points).samples.inputs());
}

BOOST_AUTO_TEST_CASE(options_must_not_contradict_each_other) {
  refuses_options({.inputs = {"a"}}, "expected a label or targets to learn, found neither (load_inputs reads a table "
                                     "without)");
  refuses_options({.targets = {"b"}}, "expected at least one input, found none");
  refuses_options({.inputs = {"a"}, .targets = {"a"}}, "expected each column to be named once, found \"a\" twice");
  refuses_options({.inputs = {"a"}, .targets = {"b"}, .ignore_others = true, .guess = true},
                  "expected the columns that are not named to be guessed or ignored, found both");
  refuses_options({.inputs = {"a"}, .targets = {"b"}, .classes = {"x"}},
                  "expected a label that has the classes, found none");
  refuses_options({.inputs = {"a"}, .targets = {"b"}, .decimal_comma = true},
                  "expected another separator than the comma where numbers have decimal commas");
  refuses_options({.inputs = {"a"}, .targets = {"b"}, .comment = 'x'},
                  "expected a sign for comments that begins no row, found \"x\"");
  refuses_options({.inputs = {"a"}, .targets = {"b"}, .separator = '1'},
                  "expected a separator that cannot be part of a number, found \"1\"");
  refuses_options({.inputs = {one_hot("a").or_mean()}, .targets = {"b"}},
                  "expected a category to stand in for a missing category of \"a\", found a number");
  refuses_options({.inputs = {column("a").or_category("x")}, .targets = {"b"}},
                  "expected a number to stand in for a missing number of \"a\", found a category");
  refuses_options({.inputs = {column("a").or_number(std::numeric_limits<double>::infinity())}, .targets = {"b"}},
                  "expected a finite number of moderate size to stand in for a missing one of \"a\"");
  refuses_options({.inputs = {one_hot("a", {"x", "x"})}, .targets = {"b"}},
                  "expected different categories of \"a\", found \"x\" twice");
  refuses_options({.inputs = {one_hot("a", {"NA", "FR"})}, .targets = {"b"}},
                  "expected categories of \"a\" that do not mark a missing field, found \"NA\" "
                  "(table_options::missing lists the marks)");
  refuses_options({.inputs = {one_hot("a", {"x"}).or_category("y")}, .targets = {"b"}},
                  "expected one of the categories of \"a\" to stand in for a missing one, found \"y\"");
  refuses_options({.inputs = {"a"}, .targets = {code("b")}},
                  "expected numbers or one_hot as targets, found a code for \"b\"");
}

BOOST_AUTO_TEST_CASE(too_many_categories) {
  std::string names = "n,y\n";
  for (int i = 0; i < 1001; ++i) names += "name" + std::to_string(i) + ",1\n";
  refuses(
      names, {.inputs = {code("n")}, .targets = {"y"}},
      "line 1002, column 1: expected at most 1000 categories in \"n\", found one more: \"name1000\"; is it a number, "
      "or a name of the row, to be ignored?");
}

BOOST_AUTO_TEST_CASE(quotes_may_hold_anything) {
  const auto table = parse_table("\"a \"\"x\"\"\",\"b,c\"\n\"1\",\"p\nq\"\n2,\"r \"\"s\"\"\"\n", "t.csv",
                                 {.inputs = {"a \"x\""}, .label = "b,c"});
  are<std::string>({"p\nq", "r \"s\""}, table.samples.class_names());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
