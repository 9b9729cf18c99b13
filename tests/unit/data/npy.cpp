// SPDX-License-Identifier: MIT
#include <fusegrad/data/npy.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace fusegrad::data;
using namespace std::string_literals;

std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

/// A file that NumPy has written.
std::filesystem::path theirs(const std::string& name) {
  return std::filesystem::path(FUSEGRAD_SOURCE_DIR) / "tests/fuzz/corpus/npy" / name;
}

std::string npy(const std::string& header, const std::string& numbers, char version = 1) {
  std::string length{static_cast<char>(header.size()), '\0'};
  if (version > 1) length += "\0\0"s;
  return "\x93NUMPY"s + version + '\0' + length + header + numbers;
}

void refuses(const std::string& bytes, const std::string& words) {
  BOOST_CHECK_EXCEPTION(parse_npy(bytes, "a.npy"), file_error, says("a.npy: " + words));
}

template <class T> const std::vector<T>& numbers(const npy_array& array) {
  return std::get<std::vector<T>>(array.values);
}

BOOST_AUTO_TEST_SUITE(data_npy)

BOOST_AUTO_TEST_CASE(what_numpy_writes) {
  const npy_array floats = read_npy(theirs("f4"));
  BOOST_TEST(floats.shape == (std::vector<std::size_t>{2, 3}), boost::test_tools::per_element());
  BOOST_TEST(numbers<float>(floats) == (std::vector<float>{0, 1, 2, 3, 4, 5}), boost::test_tools::per_element());
  BOOST_TEST(numbers<double>(read_npy(theirs("big"))) == (std::vector<double>{0, 1, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(numbers<std::uint8_t>(read_npy(theirs("bool"))) == (std::vector<std::uint8_t>{1, 0}),
             boost::test_tools::per_element());
  const npy_array single = read_npy(theirs("scalar"));
  BOOST_TEST(single.shape.empty());
  BOOST_TEST(numbers<std::int64_t>(single)[0] == 5);
}

BOOST_AUTO_TEST_CASE(columns_are_refused_or_put_in_rows) {
  BOOST_CHECK_EXCEPTION(read_npy(theirs("fortran")), file_error,
                        says(theirs("fortran").string() +
                             ": expected an array in rows, found one in columns (Fortran's order); "
                             "npy_options::transpose puts it in rows, numpy.ascontiguousarray writes it so"));
  const npy_array array = read_npy(theirs("fortran"), {.transpose = true});
  BOOST_TEST(array.shape == (std::vector<std::size_t>{2, 3, 4}), boost::test_tools::per_element());
  for (std::size_t i = 0; i < 24; ++i) BOOST_TEST(numbers<std::int16_t>(array)[i] == static_cast<std::int16_t>(i));
}

BOOST_AUTO_TEST_CASE(arrays_are_written_and_read_again) {
  const auto round = [](const npy_array& array) {
    BOOST_TEST((parse_npy(format_npy(array), "a.npy") == array));
    BOOST_TEST(format_npy(array).find('\n') % 64 == 63u, "NumPy maps what begins at a multiple of 64");
  };
  round({{2, 2}, std::vector<float>{1, 2, 3, std::numeric_limits<float>::infinity()}});
  round({{}, std::vector<double>{1.5}});
  round({{0, 4}, std::vector<std::uint64_t>{}});
  round({{1}, std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min()}});
  round({{3}, std::vector<std::uint16_t>{1, 2, 65535}});
  BOOST_CHECK_EXCEPTION(format_npy({{2, 2}, std::vector<float>(3)}), std::invalid_argument,
                        says("NumPy file: expected numbers of the shape 2 x 2, found 3"));
}

BOOST_AUTO_TEST_CASE(headers_in_other_forms) {
  const std::string two("\1\2", 2);
  for (const std::string& bytes : {npy("{\"descr\":\"|u1\",\"shape\":(2),\"fortran_order\":False}", two),
                                   npy("{'shape': (2L,), 'descr': '|u1', 'fortran_order': True}  \n", two),
                                   npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", two, 2),
                                   npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", two, 3)})
    BOOST_TEST(numbers<std::uint8_t>(parse_npy(bytes, "a.npy")) == (std::vector<std::uint8_t>{1, 2}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_array_is_refused) {
  const auto header = [](const std::string& type, const std::string& shape) {
    return "{'descr': " + type + ", 'fortran_order': False, 'shape': " + shape + ", }\n";
  };
  refuses("PK", "expected a NumPy file, found another beginning");
  refuses("\x93NUMPY\1", "expected a header, found the end of the file");
  refuses(npy(header("'<f4'", "(1,)"), "1234", 4), "expected version 1 to 3 of the format, found 4");
  refuses(npy(header("'<f4'", "(1,)"), "").substr(0, 40), "expected the whole header, found the end of the file");
  refuses(npy(header("'<f2'", "(1,)"), "12"),
          "expected float32, float64, integers or booleans, found numbers of type \"<f2\"");
  refuses(npy(header("'|O'", "(1,)"), "12"),
          "expected float32, float64, integers or booleans, found numbers of type \"|O\"");
  refuses(npy(header("[('a', '<f4')]", "(1,)"), "1234"), "expected numbers of one type, found a structured array");
  refuses(npy(header("'<f4'", "(2,)"), "1234"), "expected numbers of the shape 2, found 4 bytes of them");
  refuses(npy(header("'<f4'", "(1,)"), "12345"), "expected numbers of the shape 1, found 5 bytes of them");
  refuses(npy(header("'<f4'", "(4294967296, 4294967296, 2)"), ""),
          "expected numbers of the shape 4294967296 x 4294967296 x 2, found 0 bytes of them");
  refuses(npy("{'descr': '<f4', 'shape': (1,)}", "1234"), "expected type, order and shape in the header, found less");
  refuses(npy("{'descr': '<f4', 'descr': '<f4'}", ""), "expected each entry of the header once, found \"descr\" twice");
  refuses(npy("{'spam': 1}", ""), "expected descr, fortran_order or shape in the header, found \"spam\"");
  refuses(npy("{'fortran_order': maybe}", ""), "expected True or False as the order in the header, found \"maybe}\"");
}

BOOST_AUTO_TEST_CASE(archives) {
  for (const char* name : {"stored_archive", "deflated_archive"}) {
    const npz_arrays arrays = read_npz(theirs(name));
    BOOST_TEST(arrays.size() == 2u);
    BOOST_TEST(numbers<float>(arrays.at("x")).back() == 5.0f);
    const auto samples = load_npz(theirs(name));
    BOOST_TEST(samples.features() == 2u);
    BOOST_TEST(samples.labels() == (std::vector<std::int32_t>{0, 1, 0}), boost::test_tools::per_element());
  }
  const npz_arrays arrays{{"a/b", {{2}, std::vector<double>{1, 2}}},
                          {"zeros", {{100'000}, std::vector<float>(100'000)}}};
  BOOST_TEST((parse_npz(format_npz(arrays), "a.npz") == arrays));
  BOOST_TEST((parse_npz(format_npz(arrays, {.compress = false}), "a.npz") == arrays));
  BOOST_TEST(format_npz(arrays).size() < 2000u);
  BOOST_TEST(parse_npz(format_npz({}), "a.npz").empty());
  BOOST_CHECK_THROW(format_npz({{"", {{1}, std::vector<float>(1)}}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(damaged_archives_are_refused) {
  const std::string sound = format_npz({{"a", {{2}, std::vector<float>{1, 2}}}}, {.compress = false});
  const auto refuses = [](const std::string& bytes, const std::string& words) {
    BOOST_CHECK_EXCEPTION(parse_npz(bytes, "a.npz"), file_error, says("a.npz: " + words));
  };
  refuses("PK", "expected a ZIP archive, found a file too short for one");
  refuses(std::string(40, 'x'), "expected a ZIP archive, found no list of its files");
  auto changed = sound;
  changed[sound.find("\x93NUMPY") + 128] ^= 1;
  refuses(changed, "expected \"a.npy\" with the checksum that the list has, found another: it is damaged");
  changed = sound;
  const std::size_t list = sound.find("PK\1\2");
  changed[list + 10] = 12;
  refuses(changed, "expected files that are stored or deflated, found \"a.npy\" packed by method 12");
  changed = sound;
  changed[list + 8] |= 1;
  refuses(changed, "expected readable files, found \"a.npy\" encrypted");
  changed = sound;
  changed[list + 46 + 2] = 'x';
  refuses(changed, "expected NumPy files alone in the archive, found \"a.xpy\"");
}

BOOST_AUTO_TEST_CASE(samples_are_written_and_read_again) {
  const auto path = std::filesystem::temp_directory_path() / "fusegrad_samples.npz";
  const auto labelled = dataset<float>::from_labels({1, 2, 3, 4}, 2, {2, 0}, 3);
  save_npz(path, labelled);
  BOOST_TEST((load_npz(path) == labelled));
  BOOST_TEST((load_npz<double>(path) == labelled.to<double>()));
  const auto real = dataset<double>::from_targets({1, 2, 3, 4}, 1, {5, 6, 7, 8}, 1);
  save_npz(path, real, {.compress = false});
  BOOST_TEST((load_npz<double>(path) == real));
  const std::string name = path.string();
  BOOST_CHECK_EXCEPTION(load_npz(path, {.inputs = "z"}), file_error,
                        says(name + ": expected an array named \"z\", found \"x\", \"y\""));
  write_npz(path, {{"x", {{2}, std::vector<float>{1, 2}}}, {"y", {{3}, std::vector<std::int32_t>{0, 1, 2}}}});
  BOOST_CHECK_EXCEPTION(load_npz(path), file_error,
                        says(name + ": expected as many inputs as targets, at least one, found the shapes 2 and 3"));
  write_npz(path, {{"x", {{1}, std::vector<float>{1}}}, {"y", {{1}, std::vector<std::int32_t>{-1}}}});
  BOOST_CHECK_EXCEPTION(load_npz(path), file_error,
                        says(name + ": expected labels from 0 to 2^31 - 1, found another at sample 0"));
  write_npz(path, {{"x", {{1}, std::vector<double>{1e300}}}, {"y", {{1}, std::vector<float>{1}}}});
  BOOST_CHECK_EXCEPTION(load_npz(path), file_error,
                        says(name + ": expected finite numbers of moderate size as inputs, found another in sample 0"));
  const auto inputs = path.parent_path() / "fusegrad_x.npy";
  write_npy(inputs, {{2, 1}, std::vector<float>{1, 2}});
  write_npy(path, {{2}, std::vector<std::uint8_t>{1, 0}});
  BOOST_TEST(load_npy(inputs, path).class_count() == 2u);
  BOOST_TEST(load_npy(inputs, path, 5).class_count() == 5u);
  std::filesystem::remove(inputs);
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
