// SPDX-License-Identifier: MIT
#include "laws/models.hpp"
#include "laws/train/allocations.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/model/dropout_passes.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <new>
#include <numeric>
#include <thread>
#include <vector>

namespace {

using fusegrad::test::allocations_are_counted;
using fusegrad::test::allocations_of;

constexpr auto model = fg::input<6> | fg::dense<17> | fg::tanh | fg::residual(fg::dense<17> | fg::relu) | fg::dense<3>;
using model_type = std::remove_cv_t<decltype(model)>;
using inference = fg::inference<model_type, float>;

std::vector<float> numbers(std::size_t count) {
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>((i * 7919) % 1000) / 500 - 1;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(no_allocation, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(the_counter_counts) {
  if (!allocations_are_counted) {
    BOOST_TEST_MESSAGE("skipped: the thread sanitizer has its own operators new and delete");
    return;
  }
  // Called by name: new-expressions whose memory is not used may be left out.
  void *plain = nullptr, *aligned = nullptr;
  BOOST_TEST(allocations_of([&] { plain = ::operator new(8); }) == 1u);
  BOOST_TEST(allocations_of([&] { aligned = ::operator new(128, std::align_val_t{128}); }) == 1u);
  ::operator delete(plain);
  ::operator delete(aligned, std::align_val_t{128});
}

BOOST_AUTO_TEST_CASE(passes_with_dropout) {
  static constexpr auto hiding = fg::input<6> | fg::dropout<0.2> | fg::dense<3>;
  const fg::dropout_passes passes{fg::weights{hiding, 1}, {.passes = 50}};
  decltype(passes)::workspace memory;
  const auto samples = numbers(6 * 130);
  std::vector<float> mean(3 * 130), deviation(3 * 130);
  const std::size_t count = allocations_of([&] { passes.predict(samples, mean, deviation, memory); });
  BOOST_TEST(count == 0u);
}

BOOST_AUTO_TEST_CASE(inference) {
  const ::inference net(fg::weights<model_type, float>(model, 1));
  ::inference::workspace memory;
  const auto samples = numbers(6 * 130);
  std::vector<float> out(3 * 130);
  float sum = 0;
  const std::size_t count = allocations_of([&] {
    for (int i = 0; i < 1000; ++i) {
      sum += net(std::span<const float>(samples).first<6>())[0];
      net.predict(std::span<const float>(samples).first(i % 2 == 0 ? 6 : samples.size()), out, memory);
    }
  });
  BOOST_TEST(count == 0u);
  BOOST_TEST(sum != 0);
  static_assert(noexcept(net(std::span<const float>(samples).first<6>())));
  static_assert(noexcept(net.predict(samples, out, memory)));
}

BOOST_AUTO_TEST_CASE(training) {
  const auto inputs = numbers(6 * 64);
  std::vector<std::int32_t> labels(64);
  for (std::size_t i = 0; i < 64; ++i) labels[i] = static_cast<std::int32_t>(i % 3);
  std::vector<std::uint32_t> indices(64);
  std::iota(indices.begin(), indices.end(), 0u);
  for (int threads : {1, 2}) {
    fg::trainer trainer(model, fg::softmax_cross_entropy + fg::l2<1e-4>, fg::adam{},
                        fg::training_options<float>{.largest_batch = 64, .threads = threads, .clip_norm = 1.0});
    const auto samples = fg::labelled<float>(inputs, 6, labels);
    const std::size_t count = allocations_of([&] {
      for (std::size_t i = 0; i < (threads == 1 ? 1000u : 100u); ++i)
        trainer.step(samples, std::span(indices).first(1 + i % 64));
    });
    BOOST_TEST(count == 0u);
  }
}

// A buffer, weights, an inference and a trainer that end where a function ends.
BOOST_AUTO_TEST_CASE(what_is_taken_is_given_back) {
  if (!allocations_are_counted) {
    BOOST_TEST_MESSAGE("skipped: the thread sanitizer has its own operators new and delete");
    return;
  }
  using fusegrad::test::allocations, fusegrad::test::releases;
  const auto kept_by = [](auto&& work) {
    work(); // What the runtime takes once for its threads stays.
    const std::size_t taken = allocations, given_back = releases;
    work();
    BOOST_TEST(allocations > taken);
    return static_cast<std::ptrdiff_t>(allocations - taken) - static_cast<std::ptrdiff_t>(releases - given_back);
  };
  BOOST_TEST(kept_by([] {
               fg::tensor::buffer<float> numbers(5), copy = numbers;
               numbers = fg::tensor::buffer<float>(7);
               copy[0] = numbers[0];
             }) == 0);
  BOOST_TEST(kept_by([] {
               const ::inference net(fg::weights<model_type, float>(model, 1));
               const ::inference::workspace memory(2);
             }) == 0);
  BOOST_TEST(kept_by([] {
               const fg::trainer trainer(
                   model, fg::softmax_cross_entropy + fg::l2<1e-4>, fg::adam{},
                   fg::training_options<float>{.largest_batch = 64, .threads = 2, .clip_norm = 1.0});
             }) == 0);
}

// Needs no lock, since nothing of it is written; a sanitizer for threads finds nothing here.
BOOST_AUTO_TEST_CASE(many_threads_read_one_model) {
  const ::inference net(fg::weights<model_type, float>(model, 1));
  const auto samples = numbers(6 * 100);
  std::vector<float> expected(300);
  ::inference::workspace memory;
  net.predict(samples, expected, memory);
  const auto each_alone = [&] {
    std::vector<float> out;
    for (std::size_t s = 0; s < 100; ++s)
      for (float x : net(std::span<const float>(samples).subspan(6 * s).first<6>())) out.push_back(x);
    return out;
  };
  const auto expected_alone = each_alone();
  std::array<std::vector<float>, 8> found, found_alone;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < found.size(); ++t)
    threads.emplace_back([&, t] {
      found[t].resize(300);
      ::inference::workspace own;
      for (int i = 0; i < 10; ++i) {
        net.predict(samples, found[t], own);
        found_alone[t] = each_alone();
      }
    });
  for (std::thread& t : threads) t.join();
  for (const auto& out : found) BOOST_TEST(out == expected, boost::test_tools::per_element());
  for (const auto& out : found_alone) BOOST_TEST(out == expected_alone, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
