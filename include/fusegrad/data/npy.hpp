// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/array_of_file.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/file_error.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/file_path.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::data {

/// An array of a NumPy file: numbers of one type, row-major, in the byte order of this machine. An empty shape is one
/// number. Booleans are read as 0 and 1.
using npy_array = array_of_file<float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
                                std::uint16_t, std::uint32_t, std::uint64_t>;

/// How NumPy files are read.
struct npy_options {
  /// Arrays in the order of Fortran, column by column, are put in rows; else they are refused.
  bool transpose = false;
};

/// The arrays of an archive by their names.
using npz_arrays = std::map<std::string, npy_array>;

/// Reads a NumPy file (.npy, versions 1 to 3) of float32, float64, integers or booleans of either byte order. Throws
/// file_error for other types, arrays in the order of Fortran, and files that are longer or shorter than they say;
/// memory is taken for what is there. Source: NEP 1, "A simple file format for NumPy arrays".
npy_array read_npy(const base::file_path& path, const npy_options& options = {});

/// The same from the bytes of a file; `name` stands for the file in messages.
npy_array parse_npy(std::string_view bytes, std::string_view name, const npy_options& options = {});

/// Writes a NumPy file. The file appears when it is complete. Throws file_error if it cannot be written,
/// std::invalid_argument where shape and numbers do not agree.
void write_npy(const base::file_path& path, const npy_array& array);

/// The bytes of such a file.
std::string format_npy(const npy_array& array);

/// Reads an archive of NumPy files (.npz), stored or deflated, as NumPy's savez and savez_compressed write. Throws
/// file_error for anything else in it, for damage (checksums are compared), and as read_npy.
npz_arrays read_npz(const base::file_path& path, const npy_options& options = {});

/// The same from the bytes of a file.
npz_arrays parse_npz(std::string_view bytes, std::string_view name, const npy_options& options = {});

/// How an archive is written.
struct npz_writing {
  bool compress = true; ///< deflated; else stored
};

/// Writes an archive of NumPy files. The file appears when it is complete. Throws file_error if it cannot be written,
/// std::invalid_argument where shape and numbers do not agree, for names that are empty or no names of files, and for
/// more than 4 GiB.
void write_npz(const base::file_path& path, const npz_arrays& arrays, const npz_writing& how = {});

/// The bytes of such a file.
std::string format_npz(const npz_arrays& arrays, const npz_writing& how = {});

/// What the arrays of an archive mean.
struct npz_options {
  std::string inputs = "x";
  /// Integers in one dimension are labels, other numbers targets.
  std::string targets = "y";
  /// How many classes there are; the largest label plus one if 0.
  std::size_t classes = 0;
  bool transpose = false; ///< see npy_options
};

/// Samples from an archive: all but the first dimension of the inputs become features. Instantiated for float and
/// double. Throws file_error as read_npz, for arrays that are not there or do not fit together, labels out of range and
/// numbers that are not finite.
template <class T = float> dataset<T> load_npz(const base::file_path& path, const npz_options& options = {});

/// The same from two NumPy files.
template <class T = float>
dataset<T> load_npy(const base::file_path& inputs, const base::file_path& targets, std::size_t classes = 0,
                    const npy_options& options = {});

/// Writes samples as arrays `x` and `y`. Instantiated for float and double. Throws as write_npz.
template <class T> void save_npz(const base::file_path& path, const dataset<T>& samples, const npz_writing& how = {});

} // namespace fusegrad::data
