// SPDX-License-Identifier: MIT
// test-arguments: --quick
// A small convolutional net reads handwritten digits, or tells clothes apart, and leaves its weights and a page with
// the kernels that it has learned.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fusegrad/fusegrad.hpp>
#include <fusegrad/inspect/misread.hpp>
#include <fusegrad/inspect/version.hpp>
#include <fusegrad/math/isa.hpp>

namespace fg = fusegrad;

namespace {

/// Two convolutions before each pool, none of which makes the image smaller.
template <std::size_t Channels>
constexpr auto block = fg::conv2d<Channels, 3>.padded_same().without_bias() | fg::batch_norm | fg::relu;

constexpr auto small_net =
    fg::input<8, 8, 1> | block<32> | block<32> | fg::max_pool2d<2> | fg::flatten | fg::dropout<0.3> | fg::dense<10>;

constexpr auto large_net = fg::input<28, 28, 1> | block<32> | fg::max_pool2d<2> | block<64> | block<64> |
                           fg::max_pool2d<2> | fg::dropout<0.3> | fg::flatten | fg::dense<10>;
static_assert(large_net.parameter_count() < 100'000);

struct options {
  std::string data; // empty: the digits in the library
  std::string output = std::filesystem::is_directory("build/demo") ? "build/demo" : ".";
  std::size_t epochs = 0; // 0: what the recipe says
  std::size_t batch = 64;
  std::uint64_t seed = 1;
  int threads = 0;
  bool quick = false;
};

/// Ctrl-C: what there is to say was said.
struct interrupted {};

/// The kernels of the first layer, from its weight [out][1][rows][columns].
template <class Trainer> std::vector<fg::grey_picture> kernels_of(const Trainer& trainer) {
  const std::vector<float> weight = trainer.read("0.0.weight");
  const std::vector<std::size_t> shape = trainer.parameter_shape("0.0.weight");
  const std::size_t size = shape[2] * shape[3];
  std::vector<fg::grey_picture> pictures;
  for (std::size_t k = 0; k < shape[0]; ++k) {
    const float* const first = weight.data() + k * size;
    pictures.push_back({{first, first + size}, shape[3], shape[2], std::to_string(k)});
  }
  return pictures;
}

/// How often each class is found, in one line.
std::string recalls(const fg::confusion_matrix& confusion) {
  std::string text;
  for (std::size_t k = 0; k < confusion.classes(); ++k)
    text += (k == 0 ? "" : ", ") + std::to_string(k) + ": " + fg::base::fixed(100 * confusion.recall(k), 1) + " %";
  return text;
}

/// Trains, evaluates, writes; gives the accuracy on the samples that were held out.
template <std::size_t Side, fg::any_model Model>
double run(Model model, std::size_t epochs, const fg::data::image_classes& images, const fg::data::augmentation& how,
           const options& asked) {
  std::printf("%s\n%s: %s samples to train, %s held out\n\n", fg::summary(model).c_str(), images.name.c_str(),
              fg::base::grouped(images.train.size()).c_str(), fg::base::grouped(images.test.size()).c_str());
  std::fflush(stdout);

  fg::trainer trainer{model, fg::softmax_cross_entropy.label_smoothing(0.1),
                      fg::adamw{.learning_rate = 3e-3, .weight_decay = 0.05},
                      fg::training_options<float>{.seed = asked.seed, .threads = asked.threads}};
  const fg::data::augmented train{images.train, how};
  const fg::history history =
      trainer.fit(train, {.epochs = epochs,
                          .batch_size = asked.batch,
                          .validation = &images.test,
                          .learning_rate_schedule = fg::schedule::warm_up(100, fg::schedule::cosine()),
                          .seed = asked.seed});
  if (history.end == fg::fit_end::interrupted) throw interrupted{};
  const fg::evaluation result = trainer.evaluate(images.test);
  std::printf("\n%s\n", result.confusion.to_string().c_str());

  const std::filesystem::path folder = asked.output;
  std::filesystem::create_directories(folder);
  fg::io::save(trainer, folder / "convolution.safetensors");
  const std::vector<float> outputs = trainer.predict(images.test.inputs());
  fg::save_html({.title = images.name + ", read by a convolutional net",
                 .summary = fg::summary(model),
                 .history = history,
                 .evaluation = result,
                 .misread = fg::find_misread(images.test, std::span<const float>(outputs), Side, Side),
                 .kernels = kernels_of(trainer),
                 .facts = {{"data", images.name},
                           {"found of each class", recalls(result.confusion)},
                           {"recipe", "AdamW, warm-up and cosine, batches of " + std::to_string(asked.batch) +
                                          ", images shifted and flipped as they come"},
                           {"instructions", std::string(fg::math::isa_name)},
                           {"seed", std::to_string(asked.seed)},
                           {"fusegrad", std::string(fg::version)}}},
                folder / "convolution.html");
  std::printf("weights: %s\npage:    %s\n", (folder / "convolution.safetensors").c_str(),
              (folder / "convolution.html").c_str());
  return result.accuracy;
}

double run(const options& asked) {
  if (asked.data.empty()) {
    auto [train, test] = fg::data::digits().split(0.8, asked.seed);
    const std::size_t epochs = asked.epochs > 0 ? asked.epochs : asked.quick ? 6 : 40;
    return run<8>(small_net, epochs, {"1,797 handwritten digits (UCI)", std::move(train), std::move(test)},
                  {.image = {8, 8, 1}, .shift = 1, .seed = asked.seed}, asked);
  }
  const fg::data::image_classes images = fg::data::load_mnist(asked.data);
  // Clothes look alike from the left and from the right; digits do not.
  const bool is_fashion = images.name.find("Fashion") != std::string::npos;
  return run<28>(large_net, asked.epochs > 0 ? asked.epochs : 12, images,
                 {.image = {28, 28, 1}, .shift = 2, .flip = is_fashion ? 0.5 : 0, .seed = asked.seed}, asked);
}

} // namespace

int main(int argc, char** argv) {
  options asked;
  CLI::App app{"A convolutional net: the 1,797 digits in the library, MNIST, or the clothes of Fashion-MNIST."};
  app.add_option("--data", asked.data, "folder with MNIST or Fashion-MNIST in IDX form (plain or .gz)")
      ->check(CLI::ExistingDirectory);
  app.add_option("--epochs", asked.epochs, "how often to go over the samples")->check(CLI::Range(1, 1'000'000));
  app.add_option("--batch", asked.batch, "samples a step")->check(CLI::Range(2, 1'000'000))->capture_default_str();
  app.add_option("--seed", asked.seed, "of the split, the initial weights and the order of the samples")
      ->capture_default_str();
  app.add_option("--threads", asked.threads, "0: all there are; the result does not depend on it")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--output", asked.output, "folder for convolution.safetensors and convolution.html")
      ->capture_default_str();
  app.add_flag("--quick", asked.quick, "6 epochs, and failure below 95 %: for tests");
  CLI11_PARSE(app, argc, argv);
  try {
    const double accuracy = run(asked);
    std::printf("test accuracy %.4f\n", accuracy);
    // prints: test accuracy 0.98 +- 0.02
    return asked.quick && !(accuracy >= 0.95) ? 1 : 0;
  } catch (const interrupted&) {
    return 130;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
