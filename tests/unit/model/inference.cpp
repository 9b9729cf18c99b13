// SPDX-License-Identifier: MIT
#include <fusegrad/model/inference.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <stdexcept>
#include <type_traits>
#include <vector>

#if defined(__unix__)
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

namespace fg = fusegrad;
constexpr auto model = fg::input<3> | fg::dense<2>.without_bias() | fg::dense<1>.without_bias();

template <class Zeros> float single(const Zeros& zeros, float input, float first_weight, float second_weight) {
  fg::weights weights{model};
  weights.write("0.weight", std::vector<float>(6, first_weight));
  weights.write("1.weight", std::vector<float>(2, second_weight));
  const fg::inference net{zeros, weights};
  const std::vector<float> sample(3, input);
  float of_many = -1;
  typename std::remove_const_t<decltype(net)>::workspace memory;
  net.predict(sample, {&of_many, 1}, memory);
  const float alone = net(std::span<const float, 3>(sample))[0];
  BOOST_TEST(alone == of_many);
  return alone;
}

constexpr bool is_a_constant() {
  const fg::inference net{fg::weights<std::remove_cv_t<decltype(model)>>{}};
  return net(std::array<float, 3>{1, 2, 3})[0] == 0;
}
static_assert(is_a_constant());

} // namespace

BOOST_AUTO_TEST_SUITE(inference_of_samples)

// As many samples are: a denormal number costs a hundred times as much as any other, so none is computed with.
BOOST_AUTO_TEST_CASE(a_single_sample_takes_denormal_numbers_for_zero) {
  const float tiny = 1e-39f, huge = 1e30f;
  const auto check = [&](const auto& zeros) {
    BOOST_TEST(single(zeros, 1, 2, 3) == 36.0f);
    BOOST_TEST(single(zeros, tiny, huge, 1) == 0.0f);
    BOOST_TEST(single(zeros, huge, tiny, 1) == 0.0f);
    BOOST_TEST(single(zeros, 1e-20f, 1e-19f, huge) == 0.0f); // made on the way
  };
  check(fg::multiplying_zeros{});
  check(fg::skip_zeros);
  volatile float operand = tiny;
  BOOST_TEST(operand * huge > 0.0f); // the caller's mode is as before
}

BOOST_AUTO_TEST_CASE(fewer_threads_than_none_are_refused) {
  using workspace = fg::inference<std::remove_const_t<decltype(model)>>::workspace;
  BOOST_CHECK_THROW(workspace{-1}, std::invalid_argument);
}

#if defined(__unix__)
template <class Call> bool ends_the_program(const Call& call) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL); // not the handler of the tests
    ::close(2);
    call();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

// It throws nothing, and writes nothing behind the end: a child that asks for more than there is room for ends.
BOOST_AUTO_TEST_CASE(sizes_that_do_not_agree_end_the_program) {
  const fg::inference net{fg::weights{model}};
  std::remove_const_t<decltype(net)>::workspace memory;
  const std::vector<float> samples(30);
  std::vector<float> out(10);
  net.predict(samples, out, memory);
  const auto ends = [&](std::size_t in, std::size_t room) {
    return ends_the_program([&] { net.predict(std::span(samples).first(in), std::span(out).first(room), memory); });
  };
  BOOST_TEST(ends(30, 9));
  BOOST_TEST(ends(29, 10));
  BOOST_TEST(!ends(27, 10)); // more room than is needed
}

// Samples that are still to be read would be gone.
BOOST_AUTO_TEST_CASE(outputs_over_samples_end_the_program) {
  const fg::inference net{fg::weights{model}};
  constexpr std::size_t in = 3, outs = 1;
  std::remove_const_t<decltype(net)>::workspace memory;
  std::vector<float> room(40);
  const auto ends = [&](std::size_t samples, std::size_t at) {
    return ends_the_program([&] {
      net.predict(std::span<const float>(room).first(samples * in), std::span(room).subspan(at, samples * outs),
                  memory);
    });
  };
  BOOST_TEST(ends(4, 0));
  BOOST_TEST(ends(4, 4 * in - 1));
  BOOST_TEST(!ends(4, 4 * in));
  // One sample is read as a whole before.
  BOOST_TEST(!ends(1, 0));
}

#endif

// So many that threads share them.
BOOST_AUTO_TEST_CASE(outputs_may_take_the_places_of_their_own_samples) {
  constexpr auto square = fg::input<5> | fg::dense<5> | fg::tanh;
  const fg::inference net{fg::weights{square, 3}};
  std::vector<float> numbers(5 * 40'001), expected(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i % 7) - 3;
  std::remove_const_t<decltype(net)>::workspace memory(3);
  net.predict(numbers, expected, memory);
  net.predict(numbers, numbers, memory);
  BOOST_TEST((numbers == expected));
}

// 8,192 operations for a sample.
BOOST_AUTO_TEST_CASE(two_threads_pay_from_a_million_operations_on) {
  fg::execution::crowding_of_this_process.forget();
  const fg::inference net{fg::weights{fg::input<64> | fg::dense<64>.without_bias()}};
  using workspace = std::remove_const_t<decltype(net)>::workspace;
  const workspace open(0), chosen(1);
  int most = fg::execution::team(0).size(); // not const: in a constant expression there is one thread
  BOOST_TEST(net.threads(122, open).size() == 1);
  BOOST_TEST(net.threads(123, open).size() == std::min(2, most));
  BOOST_TEST(net.threads(732, open).size() == std::min(2, most));
  BOOST_TEST(net.threads(733, open).size() == std::min(3, most));
  BOOST_TEST(net.threads(733, chosen).size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
