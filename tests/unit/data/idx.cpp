// SPDX-License-Identifier: MIT
#include <fusegrad/data/idx.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace fusegrad::data;
using namespace std::string_literals;

/// 2 x 3 unsigned bytes, 1 to 6.
const std::string small = "\0\0\x08\x02\0\0\0\x02\0\0\0\x03\x01\x02\x03\x04\x05\x06"s;

/// The same file as Python's gzip module compresses it.
const std::string small_gzip =
    "\037\213\010\000\000\000\000\000\002\003\143\140\340\140\142\140\140\000\141\146\106\046\146\026\126\066\000\110\224\076\345\022\000\000\000"s;

std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

void refuses(const std::string& bytes, const std::string& words) {
  BOOST_CHECK_EXCEPTION(parse_idx(bytes, "t.idx"), file_error, says("t.idx: " + words));
}

/// A file in the temporary directory that is removed at the end.
class temporary_file {
public:
  temporary_file(const std::string& name, const std::string& contents)
      : path_(std::filesystem::temp_directory_path() / ("fusegrad_idx_" + name)) {
    std::ofstream(path_, std::ios::binary) << contents;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

void refuses_pair(const std::string& samples, const std::string& labels, const std::string& words,
                  std::size_t classes = 0) {
  const temporary_file sample_file("bad_samples", samples);
  const temporary_file label_file("bad_labels", labels);
  BOOST_CHECK_EXCEPTION(
      load_idx(sample_file.path(), label_file.path(), classes), file_error, [&](const file_error& error) {
        const std::string_view found = error.what();
        BOOST_TEST(found.ends_with(words), found);
        return found.starts_with(sample_file.path().string()) || found.starts_with(label_file.path().string());
      });
}

template <class T> void holds(const std::string& bytes, const std::vector<T>& expected) {
  const auto array = parse_idx(bytes, "t.idx");
  BOOST_TEST_REQUIRE(std::holds_alternative<std::vector<T>>(array.values));
  BOOST_TEST(std::get<std::vector<T>>(array.values) == expected, boost::test_tools::per_element());
}

std::filesystem::path mnist_folder() {
  const char* shared = std::getenv("FUSEGRAD_SHARED_DATA");
  return shared == nullptr ? "" : std::filesystem::path(shared) / "mnist";
}

boost::test_tools::assertion_result mnist_is_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(std::filesystem::exists(mnist_folder()));
  there.message() << "FUSEGRAD_SHARED_DATA names no folder that holds mnist/";
  return there;
}

BOOST_AUTO_TEST_SUITE(data_idx)

BOOST_AUTO_TEST_CASE(reads_every_number_type_big_endian) {
  holds<std::uint8_t>(small, {1, 2, 3, 4, 5, 6});
  holds<std::int8_t>("\0\0\x09\x01\0\0\0\x02\xFF\x7F"s, {-1, 127});
  holds<std::int16_t>("\0\0\x0B\x01\0\0\0\x02\xFF\xFE\x01\x02"s, {-2, 258});
  holds<std::int32_t>("\0\0\x0C\x01\0\0\0\x01\x01\x02\x03\x04"s, {16909060});
  holds<float>("\0\0\x0D\x01\0\0\0\x01\x40\x48\0\0"s, {3.125f});
  holds<double>("\0\0\x0E\x01\0\0\0\x01\xC0\x09\0\0\0\0\0\0"s, {-3.125});
}

BOOST_AUTO_TEST_CASE(reads_the_shape) {
  const std::vector<std::size_t> expected{2, 3};
  BOOST_TEST(parse_idx(small, "t.idx").shape == expected, boost::test_tools::per_element());
  BOOST_TEST(parse_idx("\0\0\x08\x01\0\0\0\0"s, "t.idx").shape[0] == 0u);
}

BOOST_AUTO_TEST_CASE(reads_gzip_whatever_it_is_called) {
  holds<std::uint8_t>(small_gzip, {1, 2, 3, 4, 5, 6});
  const temporary_file file("plain_name", small_gzip);
  BOOST_TEST(read_idx(file.path()).shape.size() == 2u);
}

BOOST_AUTO_TEST_CASE(reads_gzip_of_several_members) {
  // The same file cut in two, each half compressed on its own.
  const std::string first =
      "\037\213\010\000\000\000\000\000\002\003\143\140\340\140\142\140\140\140\142\000\000\100\231\030\252\011\000\000\000"s;
  const std::string second =
      "\037\213\010\000\000\000\000\000\002\003\143\140\140\146\144\142\146\141\145\003\000\264\330\325\347\011\000\000\000"s;
  holds<std::uint8_t>(first + second, {1, 2, 3, 4, 5, 6});
  refuses(small_gzip + small_gzip, "expected 18 bytes (header, then 2 x 3 numbers of 8 bits), found more");
}

BOOST_AUTO_TEST_CASE(zeros_behind_gzip_data_are_its_end) {
  holds<std::uint8_t>(small_gzip + std::string(512, '\0'), {1, 2, 3, 4, 5, 6});
  refuses(small_gzip + "\0x"s, "expected the end of the file after the gzip data, found more bytes");
}

BOOST_AUTO_TEST_CASE(says_what_else_a_file_is) {
  refuses("\x89PNG\r\n\x1A\n", "expected an IDX file, found a PNG image");
  refuses("PK\3\4....", "expected an IDX file, found a ZIP archive (as torch.save, NumPy's savez and Excel write)");
}

BOOST_AUTO_TEST_CASE(labels_that_would_make_millions_of_classes_are_refused) {
  refuses_pair(
      "\0\0\x08\x02\0\0\0\1\0\0\0\1\5"s, "\0\0\x0C\x01\0\0\0\1\x7F\xFF\xFF\xFF"s,
      "expected labels below 1000 where nothing says how many classes there are, found 2147483647 at sample 0 (the "
      "last argument of load_idx says it)");
}

BOOST_AUTO_TEST_CASE(refuses_headers_that_are_none) {
  refuses("", "expected the 4 bytes that begin an IDX file, found 0 bytes");
  refuses("\0\0\x08"s, "expected the 4 bytes that begin an IDX file, found 3 bytes");
  refuses("text", "expected an IDX file, which begins with two zero bytes, found 116 and 101");
  refuses("\0\0\x0A\x01"s, "expected a number type of 8, 9, 11, 12, 13 or 14 in the header, found 10");
  refuses("\0\0\x08\0"s, "expected at least one dimension in the header, found 0");
  refuses("\0\0\x08\x02\0\0\0\x01"s, "expected a header of 12 bytes, found 8 bytes");
}

BOOST_AUTO_TEST_CASE(refuses_sizes_that_do_not_agree_with_the_file) {
  const std::string shape = "(header, then 2 x 3 numbers of 8 bits)";
  refuses(small.substr(0, 17), "expected 18 bytes " + shape + ", found 17");
  refuses(small + "x", "expected 18 bytes " + shape + ", found 19");
}

// Would take 4 GB and more if the header were believed.
BOOST_AUTO_TEST_CASE(does_not_believe_a_header_that_claims_much) {
  refuses("\0\0\x08\x01\xFF\xFF\xFF\xFFx"s,
          "expected 4294967303 bytes (header, then 4294967295 numbers of 8 bits), found 9");
  refuses("\0\0\x0E\x03\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s,
          "expected a shape that fits into memory, found 4294967295 x 4294967295 x 4294967295");
  refuses(
      "\037\213\010\000\000\000\000\000\002\003\143\140\340\140\374\017\004\025\164\000\000\231\252\355\015\154\000\000\000"s,
      "expected 4294967303 bytes (header, then 4294967295 numbers of 8 bits), found far fewer in the "
      "compressed file");
}

BOOST_AUTO_TEST_CASE(refuses_damaged_gzip) {
  for (std::size_t length = 2; length < small_gzip.size(); ++length) {
    BOOST_CHECK_THROW(parse_idx(small_gzip.substr(0, length), "t.idx"), file_error);
  }
  refuses(small_gzip.substr(0, small_gzip.size() - 1), "expected more gzip data, found the end of the file");
  refuses(small_gzip + "x", "expected the end of the file after the gzip data, found more bytes");
  std::string wrong_checksum = small_gzip;
  wrong_checksum[small_gzip.size() - 6] ^= 1;
  refuses(wrong_checksum, "expected gzip data, found a damaged stream");
}

BOOST_AUTO_TEST_CASE(loads_samples_with_labels) {
  const temporary_file samples("samples", small);
  const temporary_file labels("labels", "\0\0\x08\x01\0\0\0\x02\x03\x01"s);
  const auto loaded = load_idx(samples.path(), labels.path());
  BOOST_TEST(loaded.size() == 2u);
  BOOST_TEST(loaded.features() == 3u);
  BOOST_TEST(loaded.class_count() == 4u);
  BOOST_TEST(loaded.label(0) == 3);
  BOOST_TEST(loaded.input(1)[2] == 6.0f / 255.0f);
  BOOST_TEST(load_idx(samples.path(), labels.path(), 10).class_count() == 10u);
}

BOOST_AUTO_TEST_CASE(refuses_files_that_do_not_fit_together) {
  const auto labels = "\0\0\x08\x01\0\0\0\x02\x03\x01"s;
  refuses_pair(labels, labels, ": expected at least two dimensions, samples and features, found one");
  refuses_pair(small, small, ": expected one dimension of labels, found 2 x 3");
  refuses_pair(small, "\0\0\x08\x01\0\0\0\x01\x03"s, ", found 1");
  refuses_pair(small, "\0\0\x09\x01\0\0\0\x02\x03\xFE"s, ": expected labels from 0 up, found -2 at sample 1");
  refuses_pair(small, labels, ": expected labels from 0 to 2, found 3 at sample 0", 3);
  refuses_pair(small, "\0\0\x0D\x01\0\0\0\x02\0\0\0\0\0\0\0\0"s, ": expected integer labels, found real numbers");
  refuses_pair("\0\0\x08\x02\0\0\0\x02\0\0\0\0"s, labels, ": expected at least one number, found 2 x 0");
  refuses_pair("\0\0\x0D\x02\0\0\0\x02\0\0\0\x01\0\0\0\0\x7F\xC0\0\0"s, labels,
               ": expected finite numbers, found another at position 1");
}

BOOST_AUTO_TEST_CASE(reads_the_mnist_test_images, *boost::unit_test::precondition(mnist_is_there)) {
  const auto folder = mnist_folder();
  const auto images = load_idx(folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz");
  BOOST_TEST(images.size() == 10000u);
  BOOST_TEST(images.features() == 784u);
  std::array<int, 10> counts{};
  for (const auto label : images.labels()) ++counts.at(static_cast<std::size_t>(label));
  const std::array<int, 10> expected{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};
  BOOST_TEST(counts == expected, boost::test_tools::per_element());
  BOOST_TEST(images.label(0) == 7);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
