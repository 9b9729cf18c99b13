// SPDX-License-Identifier: MIT
#pragma once

#include "laws/draft_memory.hpp"
#include "laws/evaluate_node.hpp"
#include "laws/random_number.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fusegrad/plan/draft.hpp>
#include <limits>
#include <vector>

namespace fusegrad::test {

/// Runs a drafted program step by step over its real memory layout, in double precision and without kernels.
class draft_interpreter : public draft_memory {
public:
  double loss = 0;

  using draft_memory::draft_memory;

  void run(bool accumulate) {
    for (step_ = 0; step_ < d_.steps.size(); ++step_) {
      const execution::step& s = d_.steps[step_];
      check_reads(s);
      for (std::size_t k = 0; k < s.result_count; ++k) claim(s, k);
      for (std::size_t k = 0; s.what == kind::batch_sum && k < s.result_count; ++k)
        std::fill_n(in_common.begin() + static_cast<std::ptrdiff_t>(result(s, k).offset), s.columns, 0.0);
      const std::size_t samples = s.is_of_batch ? 1 : batch_;
      is_first_row_ = !accumulate && s.first_contribution;
      for (std::size_t sample = 0; sample < samples; ++sample) run_sample(s, sample);
      poison_what_was_read_last();
    }
  }

private:
  using kind = graph::kind;

  void run_sample(const execution::step& s, std::size_t sample) {
    const bool is_first = is_first_row_ && sample == 0;
    switch (s.what) {
    case kind::value_product: return value_product(s, sample);
    case kind::convolution: return convolution(s, sample);
    case kind::convolution_gradient: return convolution_gradient(s, sample, is_first);
    case kind::grouped_convolution: return grouped_convolution(s, sample);
    case kind::grouped_convolution_gradient: return grouped_convolution_gradient(s, sample, is_first);
    case kind::depthwise: return depthwise(s, sample);
    case kind::depthwise_gradient: return depthwise_gradient(s, sample, is_first);
    case kind::max_pool: return max_pool(s, sample);
    case kind::spread: return spread(s, sample);
    case kind::window_sum: return window_sum(s, sample);
    case kind::interpolation: return interpolation(s, sample);
    case kind::reshape: return reshape(s, sample);
    case kind::random: return random(s, sample);
    default: break; // row by row
    }
    for (std::size_t y = 0; y < s.image_rows; ++y)
      for (std::size_t x = 0; x < s.image_columns; ++x) run_row(s, {sample, y, x}, is_first && y == 0 && x == 0);
  }

  void run_row(const execution::step& s, const spot& at, bool is_first) {
    switch (s.what) {
    case kind::matrix_product: finish(s, at, product_of(s, at)); break;
    case kind::elementwise:
      for (std::size_t column = 0; column < s.columns; ++column) finish_number(s, at, column, nan);
      break;
    case kind::row_sum: out(s, 0, at, 0) = sum(s, at); break;
    case kind::softmax: softmax(s, at, false); break;
    case kind::log_softmax: softmax(s, at, true); break;
    case kind::softmax_cross_entropy: cross_entropy(s, at); break;
    case kind::split: split(s, at); break;
    case kind::concat: concat(s, at); break;
    case kind::repetition: repetition(s, at); break;
    case kind::position_sum:
      for (std::size_t column = 0; column < s.columns; ++column) {
        const std::vector<double> results = results_of(s, at, column);
        for (std::size_t k = 0; k < results.size(); ++k) {
          double& total = out(s, k, {at.sample, 0, 0}, column);
          total = (at.y == 0 && at.x == 0 ? 0 : total) + results[k];
        }
      }
      return clear_padding(s, {at.sample, 0, 0});
    case kind::weight_gradient:
      for (std::size_t i = 0; i < s.depth; ++i)
        for (std::size_t o = 0; o < s.columns; ++o)
          add(result(s, 0).offset + kernel::panel_index<double>(s.depth, s.columns, i, o), is_first,
              sum_of_pairs(s, at, i, o));
      return;
    case kind::column_sum:
      for (std::size_t k = 0; k < s.columns; ++k) add(result(s, 0).offset + k, is_first, in(s, 0, at, k));
      return;
    case kind::total_sum: return add(result(s, 0).offset, is_first, sum(s, at));
    case kind::loss_term: loss += sum(s, at) * uniforms[static_cast<std::size_t>(s.weight)]; return;
    case kind::batch_sum: return batch_sum(s, at);
    case kind::observe: return;
    default: fail("an operation that no kernel runs");
    }
    clear_padding(s, at);
  }

