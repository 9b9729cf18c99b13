// SPDX-License-Identifier: MIT
#include "translation.hpp"

#include <algorithm>

namespace fusegrad::io::onnx {

namespace {

using graph::operation;

/// An image as ONNX's windows take it, channels first: [channels][rows][columns], of anything but images a sequence
/// [channels][positions].
struct channels_first {
  std::int64_t channels = 1;
  dimensions space;

  explicit channels_first(const tensor::extents& shape, bool is_image)
      : channels(static_cast<std::int64_t>(shape.columns())) {
    if (is_image)
      space = {static_cast<std::int64_t>(shape.image_rows()), static_cast<std::int64_t>(shape.image_columns())};
    else
      space = {static_cast<std::int64_t>(shape.positions())};
  }
  [[nodiscard]] dimensions last() const {
    dimensions extents = space;
    extents.push_back(channels);
    return extents;
  }
};

bool is_image(const tensor::extents& shape) { return shape.rank == 3; }

std::string to_channels_first(translation& t, const graph::operand& x, const channels_first& shape) {
  const auto rank = static_cast<std::int64_t>(shape.space.size());
  dimensions order{0, rank + 1};
  for (std::int64_t i = 1; i <= rank; ++i) order.push_back(i);
  return t.file.node("Transpose", {t.value_as(x, shape.last())}, {{"perm", order}});
}

std::string finish(translation& t, const operation& op, const std::string& name, const channels_first& made) {
  const auto rank = static_cast<std::int64_t>(made.space.size());
  dimensions order{0};
  for (std::int64_t i = 2; i <= rank + 1; ++i) order.push_back(i);
  order.push_back(1);
  t.set(op.outputs[0], t.file.node("Transpose", {name}, {{"perm", order}}), made.last());
  return {};
}

/// A window in ONNX's words. Edges that are cut off are not among its settings.
struct window_words {
  std::vector<graph::window_side> sides;

  window_words(const graph::window& w, bool of_image) {
    if (of_image) sides.push_back(w.rows);
    sides.push_back(w.columns);
  }
  template <class Get> [[nodiscard]] dimensions each(Get get) const {
    dimensions numbers;
    for (const auto& side : sides) numbers.push_back(get(side));
    return numbers;
  }
  [[nodiscard]] dimensions sizes() const {
    return each([](const auto& side) { return std::int64_t{side.size}; });
  }
  [[nodiscard]] dimensions strides() const {
    return each([](const auto& side) { return std::int64_t{side.stride}; });
  }
  [[nodiscard]] dimensions dilations() const {
    return each([](const auto& side) { return std::int64_t{side.dilation}; });
  }
  /// Before and behind, of zeros or of what is cut off.
  template <class Get> [[nodiscard]] dimensions edges(Get get) const {
    dimensions numbers = each([&](const auto& side) { return get(std::int64_t{side.before}); });
    const dimensions behind = each([&](const auto& side) { return get(std::int64_t{side.after}); });
    numbers.insert(numbers.end(), behind.begin(), behind.end());
    return numbers;
  }
  [[nodiscard]] dimensions zeros() const {
    return edges([](std::int64_t edge) { return std::max<std::int64_t>(edge, 0); });
  }
  [[nodiscard]] dimensions cuts() const {
    return edges([](std::int64_t edge) { return std::max<std::int64_t>(-edge, 0); });
  }
  [[nodiscard]] attributes settings() const {
    return {{"kernel_shape", sizes()}, {"strides", strides()}, {"dilations", dilations()}, {"pads", zeros()}};
  }
};

bool is_nothing(const dimensions& edges) {
  return std::all_of(edges.begin(), edges.end(), [](std::int64_t edge) { return edge == 0; });
}

/// Without what the window leaves out at its edges.
std::string cut(translation& t, const std::string& name, const channels_first& image, const window_words& w) {
  const dimensions edges = w.cuts();
  if (is_nothing(edges)) return name;
  const std::size_t rank = image.space.size();
  dimensions begins, ends, axes;
  for (std::size_t i = 0; i < rank; ++i) {
    begins.push_back(edges[i]);
    ends.push_back(image.space[i] - edges[rank + i]);
    axes.push_back(static_cast<std::int64_t>(i + 2));
  }
  return t.file.node("Slice", {name, t.file.integers(begins), t.file.integers(ends), t.file.integers(axes)});
}

/// With zeros around it.
std::string pad(translation& t, const std::string& name, const dimensions& edges) {
  if (is_nothing(edges)) return name;
  const auto middle = edges.begin() + static_cast<std::ptrdiff_t>(edges.size() / 2);
  dimensions all{0, 0};
  all.insert(all.end(), edges.begin(), middle);
  all.insert(all.end(), {0, 0});
  all.insert(all.end(), middle, edges.end());
  return t.file.node("Pad", {name, t.file.integers(all)});
}

/// From the positions of a window back to its image.
std::string write_back(translation& t, const operation& op, const std::string& weight, std::int64_t groups) {
  const tensor::extents &from = t.shape(op.inputs[0]), &to = t.g.shape(op.outputs[0]);
  const bool of_image = is_image(to);
  const channels_first positions(from, of_image), image(to, of_image);
  const window_words w(t.g.windows[op.window], of_image);
  const dimensions zeros = w.zeros(), cuts = w.cuts();
  const std::size_t rank = w.sides.size();
  dimensions left_over;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t seen = image.space[i] - cuts[i] - cuts[rank + i];
    left_over.push_back(seen + zeros[i] + zeros[rank + i] - w.sides[i].reach() -
                        w.sides[i].stride * (positions.space[i] - 1));
  }
  attributes settings = w.settings();
  settings.emplace_back("group", groups);
  settings.emplace_back("output_padding", left_over);
  const std::string made =
      t.file.node("ConvTranspose", {to_channels_first(t, op.inputs[0], positions), weight}, settings);
  return finish(t, op, pad(t, made, cuts), image);
}

/// The window's weight where each tap counts once for each channel.
std::string ones(translation& t, const window_words& w, std::int64_t channels) {
  dimensions extents{channels, 1};
  std::int64_t count = channels;
  for (const std::int64_t size : w.sizes()) {
    extents.push_back(size);
    count *= size;
  }
  return t.file.tensor("ones", extents, std::vector<float>(static_cast<std::size_t>(count), 1.0F));
}

} // namespace

