// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/function/lanes.hpp>
#include <fusegrad/function/row_program.hpp>
#include <fusegrad/function/row_sets.hpp>
#include <fusegrad/run/team.hpp>

// Passes over rows. They are cut into parts whose number depends on the rows alone, each part is summed in one order,
// and the parts are added pair by pair: so the bits do not depend on the number of threads.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

/// Rows, cut into parts; a part is some blocks of `block` rows, the last one what is left.
struct row_cut {
  std::size_t rows, block, part, parts;
  constexpr row_cut(std::size_t row_count, std::size_t rows_in_block, std::size_t most_parts) noexcept
      : rows{row_count}, block{rows_in_block}, part{0}, parts{0} {
    const std::size_t blocks = (rows + block - 1) / block, in_part = (blocks + most_parts - 1) / most_parts;
    part = (in_part == 0 ? 1 : in_part) * block;
    parts = (rows + part - 1) / part;
  }
  [[nodiscard]] constexpr std::size_t end_of(std::size_t number) const noexcept {
    return (number + 1) * part < rows ? (number + 1) * part : rows;
  }
};

inline constexpr std::size_t vectors_in_block = 32;
inline constexpr std::size_t most_parts = 64;
template <class Lanes>
inline constexpr std::size_t rows_in_block = vectors_in_block * static_cast<std::size_t>(Lanes::lanes);

/// How derivatives by the rows are written.
template <class T> struct row_output {
  T scale = 1;
  bool accumulate = false;
};

/// Writes the derivatives by the numbers of the rows: `from` holds those by the wanted columns, one behind the other.
template <class Lanes, class Rows>
FUSEGRAD_INLINE constexpr void store_gradients(const Rows& rows, const Lanes* from, std::size_t row, int count,
                                               row_output<typename Lanes::value_type> how) noexcept {
  rows.for_each([&](const auto& item, std::size_t) FUSEGRAD_INLINE {
    if constexpr (std::remove_cvref_t<decltype(item)>::is_wanted) {
      constexpr std::size_t width = std::remove_cvref_t<decltype(item)>::width;
      for (std::size_t i = 0; i < width; ++i) {
        Lanes value = from[i] * Lanes(how.scale);
        if constexpr (width == 1) {
          if (how.accumulate) value += load_first<Lanes>(item.gradient + row, count);
          store_first(value, item.gradient + row, count);
        } else {
          for (int lane = 0; lane < count; ++lane) {
            auto& to = item.gradient_at(row + static_cast<std::size_t>(lane), i);
            to = how.accumulate ? to + value[lane] : value[lane];
          }
        }
      }
      from += width;
    }
  });
}

/// Adds the sums so far to the total: what the last register adds is looked at alone, because its lanes without a row
/// hold what the function makes of zeros.
template <std::size_t Sums, class Lanes> FUSEGRAD_INLINE constexpr void set_aside(Lanes* sums, Lanes* total) noexcept {
  for (std::size_t i = 0; i < Sums; ++i) {
    total[i] += sums[i];
    sums[i] = Lanes(0);
  }
}

/// One block of rows: what is summed is added to `total`, a register for each sum; what is given for each row is
/// written as a gradient.
template <class Program, class Lanes, class Rows>
[[gnu::noinline]] constexpr void sum_block(const Rows& rows, std::size_t first, std::size_t count,
                                           const typename Lanes::value_type* uniform, Lanes* total,
                                           row_output<typename Lanes::value_type> how) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(Lanes::lanes);
  Lanes arguments[Program::varying + Program::uniform], results[Program::kept + 1], sums[Program::sums + 1];
  arguments[Rows::width] = Lanes(0);
  for (std::size_t i = 0; i < Program::uniform; ++i) arguments[Program::varying + i] = Lanes(uniform[i]);
  for_each_below<Program::sums>([&](std::size_t i) FUSEGRAD_INLINE { sums[i] = Lanes(0); });
  std::size_t row = first;
  if constexpr (Program::kept == 0 && !is_constant_lanes<Lanes> && is_one_chain<Program::body>) {
    Lanes others[Program::varying + Program::uniform];
    for (std::size_t i = 0; i < Program::varying + Program::uniform; ++i) others[i] = arguments[i];
    for (; row + 2 * lanes <= first + count; row += 2 * lanes) {
      rows.load(arguments, row, Lanes::lanes);
      rows.load(others, row + lanes, Lanes::lanes);
      add_lanes_of_two<Program::body>(arguments, others, sums);
    }
  }
  for (; row < first + count; row += lanes) {
    const std::size_t left = first + count - row;
    const int now = static_cast<int>(left < lanes ? left : lanes);
    rows.load(arguments, row, now);
    add_lanes<Program::body, Program::kept>(arguments, results, sums);
    if constexpr (Program::kept > 0) store_gradients(rows, results, row, now, how);
  }
  if (count < lanes) // lanes without a row hold what the function makes of zeros
    for_each_below<Program::sums>([&](std::size_t i)
                                      FUSEGRAD_INLINE { sums[i] = keep_first(sums[i], static_cast<int>(count)); });
  for_each_below<Program::sums>([&](std::size_t i) FUSEGRAD_INLINE { total[i] += sums[i]; });
}

/// The rows of one part, into `to`: a number for each sum.
template <class Program, class Lanes, class Rows>
constexpr void sum_part(const Rows& rows, const row_cut& cut, std::size_t part,
                        const typename Lanes::value_type* uniform, typename Lanes::value_type* to,
                        row_output<typename Lanes::value_type> how) noexcept {
  constexpr auto lanes = static_cast<std::size_t>(Lanes::lanes);
  Lanes total[Program::sums + 1];
  for (std::size_t i = 0; i < Program::sums; ++i) total[i] = Lanes(0);
  const std::size_t end = cut.end_of(part);
  for (std::size_t row = part * cut.part; row < end;) {
    const std::size_t left = end - row, whole = left / lanes * lanes;
    const std::size_t now = left >= cut.block ? cut.block : whole > 0 ? whole : left;
    sum_block<Program>(rows, row, now, uniform, total, how);
    row += now;
  }
  for (std::size_t i = 0; i < Program::sums; ++i) to[i] = sum_of_lanes(total[i]);
}

/// Adds the parts pair by pair, into the first.
template <class T> constexpr void add_parts(T* parts, std::size_t count, std::size_t size) noexcept {
  for (std::size_t apart = 1; apart < count; apart *= 2)
    for (std::size_t i = 0; i + apart < count; i += 2 * apart)
      for (std::size_t k = 0; k < size; ++k) parts[i * size + k] += parts[(i + apart) * size + k];
}

/// All rows: the sums are in `parts` afterwards, which has room for `cut.parts` of them.
template <class Program, class Lanes, class Rows>
constexpr void sum_rows(const Rows& rows, const row_cut& cut, const typename Lanes::value_type* uniform,
                        typename Lanes::value_type* parts, execution::team team,
                        row_output<typename Lanes::value_type> how) noexcept {
  if (cut.parts == 0)
    for (std::size_t i = 0; i < Program::sums; ++i) parts[i] = 0;
  team.run([&](const execution::member& me) {
    const auto mine = me.share(cut.parts);
    for (std::size_t part = mine.begin; part < mine.end; ++part)
      sum_part<Program, Lanes>(rows, cut, part, uniform, parts + part * Program::sums, how);
  });
  add_parts(parts, cut.parts, Program::sums);
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
