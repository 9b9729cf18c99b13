// SPDX-License-Identifier: MIT
#include "laws/law.hpp"
#include "laws/random_layers.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/layer_norm.hpp>
#include <fusegrad/layer/squeeze_excite.hpp>
#include <fusegrad/math/vector.hpp>
#include <fusegrad/train/losses.hpp>
#include <string>

namespace {

using fusegrad::emitter;
using fusegrad::row;
using fusegrad::graph::window;
using fusegrad::graph::window_side;
using fusegrad::tensor::extents;
using fusegrad::test::dice;
using fusegrad::test::law;

/// Images and windows of random geometry.
class image_dice : public dice {
public:
  using dice::dice;

  extents image() {
    const auto side = [&] { return static_cast<std::uint32_t>(between(1, 7)); };
    const auto channels = static_cast<std::uint32_t>(coin() ? between(1, 6) : between(7, 18));
    if (between(0, 3) == 0) return {2, {static_cast<std::uint32_t>(between(2, 14)), channels}};
    return {3, {side(), side(), channels}};
  }
  /// A window that fits; of pools with less padding than its size.
  window over(const extents& image, bool is_pool = false) {
    window w;
    if (image.rank == 3) w.rows = side(image.image_rows(), is_pool);
    w.columns = side(image.image_columns(), is_pool);
    return w;
  }
  window side_by_side(const extents& image) {
    window w;
    for (auto [side, length] : {std::pair{&w.rows, image.image_rows()}, std::pair{&w.columns, image.image_columns()}})
      side->size = side->stride = static_cast<std::uint32_t>(between(1, length < 3 ? length : 3));
    return w;
  }

