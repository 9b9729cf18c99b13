// SPDX-License-Identifier: MIT
#include <fusegrad/io/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::io;
using namespace std::string_literals;

std::function<bool(const std::exception&)> says(const std::string& words) {
  return [words](const std::exception& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

/// A file with this header and so many bytes of data.
std::string with_header(const std::string& json, std::size_t data = 0) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(json.size() >> (8 * i) & 0xFF);
  return bytes + json + std::string(data, 'x');
}

void refuses_file(const std::string& bytes, const std::string& words) {
  BOOST_CHECK_EXCEPTION(parse_safetensors(bytes, "t.st"), file_error, says("t.st: " + words));
}

void refuses(const std::string& json, const std::string& words, std::size_t data = 0) {
  refuses_file(with_header(json, data), words);
}

std::string tensor(const std::string& type, const std::string& shape, const std::string& offsets) {
  return "{\"dtype\":\"" + type + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + offsets + "]}";
}

std::vector<std::byte> bytes_of(const std::string& text) {
  std::vector<std::byte> bytes;
  for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
  return bytes;
}

BOOST_AUTO_TEST_SUITE(io_safetensors)

BOOST_AUTO_TEST_CASE(what_was_written_reads_back_the_same) {
  const std::vector<named_tensor> tensors{
      {"0.weight", {2, 1}, number_type::f64, bytes_of("0123456789abcdef")},
      {"empty", {0, 3}, number_type::f32, {}},
      {"scalar", {}, number_type::f32, bytes_of("wxyz")},
      {"\"quoted\" \xC3\xA9\n", {3}, number_type::u8, bytes_of("abc")},
  };
  const tensor_metadata metadata{{"format", "pt"}, {"who \"knows\"", ""}};
  const auto file = parse_safetensors(format_safetensors(tensors, metadata), "t.st");
  BOOST_TEST((file.tensors == tensors));
  BOOST_TEST((file.metadata == metadata));
}

BOOST_AUTO_TEST_CASE(data_is_aligned) {
  const std::vector<named_tensor> tensors{{"byte", {1}, number_type::u8, bytes_of("b")},
                                          {"double", {1}, number_type::f64, bytes_of("01234567")}};
  const auto bytes = format_safetensors(tensors);
  const auto header = static_cast<unsigned char>(bytes[0]);
  BOOST_TEST(header % 8 == 0);
  BOOST_TEST(bytes.substr(8u + header) == "01234567b");
}

// Written by the reference implementation (safetensors 0.8.0 for Python, save of two NumPy arrays).
BOOST_AUTO_TEST_CASE(reads_the_reference_implementation) {
  const std::string bytes =
      "\240\000\000\000\000\000\000\000"s
      R"({"__metadata__":{"format":"np"},"0.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"0.bias":{"dtype":"F16","shape":[2],"data_offsets":[8,12]}}       )" +
      "\000\000\200\077\000\000\000\300\000\074\000\000"s;
  const auto file = parse_safetensors(bytes, "t.st");
  const std::vector<named_tensor> expected{
      {"0.weight", {2, 1}, number_type::f32, bytes_of("\0\0\x80\x3F\0\0\0\xC0"s)},
      {"0.bias", {2}, number_type::f16, bytes_of("\0\x3C\0\0"s)},
  };
  BOOST_TEST_REQUIRE(file.tensors.size() == 2u);
  BOOST_TEST((file.tensors == expected));
  BOOST_TEST(file.metadata.at("format") == "np");
}

BOOST_AUTO_TEST_CASE(header_may_be_padded_and_empty) {
  BOOST_TEST(parse_safetensors(with_header("{}     "), "t.st").tensors.empty());
}

BOOST_AUTO_TEST_CASE(refuses_lengths_that_cannot_be) {
  refuses_file("", "expected 8 bytes with the length of the header, found 0");
  refuses_file("1234567", "expected 8 bytes with the length of the header, found 7");
  refuses_file("\3\0\0\0\0\0\0\0{}"s, "expected a header of 3 bytes, found 2");
  refuses_file("\0\0\0\0\0\0\0\x80{}"s,
               "expected a header of at most 100000000 bytes, found a length of 9223372036854775808");
  refuses_file("\0\0\0\0\0\0\0\0"s, "expected a header that begins with {, found another beginning");
}

