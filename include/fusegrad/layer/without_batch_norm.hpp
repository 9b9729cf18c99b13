// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/named.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/layer/sequence.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace fusegrad::layers {

template <class> inline constexpr bool is_dense = false;
template <std::size_t In, std::size_t Out, bool Bias, graph::initialiser Weights, graph::initialiser Biases>
inline constexpr bool is_dense<dense_layer<In, Out, Bias, Weights, Biases>> = true;
template <class> inline constexpr bool is_batch_norm = false;
template <double Momentum, double Epsilon, bool Affine>
inline constexpr bool is_batch_norm<batch_norm_layer<Momentum, Epsilon, Affine>> = true;

/// Layers in which each `batch_norm` behind a dense layer has become the identity, and the dense layer has a bias: what
/// they are for inference, where normalising by constants is a part of the dense layer. All places and names stay.
/// Shared layers are left alone, since they may stand before different normalisations.
template <class L> struct without_batch_norm {
  static constexpr bool changes = false;
  using type = L;
};

namespace detail {
template <std::size_t Count> struct places_to_fold {
  bool dense[Count + 1]{}; ///< layer i is a dense layer before a batch_norm
};
template <class... Layers> constexpr auto find_places_to_fold() {
  constexpr std::size_t count = sizeof...(Layers);
  constexpr bool dense[]{is_dense<Layers>..., false};
  constexpr bool norm[]{is_batch_norm<Layers>..., false};
  places_to_fold<count> places;
  for (std::size_t i = 0; i + 1 < count; ++i) places.dense[i] = dense[i] && norm[i + 1];
  return places;
}

template <class L, bool IsFolded, bool Vanishes> struct folded_layer : without_batch_norm<L> {};
template <std::size_t In, std::size_t Out, bool Bias, graph::initialiser Weights, graph::initialiser Biases>
struct folded_layer<dense_layer<In, Out, Bias, Weights, Biases>, true, false> {
  using type = dense_layer<In, Out, true, Weights, Biases>;
};
template <class L> struct folded_layer<L, false, true> {
  using type = std::remove_const_t<decltype(identity)>;
};

template <template <class...> class List, class Indices, class... Layers> struct folded_list;
template <template <class...> class List, std::size_t... I, class... Layers>
struct folded_list<List, std::index_sequence<I...>, Layers...> {
  static constexpr auto places = find_places_to_fold<Layers...>();
  static constexpr bool changes = [] {
    bool any = false;
    for (bool folds : places.dense) any = any || folds;
    for (bool inner : {false, without_batch_norm<Layers>::changes...}) any = any || inner;
    return any;
  }();
  using type =
      List<typename folded_layer<Layers, places.dense[I], (I > 0 && places.dense[I == 0 ? 0 : I - 1])>::type...>;
};
template <template <class...> class List, class... Layers>
using folded = folded_list<List, std::index_sequence_for<Layers...>, Layers...>;

template <class In, class Out> struct model_between {
  template <class... Layers> using with = model<In, Out, Layers...>;
};
} // namespace detail

template <class... Layers> struct without_batch_norm<sequence<Layers...>> : detail::folded<sequence, Layers...> {};
template <class Body> struct without_batch_norm<residual_layer<Body>> {
  static constexpr bool changes = without_batch_norm<Body>::changes;
  using type = residual_layer<typename without_batch_norm<Body>::type>;
};
template <fixed_string Name, class Inner> struct without_batch_norm<named_layer<Name, Inner>> {
  static constexpr bool changes = without_batch_norm<Inner>::changes;
  using type = named_layer<Name, typename without_batch_norm<Inner>::type>;
};
template <class... Branches> struct without_batch_norm<branch_layer<Branches...>> {
  static constexpr bool changes = (without_batch_norm<Branches>::changes || ...);
  using type = branch_layer<typename without_batch_norm<Branches>::type...>;
};
template <class In, class Out, class... Layers>
struct without_batch_norm<model<In, Out, Layers...>>
    : detail::folded<detail::model_between<In, Out>::template with, Layers...> {};

namespace detail {
/// Calls `visit(path of the dense layer, path of the batch_norm, epsilon, has gain and shift)` for each pair that is
/// folded.
template <class L> struct folded_pairs {
  static void visit(const std::string&, auto&) {}
};
inline std::string path_below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + '.' + name;
}
template <class L> std::string path_of(const std::string& path, std::size_t place) {
  if constexpr (requires { L::path_name; })
    return path_below(path, std::string(std::string_view{L::path_name}));
  else
    return path_below(path, std::to_string(place));
}
template <class... Layers> void visit_folded_pairs(const std::string& path, auto& visit) {
  constexpr auto places = find_places_to_fold<Layers...>();
  std::size_t place = 0;
  const auto one = [&]<class L>(const L&) {
    if constexpr (is_batch_norm<L>) {
      if (place > 0 && places.dense[place - 1])
        visit(path_below(path, std::to_string(place - 1)), path_below(path, std::to_string(place)), L::epsilon,
              L::is_affine);
    } else if constexpr (without_batch_norm<L>::changes) {
      folded_pairs<L>::visit(path_of<L>(path, place), visit);
    }
    ++place;
  };
  (one(Layers{}), ...);
}
template <class... Layers> struct folded_pairs<sequence<Layers...>> {
  static void visit(const std::string& path, auto& f) { visit_folded_pairs<Layers...>(path, f); }
};
template <class... Branches> struct folded_pairs<branch_layer<Branches...>> {
  static void visit(const std::string& path, auto& f) {
    std::size_t place = 0;
    (folded_pairs<Branches>::visit(path_of<Branches>(path, place++), f), ...);
  }
};
template <class Body> struct folded_pairs<residual_layer<Body>> {
  static void visit(const std::string& path, auto& f) { folded_pairs<Body>::visit(path_below(path, "body"), f); }
};
template <fixed_string Name, class Inner> struct folded_pairs<named_layer<Name, Inner>> {
  static void visit(const std::string& path, auto& f) { folded_pairs<Inner>::visit(path, f); }
};
template <class In, class Out, class... Layers> struct folded_pairs<model<In, Out, Layers...>> {
  static void visit(const std::string& path, auto& f) { visit_folded_pairs<Layers...>(path, f); }
};
} // namespace detail

} // namespace fusegrad::layers