  /// A window that leads back to an image from positions of this shape, and that image: some of it may be unseen.
  std::pair<window, extents> back_from(const extents& positions) {
    for (;;) {
      const window w{positions.rank == 3 ? side(100, false) : window_side{}, side(100, false)};
      const auto length = [&](const window_side& s, std::size_t n) {
        const std::int64_t unseen = s.stride == 1 ? 0 : static_cast<std::int64_t>(between(0, s.stride - 1));
        return (static_cast<std::int64_t>(n) - 1) * s.stride + s.reach() - s.before - s.after + unseen;
      };
      const std::int64_t rows = length(w.rows, positions.image_rows()),
                         columns = length(w.columns, positions.image_columns());
      if (rows > 0 && columns > 0 && rows * columns <= 150)
        return {w, fusegrad::tensor::with_image(positions, static_cast<std::size_t>(rows),
                                                static_cast<std::size_t>(columns))};
    }
  }

private:
  window_side side(std::size_t length, bool is_pool) {
    for (;;) {
      window_side s;
      s.size = static_cast<std::uint32_t>(between(1, 4));
      s.stride = static_cast<std::uint32_t>(between(1, 3));
      s.dilation = static_cast<std::uint32_t>(between(1, 3));
      const std::size_t most = is_pool ? s.size - 1 : 3;
      s.before = static_cast<std::int32_t>(between(0, most));
      s.after = static_cast<std::int32_t>(between(0, most));
      if (is_pool) s.dilation = 1;
      if (s.positions(length) > 0) return s;
    }
  }
};

std::string words(const extents& shape) {
  std::string text;
  for (std::uint32_t i = 0; i < shape.rank; ++i) text += (i == 0 ? "" : " x ") + std::to_string(shape[i]);
  return text;
}

row convolution(emitter& e, const row& x, std::size_t out, const window& w, bool bias = true) {
  const auto channels = static_cast<std::uint32_t>(x.shape.columns());
  const auto weight = e.parameter(
      "weight", {4, {static_cast<std::uint32_t>(out), channels, w.rows.size, w.columns.size}}, fusegrad::init::zeros);
  const row made = e.convolution(x, weight, w);
  if (!bias) return made;
  return e.map([](auto sum, auto b) { return sum + b; }, made,
               e.parameter("bias", fusegrad::tensor::vector_of(out), fusegrad::init::zeros));
}
row transposed_convolution(emitter& e, image_dice& d, const row& x, std::size_t out) {
  const auto channels = static_cast<std::uint32_t>(x.shape.columns());
  const auto [w, image] = d.back_from(x.shape);
  const auto weight = e.parameter(
      "weight", {4, {channels, static_cast<std::uint32_t>(out), w.rows.size, w.columns.size}}, fusegrad::init::zeros);
  return e.transposed_convolution(x, weight, w, fusegrad::tensor::with_columns(image, out));
}
row tanh_of(emitter& e, const row& x) {
  return e.map([](auto v) { return tanh(v); }, x);
}
/// The loss of what comes out, against a target of the same shape.
void close(emitter& e, const row& y) {
  e.result.outputs.push_back(y.value);
  const row target = e.input(y.shape);
  const row error = e.map([](auto a, auto b) { return square(a - b); }, y, target);
  e.add_to_loss(error, fusegrad::graph::uniform::loss_scale);
}
/// Something learned in front, so that gradients must pass what is behind.
row learned(emitter& e, const row& x) {
  const auto gain = e.parameter("gain", fusegrad::tensor::vector_of(x.shape.columns()), fusegrad::init::ones);
  return e.map([](auto v, auto g) { return v * g; }, x, gain);
}

constexpr int geometries = 100;

template <class Build> void check(unsigned seed, const char* name, Build build) {
  for (int i = 0; i < geometries; ++i) {
    image_dice d(seed + static_cast<unsigned>(i));
    emitter e(fusegrad::graph::emission{true});
    const extents image = d.image();
    const row y = build(e, d, e.input(image));
    close(e, y);
    law(e, d.between(1, 3), d.seed(), std::string(name) + " of " + words(image) + ", number " + std::to_string(i))
        .check();
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(images)

BOOST_AUTO_TEST_CASE(convolutions) {
  check(1, "a convolution", [](emitter& e, image_dice& d, const row& x) {
    const row y = tanh_of(e, convolution(e, x, d.between(1, 10), d.over(x.shape)));
    return convolution(e, y, d.between(1, 9), d.over(y.shape), d.coin());
  });
}
BOOST_AUTO_TEST_CASE(transposed_convolutions) {
  check(500, "a transposed convolution", [](emitter& e, image_dice& d, const row& x) {
    const row y = tanh_of(e, transposed_convolution(e, d, learned(e, x), d.between(1, 10)));
    const row z =
        d.coin() ? e.max_pool(y, d.side_by_side(y.shape)) : convolution(e, y, d.between(1, 6), d.over(y.shape));
    return transposed_convolution(e, d, z, d.between(1, 9));
  });
}
BOOST_AUTO_TEST_CASE(pooled_convolutions) {
  check(1000, "a pooled convolution", [](emitter& e, image_dice& d, const row& x) {
    const row y = convolution(e, learned(e, x), d.between(1, 10), d.over(x.shape));
    const row pooled = e.max_pool(d.coin() ? tanh_of(e, y) : y, d.side_by_side(y.shape));
    return convolution(e, pooled, d.between(1, 5), d.over(pooled.shape));
  });
}
BOOST_AUTO_TEST_CASE(depthwise_convolutions) {
  check(1500, "a depthwise convolution", [](emitter& e, image_dice& d, const row& x) {
    const auto one = [&](const row& image, std::size_t most) {
      const window w = d.over(image.shape);
      const row repeated = e.repeated(image, d.between(1, most)); // a multiplier: up to more panels than one
      const auto channels = static_cast<std::uint32_t>(repeated.shape.columns());
      return e.depthwise(
          repeated, e.parameter("weight", {4, {channels, 1, w.rows.size, w.columns.size}}, fusegrad::init::zeros), w);
    };
    const row sums = one(learned(e, x), 5), y = tanh_of(e, sums);
    return one(d.coin() ? e.max_pool(y, d.side_by_side(sums.shape)) : y, 2);
  });
}
BOOST_AUTO_TEST_CASE(grouped_convolutions) {
  check(1700, "a grouped convolution", [](emitter& e, image_dice& d, const row& x) {
    const std::size_t groups = d.between(2, 4), few = d.between(1, 9), more = d.between(1, d.coin() ? 5 : 20);
    const row image = tanh_of(e, fusegrad::test::emit_dense(e, x, groups * few));
    const auto weight = [&](std::size_t out, std::size_t in, const window& w) {
      const auto extent = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
      return e.parameter("weight", {4, {extent(out), extent(in), w.rows.size, w.columns.size}}, fusegrad::init::zeros);
    };
    const window w = d.over(image.shape);
    const row sums = e.convolution(image, weight(groups * more, few, w), w, groups), y = tanh_of(e, sums);
    const row z = d.coin() ? e.max_pool(y, d.side_by_side(sums.shape)) : y;
    const auto [back, larger] = d.back_from(z.shape);
    const std::size_t out = d.between(1, 4);
    return e.transposed_convolution(z, weight(groups * more, out, back), back,
                                    fusegrad::tensor::with_columns(larger, groups * out), groups);
  });
}
BOOST_AUTO_TEST_CASE(max_pools) {
  check(2000, "a max pool", [](emitter& e, image_dice& d, const row& x) {
    const row y = e.map([](auto v) { return v * sin(v); }, learned(e, x)); // neither rising nor falling
    return e.max_pool(y, d.over(x.shape, true));
  });
}
BOOST_AUTO_TEST_CASE(window_sums) {
  check(3000, "a window sum", [](emitter& e, image_dice& d, const row& x) {
    const row y = e.window_sum(tanh_of(e, learned(e, x)), d.over(x.shape));
    window w;
    if (y.shape.rank == 3) w.rows.size = w.rows.stride = static_cast<std::uint32_t>(d.between(1, 3));
    w.columns.size = w.columns.stride = static_cast<std::uint32_t>(d.between(1, 3));
    return e.transposed_window_sum(y, w,
                                   fusegrad::tensor::with_image(y.shape, w.rows.size * y.shape.image_rows(),
                                                                w.columns.size * y.shape.image_columns()));
  });
}
BOOST_AUTO_TEST_CASE(interpolations) {
  check(3500, "an interpolation", [](emitter& e, image_dice& d, const row& x) {
    const row y = tanh_of(e, e.interpolated(learned(e, x), x.shape.rank == 3 ? d.between(1, 4) : 1, d.between(1, 4)));
    return convolution(e, y, d.between(1, 4), d.over(y.shape));
  });
}
BOOST_AUTO_TEST_CASE(the_last_axis) {
  check(4000, "softmax, sums and dense layers", [](emitter& e, image_dice& d, const row& x) {
    const row y = fusegrad::test::emit_dense(e, x, d.between(2, 12));
    if (d.between(0, 3) == 0) return std::remove_cvref_t<decltype(fusegrad::squeeze_excite<2>)>::emit(e, y);
    const row z = d.coin() ? e.softmax(y) : e.log_softmax(y);
    const row mean = e.row_mean(y);
    const row gate = e.position_mean(tanh_of(e, y)); // one row for all positions
    return e.map([](auto a, auto m, auto g) { return a * m + a * g; }, z, mean, gate);
  });
}
BOOST_AUTO_TEST_CASE(norms_and_masks) {
  check(5000, "norms", [](emitter& e, image_dice& d, const row& x) {
    // Of one or two columns a norm leaves nothing but signs, and of what grows with one number nothing at all: what is
    // left of the slope is rounding.
    const row y = tanh_of(e, fusegrad::test::emit_dense(e, x, d.between(3, 9)));
    switch (d.between(0, 4)) {
    case 0: return fusegrad::layers::layer_norm_layer<1e-5, true>::emit(e, y);
    case 1: return fusegrad::layers::rms_norm_layer<1e-6, true>::emit(e, y);
    case 2: return fusegrad::layers::dropout_layer<0.3>::emit(e, y);
    case 3: {
      using channels = fusegrad::layers::dropout_layer<0.3, fusegrad::layers::dropped::channel>;
      return convolution(e, channels::emit(e, y), 3, d.over(y.shape));
    }
    default: break;
    }
    const row z = fusegrad::layers::batch_norm_layer<0.1, 1e-5, true>::emit(e, y);
    return convolution(e, tanh_of(e, z), 3, d.over(z.shape));
  });
}
BOOST_AUTO_TEST_CASE(products_of_two_values) {
  check(7000, "a product of two values", [](emitter& e, image_dice& d, const row& image) {
    using enum fusegrad::tensor::transposed_factor;
    const row x = e.reshape(image, fusegrad::tensor::matrix_of(image.shape.positions(), image.shape.columns()));
    const row others = e.input(fusegrad::tensor::matrix_of(d.between(2, 9), d.between(1, 5)));
    const std::size_t matrices = d.between(1, 3), depth = matrices * d.between(1, 9),
                      made = matrices * d.between(1, 10);
    // A bias of what softmax compares would change nothing: its slope would be rounding.
    const row left = fusegrad::test::emit_dense(e, x, depth),
              right = fusegrad::test::emit_dense(e, others, depth, false);
    const row scores = e.value_product(left, right, right_one, matrices);
    const row fits = e.map([](auto s) { return s * 0.25; }, scores);
    const row weights = x.shape.positions() > 1 && d.coin() ? e.causal_softmax(fits) : e.softmax(fits);
    const row mixed = e.value_product(weights, fusegrad::test::emit_dense(e, others, made), none, matrices);
    const row y = tanh_of(e, learned(e, mixed));
    // Of a value with itself, and with what it was made of.
    if (d.coin()) return e.value_product(y, y, d.coin() ? left_one : right_one, matrices);
    return d.coin() ? e.value_product(y, left, left_one, matrices) : y;
  });
}
BOOST_AUTO_TEST_CASE(other_shapes) {
  check(6000, "parts and reshaping", [](emitter& e, image_dice& d, const row& x) {
    const row y = fusegrad::test::emit_dense(e, x, 6);
    fusegrad::growing<std::size_t> widths;
    widths.push_back(2);
    widths.push_back(4);
    const auto parts = e.split(y, widths);
    fusegrad::wire joined;
    joined.push_back(tanh_of(e, parts[1]));
    joined.push_back(parts[0]);
    joined.push_back(x);
    const row z = e.concat(joined);
    const row image = d.coin() ? convolution(e, z, 4, d.over(z.shape)) : z;
    const row flat = e.reshape(image, fusegrad::tensor::vector_of(image.shape.size()));
    return fusegrad::test::emit_dense(e, flat, d.between(1, 5));
  });
}
// Parts are read and made among the columns of others, some of them beginning within a vector.
BOOST_AUTO_TEST_CASE(parts_of_others) {
  check(8000, "parts of others", [](emitter& e, image_dice& d, const row& image) {
    constexpr auto lanes = static_cast<std::size_t>(fusegrad::math::native_lanes<double>);
    const row x = d.coin() ? image : e.reshape(image, fusegrad::tensor::vector_of(image.shape.size()));
    const bool is_ragged = d.coin();
    const auto whole = [&] { return is_ragged ? d.between(1, 20) : lanes * d.between(1, 3); };
    const auto dense = [&](const row& from, std::size_t out) {
      return e.matrix_product(
          from, e.parameter("weight", fusegrad::tensor::matrix_of(out, from.shape.columns()), fusegrad::init::zeros));
    };
    const auto cut = [&](const row& from, std::size_t first) {
      fusegrad::growing<std::size_t> widths;
      widths.push_back(first);
      widths.push_back(from.shape.columns() - first);
      return e.split(from, widths);
    };
    const std::size_t first = whole(), second = whole(), third = d.between(1, 20);
    const row made = d.coin() ? tanh_of(e, dense(x, first + second + third)) : dense(x, first + second + third);
    const auto outer = cut(made, first), inner = cut(outer[1], second);
    const row gated = e.map([](auto a, auto b) { return a * tanh(b); }, outer[0], dense(inner[0], first));
    const row shares = d.coin() ? e.softmax(inner[0]) : e.map([](auto a) { return a * a; }, inner[0]);
    fusegrad::wire some, all;
    some.push_back(gated);
    some.push_back(d.coin() ? shares : dense(inner[1], whole()));
    const row joined = e.concat(some);
    all.push_back(joined);
    all.push_back(d.coin() ? inner[1] : tanh_of(e, inner[1]));
    const row y = e.concat(all);
    const row mean = e.row_mean(joined);
    switch (d.between(0, 2)) {
    case 0: return e.map([](auto a, auto m) { return a * m; }, dense(y, d.between(1, 12)), mean);
    case 1: return image.shape == x.shape ? convolution(e, y, d.between(1, 9), d.over(y.shape)) : y;
    default: break;
    }
    return e.map([](auto a, auto m) { return a - m; }, y, mean);
  });
}

BOOST_AUTO_TEST_SUITE_END()
