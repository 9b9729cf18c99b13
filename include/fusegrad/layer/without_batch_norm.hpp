// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/frozen.hpp>
#include <fusegrad/layer/groups.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/named.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/layer/sequence.hpp>
#include <fusegrad/layer/units_of_weight.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace fusegrad::layers {

/// A layer that can take in a scale and a shift of each of its units: `with_scaled_units` is the same layer with a
/// bias, and the first extent of its `weight` counts units, or `weight_order` says where they are.
template <class L>
concept scales_units = requires { typename L::with_scaled_units; };
template <class L>
inline constexpr units_of_weight weight_order_of = [] {
  if constexpr (requires { L::weight_order; }) return L::weight_order;
  return units_of_weight{};
}();
template <class> inline constexpr bool is_batch_norm = false;
template <double Momentum, double Epsilon, bool Affine>
inline constexpr bool is_batch_norm<batch_norm_layer<Momentum, Epsilon, Affine>> = true;

/// Whether what a layer makes is a product that can take in a normalisation, and whether a layer begins with one;
/// through names and blocks, so that `conv | norm_and_relu` is seen as well.
template <class L> inline constexpr bool ends_in_units = scales_units<L>;
template <class L> inline constexpr bool begins_with_norm = is_batch_norm<L>;
template <fixed_string Name, class Inner>
inline constexpr bool ends_in_units<named_layer<Name, Inner>> = ends_in_units<Inner>;
template <fixed_string Name, class Inner>
inline constexpr bool begins_with_norm<named_layer<Name, Inner>> = begins_with_norm<Inner>;
template <class Inner> inline constexpr bool ends_in_units<frozen_layer<Inner>> = ends_in_units<Inner>;
template <class Inner> inline constexpr bool begins_with_norm<frozen_layer<Inner>> = begins_with_norm<Inner>;
template <class... Layers>
inline constexpr bool ends_in_units<sequence<Layers...>> = [] {
  bool last = false;
  for (bool ends : {false, ends_in_units<Layers>...}) last = ends;
  return last;
}();
template <class First, class... Rest>
inline constexpr bool begins_with_norm<sequence<First, Rest...>> = begins_with_norm<First>;

/// What stands beside a layer that matters to it.
struct neighbours {
  bool after_units = false, before_norm = false;
};

/// Layers in which each `batch_norm` behind a dense layer or a convolution of any kind has become the identity, and the
/// layer before it has a bias: what they are for inference, where normalising by constants is a part of the product.
/// All places and names stay. Shared layers are left alone, since they may stand before different normalisations.
/// `walk(path, folded_walk)` tells of each pair.
template <class L, neighbours Beside = neighbours{}> struct without_batch_norm {
  static constexpr bool changes = false;
  using type = L;
  static void walk(const std::string&, auto&) {}
};
template <scales_units L> struct without_batch_norm<L, neighbours{false, true}> {
  static constexpr bool changes = true;
  using type = typename L::with_scaled_units;
  static void walk(const std::string& path, auto& walk) { walk.units = {path, weight_order_of<L>}; }
};
template <scales_units L>
struct without_batch_norm<L, neighbours{true, true}> : without_batch_norm<L, neighbours{false, true}> {};
template <class L, neighbours Beside>
  requires(is_batch_norm<L> && Beside.after_units)
struct without_batch_norm<L, Beside> {
  static constexpr bool changes = true;
  using type = std::remove_const_t<decltype(identity)>;
  static void walk(const std::string& path, auto& walk) { walk.visit(walk.units, path, L{}); }
};

/// A product that takes in a normalisation: its path, and how its weight lies.
struct folded_product {
  std::string path{};
  units_of_weight order{};
};

namespace detail {
/// Whom to tell of each pair, (product, path of the batch_norm, the batch_norm), and the product met last.
template <class Visit> struct folded_walk {
  Visit visit;
  folded_product units{};
};
template <class Visit> folded_walk(Visit) -> folded_walk<Visit>;

inline std::string path_below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + '.' + name;
}
template <class L> std::string path_of(const std::string& path, std::size_t place) {
  if constexpr (requires { L::path_name; })
    return path_below(path, std::string(std::string_view{L::path_name}));
  else
    return path_below(path, std::to_string(place));
}

