// SPDX-License-Identifier: MIT
#include "png.hpp"

#include <fusegrad/data/file_error.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <string>

#ifdef FUSEGRAD_HAS_PNG
#include <png.h>
#endif

namespace fusegrad::data::detail {

namespace {

[[noreturn]] void fail(std::string_view name, const std::string& words) {
  throw file_error(std::string(name) + ": " + words);
}

#ifdef FUSEGRAD_HAS_PNG

/// Reads an image with libpng. Its errors come by longjmp: what jumps has nothing to destroy on its way, and everything
/// lies in members.
class reader {
public:
  explicit reader(std::string_view bytes) : left_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    if (png_ == nullptr) throw std::bad_alloc();
    info_ = png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
  }
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;
  ~reader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  /// Up to the pixels; false where `message` says why not.
  bool read_header() noexcept {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_read_fn(png_, this, on_read);
    // Sizes are judged here, in words.
    png_set_user_limits(png_, longest_side, longest_side);
    png_read_info(png_, info_);
    return true;
  }

  std::size_t height() const noexcept { return png_get_image_height(png_, info_); }
  std::size_t width() const noexcept { return png_get_image_width(png_, info_); }
  std::size_t bits_of_pixel() const noexcept {
    return std::size_t{png_get_bit_depth(png_, info_)} * png_get_channels(png_, info_);
  }

  /// Whether one or two bytes a number are what comes from now on.
  bool expand() noexcept {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_expand(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }
  std::size_t bytes_of_row() const noexcept { return png_get_rowbytes(png_, info_); }
  std::size_t channels() const noexcept { return png_get_channels(png_, info_); }
  std::size_t largest() const noexcept { return png_get_bit_depth(png_, info_) == 16 ? 65535 : 255; }

  /// Writes the pixels to where `rows` point, and reads to the end of the image.
  bool read_pixels(unsigned char** rows) noexcept {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
    return true;
  }

  const char* message() const noexcept { return message_; }
  std::string_view left() const noexcept { return left_; }

private:
  static constexpr png_uint_32 longest_side = 0x7FFFFFFF;

  static void on_read(png_structp png, png_bytep to, std::size_t count) {
    auto& self = *static_cast<reader*>(png_get_io_ptr(png));
    if (count > self.left_.size()) png_error(png, "the end of the file");
    std::memcpy(to, self.left_.data(), count);
    self.left_.remove_prefix(count);
  }
  [[noreturn]] static void on_error(png_structp png, png_const_charp words) {
    auto& self = *static_cast<reader*>(png_get_error_ptr(png));
    std::strncpy(self.message_, words, sizeof self.message_ - 1);
    png_longjmp(png, 1);
  }
  // What is worth a warning to libpng (an odd colour profile) has no influence on the pixels. Of the chunks that have
  // them, IDAT, it says that they go on behind the last row.
  static void on_warning(png_structp png, png_const_charp words) {
    if (std::string_view(words).find("IDAT") != std::string_view::npos) png_error(png, words);
  }

  std::string_view left_;
  char message_[128] = {};
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

/// Deflate shrinks by at most 1032: what cannot be there need not be looked for.
void check_size(const reader& file, std::size_t size, std::string_view name) {
  const std::size_t of_row = (file.width() * file.bits_of_pixel() + 7) / 8;
  if (file.height() <= 1040 * size / of_row) return;
  fail(name, "expected an image that can be in a file of " + std::to_string(size) + " bytes, found a header of " +
                 std::to_string(file.height()) + " x " + std::to_string(file.width()) + " pixels of " +
                 std::to_string(file.bits_of_pixel()) + " bits");
}

raster read(std::string_view bytes, std::string_view name) {
  reader file(bytes);
  const auto damaged = [&] { fail(name, std::string("expected a whole PNG image, found ") + file.message()); };
  if (!file.read_header()) damaged();
  check_size(file, bytes.size(), name);
  if (!file.expand()) damaged();
  raster pixels;
  pixels.shape = {file.height(), file.width(), file.channels()};
  pixels.largest = file.largest();
  const std::size_t of_row = file.bytes_of_row();
  pixels.memory.resize(pixels.shape.height * of_row);
  std::vector<unsigned char*> rows(pixels.shape.height);
  for (std::size_t y = 0; y < rows.size(); ++y)
    rows[y] = reinterpret_cast<unsigned char*>(pixels.memory.data()) + y * of_row;
  if (!file.read_pixels(rows.data())) damaged();
  if (file.left().find_first_not_of('\0') != std::string_view::npos)
    fail(name, "expected the end of the file behind the PNG image, found more bytes");
  pixels.bytes = {pixels.memory.data(), pixels.memory.size()};
  return pixels;
}

#else

raster read(std::string_view, std::string_view name) {
  fail(name,
       "expected a PGM or PPM image, found a PNG image, which this build cannot read (it was made without libpng: "
       "install libpng-dev and build again)");
}

#endif

} // namespace

bool is_png(std::string_view bytes) noexcept { return bytes.starts_with("\x89PNG\r\n"); }

raster read_png(std::string_view bytes, std::string_view name) { return read(bytes, name); }

} // namespace fusegrad::data::detail
