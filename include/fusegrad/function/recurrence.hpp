// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/function/call_of_rows.hpp>
#include <fusegrad/function/row_program.hpp>
#include <fusegrad/function/row_sets.hpp>
#include <tuple>
#include <type_traits>

// A step that is done again and again, forwards and backwards.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

/// Steps that are given nothing of their own.
struct counted_steps {
  std::size_t length;
  static constexpr std::size_t width = 0;
  template <class T> static constexpr void read(T*, std::size_t) noexcept {}
  template <class F> static constexpr void for_each(F&&) noexcept {}
};

namespace detail {
template <class Step, class State, class Inputs, class... Shared> struct recipe_of_step;
template <class Step, class State, class... Shared> struct recipe_of_step<Step, State, counted_steps, Shared...> {
  using type = shaped_recipe<Step, shape_of<State>, shape_of<Shared>...>;
  static constexpr std::size_t inputs = 0;
  static constexpr std::uint64_t wanted = 0;
};
template <class Step, class State, class... Item, class... Shared>
struct recipe_of_step<Step, State, row_set<Item...>, Shared...> {
  using type = shaped_recipe<Step, shape_of<State>, typename Item::shape..., shape_of<Shared>...>;
  static constexpr std::size_t inputs = sizeof...(Item);
  static constexpr std::uint64_t wanted = wanted_columns<row_set<Item...>>::bits();
};

template <class State> struct number_of_state {
  using type = std::remove_cvref_t<State>;
};
template <class Item, std::size_t Count> struct number_of_state<std::array<Item, Count>> : number_of_state<Item> {};
template <class A> struct number_of_state<constant_argument<A>> : number_of_state<A> {};
} // namespace detail

/// The passes over the steps. States are kept in the order of the steps, the first one included; the sums of a gradient
/// are added up segment by segment, whether states are kept or computed again.
template <class Step, class State, class Inputs, class... Shared> struct recurrence {
  using T = typename detail::number_of_state<State>::type;
  using facts = detail::recipe_of_step<Step, State, Inputs, Shared...>;
  using recipe = typename facts::type;
  static constexpr std::size_t size = shape_of<State>::count;
  static constexpr std::size_t numbers = recipe::count + record_of<recipe>.leaf_count;
  static constexpr std::uint64_t by =
      1 | facts::wanted << 1 | detail::wanted_shared<Shared...>() << (1 + facts::inputs);
  static constexpr row_request request(bool backward) {
    row_request want{.row_numbers = static_cast<int>(size + Inputs::width),
                     .row_arguments = static_cast<int>(1 + facts::inputs)};
    want.values = want.kept_values = !backward;
    want.differentiated = want.seeded = backward;
    want.by = backward ? by : 0;
    return want;
  }
  using forward = row_program<recipe, request(false)>;
  template <class> struct lazily {
    using type = row_program<recipe, request(true)>;
  };

  /// What is the same for all steps: the numbers of the shared arguments and named parameters, each in its place.
  static constexpr void flatten(T* to, const Shared&... shared) noexcept {
    to += size + Inputs::width;
    ((shape_of<Shared>::flatten(detail::plain_argument(shared), to), to += shape_of<Shared>::count), ...);
    for (std::size_t i = 0; i < record_of<recipe>.leaf_count; ++i)
      to[i] = static_cast<T>(record_of<recipe>.leaves[i].initial);
  }

  /// Steps `first` to `end`, from `state`, which becomes the last one. Each state is written to `kept` before its step
  /// if there is room, or behind it if `after`.
  template <bool Keep, bool After>
  [[gnu::noinline]] static constexpr void run_forward(const Inputs& inputs, std::size_t first, std::size_t end,
                                                      const T* uniform, T* state, T* kept) noexcept {
    T arguments[forward::varying + forward::uniform + 1]{}, next[size]{};
    for (std::size_t i = 0; i < size; ++i) arguments[i] = state[i];
    for (std::size_t i = 0; i < forward::uniform; ++i) arguments[forward::varying + i] = uniform[i];
    for (std::size_t step = first; step < end; ++step) {
      if constexpr (Keep && !After)
        for (std::size_t i = 0; i < size; ++i) kept[(step - first) * size + i] = arguments[i];
      inputs.read(arguments + size, step);
      expr::evaluate<forward::body>(arguments, next);
      for (std::size_t i = 0; i < size; ++i) arguments[i] = next[i];
      if constexpr (Keep && After)
        for (std::size_t i = 0; i < size; ++i) kept[(step - first) * size + i] = arguments[i];
    }
    for (std::size_t i = 0; i < size; ++i) state[i] = arguments[i];
  }

  /// The same steps backwards: `adjoint` is the derivative by the state behind them and becomes that by the one before.
  /// `kept` holds the state before each step, `seeds`, where there are any, the derivatives by the state behind each.
  template <class Backward>
  [[gnu::noinline]] static constexpr void run_backward(const Inputs& inputs, std::size_t first, std::size_t end,
                                                       const T* uniform, const T* kept, const T* seeds, T* adjoint,
                                                       T* sums) noexcept {
    T arguments[Backward::varying + Backward::uniform + 1]{}, found[Backward::body.result_count + 1]{},
        total[Backward::sums + 1]{};
    T* const behind = arguments + size + Inputs::width;
    for (std::size_t i = 0; i < size; ++i) behind[i] = adjoint[i];
    for (std::size_t i = 0; i < Backward::uniform; ++i) arguments[Backward::varying + i] = uniform[i];
    for (std::size_t step = end; step-- > first;) {
      for (std::size_t i = 0; i < size; ++i) arguments[i] = kept[(step - first) * size + i];
      if (seeds != nullptr)
        for (std::size_t i = 0; i < size; ++i) behind[i] += seeds[(step - first) * size + i];
      inputs.read(arguments + size, step);
      expr::evaluate<Backward::body>(arguments, found);
      for (std::size_t i = 0; i < size; ++i) behind[i] = found[i];
      const T* next = found + size;
      inputs.for_each([&](const auto& item, std::size_t) {
        if constexpr (std::remove_cvref_t<decltype(item)>::is_wanted)
          for (std::size_t i = 0; i < item.width; ++i) item.gradient_at(step, i) = *next++;
      });
      for (std::size_t i = 0; i < Backward::sums; ++i) total[i] += found[Backward::kept + i];
    }
    for (std::size_t i = 0; i < size; ++i) adjoint[i] = behind[i];
    for (std::size_t i = 0; i < Backward::sums; ++i) sums[i] += total[i];
  }
};

/// About the square root: so many steps are a segment.
constexpr std::size_t segment_of(std::size_t steps) noexcept {
  std::size_t length = 1;
  while (length * length < steps) length = length < 16 ? length + 1 : length + length / 16;
  return length;
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
