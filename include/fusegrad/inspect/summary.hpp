// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/base/text.hpp>
#include <fusegrad/layer/input_names.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/network_plan.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad {

namespace inspect {

/// What stands below the table of layers.
struct model_totals {
  std::size_t input_size = 0;
  tensor::extents input;
  std::size_t parameters = 0;
  std::size_t forward_flops = 0;
  std::size_t backward_flops = 0;
  std::size_t kept = 0;
  std::size_t inference_bytes = 0;
  std::size_t gradient_bytes = 0;
  std::size_t training_bytes = 0;
  plan::training_schedule schedule;
  std::size_t copied = 0;
  std::span<const tensor::extents> outputs;
  std::span<const std::string_view> input_names; ///< where the model takes a struct
};

/// The batch that the bytes of a summary are for.
inline constexpr std::size_t summary_batch = 32;

/// A shape as people write it: 8 x 8; a single number is 1.
inline std::string shape_in_words(tensor::extents shape) {
  std::string words;
  for (std::uint32_t i = 0; i < shape.rank; ++i) words += (i == 0 ? "" : " x ") + std::to_string(shape[i]);
  return words.empty() ? "1" : words;
}

/// An amount of memory: 9,640 bytes, 96.4 KiB, 12.3 MiB.
inline std::string bytes_in_words(std::size_t bytes) {
  if (bytes < 10'000) return base::grouped(bytes) + " bytes";
  const auto kibibytes = static_cast<double>(bytes) / 1024;
  return kibibytes < 10'000 ? base::fixed(kibibytes, 1) + " KiB" : base::fixed(kibibytes / 1024, 1) + " MiB";
}

/// Rows of text with columns as wide as their widest field: the first two start at the left, numbers end at
/// the right.
inline std::string aligned_table(const std::vector<std::array<std::string, 6>>& rows) {
  std::array<std::size_t, 6> widths{};
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = row[c].size() > widths[c] ? row[c].size() : widths[c];
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) text += "  ";
      text += c == 1 ? base::left_aligned(row[c], widths[c]) : base::right_aligned(row[c], widths[c]);
    }
    text += '\n';
  }
  return text;
}

/// How a step is run: "one block, run directly, 512 samples at a time".
inline std::string schedule_in_words(const plan::training_schedule& schedule) {
  const std::size_t slices = schedule.slices.count;
  return (slices == 1 ? "one block"
                      : std::to_string(slices) + " slices of " + std::to_string(schedule.slices.rows) + " samples") +
         (schedule.is_direct ? ", run directly" : ", run from a table") + ", at most " +
         std::to_string(schedule.chunk_rows) + " samples at a time";
}

/// What images lose or cost without anybody having asked for it.
inline std::string notes_on_images(std::span<const plan::layer_facts> layers, std::size_t copied) {
  std::string words;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto add = [&](std::size_t count, const char* one, const char* several) {
      if (count == 0) return;
      words += "note:  no window of layer " + std::to_string(i) + " (" + std::string(layers[i].name) +
               ") sees the last " + (count == 1 ? std::string(one) : std::to_string(count) + several) +
               " of what comes in\n";
    };
    add(layers[i].unseen_rows, "row", " rows");
    add(layers[i].unseen_columns, "column", " columns");
  }
  if (copied != 0)
    words += "note:  " + base::grouped(copied) +
             " numbers of a sample are copied to take another shape: their channels fill no whole vectors here\n";
  return words;
}

/// What stands in a row of predictions, where a model has several outputs.
inline std::string outputs_in_words(std::span<const tensor::extents> outputs) {
  if (outputs.size() < 2) return {};
  std::string words = "outputs: ";
  std::size_t all = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    words += (i == 0 ? "" : ", then ") + shape_in_words(outputs[i]);
    all += outputs[i].size();
  }
  return words + "; " + base::grouped(all) + " numbers a sample\n";
}

/// What the numbers of a sample are called, where the model takes a struct.
inline std::string input_names_in_words(std::span<const std::string_view> names) {
  std::string words;
  for (const std::string_view name : names) words.append(words.empty() ? "input: " : ", ").append(name);
  return words.empty() ? words : words + '\n';
}

/// The summary of any model as text.
// Not a template: however many models a program has, this is compiled once.
inline std::string summary_of(std::span<const plan::layer_facts> layers, const model_totals& total) {
  std::vector<std::array<std::string, 6>> rows;
  rows.push_back({"", "layer", "output", "parameters", "FLOPs", "kept"});
  // The input is kept where a layer with weights reads it; what no layer made is the input's.
  std::size_t kept_in_layers = 0;
  for (const plan::layer_facts& layer : layers) kept_in_layers += layer.kept;
  const std::size_t kept_of_input = total.kept > kept_in_layers ? total.kept - kept_in_layers : 0;
  rows.push_back({"", "input", shape_in_words(total.input), "", "", base::grouped(kept_of_input)});
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const plan::layer_facts& layer = layers[i];
    rows.push_back({std::to_string(i), std::string(layer.name), shape_in_words(layer.output),
                    base::grouped(layer.parameters), base::grouped(layer.forward_flops), base::grouped(layer.kept)});
  }
  rows.push_back({"", "total", "", base::grouped(total.parameters), base::grouped(total.forward_flops),
                  base::grouped(total.kept)});
  const std::string batch = "  (batch of " + std::to_string(summary_batch) + ", one thread";
  const auto memory = [](std::size_t bytes) { return base::right_aligned(bytes_in_words(bytes), 11); };
  return aligned_table(rows) + "FLOPs: forward, one sample; backward takes " + base::grouped(total.backward_flops) +
         "\nkept: numbers that a sample leaves for backward\nfloat: inference" + memory(total.inference_bytes) +
         "  (one sample)\n       gradient " + memory(total.gradient_bytes) + batch + ")\n       training " +
         memory(total.training_bytes) + batch + ", Adam)\nstep:  " + schedule_in_words(total.schedule) +
         "  (batch of " + std::to_string(summary_batch) + ")\n" + input_names_in_words(total.input_names) +
         outputs_in_words(total.outputs) + notes_on_images(layers, total.copied);
}

} // namespace inspect

/// A model as a table: place, layer, output shape, parameters, operations and what backward keeps; then
/// totals, and the bytes of its three strengths. Blocks such as residual are one row.
template <any_model Model> std::string summary(Model) {
  using facts = network_plan<Model>;
  constexpr std::size_t batch = inspect::summary_batch;
  static constexpr inspect::model_totals totals{Model::input_size(),
                                                Model::input_shape(),
                                                facts::parameter_count(),
                                                facts::forward_flops(),
                                                facts::backward_flops(),
                                                facts::kept_numbers(),
                                                facts::bytes(strength::inference),
                                                facts::bytes(strength::gradient, batch),
                                                facts::bytes(strength::training, batch, 2),
                                                facts::schedule(batch),
                                                facts::copied_numbers(),
                                                Model::output_shapes(),
                                                layers::input_names<Model>()};
  return inspect::summary_of(facts::layers(), totals);
}

} // namespace fusegrad
