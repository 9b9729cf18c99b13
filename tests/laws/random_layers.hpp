// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/groups.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/named.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/layer/softmax.hpp>
#include <random>
#include <utility>
#include <vector>

// Layers of random width at run time: the emission of the real layer types, looked up in tables instead of compiled for
// each shape.
namespace fusegrad::test {

using emission = std::function<wire(emitter&, const wire&)>;

/// A layer whose emission is decided at run time, so that the real combinators can be given random bodies.
template <int Which> struct decided_later : layer {
  static constexpr std::string_view name = "decided later";
  static inline emission body;
  static wire emit(emitter& e, const wire& in) {
    const emission own = body; // bodies nest: what is inside may decide the same slot anew
    return own(e, in);
  }
};

/// Decides a slot for as long as it lives.
template <int Which> class deciding {
public:
  explicit deciding(emission body) : before_{std::exchange(decided_later<Which>::body, std::move(body))} {}
  ~deciding() { decided_later<Which>::body = before_; }
  deciding(const deciding&) = delete;
  deciding& operator=(const deciding&) = delete;

private:
  emission before_;
};

inline wire wire_of(const row& x) {
  wire w;
  w.push_back(x);
  return w;
}

inline constexpr std::size_t widest_dense = 40;

namespace detail {
using emit_row = row (*)(emitter&, const row&);
template <bool Bias, std::size_t... I>
constexpr std::array<emit_row, sizeof...(I)> dense_emissions(std::index_sequence<I...>) {
  return {&layers::dense_layer<0, I + 1, Bias, init::zeros, init::zeros>::emit...};
}
} // namespace detail

inline row emit_dense(emitter& e, const row& x, std::size_t out, bool bias = true) {
  static constexpr auto with = detail::dense_emissions<true>(std::make_index_sequence<widest_dense>{});
  static constexpr auto without = detail::dense_emissions<false>(std::make_index_sequence<widest_dense>{});
  return (bias ? with : without).at(out - 1)(e, x);
}

inline wire emit_residual(emitter& e, const row& x, emission body) {
  const deciding<0> slot(std::move(body));
  return layers::residual_layer<decided_later<0>>::emit(e, wire_of(x));
}
inline wire emit_branch(emitter& e, const row& x, emission first, emission second) {
  const deciding<0> slot0(std::move(first));
  const deciding<1> slot1(std::move(second));
  return layers::branch_layer<decided_later<0>, decided_later<1>>::emit(e, wire_of(x));
}
inline wire emit_branch(emitter& e, const row& x, emission first, emission second, emission third) {
  const deciding<0> slot0(std::move(first));
  const deciding<1> slot1(std::move(second));
  const deciding<2> slot2(std::move(third));
  return layers::branch_layer<decided_later<0>, decided_later<1>, decided_later<2>>::emit(e, wire_of(x));
}
inline wire emit_each(emitter& e, const wire& in, emission first, emission second) {
  const deciding<0> slot0(std::move(first));
  const deciding<1> slot1(std::move(second));
  return layers::each_layer<decided_later<0>, decided_later<1>>::emit(e, in);
}
inline wire emit_shared(emitter& e, const row& x, emission body) {
  const deciding<0> slot(std::move(body));
  return layers::shared_layer<"cell", decided_later<0>>::emit(e, wire_of(x));
}

/// Groups of two parts; the widths are one of the pairs below.
inline constexpr std::array<std::size_t, 10> part_widths{1, 2, 3, 5, 7, 8, 11, 16, 17, 20};

namespace detail {
using emit_wire = wire (*)(emitter&, const wire&);
template <std::size_t... I> constexpr std::array<emit_wire, sizeof...(I)> group_emissions(std::index_sequence<I...>) {
  return {&layers::groups_layer<layers::part<part_widths[I / part_widths.size()], decided_later<0>>,
                                layers::part<part_widths[I % part_widths.size()], decided_later<1>>>::emit...};
}
} // namespace detail

inline constexpr std::size_t group_pairs = part_widths.size() * part_widths.size();
inline std::size_t width_of_pair(std::size_t pair) {
  return part_widths[pair / part_widths.size()] + part_widths[pair % part_widths.size()];
}
inline row emit_groups(emitter& e, const row& x, std::size_t pair, emission first, emission second) {
  static constexpr auto emissions = detail::group_emissions(std::make_index_sequence<group_pairs>{});
  const deciding<0> slot0(std::move(first));
  const deciding<1> slot1(std::move(second));
  return emissions.at(pair)(e, wire_of(x))[0];
}

/// An activation with its name.
struct known_activation {
  const char* name;
  detail::emit_row emit;
};
template <class Activation> constexpr known_activation known(const char* name, const Activation&) {
  return {name, &Activation::emit};
}

inline constexpr auto own_activation =
    activation([](auto x) { return parameter<"gain">(1.5) * x / (1 + exp(-parameter<"rate">(0.7) * x)); });

inline constexpr std::array all_activations{known("identity", identity),
                                            known("relu", relu),
                                            known("leaky_relu", leaky_relu<0.1>),
                                            known("prelu", prelu),
                                            known("prelu per unit", prelu.per_unit()),
                                            known("elu", elu<1.3>),
                                            known("gelu", gelu),
                                            known("silu", silu),
                                            known("tanh", fusegrad::tanh),
                                            known("sigmoid", fusegrad::sigmoid),
                                            known("softplus", fusegrad::softplus),
                                            known("abs", fusegrad::abs),
                                            known("square", fusegrad::square),
                                            known("sine", sine),
                                            known("surrogate", fusegrad::surrogate(relu, leaky_relu<0.1>)),
                                            known("own", own_activation),
                                            known("own per unit", own_activation.per_unit()),
                                            known("softmax", softmax),
                                            known("log_softmax", log_softmax)};

/// Random numbers of a law.
class dice {
public:
  explicit dice(unsigned seed) : engine_{seed} {}
  /// A number from `low` to `high`, both included.
  std::size_t between(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(engine_);
  }
  std::size_t width() { return between(1, widest_dense); }
  std::size_t batch() { return between(1, 20); }
  bool coin() { return between(0, 1) == 1; }
  unsigned seed() { return static_cast<unsigned>(engine_()); }

private:
  std::mt19937 engine_;
};

} // namespace fusegrad::test
