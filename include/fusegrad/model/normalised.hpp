// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <array>
#include <cstddef>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/named.hpp>
#include <fusegrad/layer/normalise.hpp>
#include <fusegrad/layer/sequence.hpp>
#include <fusegrad/layer/without_batch_norm.hpp>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad {

namespace layers {

using normalised_inputs = named_layer<"inputs", normalise_layer>;
using denormalised_outputs = named_layer<"outputs", denormalise_layer>;
template <class... Layers> using normalised_net = named_layer<"net", sequence<Layers...>>;

template <class> inline constexpr bool is_dense = false;
template <std::size_t In, std::size_t Out, bool Bias, graph::initialiser Weights, graph::initialiser Biases>
inline constexpr bool is_dense<dense_layer<In, Out, Bias, Weights, Biases>> = true;

/// A layer that only says what its numbers are, and stays behind the last normalisation.
template <class L>
concept names_outputs = requires { typename L::record; };

/// A model between two normalisations. Layers that only name outputs stay the last.
template <class In, class Out, class Done, class... Layers> struct between_normalisations;
template <class In, class Out, class... Done> struct between_normalisations<In, Out, std::tuple<Done...>> {
  using type = model<In, Out, normalised_inputs, normalised_net<Done...>, denormalised_outputs>;
};
template <class In, class Out, class... Done, class Next, class... Rest>
struct between_normalisations<In, Out, std::tuple<Done...>, Next, Rest...>
    : between_normalisations<In, Out, std::tuple<Done..., Next>, Rest...> {};
template <class In, class Out, class... Done, names_outputs Last>
struct between_normalisations<In, Out, std::tuple<Done...>, Last> {
  using type = model<In, Out, normalised_inputs, normalised_net<Done...>, denormalised_outputs, Last>;
};
template <class In, class Out, class... Layers> constexpr auto normalised_type(const model<In, Out, Layers...>&) {
  static_assert(In::count == 1 && Out::count == 1, "fusegrad: normalised takes a model with one input and one output.");
  return typename between_normalisations<In, Out, std::tuple<>, Layers...>::type{};
}

/// W (x - shift) / divisor + b as one product.
struct fold_inputs {
  template <class From, class To>
  static void fold(const From& from, To& to, const std::string& product, const std::string& norm) {
    using T = typename From::number_type;
    std::vector<T> weight = to.read(product + ".weight"), bias = to.read(product + ".bias");
    const std::vector<T> shift = from.read(norm + ".shift"), divisor = from.read(norm + ".divisor");
    for (std::size_t o = 0; o < bias.size(); ++o) {
      auto sum = static_cast<double>(bias[o]);
      for (std::size_t i = 0; i < shift.size(); ++i) {
        T& w = weight[o * shift.size() + i];
        const double scaled = static_cast<double>(w) / static_cast<double>(divisor[i]);
        sum -= scaled * static_cast<double>(shift[i]);
        w = static_cast<T>(scaled);
      }
      bias[o] = static_cast<T>(sum);
    }
    to.write(product + ".weight", weight);
    to.write(product + ".bias", bias);
  }
};

/// (W x + b) divisor + shift as one product.
struct fold_outputs {
  template <class From, class To>
  static void fold(const From& from, To& to, const std::string& product, const std::string& norm) {
    using T = typename From::number_type;
    std::vector<T> weight = to.read(product + ".weight"), bias = to.read(product + ".bias");
    const std::vector<T> shift = from.read(norm + ".shift"), divisor = from.read(norm + ".divisor");
    const std::size_t inputs = weight.size() / bias.size();
    for (std::size_t o = 0; o < bias.size(); ++o) {
      for (std::size_t i = 0; i < inputs; ++i) weight[o * inputs + i] *= divisor[o];
      bias[o] = bias[o] * divisor[o] + shift[o];
    }
    to.write(product + ".weight", weight);
    to.write(product + ".bias", bias);
  }
};

/// The layers of a list that are not void.
template <class In, class Out, class Done, class... Layers> struct model_of_those_left;
template <class In, class Out, class... Done> struct model_of_those_left<In, Out, std::tuple<Done...>> {
  using type = model<In, Out, Done...>;
};
template <class In, class Out, class... Done, class Next, class... Rest>
struct model_of_those_left<In, Out, std::tuple<Done...>, Next, Rest...>
    : model_of_those_left<
          In, Out, std::conditional_t<std::is_void_v<Next>, std::tuple<Done...>, std::tuple<Done..., Next>>, Rest...> {
};

/// For inference each normalisation is a part of the dense layer beside it, where there is one; else it stays.
template <class In, class Out, class... Layers, class... Rest>
  requires(sizeof...(Layers) != 0)
struct without_batch_norm<model<In, Out, normalised_inputs, normalised_net<Layers...>, denormalised_outputs, Rest...>> {
private:
  static constexpr std::size_t count = sizeof...(Layers);
  static constexpr std::array<bool, count> dense{is_dense<Layers>...};
  static constexpr bool folds_first = dense[0] && In::first.rank == 1;
  static constexpr bool folds_last = dense[count - 1] && Out::first.rank == 1;

  template <class L, bool Folds> struct with_bias {
    using type = L;
  };
  template <scales_units L> struct with_bias<L, true> {
    using type = typename L::with_scaled_units;
  };
  template <std::size_t... I> static auto prepared(std::index_sequence<I...>) {
    return without_batch_norm<
        sequence<typename with_bias<Layers, (I == 0 && folds_first) || (I + 1 == count && folds_last)>::type...>>{};
  }
  using inner = decltype(prepared(std::index_sequence_for<Layers...>{}));

public:
  static constexpr bool changes = folds_first || folds_last || inner::changes;
  using type =
      typename model_of_those_left<In, Out, std::tuple<>, std::conditional_t<folds_first, void, normalised_inputs>,
                                   named_layer<"net", typename inner::type>,
                                   std::conditional_t<folds_last, void, denormalised_outputs>, Rest...>::type;
  static void walk(const std::string&, auto& walk) {
    if constexpr (folds_first) walk.visit({"net.0"}, "inputs", fold_inputs{});
    if constexpr (folds_last) walk.visit({"net." + std::to_string(count - 1)}, "outputs", fold_outputs{});
    inner::walk("net", walk);
  }
};

} // namespace layers

/// The same model with a `normalise` in front and a `denormalise` at its end, so that it takes and gives raw units. The
/// parameters of the model are found under `net.`, those of the normalisations are `inputs.shift`, `inputs.divisor`,
/// `outputs.shift` and `outputs.divisor`; they are set by `write_scale`, saved with the weights and not learned. `fold`
/// makes them a part of the first and the last dense layer.
template <any_model Model> constexpr auto normalised(const Model& model) { return layers::normalised_type(model); }

/// The type of that.
template <any_model Model> using normalised_model = decltype(normalised(std::declval<const Model&>()));

} // namespace fusegrad
