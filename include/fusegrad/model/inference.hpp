// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/model/errors.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fusegrad/base/overlap.hpp>
#include <fusegrad/base/size_product.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/math/flush_to_zero.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/run/by_columns.hpp>
#include <fusegrad/run/direct.hpp>
#include <fusegrad/run/rows.hpp>
#include <fusegrad/run/skip_zeros.hpp>
#include <fusegrad/run/slices.hpp>
#include <fusegrad/run/team.hpp>
#include <fusegrad/run/transposed_weights.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace fusegrad {

/// What an `inference` does with zeros that a layer reads: multiply with them, or for single samples not even read the
/// weights that belong to them.
struct multiplying_zeros {};
/// The other choice: not to read the weights that belong to zeros.
struct skipping_zeros {};
/// Asks for that: `fg::inference net{fg::skip_zeros, weights}`. Pays from weights of 8 KB on where a quarter of the
/// numbers are zero, as after ReLU; layers whose input cannot have zeros, or happens to have fewer, are computed as
/// ever. Sums are in another order, so last bits differ, and a weight that is infinite or NaN does not show where zero
/// would be multiplied with it.
inline constexpr skipping_zeros skip_zeros{};

/// Whose the weights are that an `inference` reads: its own; those of a trainer, which go on changing; or packed
/// numbers that the program holds, see embedded.hpp.
struct weights_of_its_own {};
/// The other choice: weights that stay where they are.
struct weights_of_another {};
/// The third: packed numbers that are a part of the program.
struct weights_of_the_program {};

/// Whether a model takes samples as this struct.
template <class Model, class Record>
concept is_record_of = std::is_same_v<Record, typename Model::input_type::record>;