  void clear_padding(const execution::step& s, const spot& at) {
    for (std::size_t k = 0; k < s.result_count; ++k)
      for (std::size_t i = result(s, k).width;
           result(s, k).where == execution::memory::rows && i < kernel::padded<double>(result(s, k).width); ++i)
        out(s, k, at, i) = 0;
  }

  void batch_sum(const execution::step& s, const spot& at) {
    for (std::size_t column = 0; column < s.columns; ++column) {
      const std::vector<double> results = results_of(s, at, column);
      for (std::size_t k = 0; k < results.size(); ++k)
        out(s, k, at, column) += results[k] * uniforms[static_cast<std::size_t>(s.weight)];
    }
  }

  void add(std::size_t place, bool overwrite, double value) {
    gradients.at(place) = (overwrite ? 0 : gradients.at(place)) + value;
  }

  double sum_of_pairs(const execution::step& s, const spot& at, std::size_t i, std::size_t o) {
    double sum = 0;
    for (std::size_t k = 0; k < s.argument_count; k += 2) sum += in(s, k, at, i) * in(s, k + 1, at, o);
    return sum;
  }
  double other_product(const execution::step& s, const execution::argument& left, const spot& at, std::size_t column) {
    const std::vector<double>& w = s.transposed ? transposed : parameters;
    double sum = 0;
    for (std::size_t k = 0; k < s.depth; ++k)
      sum += number_at(left, at, k) * w.at(s.parameter_offset + place_of_weight(s, k, column));
    return sum;
  }
  std::vector<double> product_of(const execution::step& s, const spot& at) {
    std::vector<double> product(s.columns, 0);
    const std::vector<double>& w = s.transposed ? transposed : parameters;
    for (std::size_t column = 0; column < s.columns; ++column)
      for (std::size_t k = 0; k < s.depth; ++k)
        product[column] += number_at(s.left, at, k) * w.at(s.parameter_offset + place_of_weight(s, k, column));
    return product;
  }
  /// The epilogue of a product.
  void finish(const execution::step& s, const spot& at, const std::vector<double>& product) {
    for (std::size_t column = 0; column < s.columns; ++column) finish_number(s, at, column, product[column]);
  }
  std::vector<double> results_of(const execution::step& s, const spot& at, std::size_t column, double product = nan) {
    std::vector<double> arguments;
    for (std::size_t k = 0; k < s.argument_count; ++k)
      arguments.push_back(argument(s, k).how == kernel::access::factor ? other_product(s, argument(s, k), at, column)
                                                                       : number(argument(s, k), at, column, product));
    const auto results = evaluate_plainly(d_.expressions[s.expression], arguments);
    if (results.size() + (s.keeps_places ? 1 : 0) != s.result_count)
      fail("another number of results than the expression has");
    return results;
  }
  void finish_number(const execution::step& s, const spot& at, std::size_t column, double product) {
    const std::vector<double> results = results_of(s, at, column, product);
    for (std::size_t k = 0; k < results.size(); ++k) out(s, k, at, column) = results[k];
  }

  void value_product(const execution::step& s, std::size_t sample) {
    using enum tensor::transposed_factor;
    for (std::size_t m = 0; m < s.image_rows; ++m)
      for (std::size_t i = 0; i < s.image_columns; ++i)
        for (std::size_t column = 0; column < s.columns; ++column) {
          double product = 0;
          for (std::size_t k = 0; k < s.depth; ++k) {
            const bool turns_left = s.turned == left_one, turns_right = s.turned == right_one;
            product += number_at(s.left, {sample, m, turns_left ? k : i}, turns_left ? i : k) *
                       number_at(s.right, {sample, m, turns_right ? column : k}, turns_right ? k : column);
          }
          finish_number(s, {sample, m, i}, column, product);
        }
    const bool are_stacked = result(s, 0).width == s.columns;
    for (std::size_t m = 0; m < (are_stacked ? s.image_rows : 1); ++m)
      for (std::size_t i = 0; i < s.image_columns; ++i) clear_padding(s, {sample, m, i});
  }

