// SPDX-License-Identifier: MIT
// Trains two nets in every situation that a program may train in, and fails unless all of their weights have the same
// bits. Prints a digest of them, to be compared with what it prints elsewhere.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <fusegrad/training.hpp>
#include <thread>
#include <utility>
#include <vector>

#if defined(__unix__)
#include <sys/wait.h>
#include <unistd.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

namespace fg = fusegrad;

namespace {

// What a step can ask of a team: the batch, random numbers, weights that are used twice, parts; and without those
// slices, several chunks of rows.
constexpr auto block = fg::dense<24> | fg::batch_norm | fg::relu | fg::dropout<0.2>;
constexpr auto cell = fg::shared<"cell">(fg::dense<24> | fg::batch_norm | fg::tanh);
constexpr auto coupled = fg::input<12> | block | fg::residual(block) | cell |
                         fg::groups(fg::on<10>(fg::relu), fg::on<14>(fg::dense<14> | fg::sigmoid)) | cell |
                         fg::dense<5>;
constexpr auto sliced =
    fg::input<12> | fg::dense<16> | fg::gelu | fg::residual(fg::dense<16> | fg::layer_norm | fg::silu) | fg::dense<5>;

constexpr std::size_t count = 1300, epochs = 2;
struct samples {
  std::vector<float> inputs = std::vector<float>(count * 12);
  std::vector<std::int32_t> labels = std::vector<std::int32_t>(count);
  samples() {
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(i * 37 % 101) / 50.0f - 1.0f;
    for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::int32_t>(i * 7 % 5);
  }
  auto view() const { return fg::labelled<float>(inputs, 12, labels); }
};
const samples data;

std::uint64_t digest_of(std::span<const float> numbers) {
  std::uint64_t hash = 14695981039346656037u;
  for (float x : numbers) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    hash = (hash ^ bits) * 1099511628211u;
  }
  return hash;
}

template <class Model> auto made(Model model, int threads) {
  return fg::trainer{model, fg::softmax_cross_entropy, fg::adam{},
                     fg::training_options<float>{.seed = 3, .threads = threads, .clip_norm = 1}};
}
template <class Model> std::uint64_t by_fit(Model model, std::size_t batch, int threads) {
  auto trainer = made(model, threads);
  trainer.fit(data.view(), {.epochs = epochs, .batch_size = batch, .progress = fg::progress_style::silent});
  return digest_of(std::as_const(trainer).parameters().packed());
}
template <class Model> std::uint64_t by_steps(Model model, std::size_t batch, int threads) {
  auto trainer = made(model, threads);
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    const auto order = fg::base::permutation(count, 0, epoch);
    for (std::size_t i = 0; i < count; i += batch)
      trainer.step(data.view(), std::span(order).subspan(i, batch < count - i ? batch : count - i));
  }
  return digest_of(std::as_const(trainer).parameters().packed());
}

template <class Model> std::uint64_t in_one_call(Model model, std::size_t batch, int threads) {
  static_assert(epochs == 2);
  auto trainer = made(model, threads);
  auto order = fg::base::permutation(count, 0, 0);
  const auto second = fg::base::permutation(count, 0, 1);
  order.insert(order.end(), second.begin(), second.end());
  trainer.steps(data.view(), order, batch);
  return digest_of(std::as_const(trainer).parameters().packed());
}

using digest_pair = std::pair<std::uint64_t, std::uint64_t>;
digest_pair fitted(int threads) { return {by_fit(coupled, 100, threads), by_fit(sliced, 650, threads)}; }
digest_pair stepped(int threads) { return {by_steps(coupled, 100, threads), by_steps(sliced, 650, threads)}; }
digest_pair called_once(int threads) { return {in_one_call(coupled, 100, threads), in_one_call(sliced, 650, threads)}; }

// The thread sanitizer makes no thread in a child of a program that had some.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FUSEGRAD_NO_CHILDREN
#endif
#endif
#if defined(__unix__) && !defined(__SANITIZE_THREAD__) && !defined(FUSEGRAD_NO_CHILDREN)
/// In a child process, which may take a minute.
digest_pair in_a_child(int threads) {
  int ends[2];
  digest_pair out{};
  if (pipe(ends) != 0) return out;
  std::fflush(nullptr);
  if (fork() == 0) {
    alarm(60);
    out = fitted(threads);
    const std::uint64_t both[]{out.first, out.second};
    _exit(write(ends[1], both, sizeof both) == static_cast<ssize_t>(sizeof both) ? 0 : 1);
  }
  close(ends[1]);
  std::uint64_t both[2]{};
  if (read(ends[0], both, sizeof both) == static_cast<ssize_t>(sizeof both)) out = {both[0], both[1]};
  close(ends[0]);
  wait(nullptr);
  return out;
}
#else
digest_pair in_a_child(int threads) { return fitted(threads); }
#endif

digest_pair expected;
bool all_equal = true;
void compare(const char* situation, int threads, const digest_pair& found) {
  if (found == expected) return;
  all_equal = false;
  std::printf("%s, %d threads: the weights differ%s%s\n", situation, threads,
              found.first != expected.first ? ", coupled" : "", found.second != expected.second ? ", sliced" : "");
}

} // namespace

int main() {
  expected = fitted(1);
  std::printf("%016llx %016llx\n", static_cast<unsigned long long>(expected.first),
              static_cast<unsigned long long>(expected.second));
  if (by_fit(coupled, 99, 1) == expected.first || by_fit(sliced, 651, 1) == expected.second)
    return std::puts("a digest tells no weights apart"), 1;
  for (const int threads : {0, 3}) {
    compare("fit", threads, fitted(threads));
    compare("steps", threads, stepped(threads));
    compare("steps in one call", threads, called_once(threads));
    compare("in a child", threads, in_a_child(threads));
    digest_pair here, there;
    std::thread other([&] { there = fitted(threads); });
    here = stepped(threads);
    other.join();
    compare("one of two threads", threads, here);
    compare("the other of two threads", threads, there);
  }
#ifdef _OPENMP
  std::vector<digest_pair> inside(3);
#pragma omp parallel for num_threads(3) schedule(runtime)
  for (std::size_t i = 0; i < inside.size(); ++i) inside[i] = i == 0 ? fitted(2) : i == 1 ? stepped(3) : called_once(2);
  for (const digest_pair& found : inside) compare("in a parallel loop", 2, found);
#endif
  return all_equal ? 0 : 1;
}