inline namespace FUSEGRAD_ABI {

/// The weakest of the three strengths: weights and nothing else. Calls are `noexcept`, allocate nothing and may run on
/// many threads at once.
template <any_model Model, class T = float, class Zeros = multiplying_zeros, class Whose = weights_of_its_own>
class inference {
  static constexpr bool is_owner = std::is_same_v<Whose, weights_of_its_own>;
  static constexpr bool is_embedded = std::is_same_v<Whose, weights_of_the_program>;
  using compiled = plan::compiled<Model, plan::no_loss, plan::purpose::predict, T>;
  static constexpr std::size_t row_size = compiled::value.row_size;
  static constexpr std::size_t most_stack_bytes = 64 * 1024;
  static constexpr double operations_per_sample = execution::costs_of<T>(compiled::value).operations;
  static constexpr bool is_by_columns = execution::is_by_columns<T>(compiled::value);
  static constexpr execution::row_room workspace_room =
      execution::room_for_rows<T>(compiled::value, execution::samples_at_once<T>(compiled::value));

public:
  using number_type = T;
  static constexpr std::size_t input_size = Model::input_size();
  static constexpr std::size_t output_size = Model::output_size();
  /// True where a single sample is computed on the stack.
  static constexpr bool fits_stack = row_size * sizeof(T) <= most_stack_bytes;
  /// How many samples are computed together.
  static constexpr std::size_t samples_at_once = workspace_room.samples;

  /// The memory that `predict` works in; whoever calls it brings their own.
  class workspace {
  public:
    /// `threads` share the samples of a call; 0 takes as many as OpenMP offers and the work pays for. Results do not
    /// depend on it. Throws std::invalid_argument for fewer than none, std::length_error where that takes more memory
    /// than there can be.
    explicit workspace(int threads = 1)
        : team_{threads}, rows_(base::size_product("the workspaces of all threads",
                                                   static_cast<std::size_t>(team_.size()), rows_size)) {}

  private:
    friend inference;
    static constexpr std::size_t capacity = workspace_room.capacity;
    static constexpr std::size_t rows_size = row_size * capacity;
    execution::team team_;
    tensor::buffer<T> rows_;
  };

  /// Of weights that are somewhere else, and have to stay there: what they are when it is called counts. Nothing is
  /// copied; weights that would have to be turned around first are no longer those.
  explicit constexpr inference(const weights<Model, T>* w) noexcept
    requires std::is_same_v<Whose, weights_of_another>
      : weights_{w} {
    if constexpr (compiled::value.transposed_size != 0)
      static_cast<void>(sizeof(live_weights_are_turned_around<Model>));
  }
  explicit constexpr inference(weights<Model, T> w)
    requires std::is_same_v<Whose, weights_of_its_own>
      : weights_{std::move(w)} {
    turn_around();
  }
  /// Of packed numbers that stay where they are.
  explicit constexpr inference(const T* packed)
    requires std::is_same_v<Whose, weights_of_the_program>
      : weights_{packed} {
    turn_around();
  }
  constexpr inference(Model, weights<Model, T> w)
    requires std::is_same_v<Whose, weights_of_its_own>
      : inference{std::move(w)} {}
  constexpr inference(Zeros, weights<Model, T> w)
    requires std::is_same_v<Whose, weights_of_its_own>
      : inference{std::move(w)} {}

  /// One sample, in memory on the stack.
  [[nodiscard]] constexpr std::array<T, output_size> operator()(std::span<const T, input_size> sample) const noexcept
    requires fits_stack
  {
    alignas(tensor::alignment) T rows[row_size];
    std::array<T, output_size> out{};
    if (__builtin_is_constant_evaluated()) {
      for (T& x : rows) x = T{};
      run_rows<1>(rows, 1, sample.data(), out.data());
      return out;
    }
    if constexpr (compiled::value.has_borders)
      for (T& x : rows) x = T{};    // zeros around images
    const math::flush_to_zero mode; // as everywhere: one denormal number would cost as much as a hundred others
    math::opaque(this)->template run_rows<1>(rows, 1, math::opaque(sample.data()), out.data());
    math::opaque(out.data());
    return out;
  }

  /// One sample as the struct that the model takes; a struct, too, where it ends in one. See fusegrad/records.hpp.
  template <class Record>
    requires is_record_of<Model, Record> && fits_stack
  [[nodiscard]] constexpr auto operator()(const Record& sample) const noexcept {
    const auto numbers = Model::input_type::template numbers<T>(sample);
    return Model::input_type::template outputs<Model>((*this)(std::span<const T, input_size>(numbers)));
  }

  /// What is no sample is refused in words.
  template <class Sample>
    requires(!is_record_of<Model, Sample> &&
             (!fits_stack || !std::convertible_to<const Sample&, std::span<const T, input_size>>))
  std::array<T, output_size> operator()(const Sample&) const {
    if constexpr (!fits_stack)
      static_cast<void>(sizeof(sample_too_large_for_the_stack<diagnostics::got<row_size * sizeof(T)>,
                                                              diagnostics::needs<most_stack_bytes>>));
    else if constexpr (requires { std::tuple_size<Sample>::value; })
      static_cast<void>(
          sizeof(no_sample_of_this_model<diagnostics::got<std::tuple_size<Sample>::value>,
                                         diagnostics::needs<input_size>, typename Sample::value_type, T>));
    else
      static_cast<void>(sizeof(sample_of_unknown_size<Sample, diagnostics::needs<input_size>>));
    return {};
  }

  /// Any number of samples, one after the other, into `out` with room for output_size numbers for each. Sizes that do
  /// not agree end the program in words before anything is written: nothing is thrown here, and other memory is never
  /// touched. So does room that overlaps samples, but of a single one, or where outputs take exactly the places of
  /// their own samples.
  void predict(std::span<const T> samples, std::span<T> out, workspace& memory) const noexcept {
    const std::size_t count = samples.size() / input_size;
    if (samples.size() % input_size != 0 || out.size() < count * output_size) end_for_sizes(samples.size(), out.size());
    if (count > 1 && writes_over(samples, out.first(count * output_size))) end_for_overlap();
    if constexpr (is_by_columns)
      if (count == 1) { // as when it is asked for by itself
        const math::flush_to_zero mode;
        return run_rows<1>(memory.rows_.data(), 1, samples.data(), out.data());
      }
    threads(count, memory).run([&](const execution::member& who) {
      T* const workspace_rows = memory.rows_.data() + static_cast<std::size_t>(who.rank) * workspace::rows_size;
      const auto mine = who.share(count, is_by_columns ? static_cast<std::size_t>(math::native_lanes<T>) : 4);
      for (std::size_t first = mine.begin, rows = 0; first < mine.end; first += rows) {
        rows = rows_of_tile(mine.end - first);
        run_rows<workspace::capacity>(workspace_rows, rows, samples.data() + first * input_size,
                                      out.data() + first * output_size);
      }
    });
  }

  /// The threads that so many samples are shared among.
  [[nodiscard]] execution::team threads(std::size_t samples, const workspace& memory) const noexcept {
    return memory.team_.sized_for(static_cast<double>(samples) * operations_per_sample,
                                  execution::machine::operations_for_two_independent);
  }

  [[nodiscard]] constexpr const weights<Model, T>& parameters() const noexcept
    requires(!is_embedded)
  {
    if constexpr (is_owner)
      return weights_;
    else
      return *weights_;
  }

private:
  [[noreturn, gnu::cold]] static void end_for_sizes(std::size_t samples, std::size_t out) noexcept {
    std::fprintf(
        stderr,
        "fusegrad: inference takes %zu numbers a sample and gives %zu; %zu numbers in and room for %zu were given.\n",
        input_size, output_size, samples, out);
    std::abort();
  }

  [[noreturn, gnu::cold]] static void end_for_overlap() noexcept {
    std::fputs("fusegrad: outputs would be written over samples that are still to be read.\n", stderr);
    std::abort();
  }
  /// Whether outputs go over samples, and not each into the place of its own.
  static bool writes_over(std::span<const T> samples, std::span<const T> out) noexcept {
    return (samples.data() != out.data() || input_size != output_size) && base::overlap(samples, out);
  }

  [[nodiscard]] constexpr const T* packed() const noexcept {
    if constexpr (is_embedded)
      return weights_;
    else
      return parameters().packed().data();
  }
  constexpr void turn_around() {
    if constexpr (compiled::value.transposed_size != 0) {
      transposed_ = tensor::buffer<T>(compiled::value.transposed_size);
      execution::transpose_weights(compiled::value, packed(), transposed_.data(), execution::member{});
    }
  }

  /// Of so many samples that are left, about as many as in those that follow; never all but one, since kernels sum a
  /// single row in another order and where a thread's part ends must not show.
  static constexpr std::size_t rows_of_tile(std::size_t left) noexcept {
    if (left <= samples_at_once) return left;
    if (is_by_columns) return samples_at_once;
    const std::size_t tiles = (left + samples_at_once - 1) / samples_at_once;
    // Whole register tiles, but of large images, of which 4 are computed together.
    constexpr std::size_t grain = samples_at_once % 24 == 0 ? 24 : 4;
    const std::size_t rows = ((left + tiles - 1) / tiles + grain - 1) / grain * grain;
    if (left - rows != 1) return rows;
    return rows > 4 ? rows - 4 : rows - 1;
  }

  template <std::size_t Capacity>
  constexpr void run_rows(T* rows, std::size_t count, const T* samples, T* out) const noexcept {
    constexpr auto& program = compiled::value;
    const auto sample = [&](std::size_t i) FUSEGRAD_INLINE { return samples + i * input_size; };
    execution::pass_memory<T> memory;
    memory.workspace = rows;
    memory.capacity = Capacity;
    memory.parameters = packed();
    memory.transposed = transposed_.data();
    if constexpr (Capacity != 1 && is_by_columns) {
      execution::load_columns<compiled, program.inputs.size(), Capacity>(rows, 0, count, sample);
      execution::run_by_columns<compiled, Capacity>(memory, 0, count);
      return execution::store_columns<compiled, Capacity>(rows, count, out);
    }
    const T* given[execution::listed_rows(program, Capacity) + 1];
    memory.given = given;
    execution::load_rows<compiled, program.inputs.size()>(rows, given, Capacity, 0, count, count, sample);
    if constexpr (Capacity == 1 && std::is_same_v<Zeros, skipping_zeros>) {
      if (!__builtin_is_constant_evaluated()) {
        execution::run_single_skipping<compiled, 1>(memory);
        return execution::store_outputs<compiled>(rows, Capacity, count, out);
      }
    }
    if constexpr (execution::is_direct<T>(program)) {
      if constexpr (Capacity == 1)
        execution::run_single<compiled, 1>(memory, execution::row_numbers<compiled>{});
      else
        execution::run_direct<compiled, Capacity>(memory, count);
    } else {
      execution::run<compiled>(memory, count, false);
    }
    execution::store_outputs<compiled>(rows, Capacity, count, out);
  }

  std::conditional_t<is_owner, weights<Model, T>, std::conditional_t<is_embedded, const T*, const weights<Model, T>*>>
      weights_;
  tensor::buffer<T> transposed_; ///< of the weights that are read from there, see transposed_weights.hpp
};

/// Inference of `decltype(model)`, where `model` is a constant: that of the model, by another name.
template <any_model Model, class T, class Zeros, class Whose>
class inference<const Model, T, Zeros, Whose> : public inference<Model, T, Zeros, Whose> {
  using base = inference<Model, T, Zeros, Whose>;

public:
  using base::base;
  constexpr inference(const base& net) : base(net) {}
  constexpr inference(base&& net) noexcept : base(std::move(net)) {}
};

template <class Model, class T> inference(weights<Model, T>) -> inference<Model, T>;
template <class Model, class T> inference(weights<const Model, T>) -> inference<Model, T>;
template <class Model, class T> inference(Model, weights<const Model, T>) -> inference<Model, T>;
template <class Model, class T> inference(Model, weights<Model, T>) -> inference<Model, T>;
template <class Model, class T> inference(skipping_zeros, weights<Model, T>) -> inference<Model, T, skipping_zeros>;
template <class Model, class T>
inference(skipping_zeros, weights<const Model, T>) -> inference<Model, T, skipping_zeros>;

} // namespace FUSEGRAD_ABI

} // namespace fusegrad