std::string write_window_product(translation& t, const operation& op) {
  const tensor::extents &x = t.shape(op.inputs[0]), &y = t.g.shape(op.outputs[0]);
  const graph::parameter& p = t.g.parameters[op.parameter];
  const bool of_image = is_image(x);
  const channels_first image(x, of_image), made(y, of_image);
  const window_words w(t.g.windows[op.window], of_image);
  dimensions extents{p.shape[0], p.shape[1]};
  for (const std::int64_t size : w.sizes()) extents.push_back(size);
  const std::string weight = t.parameter(op.parameter, extents);
  const std::int64_t seen = op.transposed ? made.channels : image.channels, groups = seen / extents[1];
  if (op.transposed) return write_back(t, op, weight, groups);
  attributes settings = w.settings();
  settings.emplace_back("group", groups);
  const std::string numbers = cut(t, to_channels_first(t, op.inputs[0], image), image, w);
  return finish(t, op, t.file.node("Conv", {numbers, weight}, settings), made);
}

std::string write_max_pool(translation& t, const operation& op) {
  const tensor::extents& x = t.shape(op.inputs[0]);
  const channels_first image(x, is_image(x)), made(t.g.shape(op.outputs[0]), is_image(x));
  const window_words w(t.g.windows[op.window], is_image(x));
  const std::string numbers = cut(t, to_channels_first(t, op.inputs[0], image), image, w);
  return finish(t, op, t.file.node("MaxPool", {numbers}, w.settings()), made);
}

std::string write_window_sum(translation& t, const operation& op) {
  const tensor::extents &x = t.shape(op.inputs[0]), &y = t.g.shape(op.outputs[0]);
  const bool of_image = is_image(op.transposed ? y : x);
  const channels_first image(x, of_image), made(y, of_image);
  const window_words w(t.g.windows[op.window], of_image);
  if (op.transposed) return write_back(t, op, ones(t, w, image.channels), image.channels);
  const std::string numbers = pad(t, cut(t, to_channels_first(t, op.inputs[0], image), image, w), w.zeros());
  const dimensions strides = w.strides(), dilations = w.dilations();
  const bool is_single = t.g.windows[op.window].taps() == 1;
  const auto is_one = [](std::int64_t number) { return number == 1; };
  if (is_single && std::all_of(strides.begin(), strides.end(), is_one)) return finish(t, op, numbers, made);
  if (!std::all_of(dilations.begin(), dilations.end(), is_one)) {
    const attributes settings{{"strides", strides}, {"dilations", dilations}, {"group", image.channels}};
    return finish(t, op, t.file.node("Conv", {numbers, ones(t, w, image.channels)}, settings), made);
  }
  const std::string mean = t.file.node("AveragePool", {numbers}, {{"kernel_shape", w.sizes()}, {"strides", strides}});
  const std::string taps = t.file.number(static_cast<float>(t.g.windows[op.window].taps()));
  return finish(t, op, is_single ? mean : t.file.node("Mul", {mean, taps}), made);
}

std::string write_interpolation(translation& t, const operation& op) {
  if (!op.transposed) return "the way back of an interpolation";
  const graph::window& w = t.g.windows[op.window];
  const channels_first image(t.shape(op.inputs[0]), true), made(t.g.shape(op.outputs[0]), true);
  const std::vector<float> factors{1, 1, static_cast<float>(w.rows.size), static_cast<float>(w.columns.size)};
  const std::string resized =
      t.file.node("Resize", {to_channels_first(t, op.inputs[0], image), "", t.file.tensor("factors", {4}, factors)},
                  {{"mode", "linear"}, {"coordinate_transformation_mode", "half_pixel"}});
  return finish(t, op, resized, made);
}

} // namespace fusegrad::io::onnx