BOOST_AUTO_TEST_CASE(refuses_headers_that_are_no_json) {
  refuses("[]", "expected a header that begins with {, found another beginning");
  refuses(" {}", "expected a header that begins with {, found another beginning");
  refuses("{\"a\":}", "expected a header in JSON, found a mistake at byte 6 of it, at \"\"a\":}\"");
  BOOST_CHECK_THROW(parse_safetensors(with_header("{"), "t.st"), file_error);
  BOOST_CHECK_THROW(parse_safetensors(with_header("{}{}"), "t.st"), file_error);
  BOOST_CHECK_THROW(parse_safetensors(with_header("{\"\xFF\":1}"), "t.st"), file_error);
}

BOOST_AUTO_TEST_CASE(refuses_values_of_another_kind) {
  const std::string object = "expected an object with dtype, shape and data_offsets, found ";
  refuses("{\"a\":1}", "tensor \"a\": " + object + "1");
  refuses("{\"a\":null}", "tensor \"a\": " + object + "null");
  refuses("{\"a\":true}", "tensor \"a\": " + object + "true");
  refuses("{\"a\":[]}", "tensor \"a\": " + object + "an array");
  refuses("{\"a\":\"F32\"}", "tensor \"a\": " + object + "the text \"F32\"");
  refuses("{\"a\":{\"dtype\":3}}", "tensor \"a\": expected text for dtype, found 3");
  refuses("{\"a\":{\"dtype\":{}}}", "tensor \"a\": expected text for dtype, found an object");
  refuses("{\"a\":{\"shape\":3}}", "tensor \"a\": expected an array of sizes for shape, found 3");
  refuses("{\"a\":{\"shape\":[[1]]}}", "tensor \"a\": expected an array of sizes for shape, found an array");
  refuses("{\"a\":{\"shape\":[-1]}}", "tensor \"a\": expected an array of sizes for shape, found -1");
  refuses("{\"a\":{\"shape\":[1.5]}}", "tensor \"a\": expected an array of sizes for shape, found 1.5");
  refuses("{\"a\":{\"shape\":[18446744073709551616]}}",
          "tensor \"a\": expected an array of sizes for shape, found 18446744073709551616");
  std::string sizes = "1";
  for (int i = 0; i < 64; ++i) sizes += ",1";
  refuses("{\"a\":{\"shape\":[" + sizes + "]}}", "tensor \"a\": expected at most 64 sizes for shape, found more");
  const std::string offsets = "tensor \"a\": expected an array of two positions for data_offsets, found ";
  refuses("{\"a\":{\"data_offsets\":[]}}", offsets + "none");
  refuses("{\"a\":{\"data_offsets\":[1]}}", offsets + "one");
  refuses("{\"a\":{\"data_offsets\":[1,2,3]}}", offsets + "a third number");
  refuses("{\"a\":{\"data_offsets\":[-1,2]}}", offsets + "-1");
  refuses("{\"__metadata__\":1}", "expected an object of texts, found 1");
  refuses("{\"__metadata__\":{\"a\":1}}", "expected text for the key \"a\", found 1");
}

BOOST_AUTO_TEST_CASE(refuses_keys_that_come_twice_or_not_at_all) {
  const auto one = tensor("U8", "1", "0,1");
  refuses("{\"a\":" + one + ",\"a\":" + one + "}", "expected each name once, found \"a\" twice", 1);
  refuses("{\"__metadata__\":{},\"__metadata__\":{}}", "expected each name once, found \"__metadata__\" twice");
  refuses("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", "expected each key of the metadata once, found \"k\" twice");
  refuses("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", "tensor \"a\": expected dtype once, found it twice");
  refuses("{\"a\":{\"shape\":[1],\"shape\":[1]}}", "tensor \"a\": expected shape once, found it twice");
  refuses("{\"a\":{\"size\":1}}", "tensor \"a\": expected the keys dtype, shape and data_offsets, found \"size\"");
  refuses("{\"a\":{}}", "tensor \"a\": expected dtype, found none");
  refuses("{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", "tensor \"a\": expected shape, found none", 1);
  refuses("{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", "tensor \"a\": expected data_offsets, found none", 1);
}

BOOST_AUTO_TEST_CASE(refuses_sizes_that_contradict_each_other) {
  refuses("{\"a\":" + tensor("F32", "2, 3", "0,4") + "}",
          "tensor \"a\": expected 24 bytes for shape [2, 3] of F32, found 4", 4);
  refuses("{\"a\":" + tensor("F32", "1", "4,0") + "}",
          "tensor \"a\": expected data_offsets in ascending order, found 4 and 0", 4);
  refuses("{\"a\":" + tensor("F32", "4611686018427387904", "0,0") + "}",
          "tensor \"a\": expected a size that fits into memory, found shape [4611686018427387904] of F32");
}

