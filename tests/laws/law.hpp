// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/emitter.hpp>
#include <string>
#include <utility>

namespace fusegrad::test {

/// What targets a loss takes.
enum class targets { real, signs, shares, distribution };

/// One shape of a law: a forward graph with loss terms, filled with random numbers. Checked are
/// - reverse against forward: the operations that `append_backward` adds, against dual numbers sent through the forward
///   graph;
/// - the plan against the graph: fusion and memory, by running the draft over its own layout.
/// Compiled once, in law.cpp: derivation, plan and interpreters cost every file four seconds.
class law {
public:
  law(graph::emitter e, std::size_t batch, unsigned seed, std::string name, targets kind = targets::real)
      : emitter_{std::move(e)}, batch_{batch}, seed_{seed}, name_{std::move(name)}, kind_{kind} {}

  /// Of a large net `most_parameters` are compared with dual numbers, drawn at random; the plan is compared in full.
  void check(std::size_t most_parameters = 1000) const;

private:
  graph::emitter emitter_;
  std::size_t batch_;
  unsigned seed_;
  std::string name_;
  targets kind_;
};

} // namespace fusegrad::test
