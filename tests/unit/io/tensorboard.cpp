// SPDX-License-Identifier: MIT
#include <fusegrad/io/tensorboard.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

namespace fg = fusegrad;
using fusegrad::test::says;

std::filesystem::path folder(const char* name) {
  return std::filesystem::temp_directory_path() / ("fusegrad_tensorboard_" + std::to_string(::getpid()) + "_" + name);
}

/// Bit by bit, as the standard defines it (RFC 3720, appendix B.4).
std::uint32_t crc32c(const std::string& bytes) {
  std::uint32_t c = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    c ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? c >> 1 ^ 0x82F63B78U : c >> 1;
  }
  return ~c;
}
std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t count) {
  std::uint64_t n = 0;
  for (std::size_t i = count; i-- > 0;) n = n << 8 | static_cast<unsigned char>(bytes[at + i]);
  return n;
}
std::uint64_t checksum_of(const std::string& bytes) {
  const std::uint32_t c = crc32c(bytes);
  return static_cast<std::uint32_t>((c >> 15 | c << 17) + 0xA282EAD8U);
}

/// The messages of a file, whose checksums are right.
std::vector<std::string> messages(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> found;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t size = number(all, at, 8);
    BOOST_REQUIRE(at + 16 + size <= all.size());
    BOOST_TEST(number(all, at + 8, 4) == checksum_of(all.substr(at, 8)));
    found.push_back(all.substr(at + 12, size));
    BOOST_TEST(number(all, at + 12 + size, 4) == checksum_of(found.back()));
    at += 16 + size;
  }
  return found;
}

/// A field of a message of protocol buffers: a number, or bytes.
struct field {
  std::uint64_t number = 0;
  std::string bytes;
};
field field_of(const std::string& message, std::uint64_t wanted) {
  std::size_t at = 0;
  const auto variable = [&] {
    std::uint64_t n = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(message[at++]);
      n |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return n;
    }
  };
  while (at < message.size()) {
    const std::uint64_t key = variable();
    field f;
    switch (key & 7) {
    case 0: f.number = variable(); break;
    case 1: f.number = number(message, at, 8), at += 8; break;
    case 5: f.number = number(message, at, 4), at += 4; break;
    case 2: {
      const std::size_t size = variable();
      f.bytes = message.substr(at, size);
      at += size;
      break;
    }
    default: BOOST_FAIL("no such type of field");
    }
    if (key >> 3 == wanted) return f;
  }
  BOOST_FAIL("no field " << wanted);
  return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(io_tensorboard)

BOOST_AUTO_TEST_CASE(the_check_value_of_the_checksum) { BOOST_TEST(crc32c("123456789") == 0xE3069283U); }

BOOST_AUTO_TEST_CASE(a_file_begins_with_its_version_and_holds_the_points) {
  const auto where = folder("points");
  std::filesystem::path path;
  {
    fg::io::tensorboard_log log{where};
    path = log.path();
    log.add("train/loss", 300, 0.25);
    log.add("train/loss", 301, std::numeric_limits<double>::quiet_NaN()); // no point
    log.add("other", 5'000'000'000, -1e10);
    BOOST_TEST(messages(path).size() == 3u); // while it is still open
  }
  const std::vector<std::string> found = messages(path);
  BOOST_TEST(field_of(found[0], 3).bytes == "brain.Event:2");
  BOOST_TEST(std::bit_cast<double>(field_of(found[0], 1).number) > 1.7e9);
  BOOST_TEST(field_of(found[1], 2).number == 300u);
  const std::string point = field_of(field_of(found[1], 5).bytes, 1).bytes;
  BOOST_TEST(field_of(point, 1).bytes == "train/loss");
  BOOST_TEST(std::bit_cast<float>(static_cast<std::uint32_t>(field_of(point, 2).number)) == 0.25F);
  BOOST_TEST(field_of(found[2], 2).number == 5'000'000'000u);
  std::filesystem::remove_all(where);
}

BOOST_AUTO_TEST_CASE(an_epoch_is_a_point_on_each_curve_that_there_is) {
  const auto where = folder("epochs");
  fg::io::tensorboard_log log{where}, second{where};
  BOOST_TEST(log.path() != second.path());
  fg::epoch_record record{};
  record.epoch = 7;
  record.loss = 0.5;
  record.validation_loss = 0.75;
  record.metrics = {{"AUC", 0.875}, {"F1", fg::epoch_record::none}};
  const std::function<bool(const fg::epoch_record&)> on_epoch = std::ref(log);
  BOOST_TEST(on_epoch(record));
  const std::vector<std::string> found = messages(log.path());
  BOOST_TEST(found.size() == 4u);
  BOOST_TEST(field_of(field_of(field_of(found[3], 5).bytes, 1).bytes, 1).bytes == "validation/AUC");
  BOOST_TEST(field_of(field_of(field_of(found[2], 5).bytes, 1).bytes, 1).bytes == "validation/loss");
  BOOST_TEST(field_of(found[2], 2).number == 7u);
  std::filesystem::remove_all(where);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_named) {
  BOOST_CHECK_EXCEPTION(fg::io::tensorboard_log{"/dev/null/runs"}, fg::base::file_error, says("/dev/null/runs"));
}

BOOST_AUTO_TEST_SUITE_END()
