// SPDX-License-Identifier: MIT
#include <fusegrad/train/steps.hpp>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/train/penalty.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto model = fg::input<2> | fg::dense<6> | fg::tanh | fg::dense<1>;

struct fixture {
  std::vector<float> x, y;
  std::vector<std::uint32_t> order;
  fg::trainer<std::remove_const_t<decltype(model)>, std::remove_const_t<decltype(fg::mean_squared_error)>, fg::adam>
      one{model, fg::mean_squared_error, fg::adam{}, {.seed = 3}}, many = one;

  fixture() : x(40), y(20) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i)));
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = x[2 * i] * x[2 * i + 1];
    for (std::uint32_t i = 0; i < 50; ++i) order.push_back(i * 7 % 20);
  }
  auto samples() const { return fg::with_targets<float>(x, 2, y, 1); }
  void check_equal() const {
    for (const auto& name : one.parameter_names()) BOOST_TEST(one.read(name) == many.read(name));
  }
  bool is_refused(std::size_t batch, double factor = 1) {
    try {
      many.steps(samples(), order, batch, factor);
    } catch (const std::invalid_argument&) {
      return true;
    }
    return false;
  }
};

/// The same samples, of which each row is made when it is asked for.
struct rows_that_are_copied {
  fg::sample_view<float> of;
  std::size_t size() const { return of.size(); }
  std::size_t features() const { return of.features(); }
  bool has_labels() const { return of.has_labels(); }
  std::int32_t label(std::size_t i) const { return of.label(i); }
  std::vector<float> input(std::size_t i) const { return {of.input(i).begin(), of.input(i).end()}; }
  std::span<const float> target(std::size_t i) const { return of.target(i); }
  std::size_t target_width() const { return of.target_width(); }
};

BOOST_FIXTURE_TEST_SUITE(train_steps, fixture)

BOOST_AUTO_TEST_CASE(are_the_same_steps_one_by_one) {
  for (std::size_t batch : {1u, 8u, 50u, 64u}) {
    double loss = 0;
    std::size_t count = 0;
    for (std::size_t first = 0; first < order.size(); first += batch, ++count) {
      const std::size_t size = std::min(batch, order.size() - first);
      loss += one.step(samples(), std::span(order).subspan(first, size), 0.5).loss * static_cast<double>(size);
    }
    const fg::steps_result sum = many.steps(samples(), order, batch, 0.5);
    BOOST_TEST(sum.loss == loss / 50);
    BOOST_TEST(sum.steps == count);
    BOOST_TEST(sum.samples == 50u);
    BOOST_TEST(!sum.refused);
    check_equal();
  }
}

