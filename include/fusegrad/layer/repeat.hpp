// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <fusegrad/layer/sequence.hpp>
#include <utility>

namespace fusegrad {

namespace layers::detail {
template <class Block, class Indices> struct repeated;
template <class Block, std::size_t... I> struct repeated<Block, std::index_sequence<I...>> {
  template <std::size_t> using same = Block;
  using type = sequence<same<I>...>;
};
} // namespace layers::detail

/// A layer or block many times, one after the other, each with weights of its own: `repeat<50>(dense<32> | tanh)`. Its
/// parameters are `0.0.weight`, `1.0.weight`, ... below the path of the whole.
template <std::size_t Times, class Block> constexpr auto repeat(const Block&) {
  layers::detail::require_layer<Block>();
  using block = typename layers::detail::repeated<Block, std::make_index_sequence<Times>>::type;
  if constexpr (Times == 0) static_cast<void>(sizeof(layers::block_is_empty<block>));
  return block{};
}

} // namespace fusegrad
