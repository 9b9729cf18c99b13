// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/random.hpp>
#include <fusegrad/base/size_product.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/low_discrepancy.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad {

template <std::size_t Columns> class faces;

namespace train::refusal {
[[noreturn, gnu::cold, gnu::noinline]] inline void of_bounds(std::size_t column, double low, double high) {
  refuse_samples("a box reaches from " + std::to_string(low) + " to " + std::to_string(high) + " in column " +
                 std::to_string(column) + ": give a low corner and a high one, both finite.");
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_box_column(std::size_t column, std::size_t columns) {
  refuse_samples("a box of " + std::to_string(columns) + " columns has no faces in column " + std::to_string(column) +
                 ", counted from 0.");
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_flat_face(std::size_t column) {
  refuse_samples("a box that is flat in column " + std::to_string(column) + " has no two faces there.");
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_point_count(std::size_t count) {
  refuse_samples("a set has 1 to 4,294,967,295 points, not " + std::to_string(count) + ".");
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_sobol_columns(std::size_t columns) {
  refuse_samples("Sobol points vary in at most " + std::to_string(sobol_columns) + " columns, not in " +
                 std::to_string(columns) + ": take latin_hypercube.");
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_grid(std::size_t column, std::size_t count, bool is_flat) {
  refuse_samples(is_flat ? "a grid has 1 point along column " + std::to_string(column) + ", which is flat, not " +
                               std::to_string(count) + "."
                         : "a grid has at least 2 points along column " + std::to_string(column) + ", not " +
                               std::to_string(count) + ".");
}
} // namespace train::refusal

/// A part of the space of a model's inputs, from one corner to the other: `box{{-1, 0}, {1, 1}}` for x from -1 to 1 and
/// t from 0 to 1. It is flat in columns with equal bounds, as its own faces are.
///
/// What it gives are rows of its columns, one point after the other, the same on every machine: they depend on the
/// bounds and the seed alone, and faces of one box get other points than the box from the same seed.
template <std::size_t Columns> class box {
public:
  using corner = std::array<double, Columns>;

  /// Throws std::invalid_argument for bounds that are not finite, or the high one below the low one.
  constexpr box(const corner& low, const corner& high) : low_{low}, high_{high} {
    for (std::size_t k = 0; k < Columns; ++k)
      if (!base::is_finite(low[k]) || !base::is_finite(high[k]) || !(low[k] <= high[k]))
        train::refusal::of_bounds(k, low[k], high[k]);
  }
  constexpr box(const double (&low)[Columns], const double (&high)[Columns])
      : box(std::to_array(low), std::to_array(high)) {}

  [[nodiscard]] constexpr const corner& low() const noexcept { return low_; }
  [[nodiscard]] constexpr const corner& high() const noexcept { return high_; }
  /// Length, area, volume ... of what is not flat in it.
  [[nodiscard]] constexpr double size() const noexcept {
    double product = 1;
    for (std::size_t k = 0; k < Columns; ++k) product *= is_flat(k) ? 1 : high_[k] - low_[k];
    return product;
  }

  /// Where a column has its low bound: `domain.low_face(1)` is where t is 0. Throws std::invalid_argument for a column
  /// that is not there, or flat.
  [[nodiscard]] constexpr box low_face(std::size_t column) const { return at(column, low_); }
  /// Where a column has its high bound.
  [[nodiscard]] constexpr box high_face(std::size_t column) const { return at(column, high_); }
  /// Both of them: the two walls.
  [[nodiscard]] fusegrad::faces<Columns> faces(std::size_t column) const {
    return fusegrad::faces<Columns>({low_face(column), high_face(column)});
  }
  /// All faces. Throws where the box is flat in all columns.
  [[nodiscard]] fusegrad::faces<Columns> boundary() const {
    std::vector<box> all;
    for (std::size_t k = 0; k < Columns; ++k)
      if (!is_flat(k)) all.push_back(low_face(k)), all.push_back(high_face(k));
    if (all.empty()) train::refusal::of_flat_face(0);
    return fusegrad::faces<Columns>(std::move(all));
  }

  /// Points that are drawn independently, anywhere with equal probability. Those of a smaller count are the first of a
  /// larger one's. Throws std::invalid_argument, here and below, for no points or too many.
  [[nodiscard]] std::vector<double> uniform(std::size_t count, std::uint64_t seed = 0) const {
    const base::random_stream stream = stream_of(seed);
    return filled(count, [&](std::size_t k) {
      return [numbers = stream.child(k)](std::size_t i) { return numbers.uniform(i); };
    });
  }
  /// Points of which each column, cut into as many equal parts as there are points, has one in each part.
  [[nodiscard]] std::vector<double> latin_hypercube(std::size_t count, std::uint64_t seed = 0) const {
    const base::random_stream stream = stream_of(seed);
    return filled(count, [&](std::size_t k) {
      std::vector<std::uint32_t> parts = base::numbers_to(count);
      base::shuffle(parts.data(), parts.size(), stream.child(k));
      return [parts = std::move(parts), count, within = stream.child(Columns + k)](std::size_t i) {
        return (parts[i] + within.uniform(i)) / static_cast<double>(count);
      };
    });
  }
  /// Points of Sobol's sequence, which leave no large gaps, moved by the seed (a digital shift). Counts that are powers
  /// of two are spread best. Varies in up to `train::sobol_columns` columns; std::invalid_argument beyond.
  [[nodiscard]] std::vector<double> sobol(std::size_t count, std::uint64_t seed = 0) const {
    const base::random_stream shifts = stream_of(seed);
    std::size_t varying = 0;
    for (std::size_t k = 0; k < Columns; ++k) varying += !is_flat(k);
    if (varying > train::sobol_columns) train::refusal::of_sobol_columns(varying);
    std::size_t next = 0;
    return filled(count, [&](std::size_t k) {
      return [column = train::sobol_column(next++), shift = shifts.bits(k)](std::size_t i) {
        // In the middle of its cell: never on a face.
        return (static_cast<double>(column[static_cast<std::uint32_t>(i)] ^ shift) + 0.5) * 0x1p-32;
      };
    });
  }
  /// Points in equal steps from bound to bound, so many along each column (1 where it is flat); the last column varies
  /// fastest.
  [[nodiscard]] std::vector<double> grid(const std::array<std::size_t, Columns>& counts) const {
    for (std::size_t k = 0; k < Columns; ++k)
      if (is_flat(k) ? counts[k] != 1 : counts[k] < 2) train::refusal::of_grid(k, counts[k], is_flat(k));
    std::size_t count = 1;
    for (const std::size_t n : counts) count = base::size_product("a grid", count, n);
    std::vector<double> rows(base::size_product("a grid", count, Columns));
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t k = Columns, rest = i; k-- > 0; rest /= counts[k]) {
        const double last = static_cast<double>(counts[k] > 1 ? counts[k] - 1 : 1);
        rows[i * Columns + k] = place(k, static_cast<double>(rest % counts[k]) / last);
      }
    return rows;
  }

private:
  [[nodiscard]] constexpr bool is_flat(std::size_t k) const noexcept { return low_[k] == high_[k]; }
  /// From 0 to 1 to the bounds, which are met exactly.
  [[nodiscard]] constexpr double place(std::size_t k, double share) const noexcept {
    const double x = (1 - share) * low_[k] + share * high_[k];
    return x < low_[k] ? low_[k] : x > high_[k] ? high_[k] : x;
  }
  [[nodiscard]] constexpr box at(std::size_t column, const corner& where) const {
    if (column >= Columns) train::refusal::of_box_column(column, Columns);
    if (is_flat(column)) train::refusal::of_flat_face(column);
    box face = *this;
    face.low_[column] = face.high_[column] = where[column];
    return face;
  }

  /// A face draws other numbers than its box, and than the other faces.
  [[nodiscard]] base::random_stream stream_of(std::uint64_t seed) const {
    base::random_stream stream(seed);
    for (std::size_t k = 0; k < Columns; ++k)
      if (is_flat(k)) stream = stream.child(k).child(std::bit_cast<std::uint64_t>(low_[k] + 0.0)); // of -0 as of 0
    return stream;
  }
  /// `numbers_of(k)` gives a function of the points' numbers for a column that varies.
  template <class NumbersOf> std::vector<double> filled(std::size_t count, NumbersOf numbers_of) const {
    if (count == 0 || count > 0xFFFFFFFF) train::refusal::of_point_count(count);
    std::vector<double> rows(base::size_product("a set of points", count, Columns));
    for (std::size_t k = 0; k < Columns; ++k) {
      if (is_flat(k)) {
        for (std::size_t i = 0; i < count; ++i) rows[i * Columns + k] = low_[k];
        continue;
      }
      const auto numbers = numbers_of(k);
      for (std::size_t i = 0; i < count; ++i) rows[i * Columns + k] = place(k, numbers(i));
    }
    return rows;
  }

  corner low_, high_;
};
template <std::size_t Columns> box(const double (&)[Columns], const double (&)[Columns]) -> box<Columns>;
template <std::size_t Columns>
box(const std::array<double, Columns>&, const std::array<double, Columns>&) -> box<Columns>;

/// Several faces of a box, among which points are shared out by their sizes: `domain.faces(0).uniform(80)` has 40
/// points on each of two walls.
template <std::size_t Columns> class faces {
public:
  explicit faces(std::vector<box<Columns>> of) : of_{std::move(of)} {}

  [[nodiscard]] std::vector<double> uniform(std::size_t count, std::uint64_t seed = 0) const {
    return shared(count, [&](const box<Columns>& face, std::size_t n) { return face.uniform(n, seed); });
  }
  [[nodiscard]] std::vector<double> latin_hypercube(std::size_t count, std::uint64_t seed = 0) const {
    return shared(count, [&](const box<Columns>& face, std::size_t n) { return face.latin_hypercube(n, seed); });
  }
  [[nodiscard]] std::vector<double> sobol(std::size_t count, std::uint64_t seed = 0) const {
    return shared(count, [&](const box<Columns>& face, std::size_t n) { return face.sobol(n, seed); });
  }

private:
  /// Face after face; the shares are rounded so that they add up.
  template <class Draw> std::vector<double> shared(std::size_t count, Draw draw) const {
    if (count == 0 || count > 0xFFFFFFFF) train::refusal::of_point_count(count);
    double whole = 0;
    for (const auto& face : of_) whole += face.size();
    std::vector<double> rows;
    double before = 0;
    std::size_t given = 0;
    for (const auto& face : of_) {
      before += face.size();
      const bool is_last = &face == &of_.back();
      const auto share = static_cast<std::size_t>(static_cast<double>(count) * (before / whole) + 0.5);
      const std::size_t until = is_last || share > count ? count : share;
      if (until == given) continue;
      const std::vector<double> own = draw(face, until - given);
      rows.insert(rows.end(), own.begin(), own.end());
      given = until;
    }
    return rows;
  }

  std::vector<box<Columns>> of_;
};

} // namespace fusegrad
