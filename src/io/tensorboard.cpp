// SPDX-License-Identifier: MIT
#include <fusegrad/io/tensorboard.hpp>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <utility>

// A file of events is records of TFRecord: a length, its checksum, a message of protocol buffers, its checksum; numbers
// lie lowest byte first. The messages are tensorflow/core/util/event.proto and framework/summary.proto.
namespace fusegrad::io {

namespace {

/// CRC-32C, the polynomial of Castagnoli.
constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? c >> 1 ^ 0x82F63B78U : c >> 1;
    table[i] = c;
  }
  return table;
}();

/// As TFRecord wants it: turned and moved, so that a checksum of bytes that hold one is no trap.
std::uint32_t masked_checksum(std::string_view bytes) {
  std::uint32_t c = ~0U;
  for (const char byte : bytes) c = crc_table[(c ^ static_cast<unsigned char>(byte)) & 0xFF] ^ c >> 8;
  c = ~c;
  return (c >> 15 | c << 17) + 0xA282EAD8U;
}

template <class Unsigned> void put_number(std::string& to, Unsigned number) {
  for (std::size_t i = 0; i < sizeof number; ++i) to.push_back(static_cast<char>(number >> 8 * i & 0xFF));
}
void put_variable(std::string& to, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) to.push_back(static_cast<char>((number & 0x7F) | 0x80));
  to.push_back(static_cast<char>(number));
}
enum class wire_type : std::uint8_t { variable = 0, eight_bytes = 1, sized = 2, four_bytes = 5 };
void put_field(std::string& to, std::uint32_t number, wire_type type) {
  put_variable(to, (number << 3) | static_cast<std::uint32_t>(type));
}
void put_text(std::string& to, std::uint32_t field, std::string_view text) {
  put_field(to, field, wire_type::sized);
  put_variable(to, text.size());
  to += text;
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string event_at(double seconds) {
  std::string event;
  put_field(event, 1, wire_type::eight_bytes);
  put_number(event, std::bit_cast<std::uint64_t>(seconds));
  return event;
}

[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int error) {
  throw base::file_error(path.string() + ": " + what + ": " + std::strerror(error));
}

} // namespace

tensorboard_log::tensorboard_log(const base::file_path& where) {
  const std::filesystem::path folder = where;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail(folder, "cannot make the folder", error.value());
  const double begin = now();
  const std::string stem = "events.out.tfevents." + std::to_string(static_cast<std::uint64_t>(begin)) + ".fusegrad";
  for (int number = 0; file_ == nullptr; ++number) {
    path_ = folder / (stem + "." + std::to_string(number));
    file_.reset(std::fopen(path_.c_str(), "wbx"));
    if (file_ == nullptr && errno != EEXIST) fail(path_, "cannot write", errno);
  }
  std::string event = event_at(begin);
  put_text(event, 3, "brain.Event:2");
  write(event);
}

void tensorboard_log::write(std::string_view event) {
  std::string length, record;
  put_number(length, static_cast<std::uint64_t>(event.size()));
  record = length;
  put_number(record, masked_checksum(length));
  record += event;
  put_number(record, masked_checksum(event));
  if (std::fwrite(record.data(), 1, record.size(), file_.get()) != record.size() || std::fflush(file_.get()) != 0)
    fail(path_, "cannot write", errno);
}

void tensorboard_log::add(std::string_view curve, std::uint64_t step, double value) {
  if (std::isnan(value)) return;
  std::string point;
  put_text(point, 1, curve);
  put_field(point, 2, wire_type::four_bytes);
  put_number(point, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  std::string summary;
  put_text(summary, 1, point);
  std::string event = event_at(now());
  put_field(event, 2, wire_type::variable);
  put_variable(event, step);
  put_text(event, 5, summary);
  write(event);
}

bool tensorboard_log::operator()(const epoch_record& record) {
  const std::pair<const char*, double> curves[] = {{"train/loss", record.loss},
                                                   {"train/accuracy", record.accuracy},
                                                   {"train/learning_rate", record.learning_rate},
                                                   {"validation/loss", record.validation_loss},
                                                   {"validation/accuracy", record.validation_accuracy},
                                                   {"speed/samples_per_second", record.samples_per_second},
                                                   {"speed/seconds", record.seconds}};
  for (const auto& [curve, value] : curves) add(curve, record.epoch, value);
  for (const named_number& m : record.metrics) add("validation/" + m.name, record.epoch, m.value);
  return true;
}

} // namespace fusegrad::io
