// SPDX-License-Identifier: MIT
#pragma once

#include "exchange.hpp"

#include <cstddef>
#include <cstdint>
#include <fusegrad/train/samples.hpp>
#include <numeric>
#include <string>
#include <vector>

namespace parity {

/// The rows and labels that the Python side sends, and what it wants back of a trainer.
class classified_rows {
public:
  classified_rows(exchange& io, std::size_t features)
      : io_{io}, features_{features}, inputs_{io.numbers<double>("inputs")},
        labels_{io.numbers<std::int32_t>("labels")}, indices_(labels_.size()) {
    std::iota(indices_.begin(), indices_.end(), 0u);
  }

  [[nodiscard]] const std::vector<double>& inputs() const { return inputs_; }
  [[nodiscard]] const std::vector<std::uint32_t>& indices() const { return indices_; }
  [[nodiscard]] fusegrad::sample_view<double> samples() const {
    return fusegrad::labelled<double>(inputs_, features_, labels_);
  }

  /// Weights or a trainer, as the Python side begins.
  template <class Store> void set(Store& store) const {
    for (const std::string& name : store.parameter_names()) store.write(name, io_.numbers<double>(name));
  }
  template <class Trainer> void report(const std::string& prefix, const Trainer& trainer) const {
    for (const std::string& name : trainer.parameter_names()) io_.write(prefix + '.' + name, trainer.read(name));
    io_.write(prefix + ".outputs", trainer.predict(inputs_));
  }

private:
  exchange& io_;
  std::size_t features_;
  std::vector<double> inputs_;
  std::vector<std::int32_t> labels_;
  std::vector<std::uint32_t> indices_;
};

} // namespace parity