template <neighbours Beside, class... Layers> struct places_to_fold {
  static constexpr std::size_t count = sizeof...(Layers);
  static constexpr bool ends[count + 1]{ends_in_units<Layers>..., false},
      begins[count + 1]{begins_with_norm<Layers>..., false};
  static constexpr neighbours at(std::size_t i) {
    return {i == 0 ? Beside.after_units : ends[i - 1], i + 1 == count ? Beside.before_norm : begins[i + 1]};
  }
};

/// Layers beside each other or one after the other, whose paths are their numbers below that of the whole.
template <template <class...> class List, class... Folded> struct folded_list {
  static constexpr bool changes = [] {
    bool any = false;
    for (bool inner : {false, Folded::changes...}) any = any || inner;
    return any;
  }();
  using type = List<typename Folded::type...>;
};
// `Places` is one type: written with its layers, it would be made of all of them again for each layer.
template <template <class...> class List, class Places, class Indices, class... Layers> struct folded_chain;
template <template <class...> class List, class Places, std::size_t... I, class... Layers>
struct folded_chain<List, Places, std::index_sequence<I...>, Layers...>
    : folded_list<List, without_batch_norm<Layers, Places::at(I)>...> {
  static void walk(const std::string& path, auto& walk) {
    // A list: Clang refuses folds over more than 256 layers.
    for (bool done : {(without_batch_norm<Layers, Places::at(I)>::walk(path_of<Layers>(path, I), walk), true)...})
      static_cast<void>(done);
  }
};
template <template <class...> class List, class... Layers>
struct folded_branches : folded_list<List, without_batch_norm<Layers>...> {
  static void walk(const std::string& path, auto& walk) {
    std::size_t place = 0;
    (without_batch_norm<Layers>::walk(path_of<Layers>(path, place++), walk), ...);
  }
};

template <class In, class Out> struct model_between {
  template <class... Layers> using with = model<In, Out, Layers...>;
};
} // namespace detail

template <class... Layers, neighbours Beside>
struct without_batch_norm<sequence<Layers...>, Beside>
    : detail::folded_chain<sequence, detail::places_to_fold<Beside, Layers...>, std::index_sequence_for<Layers...>,
                           Layers...> {};
template <class In, class Out, class... Layers>
struct without_batch_norm<model<In, Out, Layers...>>
    : detail::folded_chain<detail::model_between<In, Out>::template with,
                           detail::places_to_fold<neighbours{}, Layers...>, std::index_sequence_for<Layers...>,
                           Layers...> {};
template <fixed_string Name, class Inner, neighbours Beside>
struct without_batch_norm<named_layer<Name, Inner>, Beside> : without_batch_norm<Inner, Beside> {
  using type = named_layer<Name, typename without_batch_norm<Inner, Beside>::type>;
};
template <class Inner, neighbours Beside>
struct without_batch_norm<frozen_layer<Inner>, Beside> : without_batch_norm<Inner, Beside> {
  using type = frozen_layer<typename without_batch_norm<Inner, Beside>::type>;
};
template <class Body, neighbours Beside> struct without_batch_norm<residual_layer<Body>, Beside> {
  static constexpr bool changes = without_batch_norm<Body>::changes;
  using type = residual_layer<typename without_batch_norm<Body>::type>;
  static void walk(const std::string& path, auto& walk) {
    without_batch_norm<Body>::walk(detail::path_below(path, "body"), walk);
  }
};
template <class... Branches, neighbours Beside>
struct without_batch_norm<branch_layer<Branches...>, Beside> : detail::folded_branches<branch_layer, Branches...> {};
template <class... Layers, neighbours Beside>
struct without_batch_norm<each_layer<Layers...>, Beside> : detail::folded_branches<each_layer, Layers...> {};
template <std::size_t Width, class Layer> struct without_batch_norm<part<Width, Layer>> {
  static constexpr bool changes = without_batch_norm<Layer>::changes;
  using type = part<Width, typename without_batch_norm<Layer>::type>;
  static void walk(const std::string& path, auto& walk) { without_batch_norm<Layer>::walk(path, walk); }
};
template <class... Parts, neighbours Beside>
struct without_batch_norm<groups_layer<Parts...>, Beside> : detail::folded_branches<groups_layer, Parts...> {};

} // namespace fusegrad::layers
