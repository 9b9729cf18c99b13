// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/raise.hpp>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/observation.hpp>
#include <fusegrad/plan/draft.hpp>
#include <fusegrad/plan/emit_loss.hpp>
#include <fusegrad/plan/fault_of_model.hpp>
#include <fusegrad/plan/freeze.hpp>
#include <fusegrad/run/program.hpp>
#include <fusegrad/start/gain.hpp>
#include <limits>
#include <type_traits>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// What a program is for: nothing but to hold parameters, which takes no steps; outputs only; outputs and loss;
/// outputs, loss and the gradients of all parameters; those, and sums that tell how the run is doing; or outputs of
/// which dropout hides a part.
enum class purpose : std::uint8_t { hold, predict, evaluate, train, observe, sample };

/// What a graph for a purpose is made for.
constexpr graph::emission emission_for(purpose what) {
  return {what == purpose::train || what == purpose::observe, what == purpose::observe, false, what == purpose::sample};
}

/// Stands for a loss where there is none.
struct no_loss {};

namespace detail {

constexpr void drop_loss_terms(graph::graph& g) {
  growing<graph::operation> kept;
  for (const graph::operation& op : g.operations)
    if (graph::facts_of(op).into != graph::sum_into::loss) kept.push_back(op);
  g.operations = kept;
}

inline constexpr std::size_t most_places = std::numeric_limits<std::uint32_t>::max();
template <std::size_t Largest>
using fault_of_size = std::conditional_t<
    (Largest > most_places),
    diagnostics::fault<layers::model_is_too_large<diagnostics::got<Largest>, diagnostics::needs<most_places>>>,
    diagnostics::no_fault>;

} // namespace detail

/// Writes what a purpose needs behind the outputs of a model.
template <class Loss, purpose For> constexpr void write_behind(graph::emitter& e, const graph::wire& outputs) {
  if constexpr (For == purpose::hold || For == purpose::predict || For == purpose::sample) {
    for (const graph::row& output : outputs) e.result.outputs.push_back(output.value);
    detail::drop_loss_terms(e.result);
    if constexpr (For == purpose::hold) initial::note_activations(e.result);
  } else {
    emit_loss<Loss>(e, outputs);
    if constexpr (For == purpose::train || For == purpose::observe) graph::append_backward(e);
    if constexpr (For == purpose::observe) graph::append_observations(e.result);
  }
}

/// Writes a model down for a purpose.
template <class Model, class Loss, purpose For> constexpr void write_graph(graph::emitter& e) {
  write_behind<Loss, For>(e, Model::emit(e));
  if (e.broken().broken != graph::rule::none)
    base::end_constant_evaluation("fusegrad: an operation breaks a rule, as said in the first error");
}

/// The graph of a model for a purpose.
template <class Model, class Loss, purpose For> constexpr graph::graph graph_of() {
  graph::emitter e(emission_for(For));
  write_graph<Model, Loss, For>(e);
  return static_cast<graph::graph&&>(e.result);
}

/// The program of a model in tables with room to spare, where it fits into them, and what was found on the way.
template <execution::program_size Room> struct attempt {
  execution::program<Room> value;
  execution::program_size size{};
  std::size_t largest_place = 0;
  bool fits = false;
  graph::violation broken; ///< the first rule that the model breaks
  place_of_violation place;
};

namespace detail {
/// How many layers there are in a type, blocks and what stands in them included.
template <class> inline constexpr std::size_t layers_within = 1;
template <template <class...> class Block, class... Parts>
inline constexpr std::size_t layers_within<Block<Parts...>> = [] {
  std::size_t count = 1;
  const std::size_t within[] = {0, layers_within<Parts>...};
  for (const std::size_t n : within) count += n;
  return count;
}();

/// Room for what most models of so many layers become.
constexpr execution::program_size usual_room(std::size_t layers, purpose what) {
  const std::size_t operations = base::unwritten_room_is_free ? 4096 + 16 * layers : 128 + 2 * layers;
  const std::size_t steps = what == purpose::hold ? 0 : 3 * operations;
  return {steps,
          5 * steps,
          operations,
          operations,
          64,
          64,
          operations,
          8 * operations,
          4 * operations,
          2 * operations,
          16 * operations,
          what == purpose::observe ? operations : 0,
          operations,
          operations,
          what == purpose::hold ? 0 : operations,
          what == purpose::hold ? 0 : operations};
}
} // namespace detail

/// A model is written down and planned once, before anybody knows how large its program is: what a compiler pays for
/// are the steps of that, not room in a table that nothing is written to.
template <class Model, class Loss, purpose For, class T> struct first_attempt {
  static constexpr execution::program_size room = detail::usual_room(detail::layers_within<Model>, For);

  static constexpr draft drafted(graph::graph& g) {
    if constexpr (For == purpose::hold)
      return draft_of_parameters<T>(g);
    else
      return drafting<T>(g).result;
  }

  // The remedy stands where Clang prints it: it says that it "hit maximum step limit", and no more.
  static constexpr attempt<room> first = [] { // too many steps? clang++ -fconstexpr-steps=500000000
    attempt<room> out;
    // Not graph_of: compilers would try whether what it gives back is a constant, and make it twice.
    graph::emitter e(emission_for(For));
    const graph::wire outputs = Model::emit(e);
    out.broken = e.broken();
    out.place = place_of_violation_in(e);
    if (e.broken().broken != graph::rule::none) return out;
    write_behind<Loss, For>(e, outputs);
    if (e.broken().broken != graph::rule::none) return out;
    graph::graph& g = e.result;
    const draft d = drafted(g);
    const shared_forms shared(d);
    out.size = size_of(d, shared, g);
    out.largest_place = plan::largest_place(d);
    out.fits = execution::fits_into(out.size, room);
    if (out.fits) freeze(d, shared, g, out.value);
    return out;
  }();
};

/// The fault that names the first rule which a model as a whole breaks, or its loss; or no_fault. Whoever makes
/// something of a program says it first: the words then stand before all errors that follow.
template <class Model, class Loss, purpose For, class T>
using fault_of_program = fault_of_emission<first_attempt<Model, Loss, For, T>::first, Loss, Model>;

/// The program of a model: a constant, made once for each model, loss, purpose and number type.
template <class Model, class Loss, purpose For, class T> struct compiled {
  static_assert(sizeof(typename fault_of_program<Model, Loss, For, T>::error) > 0);

private:
  using attempted = first_attempt<Model, Loss, For, T>;

public:
  /// Whether places of 32 bits tell all numbers apart: no_fault, or the fault.
  using fault_of_size = detail::fault_of_size<attempted::first.largest_place>;
  static constexpr execution::program<attempted::first.size> value =
      [] { // too many steps? clang++ -fconstexpr-steps=500000000
        static_cast<void>(sizeof(typename fault_of_size::error));
        if constexpr (attempted::first.fits) {
          return shrunk<attempted::first.size>(attempted::first.value);
        } else {
          graph::emitter e(emission_for(For));
          write_graph<Model, Loss, For>(e);
          graph::graph& g = e.result;
          const draft d = attempted::drafted(g);
          execution::program<attempted::first.size> out;
          freeze(d, shared_forms(d), g, out);
          return out;
        }
      }();
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
