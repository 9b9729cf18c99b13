// SPDX-License-Identifier: MIT
#include <fusegrad/data/table_stream.hpp>

#include <fusegrad/base/random.hpp>

#include "../base/file.hpp"
#include "../base/file_kind.hpp"
#include "gzip.hpp"
#include "row_index.hpp"
#include "table_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace fusegrad::data {

namespace detail {

/// The file, where its chunks begin, and the chunk that is in memory.
template <class T> class stream_state {
public:
  stream_state(const std::filesystem::path& path, const table_options& options, const stream_options& how)
      : path_(path), how_(how), reader_(options, path.string(), true), comment_(options.comment),
        separator_(options.separator) {
    constexpr std::size_t most_rows = std::numeric_limits<std::uint32_t>::max();
    if (how.chunk_rows == 0 || how.chunk_rows > most_rows)
      throw std::invalid_argument("table stream: expected chunks of 1 to " + std::to_string(most_rows) +
                                  " rows, found " + std::to_string(how.chunk_rows));
    if (!options.label.empty() && !options.targets.empty())
      throw std::invalid_argument("table stream: expected a label or targets, found both");
    refuse_other_files();
    index_ = index_rows(path, how.chunk_rows, options.header.empty(), options.comment);
    changed_ = std::filesystem::last_write_time(path);
    read_header();
    if (index_.rows == 0) throw file_error(path.string() + ": expected at least one row below the header, found none");
    find_and_check();
    remember_names();
  }

  const table_options& columns() const noexcept { return columns_; }
  const dataset<T>& example() const noexcept { return example_; }
  std::size_t rows() const noexcept { return index_.rows; }
  std::size_t chunk_count() const noexcept { return index_.chunks.size(); }

  dataset<T> read_chunk(std::size_t which) {
    if (which >= chunk_count())
      throw std::invalid_argument("table stream: expected one of the " + std::to_string(chunk_count()) +
                                  " chunks, found a request for number " + std::to_string(which));
    table_rows<T> rows;
    with_chunk(which, [&](csv_records& records) { reader_.read(records, rows); });
    return reader_.samples(std::move(rows));
  }

  /// Brings the chunk of a sample into memory; where the sample is in it.
  std::size_t find(std::size_t epoch, std::size_t i) {
    if (!order_ || epoch != order_->epoch) order_ = order_of(epoch);
    const auto behind = std::upper_bound(order_->begins.begin(), order_->begins.end(), i);
    const auto turn = static_cast<std::size_t>(behind - order_->begins.begin()) - 1;
    const std::size_t which = order_->chunks[turn];
    if (which != loaded_) {
      loaded_ = none;
      samples_ = {}; // two would be in memory else
      samples_ = read_chunk(which);
      loaded_ = which;
      rows_epoch_ = none;
    }
    if (rows_epoch_ != epoch) put_rows_in_order(epoch, which);
    return rows_[i - order_->begins[turn]];
  }
  const dataset<T>& loaded() const noexcept { return samples_; }

private:
  static constexpr std::size_t none = ~std::size_t{};

  /// Chunks in the order of an epoch, and the first sample of each.
  struct epoch_order {
    std::size_t epoch;
    std::vector<std::uint32_t> chunks;
    std::vector<std::size_t> begins;
  };

  void refuse_other_files() const {
    constexpr std::size_t enough = 4096;
    const std::string start = base::read_part(path_, 0, enough);
    if (is_gzip(start))
      throw file_error(path_.string() +
                       ": expected a plain file to read in parts, found one packed with gzip; unpack it");
    if (const auto kind = base::kind_of_file(start); !kind.empty())
      throw file_error(path_.string() + ": expected a table as text in UTF-8, found " + std::string(kind));
  }

  void read_header() {
    const std::size_t end = index_.chunks.empty() ? index_.size : index_.chunks[0].offset;
    const std::string text = base::read_part(path_, 0, reader_.columns().header.empty() ? end : 0);
    csv_records records(text, name_, separator_, comment_);
    reader_.begin(records);
  }

  void find_and_check() {
    if (reader_.must_learn()) {
      for (std::size_t k = 0; k < chunk_count(); ++k)
        with_chunk(k, [&](csv_records& records) { reader_.learn(records); });
      reader_.finish_learning();
    }
    for (std::size_t k = 0; k < chunk_count(); ++k) static_cast<void>(read_chunk(k));
  }

  /// What does not change from chunk to chunk, as a data set of one sample.
  void remember_names() {
    columns_ = reader_.columns();
    example_ = read_chunk(0).first(1);
  }

  template <class Use> void with_chunk(std::size_t which, Use use) {
    const auto& begin = index_.chunks[which];
    const std::size_t end = which + 1 < chunk_count() ? index_.chunks[which + 1].offset : index_.size;
    std::error_code unknown;
    const std::string text = base::read_part(path_, begin.offset, end - begin.offset);
    if (text.size() != end - begin.offset || std::filesystem::last_write_time(path_, unknown) != changed_)
      throw file_error(path_.string() + ": expected the file as it was when the stream was made, found it changed");
    csv_records records(text, name_, separator_, comment_, begin.line);
    use(records);
  }

  std::size_t rows_of(std::size_t chunk) const noexcept {
    return chunk + 1 < chunk_count() ? how_.chunk_rows : index_.rows - chunk * how_.chunk_rows;
  }

  epoch_order order_of(std::size_t epoch) const {
    const auto count = static_cast<std::uint32_t>(chunk_count());
    epoch_order order{epoch, {}, {}};
    if (how_.shuffle) {
      order.chunks = base::permutation(count, how_.seed, epoch);
    } else {
      order.chunks.resize(count);
      std::iota(order.chunks.begin(), order.chunks.end(), std::uint32_t{0});
    }
    std::size_t begin = 0;
    for (const std::uint32_t chunk : order.chunks) {
      order.begins.push_back(begin);
      begin += rows_of(chunk);
    }
    return order;
  }

  void put_rows_in_order(std::size_t epoch, std::size_t chunk) {
    rows_.resize(samples_.size());
    std::iota(rows_.begin(), rows_.end(), std::uint32_t{0});
    if (how_.shuffle) base::shuffle(std::span(rows_), base::permutation_stream(how_.seed, epoch).child(chunk));
    rows_epoch_ = epoch;
  }

  std::filesystem::path path_;
  std::string name_ = path_.string();
  stream_options how_;
  table_reader reader_;
  char comment_, separator_;
  row_index index_;
  std::filesystem::file_time_type changed_;
  table_options columns_;
  dataset<T> example_;
  std::optional<epoch_order> order_;
  std::size_t loaded_ = none, rows_epoch_ = none;
  dataset<T> samples_;
  std::vector<std::uint32_t> rows_;
};

} // namespace detail