BOOST_AUTO_TEST_CASE(refuses_data_with_gaps_overlaps_and_remains) {
  refuses("{\"a\":" + tensor("U8", "2", "0,2") + ",\"b\":" + tensor("U8", "2", "1,3") + "}",
          "tensor \"b\": expected its data to begin at 2, where the one before ends, found 1", 3);
  refuses("{\"b\":" + tensor("U8", "2", "3,5") + ",\"a\":" + tensor("U8", "2", "0,2") + "}",
          "tensor \"b\": expected its data to begin at 2, where the one before ends, found 3", 5);
  refuses("{\"a\":" + tensor("U8", "2", "0,2") + ",\"b\":" + tensor("U8", "2", "0,2") + "}",
          "tensor \"b\": expected its data to begin at 2, where the one before ends, found 0", 2);
  refuses("{\"a\":" + tensor("U8", "2", "1,3") + "}",
          "tensor \"a\": expected its data to begin at 0, where the one before ends, found 1", 3);
  refuses("{\"a\":" + tensor("U8", "2", "0,2") + "}", "expected 2 bytes of data behind the header, found 3", 3);
  refuses("{\"a\":" + tensor("U8", "2", "0,2") + "}", "expected 2 bytes of data behind the header, found 1", 1);
  refuses("{}", "expected 0 bytes of data behind the header, found 1", 1);
}

BOOST_AUTO_TEST_CASE(refuses_what_hides_behind_the_header) {
  refuses("{}"s + '\0' + "{\"b\":1}", "expected a header in JSON, found a NUL at byte 3 of it");
  refuses("{\"a\0b\":1}"s, "expected a header in JSON, found a NUL at byte 4 of it");
}

// The types that the format had when this was written, and one that it may get.
BOOST_AUTO_TEST_CASE(passes_over_numbers_that_it_does_not_know) {
  for (const std::string type : {"C64", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F6_E2M3", "F6_E3M2", "F4", "I1024"}) {
    const auto bytes =
        with_header("{\"a\":" + tensor(type, "2, 4", "1,7") + ",\"b\":" + tensor("U8", "1", "0,1") + "}", 7);
    const auto file = parse_safetensors(bytes, "t.st");
    const std::vector<named_tensor> known{{"b", {1}, number_type::u8, bytes_of("x")}};
    const std::deque<skipped_tensor> unknown{{"a", {2, 4}, type}};
    BOOST_TEST((file.tensors == known));
    BOOST_TEST((file.skipped == unknown));
  }
  refuses("{\"a\":" + tensor("F4", "2", "1,0") + "}",
          "tensor \"a\": expected data_offsets in ascending order, found 1 and 0", 1);
  refuses("{\"a\":" + tensor("F4", "2", "0,2") + "}", "expected 2 bytes of data behind the header, found 1", 1);
}

BOOST_AUTO_TEST_CASE(every_number_type_reads_back_the_same) {
  std::vector<named_tensor> tensors;
  for (int i = 0; i <= static_cast<int>(number_type::f64); ++i) {
    const auto type = static_cast<number_type>(i);
    tensors.push_back(
        {std::string(to_string(type)), {2}, type, std::vector<std::byte>(2 * size_of(type), std::byte{7})});
  }
  auto found = parse_safetensors(format_safetensors(tensors), "t.st").tensors;
  const auto by_name = [](const named_tensor& a, const named_tensor& b) { return a.name < b.name; };
  std::sort(tensors.begin(), tensors.end(), by_name);
  std::sort(found.begin(), found.end(), by_name);
  BOOST_TEST((found == tensors));
}

std::string small_file() {
  const std::vector<named_tensor> tensors{{"w", {2, 2}, number_type::f32, bytes_of("0123456789abcdef")},
                                          {"step", {}, number_type::u64, bytes_of("01234567")}};
  return format_safetensors(tensors, {{"epoch", "12"}});
}

BOOST_AUTO_TEST_CASE(a_torn_file_is_refused_at_every_length) {
  const auto whole = small_file();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    BOOST_CHECK_THROW(parse_safetensors(whole.substr(0, length), "t.st"), file_error);
  }
  BOOST_CHECK_THROW(parse_safetensors(whole + 'x', "t.st"), file_error);
}

