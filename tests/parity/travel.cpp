// SPDX-License-Identifier: MIT
// Weights that come from PyTorch, go back there, and go to ONNX; sequential.py and onnx_files.py look at both ends.
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/io/onnx.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace fg = fusegrad;

namespace {

// Every kind of layer with parameters that PyTorch has, too, numbered as in a Sequential.
constexpr auto sequential = fg::input<9, 8, 3> | fg::conv2d<8, 3>.padded_same() | fg::batch_norm | fg::prelu |
                            fg::max_pool2d<2> | fg::conv2d<8, 3>.with_groups<2>() | fg::prelu.per_unit() |
                            fg::depthwise2d<3>.padded_same() | fg::relu | fg::transposed_conv2d<6, 3> | fg::tanh |
                            fg::global_average_pool | fg::flatten | fg::dense<7> | fg::layer_norm | fg::sigmoid |
                            fg::dense<6> | fg::rms_norm | fg::dropout<0.2> | fg::dense<3>.without_bias();

// LeNet with an image of several positions and channels before its dense layers, and a way back to an image.
constexpr auto flattened = fg::input<9, 8, 2> | fg::conv2d<6, 3>.padded_same() | fg::relu | fg::max_pool2d<2> |
                           fg::conv2d<5, 3> | fg::relu | fg::flatten | fg::batch_norm | fg::dense<8> | fg::relu |
                           fg::dense<12> | fg::batch_norm | fg::reshape<2, 2, 3> | fg::transposed_conv2d<3, 2> |
                           fg::flatten | fg::dense<3>;

constexpr auto rows =
    fg::input<6> | fg::dense<8> | fg::batch_norm | fg::relu | fg::residual(fg::dense<8> | fg::tanh | fg::dense<8>) |
    fg::layer_norm | fg::branch(fg::dense<4> | fg::gelu, fg::dense<3> | fg::elu<1.0>, fg::maxout<2>) | fg::concat |
    fg::rms_norm | fg::prelu.per_unit() |
    fg::groups(fg::on<8>(fg::swiglu), fg::on<3>(fg::batch_norm.without_gain_and_shift())) | fg::dense<5> | fg::softmax;
constexpr auto smooth = fg::input<7> |
                        fg::branch(fg::gelu_tanh, fg::silu, fg::mish, fg::softplus, fg::log_sigmoid, fg::softsign,
                                   fg::gaussian, fg::sine, fg::square, fg::celu<2.0>, fg::selu, fg::learned_swish) |
                        fg::concat | fg::log_softmax;
constexpr auto pieces =
    fg::input<7> |
    fg::branch(fg::relu6, fg::leaky_relu<0.1>, fg::hard_swish, fg::hard_sigmoid, fg::hard_tanh, fg::abs,
               fg::threshold<0.1, 0.3>, fg::necro_relu<0.1>, fg::rrelu<0.1, 0.3>, fg::identity) |
    fg::concat;
/// Functions that ONNX has, and those that are several of its own.
constexpr auto functions =
    fg::input<8> |
    fg::branch(fg::activation([](auto x) { return tan(x / 2) + asin(x / 2) + acos(x / 2) + atan(x) + atanh(x / 2); }),
               fg::activation([](auto x) { return sinh(x) + cosh(x) + asinh(x) + acosh(1 + abs(x)); }),
               fg::activation([](auto x) { return exp2(x) + log2(2 + x) + log10(2 + x) + cbrt(x); }),
               fg::activation([](auto x) { return erfc(x) + normal_cdf(x) + hypot(1e30 * x, 1e30) / 1e30; }),
               fg::activation([](auto x) { return floor(x) + 10 * ceil(x) + 100 * round(3 * x) + trunc(5 * x); })) |
    fg::concat;
/// What the way back, scripts/model_from_onnx, does not take.
constexpr auto remainders = fg::input<8> | fg::activation([](auto x) { return fmod(7 * x, 2); });
constexpr auto joined =
    fg::inputs<fg::shape<4>, fg::shape<4>> | fg::each(fg::dense<4>, fg::tanh) | fg::branch(fg::add, fg::multiply);
constexpr auto image = fg::input<9, 8, 4> | fg::conv2d<8, 3>.padded_same().with_stride<2>() | fg::batch_norm |
                       fg::relu | fg::squeeze_excite<2> | fg::depthwise2d<3>.with_multiplier<2>() |
                       fg::average_pool2d<2>.with_stride<1>() | fg::flatten | fg::dense<4>;
constexpr auto larger = fg::input<4, 5, 4> | fg::conv2d<4, 3>.with_groups<2>().padded_same() | fg::zero_pad2d<2> |
                        fg::crop2d<1> | fg::upsample2d<2> | fg::transposed_conv2d<4, 3>.with_stride<2>() |
                        fg::upsample2d<2>.bilinear() | fg::max_pool2d<3> | fg::global_max_pool;
constexpr auto sequence = fg::input<10, 4> | fg::conv1d<8, 3>.causal().with_dilation<2>() | fg::layer_norm |
                          fg::residual(fg::self_attention<2>.causal()) | fg::self_attention<1> | fg::dense<4> |
                          fg::upsample1d<2>.linear() | fg::average_pool1d<2> | fg::flatten | fg::dense<3>;

using numbers = std::vector<float>;

/// Numbers of a wave, so that they are the same everywhere; from `low` to `low + size`.
numbers wave(std::size_t count, double low, double size, double start) {
  numbers all(count);
  for (std::size_t i = 0; i < count; ++i)
    all[i] = static_cast<float>(low + size * (1 + std::sin(start + 1.7 * static_cast<double>(i))) / 2);
  return all;
}

class exports {
public:
  explicit exports(std::filesystem::path folder) : folder_(std::move(folder)) {}

