// SPDX-License-Identifier: MIT
// The half of the comparison that is ours; pytorch.py calls it.
//   fusegrad digits SEED FOLDER   writes the split into FOLDER as CSV, trains, prints the accuracy
//   fusegrad mnist SEED FOLDER    reads the t10k files of MNIST from FOLDER, trains, prints the accuracy
// Both recipes are plain: Adam with a learning rate of 0.001, nothing else. Weights start as PyTorch's do.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fusegrad/fusegrad.hpp>
#include <string_view>

namespace fg = fusegrad;
namespace files = std::filesystem;

namespace {

using samples = fg::data::dataset<float>;

// PyTorch draws weights and biases from the same interval, whose size the layer's inputs give.
template <std::size_t In, std::size_t Out>
constexpr auto torch_dense = [] {
  constexpr double bound = 1 / fg::math::sqrt(static_cast<double>(In));
  return fg::dense<In, Out>.template initialised<fg::init::torch_linear(), fg::init::uniform(-bound, bound)>();
}();

constexpr auto digits_net = fg::input<64> | torch_dense<64, 128> | fg::relu | torch_dense<128, 10>;
constexpr auto mnist_net = fg::input<784> | torch_dense<784, 128> | fg::relu | torch_dense<128, 10>;

template <fg::any_model Model>
double accuracy_of(Model model, const samples& train, const samples& test, std::size_t batch, std::size_t epochs,
                   std::uint64_t seed) {
  fg::trainer trainer{model, fg::softmax_cross_entropy, fg::adam{.learning_rate = 1e-3},
                      fg::training_options<float>{.seed = seed}};
  trainer.fit(train, {.epochs = epochs, .batch_size = batch, .seed = seed, .progress = fg::progress_style::silent});
  return trainer.evaluate(test).accuracy;
}

double digits(std::uint64_t seed, const files::path& folder) {
  const auto [train, test] = fg::data::digits().split(0.8, seed);
  fg::data::save_csv(folder / "train.csv", train);
  fg::data::save_csv(folder / "test.csv", test);
  return accuracy_of(digits_net, train, test, 32, 40, seed);
}

double mnist(std::uint64_t seed, const files::path& folder) {
  const auto all = fg::data::load_idx(folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz", 10);
  return accuracy_of(mnist_net, all.first(8000), all.last(2000), 64, 10, seed);
}

} // namespace

int main(int argc, char** argv) try {
  const std::string_view data = argc == 4 ? argv[1] : "";
  if (data != "digits" && data != "mnist") {
    std::fprintf(stderr, "usage: %s digits|mnist SEED FOLDER\n", argv[0]);
    return 2;
  }
  const auto seed = static_cast<std::uint64_t>(std::strtoull(argv[2], nullptr, 10));
  std::printf("%.6f\n", data == "digits" ? digits(seed, argv[3]) : mnist(seed, argv[3]));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