// Bits of the header may make another file of the same contents: another name for the checksum, and none is asked for.
BOOST_AUTO_TEST_CASE(no_bit_that_flips_changes_the_contents_unnoticed) {
  const auto whole = small_file();
  const auto original = parse_safetensors(whole, "t.st");
  BOOST_TEST(original.has_checksum);
  const std::size_t data = 8 + static_cast<std::size_t>(static_cast<unsigned char>(whole[0]));
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    auto flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    if (bit / 8 >= data) {
      BOOST_CHECK_EXCEPTION(parse_safetensors(flipped, "t.st"), file_error, [](const file_error& error) {
        const std::string words = error.what();
        return words.starts_with("t.st: expected contents with the checksum") && words.ends_with("or changed by hand");
      });
      continue;
    }
    try {
      const auto found = parse_safetensors(flipped, "t.st");
      BOOST_TEST((found.tensors == original.tensors));
      BOOST_TEST(found.metadata.at("epoch") == "12");
    } catch (const file_error&) {
    }
  }
}

BOOST_AUTO_TEST_CASE(the_checksum_is_of_the_contents_not_of_the_bytes) {
  const auto whole = small_file();
  const auto digits = whole.substr(whole.find("crc64") + 8, 16);
  const std::string sum = "\"__metadata__\":{\"fusegrad.crc64\": \"" + digits + "\", \"epoch\": \"12\"}";
  const std::string w = "\"w\": " + tensor("F32", "2, 2", "0, 16");
  const std::string step = "\"step\": " + tensor("U64", "", "16, 24");
  auto other = with_header("{" + w + ", " + sum + ", " + step + "}");
  BOOST_TEST(parse_safetensors(other + "0123456789abcdef01234567", "t.st").has_checksum);
  BOOST_CHECK_THROW(parse_safetensors(other + "0123456789abcdef01234568", "t.st"), file_error);
  other = with_header("{" + w + ", " + step + "}");
  BOOST_TEST(!parse_safetensors(other + "0123456789abcdef01234568", "t.st").has_checksum);
}

BOOST_AUTO_TEST_CASE(writing_refuses_what_would_make_no_valid_file) {
  const auto refused = [](std::vector<named_tensor> tensors, const std::string& words) {
    BOOST_CHECK_EXCEPTION(format_safetensors(tensors), std::invalid_argument, says("safetensors: " + words));
  };
  const named_tensor good{"a", {1}, number_type::u8, bytes_of("x")};
  refused({good, good}, "tensor \"a\": expected each name once, found it twice");
  refused({{"a", {2}, number_type::f32, bytes_of("x")}},
          "tensor \"a\": expected 8 bytes for shape [2] of F32, found 1");
  refused({{"__metadata__", {1}, number_type::u8, bytes_of("x")}},
          "tensor \"__metadata__\": expected another name, found the one that is reserved");
  BOOST_CHECK_EXCEPTION(format_safetensors({}, {{"fusegrad.crc64", "0"}}), std::invalid_argument,
                        says("safetensors: expected metadata without the key \"fusegrad.crc64\", which is written of "
                             "itself, found it"));
  refused({{"\xFF", {1}, number_type::u8, bytes_of("x")}}, "expected names and metadata in UTF-8, found \"\xFF\"");
}

BOOST_AUTO_TEST_CASE(files_replace_older_ones_only_when_complete) {
  const auto folder = std::filesystem::temp_directory_path() / "fusegrad_safetensors";
  std::filesystem::create_directories(folder);
  const auto path = folder / "t.safetensors";
  const std::vector<named_tensor> first{{"a", {1}, number_type::u8, bytes_of("1")}};
  write_safetensors(path, first);
  const std::vector<named_tensor> broken{{"a", {2}, number_type::u8, bytes_of("1")}};
  BOOST_CHECK_THROW(write_safetensors(path, broken), std::invalid_argument);
  BOOST_TEST((read_safetensors(path).tensors == first));
  const std::vector<named_tensor> second{{"a", {1}, number_type::u8, bytes_of("2")}};
  write_safetensors(path, second);
  BOOST_TEST((read_safetensors(path).tensors == second));
  const auto files = std::filesystem::directory_iterator(folder);
  BOOST_TEST(std::distance(begin(files), end(files)) == 1);
  // A folder is in the way: the rename fails, and no temporary file is left behind.
  std::filesystem::create_directories(folder / "taken" / "inside");
  BOOST_CHECK_THROW(write_safetensors(folder / "taken", first), file_error);
  const auto after = std::filesystem::directory_iterator(folder);
  BOOST_TEST(std::distance(begin(after), end(after)) == 2);
  std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