  template <class Model> void add(const std::string& name, Model model) {
    fg::weights<Model> w{model, 3};
    double start = 0;
    for (const std::string& parameter : w.parameter_names()) {
      const std::size_t size = w.parameter_size(parameter);
      // Starting values that are all alike would hide a mistake.
      if (w.parameter_shape(parameter).size() == 1) w.write(parameter, wave(size, 0.2, 0.9, start += 1));
    }
    fg::io::save_onnx(w, folder_ / (name + ".onnx"));
    write(name, w);
  }
  /// Some samples, and what the weights make of them.
  template <class Weights> void write(const std::string& name, const Weights& w) {
    const fg::inference net{w};
    constexpr std::size_t samples = 5, inputs = decltype(net)::input_size, outputs = decltype(net)::output_size;
    const numbers x = wave(samples * inputs, -1.5, 3, 0.3);
    numbers y(samples * outputs);
    typename decltype(net)::workspace memory;
    net.predict(x, y, memory);
    tensors_.push_back(fg::io::detail::to_tensor<float>(name + ".inputs", {samples, inputs}, x));
    tensors_.push_back(fg::io::detail::to_tensor<float>(name + ".outputs", {samples, outputs}, y));
  }
  void close() const { fg::io::write_safetensors(folder_ / "results.safetensors", tensors_); }

private:
  std::filesystem::path folder_;
  std::vector<fg::io::named_tensor> tensors_;
};

} // namespace

/// usage: travel FOLDER, with sequential.safetensors of PyTorch in it where that is asked for
int main(int, char** arguments) {
  const std::filesystem::path folder = arguments[1];
  exports out(folder);
  if (std::filesystem::exists(folder / "sequential.safetensors")) {
    fg::weights w{sequential};
    fg::io::load(w, folder / "sequential.safetensors");
    fg::io::save(w, folder / "back.safetensors");
    out.write("sequential", w);
    fg::weights flat{flattened};
    fg::io::load(flat, folder / "flattened.safetensors", {.flattened = fg::io::flattened::channels_first});
    fg::io::save(flat, folder / "flattened_back.safetensors", {.flattened = fg::io::flattened::channels_first});
    out.write("flattened", flat);
  } else {
    out.add("sequential", sequential);
    out.add("rows", rows);
    out.add("smooth", smooth);
    out.add("pieces", pieces);
    out.add("functions", functions);
    out.add("remainders", remainders);
    out.add("joined", joined);
    out.add("image", image);
    out.add("larger", larger);
    out.add("sequence", sequence);
  }
  out.close();
}