template <std::floating_point T>
table_stream<T>::table_stream(const base::file_path& path, const table_options& options, const stream_options& how)
    : state_(base::shared_state<detail::stream_state<T>>::made_of(path, options, how)) {}

template <std::floating_point T> table_stream<T> table_stream<T>::at_epoch(std::size_t epoch) const {
  table_stream result = *this;
  result.epoch_ = epoch;
  return result;
}

template <std::floating_point T> const table_options& table_stream<T>::columns() const noexcept {
  return state_->columns();
}
template <std::floating_point T> std::size_t table_stream<T>::chunk_count() const noexcept {
  return state_->chunk_count();
}
template <std::floating_point T> dataset<T> table_stream<T>::chunk(std::size_t which) const {
  return state_->read_chunk(which);
}
template <std::floating_point T> std::size_t table_stream<T>::size() const noexcept { return state_->rows(); }
template <std::floating_point T> std::size_t table_stream<T>::features() const noexcept {
  return state_->example().features();
}
template <std::floating_point T> bool table_stream<T>::has_labels() const noexcept {
  return state_->example().has_labels();
}
template <std::floating_point T> std::size_t table_stream<T>::class_count() const noexcept {
  return state_->example().class_count();
}
template <std::floating_point T> std::size_t table_stream<T>::target_width() const noexcept {
  return state_->example().target_width();
}
template <std::floating_point T> const std::vector<std::string>& table_stream<T>::feature_names() const noexcept {
  return state_->example().feature_names();
}
template <std::floating_point T> std::uint64_t table_stream<T>::feature_names_hash() const noexcept {
  return state_->example().feature_names_hash();
}
template <std::floating_point T> const std::vector<std::string>& table_stream<T>::class_names() const noexcept {
  return state_->example().class_names();
}
template <std::floating_point T> const std::vector<std::string>& table_stream<T>::target_names() const noexcept {
  return state_->example().target_names();
}

template <std::floating_point T> std::span<const T> table_stream<T>::input(std::size_t i) const {
  const std::size_t row = state_->find(epoch_, i);
  return state_->loaded().input(row);
}
template <std::floating_point T> std::int32_t table_stream<T>::label(std::size_t i) const {
  const std::size_t row = state_->find(epoch_, i);
  return state_->loaded().label(row);
}
template <std::floating_point T> std::span<const T> table_stream<T>::target(std::size_t i) const {
  const std::size_t row = state_->find(epoch_, i);
  return state_->loaded().target(row);
}

template class table_stream<float>;
template class table_stream<double>;

} // namespace fusegrad::data
