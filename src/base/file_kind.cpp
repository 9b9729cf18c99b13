// SPDX-License-Identifier: MIT
#include "file_kind.hpp"

#include <array>

namespace fusegrad::base {

namespace {

using namespace std::string_view_literals;

struct kind {
  std::string_view beginning;
  std::string_view words;
};

constexpr std::array kinds{
    kind{"PK\3\4"sv, "a ZIP archive (as torch.save, NumPy's savez and Excel write)"},
    kind{"\x80\2"sv, "a Python pickle"},
    kind{"\x80\3"sv, "a Python pickle"},
    kind{"\x80\4\x95"sv, "a Python pickle"},
    kind{"\x80\5\x95"sv, "a Python pickle"},
    kind{"\x93NUMPY"sv, "a NumPy array"},
    kind{"\x89HDF\r\n"sv, "an HDF5 file (as Keras writes)"},
    kind{"PAR1\x15"sv, "a Parquet file"},
    kind{"ARROW1\0"sv, "an Arrow file"},
    kind{"SQLite format 3\0"sv, "an SQLite database"},
    kind{"\x08\7\x12"sv, "an ONNX model"},
    kind{"\x08\x08\x12"sv, "an ONNX model"},
    kind{"\x08\x09\x12"sv, "an ONNX model"},
    kind{"\x08\x0A\x12"sv, "an ONNX model"},
    kind{"GGUF"sv, "a GGUF file"},
    kind{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "a document of an older Excel or Word"},
    kind{"\x1F\x8B"sv, "a gzip file"},
    kind{"BZh91AY&SY"sv, "a bzip2 file"},
    kind{"\3757zXZ\0"sv, "an xz file"},
    kind{"\x28\xB5\x2F\xFD"sv, "a Zstandard file"},
    kind{"7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive"},
    kind{"Rar!\x1A\7"sv, "a RAR archive"},
    kind{"\x89PNG\r\n"sv, "a PNG image"},
    kind{"\xFF\xD8\xFF"sv, "a JPEG image"},
    kind{"GIF8"sv, "a GIF image"},
    kind{"%PDF-"sv, "a PDF document"},
    kind{"\177ELF"sv, "a program"},
    kind{"\0\0\xFE\xFF"sv, "text in UTF-32"},
    kind{"\xFF\xFE\0\0"sv, "text in UTF-32"},
    kind{"\xFF\xFE"sv, "text in UTF-16 (as Excel's \"Unicode text\")"},
    kind{"\xFE\xFF"sv, "text in UTF-16 (as Excel's \"Unicode text\")"},
    kind{"version https://git-lfs"sv, "a pointer of Git LFS in place of the file (git lfs pull brings it)"},
    kind{"<!DOCTYPE"sv, "a web page"},
    kind{"<!doctype"sv, "a web page"},
    kind{"<html"sv, "a web page"},
    kind{"<?xml"sv, "an XML file"},
};

} // namespace

std::string_view kind_of_file(std::string_view bytes) noexcept {
  for (const auto& [beginning, words] : kinds) {
    if (bytes.starts_with(beginning)) return words;
  }
  // A tar archive says what it is behind the name of its first file.
  if (bytes.size() > 262 && bytes.substr(257, 5) == "ustar") return "a tar archive";
  return {};
}

} // namespace fusegrad::base
