// SPDX-License-Identifier: MIT
#include <fusegrad/train/parts_by_name.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/frozen.hpp>
#include <fusegrad/layer/named.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/penalty.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rule.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto encoder = fg::named<"encoder">(fg::dense<70> | fg::relu | fg::dense<8>);
constexpr auto head = fg::named<"head">(fg::dense<2>);
constexpr auto net = fg::input<33> | encoder | fg::tanh | head;
constexpr auto loss = fg::mean_squared_error + fg::l2<1e-3>;
const std::vector<std::string> in_encoder{"encoder.0.weight", "encoder.0.bias", "encoder.2.weight", "encoder.2.bias"};
constexpr std::size_t rows = 300;

struct numbers {
  std::vector<float> x = std::vector<float>(rows * 33), y = std::vector<float>(rows * 2);
  std::vector<std::uint32_t> all = std::vector<std::uint32_t>(rows);
  numbers() {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(std::sin(static_cast<double>(i * i % 1009)));
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<float>(std::cos(static_cast<double>(i)));
    for (std::uint32_t i = 0; i < rows; ++i) all[i] = i;
  }
};
const numbers some;
const auto samples = fg::with_targets(some.x, 33, some.y, 2);

auto made(fg::training_options<float> options = {}) {
  return fg::trainer{net, loss, fg::adamw{.learning_rate = 0.01, .weight_decay = 0.1}, options};
}
using trainer = decltype(made());

void steps(auto& t, std::size_t count, std::size_t batch = rows) {
  for (std::size_t s = 0; s < count; ++s) t.step(samples, std::span(some.all).first(batch));
}
std::vector<std::vector<float>> read(const auto& t, const std::vector<std::string>& names) {
  std::vector<std::vector<float>> found;
  for (const std::string& name : names) found.push_back(t.read(name));
  return found;
}
bool same_bits(const trainer& a, const trainer& b) {
  fg::train::saved_training<float> x, y;
  a.remember(x);
  b.remember(y);
  return std::memcmp(x.weights.data(), y.weights.data(), x.weights.size() * 4) == 0 &&
         std::memcmp(x.states.data(), y.states.data(), x.states.size() * 4) == 0;
}
using fusegrad::test::says;