  static std::size_t place_of_weight(const execution::step& s, std::size_t k, std::size_t column) {
    return s.is_narrow ? kernel::panel_index<double>(s.columns, s.depth, column, k)
                       : kernel::panel_index<double>(s.depth, s.columns, k, column);
  }

  /// Calls `use(left number, row of the right side)` for all that a pattern sees from a position.
  template <class Use>
  void each_seen(const kernel::window_pattern& p, const execution::argument& left, const spot& at, Use use) {
    const auto begin = static_cast<std::ptrdiff_t>(left.offset * batch_ + left.first + at.sample * left.sample_step) +
                       p.first + static_cast<std::ptrdiff_t>(at.y * p.row_step + at.x * p.column_step);
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(p.tap_rows); ++i)
      for (std::ptrdiff_t j = 0; j < static_cast<std::ptrdiff_t>(p.tap_columns); ++j)
        for (std::size_t k = 0; k < p.channels; ++k)
          use(workspace.at(static_cast<std::size_t>(begin + i * p.tap_row_step + j * p.tap_column_step) + k),
              p.channels * (p.first_tap + static_cast<std::size_t>(i) * p.tap_row_distance +
                            static_cast<std::size_t>(j) * p.tap_column_distance) +
                  k);
  }

  /// The gradient of an image from the numbers of a pool, by the window alone.
  void sparse_input_gradient(const execution::step& s, std::size_t sample) {
    const tensor::image_window& w = d_.windows[s.window];
    const std::size_t made = s.depth / w.seen.taps();
    std::vector<double> sums(std::size_t{w.image_rows} * w.image_columns * s.columns, 0);
    each_tap(s, sample, [&](const spot& position, const spot& at, std::size_t tap) {
      for (std::size_t o = 0; o < made; ++o) {
        const double dy = spread_number(s, s.left, position, o);
        for (std::size_t k = 0; k < s.columns; ++k)
          sums[(at.y * w.image_columns + at.x) * s.columns + k] +=
              dy *
              transposed.at(s.parameter_offset + kernel::panel_index<double>(s.depth, s.columns, tap * made + o, k));
      }
    });
    for (std::size_t y = 0; y < w.image_rows; ++y)
      for (std::size_t x = 0; x < w.image_columns; ++x) {
        const auto begin = sums.begin() + static_cast<std::ptrdiff_t>((y * w.image_columns + x) * s.columns);
        finish(s, {sample, y, x}, {begin, begin + static_cast<std::ptrdiff_t>(s.columns)});
        clear_padding(s, {sample, y, x});
      }
  }
  void convolution(const execution::step& s, std::size_t sample) {
    if (s.reads_places) return sparse_input_gradient(s, sample);
    const std::vector<double>& w = s.transposed ? transposed : parameters;
    for (std::size_t n = 0; n < s.pattern_count; ++n) {
      const kernel::window_pattern& p = d_.patterns[s.patterns_begin + n];
      for (std::size_t y = 0; y < p.rows; y += s.pool.rows)
        for (std::size_t x = 0; x < p.columns; x += s.pool.columns) {
          std::vector<double> largest(s.columns, 0), places(s.columns, 0);
          for (std::size_t i = 0; i < std::size_t{s.pool.rows} * s.pool.columns; ++i)
            for (std::size_t column = 0; column < s.columns; ++column) {
              double product = 0;
              each_seen(p, s.left, {sample, y + i / s.pool.columns, x + i % s.pool.columns},
                        [&](double left, std::size_t row) {
                          product += left * w.at(s.parameter_offset +
                                                 kernel::panel_index<double>(s.depth, s.columns, row, column));
                        });
              if (i != 0 && !(product > largest[column])) continue;
              largest[column] = product;
              places[column] = static_cast<double>(i);
            }
          const spot at{sample, p.made_row + y / s.pool.rows * p.made_row_step,
                        p.made_column + x / s.pool.columns * p.made_column_step};
          finish(s, at, largest);
          if (s.keeps_places)
            for (std::size_t column = 0; column < s.columns; ++column)
              out(s, s.result_count - std::size_t{1}, at, column) = places[column];
          clear_padding(s, at);
        }
    }
  }
  void convolution_gradient(const execution::step& s, std::size_t sample, bool is_first) {
    const kernel::window_pattern& p = d_.patterns[s.patterns_begin];
    for (std::size_t y = 0; y < p.rows; ++y)
      for (std::size_t x = 0; x < p.columns; ++x)
        for (std::size_t o = 0; o < s.columns; ++o) {
          const double dy =
              s.reads_places ? spread_number(s, argument(s, 1), {sample, y, x}, o) : in(s, 1, {sample, y, x}, o);
          each_seen(p, argument(s, 0), {sample, y, x}, [&](double left, std::size_t row) {
            add(result(s, 0).offset + kernel::panel_index<double>(s.depth, s.columns, row, o),
                is_first && y == 0 && x == 0, left * dy);
          });
        }
  }
  /// The weights of groups lie behind each other, each in panels.
  static std::size_t place_in_groups(const execution::step& s, std::size_t group, std::size_t columns, std::size_t row,
                                     std::size_t column) {
    return group * s.depth * kernel::padded<double>(columns) +
           kernel::panel_index<double>(s.depth, columns, row, column);
  }
  void grouped_convolution(const execution::step& s, std::size_t sample) {
    const std::vector<double>& w = s.transposed ? transposed : parameters;
    const std::size_t columns = s.columns / s.groups;
    for (std::size_t n = 0; n < s.pattern_count; ++n) {
      const kernel::window_pattern& p = d_.patterns[s.patterns_begin + n];
      for (std::size_t y = 0; y < p.rows; ++y)
        for (std::size_t x = 0; x < p.columns; ++x) {
          std::vector<double> product(s.columns, 0);
          for (std::size_t o = 0; o < s.columns; ++o) {
            execution::argument left = s.left;
            left.first += static_cast<std::uint32_t>(o / columns * p.channels);
            each_seen(p, left, {sample, y, x}, [&](double number, std::size_t row) {
              product[o] +=
                  number * w.at(s.parameter_offset + place_in_groups(s, o / columns, columns, row, o % columns));
            });
          }
          const spot at{sample, p.made_row + y * p.made_row_step, p.made_column + x * p.made_column_step};
          finish(s, at, product);
          clear_padding(s, at);
        }
    }
  }
  void grouped_convolution_gradient(const execution::step& s, std::size_t sample, bool is_first) {
    const kernel::window_pattern& p = d_.patterns[s.patterns_begin];
    for (std::size_t y = 0; y < p.rows; ++y)
      for (std::size_t x = 0; x < p.columns; ++x)
        for (std::size_t o = 0; o < s.groups * s.columns; ++o) {
          execution::argument left = argument(s, 0);
          left.first += static_cast<std::uint32_t>(o / s.columns * p.channels);
          each_seen(p, left, {sample, y, x}, [&](double number, std::size_t row) {
            add(result(s, 0).offset + place_in_groups(s, o / s.columns, s.columns, row, o % s.columns),
                is_first && y == 0 && x == 0, number * in(s, 1, {sample, y, x}, o));
          });
        }
  }
  /// The number of a position that a pool hands back: zero where another of its window was the largest.
  double spread_number(const execution::step& s, const execution::argument& numbers, const spot& at,
                       std::size_t column) {
    const spot window{at.sample, at.y / s.pool.rows, at.x / s.pool.columns};
    const std::size_t place = at.y % s.pool.rows * s.pool.columns + at.x % s.pool.columns;
    return number_at(s.places, window, column) == static_cast<double>(place) ? number_at(numbers, window, column) : 0;
  }

