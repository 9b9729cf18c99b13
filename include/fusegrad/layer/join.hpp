// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// Several values one after the other: vectors as one vector, images of one height and width channel by channel.
struct concat_layer : layer {
  static constexpr std::string_view name = "concat";

  template <class Position, class In> static constexpr auto check() {
    constexpr std::size_t columns = [] {
      std::size_t sum = 0;
      for (std::size_t i = 0; i < In::count; ++i) sum += In::list[i].columns();
      return sum;
    }();
    constexpr std::size_t other = first_with_other_positions<In>();
    if constexpr (other != 0) {
      return fault<
          parts_differ_in_positions<in_words<concat_layer>, Position, detail::got<In, other>, detail::needs<In>,
                                    diagnostics::fix<make_all_branches_end_in_the_same_positions_or_flatten>>>{};
    } else {
      return wire_shapes<tensor::with_columns(In::first, columns)>{};
    }
  }
  static constexpr wire emit(emitter& e, const wire& in) {
    wire out;
    out.push_back(in.size() == 1 ? in[0] : e.concat(in));
    return out;
  }

private:
  template <class In> static constexpr std::size_t first_with_other_positions() {
    for (std::size_t i = 1; i < In::count; ++i)
      if (!(tensor::with_columns(In::list[i], 1) == tensor::with_columns(In::first, 1))) return i;
    return 0;
  }
};

struct sum_of_two {
  static constexpr std::string_view name = "add";
  template <class A, class B> constexpr auto operator()(A a, B b) const { return a + b; }
};
struct product_of_two {
  static constexpr std::string_view name = "multiply";
  template <class A, class B> constexpr auto operator()(A a, B b) const { return a * b; }
};

/// Several values of one shape, joined number by number from the left.
template <class Combine> struct fold_layer : layer {
  static constexpr std::string_view name = Combine::name;

  template <class Position, class In> static constexpr auto check() {
    constexpr std::size_t other = first_of_another_shape<In>();
    if constexpr (other != 0) {
      return fault<branches_differ_in_shape<in_words<fold_layer>, Position, detail::got<In, other>, detail::needs<In>,
                                            diagnostics::fix<make_all_branches_end_in_the_same_shape_or_use_concat>>>{};
    } else {
      return wire_shapes<In::first>{};
    }
  }
  static constexpr wire emit(emitter& e, const wire& in) {
    row total = in[0];
    for (std::size_t i = 1; i < in.size(); ++i) total = e.map(Combine{}, total, in[i]);
    total.shape = in[0].shape;
    wire out;
    out.push_back(total);
    return out;
  }

private:
  template <class In> static constexpr std::size_t first_of_another_shape() {
    for (std::size_t i = 1; i < In::count; ++i)
      if (!(In::list[i] == In::first)) return i;
    return 0;
  }
};

} // namespace layers

/// Joins the values of a `branch` one after the other: vectors as one, images channel by channel.
inline constexpr auto concat = layers::concat_layer{};
/// Joins the values of a `branch` by their sum.
inline constexpr auto add = layers::fold_layer<layers::sum_of_two>{};
/// Joins the values of a `branch` by their product.
inline constexpr auto multiply = layers::fold_layer<layers::product_of_two>{};

} // namespace fusegrad
