// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/array_of_file.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/file_error.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/file_path.hpp>
#include <string_view>
#include <vector>

namespace fusegrad::data {

/// What an IDX file holds: numbers of one type, row-major, in the byte order of this machine.
using idx_array = array_of_file<std::uint8_t, std::int8_t, std::int16_t, std::int32_t, float, double>;

/// Reads an IDX file, plain or compressed with gzip (told apart by the contents, not by the name).
/// Source of the format: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
/// Throws file_error if the header is unknown or the file is shorter or longer than its header says; memory
/// is taken for what is there, not for what the header claims.
idx_array read_idx(const base::file_path& path);

/// The same from the bytes of a file; `name` stands for the file in messages.
idx_array parse_idx(std::string_view bytes, std::string_view name);

/// Samples (all but the first dimension become features) with integer labels, as MNIST comes. Unsigned bytes
/// are scaled to [0, 1], other numbers are taken as they are. There are `classes` classes, or as many as the
/// largest label says if that is 0 (labels from 1000 up that are not below the number of samples are then refused).
/// Throws file_error for files that do not fit together, labels out of range and numbers that are not finite.
dataset<float> load_idx(const base::file_path& samples, const base::file_path& labels, std::size_t classes = 0);

} // namespace fusegrad::data