  /// Calls `use(address of a tap's row, its number)` for all that a pattern sees from a position.
  template <class Use> static void each_tap_row(const kernel::window_pattern& p, const spot& at, Use use) {
    const std::ptrdiff_t begin = p.first + static_cast<std::ptrdiff_t>(at.y * p.row_step + at.x * p.column_step);
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(p.tap_rows); ++i)
      for (std::ptrdiff_t j = 0; j < static_cast<std::ptrdiff_t>(p.tap_columns); ++j)
        use(begin + i * p.tap_row_step + j * p.tap_column_step,
            p.first_tap + static_cast<std::size_t>(i) * p.tap_row_distance +
                static_cast<std::size_t>(j) * p.tap_column_distance);
  }
  double& seen(const execution::argument& image, std::size_t sample, std::ptrdiff_t distance, std::size_t column) {
    return workspace.at(
        static_cast<std::size_t>(
            static_cast<std::ptrdiff_t>(image.offset * batch_ + image.first + sample * image.sample_step) + distance) +
        column);
  }
  void depthwise(const execution::step& s, std::size_t sample) {
    for (std::size_t n = 0; n < s.pattern_count; ++n) {
      const kernel::window_pattern& p = d_.patterns[s.patterns_begin + n];
      for (std::size_t y = 0; y < p.rows; ++y)
        for (std::size_t x = 0; x < p.columns; ++x) {
          std::vector<double> product(s.columns, 0);
          each_tap_row(p, {sample, y, x}, [&](std::ptrdiff_t distance, std::size_t tap) {
            for (std::size_t k = 0; k < s.columns; ++k)
              product[k] += seen(s.left, sample, distance, k) *
                            parameters.at(s.parameter_offset + kernel::panel_index<double>(s.depth, s.columns, tap, k));
          });
          const spot at{sample, p.made_row + y * p.made_row_step, p.made_column + x * p.made_column_step};
          finish(s, at, product);
          clear_padding(s, at);
        }
    }
  }
  void depthwise_gradient(const execution::step& s, std::size_t sample, bool is_first) {
    const kernel::window_pattern& p = d_.patterns[s.patterns_begin];
    for (std::size_t y = 0; y < p.rows; ++y)
      for (std::size_t x = 0; x < p.columns; ++x)
        each_tap_row(p, {sample, y, x}, [&](std::ptrdiff_t distance, std::size_t tap) {
          for (std::size_t k = 0; k < s.columns; ++k)
            add(result(s, 0).offset + kernel::panel_index<double>(s.depth, s.columns, tap, k),
                is_first && y == 0 && x == 0, seen(argument(s, 0), sample, distance, k) * in(s, 1, {sample, y, x}, k));
        });
  }

  /// Calls `use(position, at, tap)` for all that a window sees.
  template <class Use> void each_tap(const execution::step& s, std::size_t sample, Use use) {
    const tensor::image_window& w = d_.windows[s.window];
    for (std::size_t y = 0; y < w.made_rows; ++y)
      for (std::size_t x = 0; x < w.made_columns; ++x)
        for (std::size_t i = 0; i < w.seen.rows.size; ++i)
          for (std::size_t j = 0; j < w.seen.columns.size; ++j) {
            const auto at_y = static_cast<std::ptrdiff_t>(y * w.seen.rows.stride + i * w.seen.rows.dilation) -
                              w.seen.rows.before,
                       at_x = static_cast<std::ptrdiff_t>(x * w.seen.columns.stride + j * w.seen.columns.dilation) -
                              w.seen.columns.before;
            if (at_y < 0 || at_y >= static_cast<std::ptrdiff_t>(w.image_rows)) continue;
            if (at_x < 0 || at_x >= static_cast<std::ptrdiff_t>(w.image_columns)) continue;
            use(spot{sample, y, x}, spot{sample, static_cast<std::size_t>(at_y), static_cast<std::size_t>(at_x)},
                i * w.seen.columns.size + j);
          }
  }
  /// Sets all rows of a result to zero, as so many rows and columns of positions.
  void clear(const execution::step& s, std::size_t k, std::size_t sample, std::size_t rows, std::size_t columns) {
    for (std::size_t y = 0; y < rows; ++y)
      for (std::size_t x = 0; x < columns; ++x)
        for (std::size_t i = 0; i < kernel::padded<double>(s.columns); ++i) out(s, k, {sample, y, x}, i) = 0;
  }
  void max_pool(const execution::step& s, std::size_t sample) {
    const tensor::image_window& w = d_.windows[s.window];
    for (std::size_t k : {std::size_t{0}, std::size_t{1}}) clear(s, k, sample, w.made_rows, w.made_columns);
    std::vector<char> seen(std::size_t{w.made_rows} * w.made_columns * s.columns, 0);
    each_tap(s, sample, [&](const spot& position, const spot& at, std::size_t tap) {
      for (std::size_t k = 0; k < s.columns; ++k) {
        char& known = seen[(position.y * w.made_columns + position.x) * s.columns + k];
        if (known != 0 && !(in(s, 0, at, k) > out(s, 0, position, k))) continue;
        known = 1;
        out(s, 0, position, k) = in(s, 0, at, k);
        out(s, 1, position, k) = static_cast<double>(tap);
      }
    });
  }
  void spread(const execution::step& s, std::size_t sample) {
    const tensor::image_window& w = d_.windows[s.window];
    clear(s, 0, sample, w.image_rows, w.image_columns);
    each_tap(s, sample, [&](const spot& position, const spot& at, std::size_t tap) {
      for (std::size_t k = 0; k < s.columns; ++k)
        if (in(s, 1, position, k) == static_cast<double>(tap)) out(s, 0, at, k) += in(s, 0, position, k);
    });
  }
  void window_sum(const execution::step& s, std::size_t sample) {
    const tensor::image_window& w = d_.windows[s.window];
    clear(s, 0, sample, s.transposed ? w.image_rows : w.made_rows, s.transposed ? w.image_columns : w.made_columns);
    each_tap(s, sample, [&](const spot& position, const spot& at, std::size_t) {
      for (std::size_t k = 0; k < s.columns; ++k)
        out(s, 0, s.transposed ? at : position, k) += in(s, 0, s.transposed ? position : at, k);
    });
  }
  /// How much of a position's number is in a place of a line; linear between the middles of windows.
  static double share_of(std::size_t position, std::size_t place, std::size_t size, std::size_t positions) {
    const double middle = (static_cast<double>(place) + 0.5) / static_cast<double>(size) - 0.5;
    const double at = std::clamp(middle, 0.0, static_cast<double>(positions - 1));
    return std::max(0.0, 1 - std::abs(at - static_cast<double>(position)));
  }
  void interpolation(const execution::step& s, std::size_t sample) {
    const tensor::image_window& w = d_.windows[s.window];
    clear(s, 0, sample, s.transposed ? w.image_rows : w.made_rows, s.transposed ? w.image_columns : w.made_columns);
    for (std::size_t y = 0; y < w.image_rows; ++y)
      for (std::size_t x = 0; x < w.image_columns; ++x)
        for (std::size_t i = 0; i < w.made_rows; ++i)
          for (std::size_t j = 0; j < w.made_columns; ++j) {
            const double share =
                share_of(i, y, w.seen.rows.size, w.made_rows) * share_of(j, x, w.seen.columns.size, w.made_columns);
            const spot image{sample, y, x}, position{sample, i, j};
            for (std::size_t k = 0; k < s.columns; ++k)
              out(s, 0, s.transposed ? image : position, k) += share * in(s, 0, s.transposed ? position : image, k);
          }
  }
  void reshape(const execution::step& s, std::size_t sample) {
    const tensor::image_window& w = d_.windows[s.window];
    std::vector<double> numbers;
    for (std::size_t y = 0; y < w.image_rows; ++y)
      for (std::size_t x = 0; x < w.image_columns; ++x)
        for (std::size_t k = 0; k < argument(s, 0).width; ++k) numbers.push_back(in(s, 0, {sample, y, x}, k));
    std::size_t next = 0;
    for (std::size_t y = 0; y < w.made_rows; ++y)
      for (std::size_t x = 0; x < w.made_columns; ++x) {
        for (std::size_t k = 0; k < result(s, 0).width; ++k) out(s, 0, {sample, y, x}, k) = numbers.at(next++);
        for (std::size_t k = result(s, 0).width; k < result(s, 0).stride; ++k) out(s, 0, {sample, y, x}, k) = 0;
      }
  }
  void random(const execution::step& s, std::size_t sample) {
    std::size_t next = 0;
    for (std::size_t y = 0; y < s.image_rows; ++y)
      for (std::size_t x = 0; x < s.image_columns; ++x) {
        for (std::size_t k = 0; k < s.columns; ++k)
          out(s, 0, {sample, y, x}, k) = random_number(s.slot, sample, next++);
        clear_padding(s, {sample, y, x});
      }
  }

  double sum(const execution::step& s, const spot& at) {
    double total = 0;
    for (std::size_t k = 0; k < argument(s, 0).width; ++k) total += in(s, 0, at, k);
    return total;
  }

  /// How many columns of a row a softmax sees.
  static std::size_t seen_by(const execution::step& s, const spot& at) {
    return s.causal_rows == 0 ? s.columns : std::min<std::size_t>(s.columns, at.x % s.causal_rows + 1);
  }
  double largest(const execution::step& s, const spot& at) {
    double x = in(s, 0, at, 0);
    for (std::size_t k = 1; k < seen_by(s, at); ++k) x = std::max(x, in(s, 0, at, k));
    return x;
  }
  void softmax(const execution::step& s, const spot& at, bool logarithm) {
    const double top = largest(s, at);
    double total = 0;
    for (std::size_t k = 0; k < s.columns; ++k) out(s, 0, at, k) = 0;
    for (std::size_t k = 0; k < seen_by(s, at); ++k) total += std::exp(in(s, 0, at, k) - top);
    for (std::size_t k = 0; k < seen_by(s, at); ++k) {
      const double x = in(s, 0, at, k) - top;
      out(s, 0, at, k) = logarithm ? x - std::log(total) : std::exp(x) / total;
    }
  }
  void cross_entropy(const execution::step& s, const spot& at) {
    const double top = largest(s, at);
    double total = 0, targets = 0, row_loss = 0;
    for (std::size_t k = 0; k < s.columns; ++k) total += std::exp(in(s, 0, at, k) - top);
    for (std::size_t k = 0; k < s.columns; ++k) {
      const double x = in(s, 0, at, k) - top;
      out(s, 0, at, k) = std::exp(x) / total;
      targets += in(s, 1, at, k);
      row_loss -= in(s, 1, at, k) * (x - std::log(total));
    }
    out(s, 1, at, 0) = targets;
    out(s, 2, at, 0) = row_loss;
  }

  void split(const execution::step& s, const spot& at) {
    std::size_t from = 0;
    for (std::size_t k = 0; k < s.result_count; ++k)
      for (std::size_t i = 0; i < result(s, k).width; ++i) out(s, k, at, i) = in(s, 0, at, from++);
  }
  void concat(const execution::step& s, const spot& at) {
    std::size_t to = 0;
    for (std::size_t k = 0; k < s.argument_count; ++k)
      for (std::size_t i = 0; i < argument(s, k).width; ++i) out(s, 0, at, to++) = in(s, k, at, i);
  }

  void repetition(const execution::step& s, const spot& at) {
    const std::size_t from = argument(s, 0).width, to = result(s, 0).width;
    for (std::size_t k = 0; k < to; ++k) out(s, 0, at, k) = s.transposed ? 0 : in(s, 0, at, k * from / to);
    for (std::size_t k = 0; k < from && s.transposed; ++k) out(s, 0, at, k * to / from) += in(s, 0, at, k);
  }

  bool is_first_row_ = false;
};

} // namespace fusegrad::test
