// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/table.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/base/shared_state.hpp>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::data {

/// How a table that is larger than memory is read.
struct stream_options {
  /// Rows that are in memory at once.
  std::size_t chunk_rows = 65'536;
  /// Whether each epoch has an order of its own; else it is that of the file.
  bool shuffle = true;
  /// Of the orders.
  std::uint64_t seed = 0;
};

namespace detail {
template <class T> class stream_state;
}

/// The samples of a CSV file that need not fit into memory: a source of samples that `trainer::fit` takes as it takes a
/// data set. Its order is its own, whatever `fit_options::shuffle` says: in each epoch the chunks are read in another
/// order, and the rows within each are in another order; both depend on the seed and the epoch alone. So a row comes
/// near rows that were near it in the file: a file that is sorted by its labels is to be shuffled once beforehand.
///
/// The file is read once through when the stream is made: all of it is checked, and what has to be found in it is
/// found. It is then read once in each epoch, and must stay as it is. One thread at a time may use a stream and its
/// copies, as `fit` does; samples that are asked for in another order than theirs each cost the reading of a chunk.
/// Instantiated for float and double.
template <std::floating_point T = float> class table_stream {
public:
  using number_type = T;
  /// What a fit on a stream is evaluated on.
  using unchanged_samples = dataset<T>;
  /// A fit asks for the samples of an epoch one after the other.
  static constexpr bool has_order = true;
  /// All labels are known to be below class_count().
  static constexpr bool has_checked_labels = true;

  /// Throws as load_table, and std::invalid_argument for chunks of no rows; file_error for a packed file, which cannot
  /// be read from the middle.
  table_stream(const base::file_path& path, const table_options& options, const stream_options& how = {});

  /// The same samples in the order of another epoch, counted from 0.
  [[nodiscard]] table_stream at_epoch(std::size_t epoch) const;

  /// The options, with all that was found in the table; see table::columns.
  [[nodiscard]] const table_options& columns() const noexcept;

  [[nodiscard]] std::size_t chunk_count() const noexcept;
  /// The rows of a chunk in the order of the file. Throws file_error where the file is not as it was.
  [[nodiscard]] dataset<T> chunk(std::size_t which) const;

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t features() const noexcept;
  [[nodiscard]] bool has_labels() const noexcept;
  [[nodiscard]] std::size_t class_count() const noexcept;
  [[nodiscard]] std::size_t target_width() const noexcept;
  [[nodiscard]] const std::vector<std::string>& feature_names() const noexcept;
  [[nodiscard]] std::uint64_t feature_names_hash() const noexcept;
  [[nodiscard]] const std::vector<std::string>& class_names() const noexcept;
  [[nodiscard]] const std::vector<std::string>& target_names() const noexcept;

  /// Sample `i` of the epoch; the numbers hold until another is asked for. These throw file_error where the file is not
  /// as it was.
  [[nodiscard]] std::span<const T> input(std::size_t i) const;
  [[nodiscard]] std::int32_t label(std::size_t i) const;
  [[nodiscard]] std::span<const T> target(std::size_t i) const;

private:
  base::shared_state<detail::stream_state<T>> state_;
  std::size_t epoch_ = 0;
};

} // namespace fusegrad::data