// A step on one sample of a small net sums in another order than one on many; so does the last of several steps.
BOOST_AUTO_TEST_CASE(a_single_sample_that_is_left_over_is_a_step_by_itself) {
  constexpr auto net = fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<2>;
  const auto two = fg::with_targets<float>(x, 2, std::span<const float>(x), 2);
  const auto made = [&](int threads) {
    return fg::trainer{net, fg::mean_squared_error + fg::l1<1e-3>, fg::momentum_sgd{.learning_rate = 0.1},
                       fg::training_options<float>{.seed = 3, .threads = threads, .clip_norm_of_each = 0.1}};
  };
  order.resize(49);
  for (const std::size_t batch : {2u, 3u, 8u, 16u, 24u, 48u}) {
    auto single = made(1);
    double loss = 0;
    for (std::size_t first = 0; first < order.size(); first += batch) {
      const std::size_t size = std::min(batch, order.size() - first);
      loss += single.step(two, std::span(order).subspan(first, size)).loss * static_cast<double>(size);
    }
    for (const int threads : {1, 2, 3}) {
      auto in_place = made(threads), copied = in_place;
      BOOST_TEST(in_place.steps(two, order, batch).loss == loss / 49);
      BOOST_TEST(copied.steps(rows_that_are_copied{two}, order, batch).loss == loss / 49);
      for (const auto& name : single.parameter_names()) {
        BOOST_TEST(in_place.read(name) == single.read(name));
        BOOST_TEST(copied.read(name) == single.read(name));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(threads_that_begin_once_for_all_take_the_same_steps) {
  for (int times = 0; times < 3; ++times) order.insert(order.end(), order.begin(), order.end());
  const fg::steps_result expected = one.steps(samples(), order, 6);
  for (int threads : {2, 3, 5}) {
    many = {model, fg::mean_squared_error, fg::adam{}, {.seed = 3, .threads = threads}};
    const fg::steps_result result = many.steps(samples(), order, 6);
    BOOST_TEST(result.loss == expected.loss);
    BOOST_TEST(result.steps == 67u);
    check_equal();
  }
}

BOOST_AUTO_TEST_CASE(threads_end_at_a_step_that_is_not_taken) {
  y[7] = std::numeric_limits<float>::infinity();
  order.assign(20, 1);
  order[13] = 7;
  for (std::size_t first = 0; first < 12; first += 4) one.step(samples(), std::span(order).subspan(first, 4));
  for (int threads : {1, 2, 3}) {
    many = {model, fg::mean_squared_error, fg::adam{}, {.seed = 3, .threads = threads}};
    const fg::steps_result result = many.steps(samples(), order, 4);
    BOOST_TEST(result.refused);
    BOOST_TEST(result.steps == 3u);
    check_equal();
  }
}

// The loss of sample 7 is finite, and the norm of its gradient is not: seen only when all of it is summed up.
BOOST_AUTO_TEST_CASE(steps_end_at_a_gradient_whose_norm_is_not_finite) {
  constexpr auto line = fg::input<2> | fg::dense<1>;
  constexpr auto product = fg::loss([](auto prediction, auto target) { return prediction * target; });
  for (std::size_t i = 0; i < 20; ++i) x[2 * i] = 0, y[i] = 1;
  x[14] = 1e10F;
  y[7] = 1e30F;
  order.assign(23, 1);
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i % 5;
  order[13] = 7;
  for (const std::size_t batch : {1u, 2u, 4u}) {
    const std::size_t taken = 13 / batch;
    for (const int threads : {1, 2, 3}) {
      const auto made = [&] {
        fg::trainer trainer{line, product, fg::adam{},
                            fg::training_options<float>{.threads = threads, .clip_norm = 1.0}};
        trainer.write("0.weight", std::vector<float>{0, 0.5F});
        return trainer;
      };
      auto single = made(), joined = made();
      for (std::size_t k = 0; k < taken; ++k)
        BOOST_TEST(!single.step(samples(), std::span(order).subspan(k * batch, batch)).refused);
      const fg::steps_result result = joined.steps(samples(), order, batch);
      BOOST_TEST(result.refused);
      BOOST_TEST(result.steps == taken);
      BOOST_TEST(result.samples == taken * batch);
      BOOST_TEST(std::isfinite(result.loss));
      fg::train::saved_training<float> as_single, as_joined;
      single.remember(as_single);
      joined.remember(as_joined);
      BOOST_TEST(as_joined.weights == as_single.weights);
      BOOST_TEST(as_joined.states == as_single.states);
      BOOST_TEST(as_joined.counters.steps == taken);
      BOOST_TEST(as_joined.counters.random_step == as_single.counters.random_step);
      // And goes on from there.
      const std::vector<std::uint32_t> good{2, 3, 4};
      BOOST_TEST(joined.step(samples(), good).loss == single.step(samples(), good).loss);
      BOOST_TEST(joined.read("0.weight") == single.read("0.weight"));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_before_the_first) {
  BOOST_TEST(is_refused(0));
  BOOST_TEST(is_refused(4, -1));
  order.back() = 20;
  BOOST_TEST(is_refused(4));
  order.clear();
  BOOST_TEST(is_refused(4));
  check_equal();
}

BOOST_AUTO_TEST_CASE(the_first_that_is_not_taken_is_the_last) {
  y[static_cast<std::size_t>(order[10])] = std::numeric_limits<float>::infinity();
  const std::size_t at = [&] {
    for (std::size_t i = 0;; ++i)
      if (order[i] == order[10]) return i;
  }();
  const fg::steps_result sum = many.steps(samples(), order, 1);
  BOOST_TEST(sum.refused);
  BOOST_TEST(sum.steps == at);
  for (std::size_t i = 0; i < at; ++i) one.step(samples(), std::span(order).subspan(i, 1));
  check_equal();
  BOOST_TEST(std::isfinite(sum.loss));
}

#ifdef _OPENMP
fg::execution::team two_that_were_not_chosen() {
  const int before = omp_get_max_threads();
  omp_set_num_threads(2);
  const fg::execution::team two(0);
  omp_set_num_threads(before);
  return two;
}

// Wherever else they end on a loud machine.
BOOST_AUTO_TEST_CASE(threads_end_behind_a_step_in_which_one_lost_its_core) {
  constexpr std::size_t batch = 4, stalled = 12;
  order.resize(50);
  for (std::uint32_t i = 0; i < 50; ++i) order[i] = i;
  for (int sleeping : {0, 1}) {
    std::vector<std::size_t> begun, ended;
    const auto begin = [&](std::span<const std::uint32_t> part) { begun.push_back(part.front()); };
    const auto end = [&](std::span<const std::uint32_t> part) { return ended.push_back(part.back()), true; };
    const auto take = [&](const fg::execution::member& who, std::span<const std::uint32_t> part) {
      if (part.front() == stalled && who.rank == sleeping) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    };
    bool ends_there = false;
    for (std::span<const std::uint32_t> rest = order; !rest.empty();) {
      fg::execution::crowding_of_this_process.forget();
      rest = fg::train::share_steps(two_that_were_not_chosen(), rest, batch, 64, begin, end, take);
      if (rest.empty() || rest.front() != stalled + batch) continue;
      ends_there = true;
      BOOST_TEST(fg::execution::crowding_of_this_process.was_seen());
    }
    BOOST_TEST(ends_there);
    BOOST_TEST(begun == (std::vector<std::size_t>{0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48}));
    BOOST_TEST(ended == (std::vector<std::size_t>{3, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43, 47, 49}));
  }
  fg::execution::crowding_of_this_process.forget();
}

BOOST_AUTO_TEST_CASE(waits_of_one_step_do_not_count_in_the_next) {
  bool slept_before[2]{}, is_counted = true;
  const auto take = [&](const fg::execution::member& who, std::span<const std::uint32_t>) {
    if (*who.slept != 0) slept_before[who.rank] = true;
    if (who.rank == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
    if (who.rank == 0 && who.longest == nullptr) is_counted = false;
  };
  for (std::span<const std::uint32_t> rest = order; !rest.empty();)
    rest =
        fg::train::share_steps(two_that_were_not_chosen(), rest, 4, 64, [](auto) {}, [](auto) { return true; }, take);
  BOOST_TEST(!slept_before[0]);
  BOOST_TEST(!slept_before[1]);
  BOOST_TEST(is_counted);
  fg::execution::crowding_of_this_process.forget();
}
#endif

BOOST_AUTO_TEST_CASE(threads_begin_once_for_so_many_steps_and_no_more) {
  std::vector<std::size_t> left;
  for (std::span<const std::uint32_t> rest = order; !rest.empty();) {
    rest = fg::train::share_steps(
        fg::execution::team(1), rest, 4, 5, [](auto) {}, [](auto) { return true; },
        [](const fg::execution::member&, auto) {});
    left.push_back(rest.size());
  }
  BOOST_TEST(left == (std::vector<std::size_t>{30, 10, 0}));
}

BOOST_AUTO_TEST_SUITE_END()

/// Nets that are cut into slices, with all that a step can ask of its threads.
template <class T> struct slices {
  static constexpr auto net =
      fg::input<2> | fg::dense<16> | fg::tanh | fg::dropout<0.1> | fg::dense<16> | fg::tanh | fg::dense<1>;
  using trainer = fg::trainer<std::remove_const_t<decltype(net)>, std::remove_const_t<decltype(fg::mean_squared_error)>,
                              fg::adam, T>;
  static constexpr std::size_t count = 1000;
  std::vector<T> x = std::vector<T>(2 * count), y = std::vector<T>(count);
  std::vector<std::uint32_t> order;

  slices() {
    for (std::size_t i = 0; i < 2 * count; ++i) x[i] = static_cast<T>(std::sin(0.7 * static_cast<double>(i)));
    for (std::size_t i = 0; i < count; ++i) y[i] = x[2 * i] * x[2 * i + 1];
  }
  void name(std::size_t size) {
    for (std::uint32_t i = 0; i < size; ++i) order.push_back(i * 7 % count);
  }
  auto samples() const { return fg::with_targets<T>(x, 2, y, 1); }
  static trainer made(int threads) {
    return {net, fg::mean_squared_error, fg::adam{}, {.seed = 3, .threads = threads, .clip_norm = 0.5, .max_norm = 1}};
  }
  fg::steps_result one_by_one(trainer& t, std::size_t batch) const {
    fg::steps_result sum;
    for (std::size_t first = 0; first < order.size() && !sum.refused; first += batch) {
      const std::size_t size = std::min(batch, order.size() - first);
      const auto result = t.step(samples(), std::span(order).subspan(first, size));
      sum.refused = result.refused;
      if (!result.refused) sum.loss += result.loss * static_cast<double>(size), ++sum.steps, sum.samples += size;
    }
    if (sum.samples != 0) sum.loss /= static_cast<double>(sum.samples);
    return sum;
  }
  void check(std::size_t batch) const {
    trainer expected = made(1);
    const fg::steps_result sum = one_by_one(expected, batch);
    one_by_one(expected, batch); // random numbers go on where they were left, behind a refusal as well
    for (int threads : {1, 2, 3, 4, 5, 9}) {
      trainer found = made(threads);
      const fg::steps_result result = found.steps(samples(), order, batch);
      BOOST_TEST(result.loss == sum.loss, threads << " threads");
      BOOST_TEST(result.steps == sum.steps);
      BOOST_TEST(result.refused == sum.refused);
      found.steps(samples(), order, batch);
      for (const auto& parameter : expected.parameter_names())
        BOOST_TEST(found.read(parameter) == expected.read(parameter), threads << " threads, " << parameter);
    }
  }
  static std::size_t slice_count(std::size_t batch) {
    slices s;
    s.name(batch);
    const fg::weights w{net};
    fg::gradients g{net, fg::mean_squared_error, batch};
    g.compute(w, s.samples(), s.order);
    return g.slice_count();
  }
};

BOOST_AUTO_TEST_SUITE(train_steps_of_slices)

BOOST_AUTO_TEST_CASE(come_to_the_same_with_two_and_fewer_at_last) {
  BOOST_TEST(slices<float>::slice_count(256) == 2u);
  BOOST_TEST(slices<float>::slice_count(100) == 1u);
  slices<float> s;
  s.name(5 * 256 + 100);
  s.check(256);
}

BOOST_AUTO_TEST_CASE(come_to_the_same_with_four_and_fewer_at_last) {
  BOOST_TEST(slices<float>::slice_count(2600) == 4u);
  slices<float> s;
  s.name(3 * 2600 + 1000);
  s.check(2600);
}

BOOST_AUTO_TEST_CASE(come_to_the_same_in_double) {
  slices<double> s;
  s.name(5 * 256 + 100);
  s.check(256);
}

BOOST_AUTO_TEST_CASE(end_where_one_is_refused_and_go_on_from_there) {
  slices<float> s;
  s.name(5 * 256);
  s.y[s.order[3 * 256 + 200]] = std::numeric_limits<float>::infinity();
  s.order.resize(3 * 256 + 201);
  s.order.insert(s.order.end(), 700, 1);
  for (std::size_t i = 0; i < 3 * 256; ++i)
    if (s.order[i] == s.order[3 * 256 + 200]) s.order[i] = 1;
  s.check(256);
}

BOOST_AUTO_TEST_CASE(take_two_threads_for_less_work_than_a_single_one) {
  fg::execution::crowding_of_this_process.forget();
  const fg::gradients g{slices<float>::net, fg::mean_squared_error, 1024, 0};
  int two = std::min(2, fg::execution::team(0).size()); // not const: in a constant expression there is one thread
  BOOST_TEST(g.threads(256).size() == 1);
  BOOST_TEST(g.threads(256, 20).size() == two);
  BOOST_TEST(g.threads(100, 20).size() == 1); // a single slice
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