BOOST_AUTO_TEST_SUITE(train_parts_by_name, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(what_is_frozen_stays_with_its_moments_and_the_rest_is_trained_as_ever) {
  trainer t = made();
  steps(t, 3);
  fg::train::saved_training<float> before, after;
  t.remember(before);
  const auto weights = read(t, in_encoder);
  const auto of_head = t.read("head.weight");
  t.freeze("encoder");
  BOOST_TEST(t.rate("encoder.2.bias") == 0);
  BOOST_TEST(t.rate("head.bias") == 1);
  steps(t, 5);
  steps(t, 2, 1); // a single sample goes another way
  t.remember(after);
  BOOST_TEST((read(t, in_encoder) == weights));
  BOOST_TEST((t.read("head.weight") != of_head));
  // States lie like the weights: the encoder's are as they were where its weights lie.
  const std::size_t size = before.weights.size(), of_encoder = 33 * 70;
  BOOST_TEST(before.states.size() == 2 * size);
  for (const std::size_t state : {0u, 1u})
    BOOST_TEST(std::memcmp(before.states.data() + state * size, after.states.data() + state * size, of_encoder * 4) ==
               0);
}

// The same as what the model says by itself, bit for bit.
BOOST_AUTO_TEST_CASE(frozen_by_name_is_frozen_by_the_model) {
  static constexpr auto still = fg::input<33> | fg::frozen(encoder) | fg::tanh | head;
  fg::trainer by_model{still, loss, fg::adamw{.learning_rate = 0.01, .weight_decay = 0.1}};
  trainer by_name = made();
  by_name.freeze("encoder");
  BOOST_TEST(by_model.parameters().write_from(by_name.parameters()).empty());
  // So few samples that neither batch is cut: how that is done depends on how many gradients there are.
  steps(by_model, 6, 12);
  steps(by_name, 6, 12);
  for (const char* name : {"head.weight", "head.bias", "encoder.0.weight"})
    BOOST_TEST(by_model.read(name) == by_name.read(name), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_rate_is_a_share_of_the_rules) {
  trainer slow = made(), ordinary = made();
  const auto start = slow.read("encoder.0.weight"), start_of_head = slow.read("head.weight");
  slow.set_rate("encoder", 0.25);
  slow.set_rate("encoder.2.bias", 3);
  BOOST_TEST(slow.rate("encoder.0.bias") == 0.25);
  BOOST_TEST(slow.rate("encoder.2.bias") == 3);
  steps(slow, 1);
  steps(ordinary, 1);
  const auto a = slow.read("encoder.0.weight"), b = ordinary.read("encoder.0.weight");
  for (std::size_t i = 0; i < a.size(); ++i)
    BOOST_TEST(std::fabs((a[i] - start[i]) - 0.25F * (b[i] - start[i])) < 1e-7F);
  BOOST_TEST(slow.read("head.weight") == ordinary.read("head.weight"), boost::test_tools::per_element());
  slow.set_rate("encoder", 0);
  BOOST_TEST(slow.rate("encoder.2.bias") == 0);
  slow.unfreeze("encoder");
  BOOST_TEST(slow.rate("encoder.2.bias") == 3); // as it was
}

BOOST_AUTO_TEST_CASE(rates_of_one_change_no_bit_and_neither_do_threads) {
  trainer plain = made(), ones = made();
  ones.set_rate("encoder", 0.5);
  ones.set_rate("encoder", 1);
  steps(plain, 4);
  steps(ones, 4);
  BOOST_TEST(same_bits(plain, ones));
  const auto run = [](int threads, double clip) {
    trainer t = made({.threads = threads, .clip_norm = clip});
    t.set_rate("head", 2);
    t.freeze("encoder.0");
    steps(t, 3);
    t.unfreeze("encoder.0");
    steps(t, 3);
    return t;
  };
  for (const double clip : {fg::train::clipping::none, 0.1})
    for (const int threads : {2, 3, 8}) BOOST_TEST(same_bits(run(1, clip), run(threads, clip)));
}

// Adam's first step is one of the learning rate, whenever it is.
BOOST_AUTO_TEST_CASE(what_is_trained_later_begins_with_its_own_first_step) {
  trainer t = made();
  t.freeze("head");
  steps(t, 50);
  t.unfreeze("head");
  const auto before = t.read("head.bias");
  steps(t, 1);
  const auto after = t.read("head.bias");
  for (std::size_t i = 0; i < after.size(); ++i)
    BOOST_TEST(std::fabs(std::fabs(after[i] - before[i] * (1 - 0.001F)) - 0.01F) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(the_norm_that_is_clipped_is_of_what_is_trained) {
  trainer clipped = made({.clip_norm = 1e-3}), own = made({.clip_norm_of_each = 1e-3});
  for (trainer* t : {&clipped, &own}) {
    t->freeze("encoder");
    t->freeze("head.bias");
    steps(*t, 4);
  }
  BOOST_TEST(clipped.read("head.weight") == own.read("head.weight"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(neither_a_largest_norm_nor_a_minimisation_touches_what_is_frozen) {
  trainer t = made({.max_norm = 0.1});
  t.freeze("encoder");
  const auto before = read(t, in_encoder);
  steps(t, 2);
  t.minimise(samples, fg::lbfgs{.evaluations = 20}, fg::progress_style::silent);
  BOOST_TEST((read(t, in_encoder) == before));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  trainer t = made(), plain = made();
  BOOST_CHECK_EXCEPTION(t.freeze("decoder"), std::out_of_range,
                        says("nothing in the model is called \"decoder\", nor does a name begin with it; there are "
                             "encoder.0.weight, encoder.0.bias"));
  BOOST_CHECK_EXCEPTION(t.freeze("enc"), std::out_of_range, says("\"enc\""));
  BOOST_CHECK_EXCEPTION(t.freeze(""), std::out_of_range, says("\"\""));
  BOOST_CHECK_EXCEPTION(t.set_rate("encoder.", 1), std::out_of_range, says("\"encoder.\""));
  BOOST_CHECK_EXCEPTION(t.set_rate("encoder", -1), std::invalid_argument, says("the rate of \"encoder\" is 0 or more"));
  BOOST_CHECK_EXCEPTION(t.set_rate("encoder", std::nan("")), std::invalid_argument, says("0 or more and finite"));
  BOOST_CHECK_THROW(static_cast<void>(t.rate("encoder")), std::out_of_range);
  steps(t, 2);
  steps(plain, 2);
  BOOST_TEST(same_bits(t, plain));
  static constexpr auto line = fg::input<1> | fg::dense<1>;
  fg::trainer fixed{line, fg::mean_squared_error, fg::update_rule([](auto w, auto g) { return w - 0.5 * g; })};
  BOOST_CHECK_EXCEPTION(fixed.set_rate("0", 2), std::invalid_argument, says("no setting \"learning_rate\""));
  fixed.freeze("0");
  BOOST_TEST(fixed.rate("0.bias") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
