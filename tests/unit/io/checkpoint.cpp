// SPDX-License-Identifier: MIT
#include <fusegrad/io/checkpoint.hpp>

#include "../src/base/system_calls.hpp"
#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/io/safetensors.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fg = fusegrad;
namespace fs = std::filesystem;

constexpr auto model = fg::input<4> | fg::dense<8> | fg::batch_norm | fg::relu | fg::dropout<0.2> | fg::dense<3>;
using samples = fg::data::dataset<float>;
using options = fg::fit_options<samples>;
using trainer =
    fg::trainer<std::remove_cv_t<decltype(model)>, std::remove_cv_t<decltype(fg::softmax_cross_entropy)>, fg::adam>;

samples scattered(std::size_t count, std::size_t from) {
  std::vector<float> x(count * 4);
  std::vector<std::int32_t> labels(count);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(std::sin(static_cast<double>(from + i * i % 1009)));
  for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::int32_t>(i * 7 % 3);
  return samples::from_labels(x, 4, labels, 3);
}
const samples learned = scattered(50, 0), held_out = scattered(30, 5);

trainer made(std::uint64_t seed = 3) {
  return {model, fg::softmax_cross_entropy, fg::adam{.learning_rate = 0.01}, {.seed = seed}};
}

bool same_bits(const trainer& a, const trainer& b) {
  const auto x = a.parameters().packed(), y = b.parameters().packed();
  return std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) == 0;
}

/// A folder that is gone afterwards.
struct folder {
  fs::path path = fs::temp_directory_path() / ("fusegrad_checkpoint_" + std::to_string(::getpid()));
  folder() { fs::create_directories(path); }
  ~folder() { fs::remove_all(path); }
  std::string file(const char* name = "run.ckpt") const { return (path / name).string(); }
};

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void put(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

using fusegrad::test::says;

options fit_of(std::size_t epochs) {
  return {.epochs = epochs,
          .batch_size = 8,
          .validation = &held_out,
          .learning_rate_schedule = fg::schedule::cosine(0.1),
          .patience = 5,
          .progress = fg::progress_style::silent};
}

BOOST_AUTO_TEST_SUITE(io_checkpoint)

BOOST_AUTO_TEST_CASE(a_trainer_goes_on_with_the_same_bits) {
  const folder here;
  const auto run = [](trainer& t, std::uint32_t from, std::uint32_t to) {
    std::vector<std::uint32_t> batch(8);
    double loss = 0;
    for (std::uint32_t s = from; s < to; ++s) {
      for (std::uint32_t k = 0; k < 8; ++k) batch[k] = (s * 8 + k) % 50;
      loss = t.step(learned, batch).loss;
    }
    return loss;
  };
  trainer whole = made();
  whole.freeze("0"); // of how many steps it was left out is known again, too
  run(whole, 0, 11);
  whole.unfreeze("0");
  run(whole, 11, 20);
  fg::io::save_checkpoint(whole, here.file());
  trainer resumed = made(9); // its own start is forgotten, but for the seed of what is drawn
  BOOST_TEST(fg::io::load_checkpoint(resumed, here.file()).empty());
  BOOST_TEST(same_bits(whole, resumed));
  trainer other = made();
  fg::io::load_checkpoint(other, here.file());
  BOOST_TEST(run(whole, 20, 40) == run(other, 20, 40));
  BOOST_TEST(same_bits(whole, other));
  BOOST_CHECK_EXCEPTION(fg::io::load_checkpoint(other, here.file("none")), fg::base::file_error,
                        says("there is no such checkpoint"));
}

// It may have been written by a fit that was not to stay finite; no callback of the one that reads it is to blame.
BOOST_AUTO_TEST_CASE(a_fit_does_not_go_on_from_weights_that_are_not_finite) {
  const folder here;
  options o = fit_of(2);
  o.checkpoint = {.path = here.file()};
  o.learning_rate_schedule = {};
  o.patience = 0;
  o.stay_finite = false;
  trainer writing = made();
  o.on_step = [&] { writing.parameters().write("4.bias", std::vector<float>(3, std::nanf(""))); };
  writing.fit(learned, o);
  o.on_step = {};
  o.epochs = 3;
  trainer untouched = made(), reading = made();
  o.stay_finite = true;
  BOOST_CHECK_EXCEPTION(reading.fit(learned, o), std::invalid_argument,
                        says(here.file() + " has weights, or states of the update rule, that are not finite."));
  BOOST_TEST(same_bits(reading, untouched));
}

// Wherever it is interrupted: after each epoch, or by an exception from inside of one.
BOOST_AUTO_TEST_CASE(a_fit_that_is_called_again_ends_as_if_it_had_run_through) {
  trainer whole = made();
  const fg::history expected = whole.fit(learned, fit_of(6));
  for (const std::size_t every_steps : {0u, 3u}) {
    const folder here;
    std::size_t starts = 0, calls = 0;
    fg::history last;
    trainer end = made();
    while (starts < 100) {
      ++starts;
      trainer t = made(); // a new process knows nothing
      options o = fit_of(6);
      o.checkpoint = {.path = here.file(), .every_steps = every_steps};
      o.learning_rate_schedule = [&, cosine = fg::schedule::cosine(0.1)](const fg::schedule::moment& now) {
        // The whole schedule is looked at first; after that, every fifth step fails.
        if (++calls > 42 && (calls - 42) % 5 == 0) throw std::runtime_error("the lights go out");
        return cosine(now);
      };
      if (every_steps == 0)
        o.learning_rate_schedule = fg::schedule::cosine(0.1), o.on_epoch = [](const auto&) { return false; };
      try {
        calls = 0;
        last = t.fit(learned, o);
      } catch (const std::runtime_error&) {
        continue;
      }
      end = t;
      if (last.records.size() == expected.records.size() && last.end != fg::fit_end::callback) break;
    }
    BOOST_TEST(starts > 2u);
    BOOST_TEST(same_bits(whole, end));
    BOOST_TEST(last.records.size() == expected.records.size());
    for (std::size_t i = 0; i < last.records.size(); ++i) {
      BOOST_TEST(last.records[i].loss == expected.records[i].loss);
      BOOST_TEST(last.records[i].accuracy == expected.records[i].accuracy);
      BOOST_TEST(last.records[i].validation_loss == expected.records[i].validation_loss);
    }
    BOOST_TEST(end.evaluate(held_out).loss == whole.evaluate(held_out).loss);
  }
}

// By a number of one's own: it has to be known again, too.
BOOST_AUTO_TEST_CASE(early_stopping_goes_on_with_its_best_weights) {
  const auto stopping = [] {
    options o = fit_of(200);
    o.learning_rate_schedule = {};
    o.patience = 3;
    o.metrics = {"macro F1", {"size of outputs", [](std::span<const float> outputs, std::span<const std::int32_t>) {
                                double sum = 0;
                                for (const float x : outputs) sum += std::fabs(static_cast<double>(x));
                                return sum;
                              }}};
    o.better = fg::lowest("size of outputs");
    return o;
  };
  trainer whole = made();
  const fg::history expected = whole.fit(learned, stopping());
  BOOST_TEST((expected.end == fg::fit_end::patience));
  const folder here;
  fg::history last;
  for (std::size_t starts = 0; starts < 200 && last.end != fg::fit_end::patience; ++starts) {
    trainer t = made();
    options o = stopping();
    o.checkpoint = {.path = here.file()};
    std::size_t epochs = 0;
    o.on_epoch = [&](const auto&) { return ++epochs < 4; };
    last = t.fit(learned, o);
    if (last.end == fg::fit_end::patience) BOOST_TEST(same_bits(whole, t));
  }
  BOOST_TEST(last.records.size() == expected.records.size());
  for (std::size_t i = 0; i < last.records.size(); ++i)
    BOOST_TEST((last.records[i].metrics == expected.records[i].metrics));
  BOOST_TEST(last.best_epoch() == expected.best_epoch());
  BOOST_TEST(last.to_csv().find(",validation_macro F1,validation_size of outputs\n") != std::string::npos);
  BOOST_TEST(last.stop_reason == "the validation size of outputs has not improved for 3 epochs");
  // Again: it knows that it is over.
  trainer again = made();
  options o = stopping();
  o.checkpoint = {.path = here.file()};
  BOOST_TEST(again.fit(learned, o).records.size() == expected.records.size());
  BOOST_TEST(same_bits(whole, again));
  o.better = fg::best_by::loss;
  BOOST_CHECK_EXCEPTION(again.fit(learned, o), fg::base::file_error, says("\"the lowest size of outputs\" as what"));
  o.better = fg::lowest("size of outputs");
  o.metrics.erase(o.metrics.begin());
  BOOST_CHECK_EXCEPTION(again.fit(learned, o), fg::base::file_error, says("as metrics"));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_falls_back_to_the_one_before) {
  const folder here;
  trainer t = made();
  options o = fit_of(3);
  o.checkpoint = {.path = here.file(), .keep = 3};
  t.fit(learned, o);
  BOOST_TEST(fs::exists(here.file("run.ckpt.2")));
  BOOST_TEST(!fs::exists(here.file("run.ckpt.3")));
  const std::string newest = contents(here.file()), before = contents(here.file("run.ckpt.1"));

  trainer second = made(), fallen = made();
  put(here.file("second"), before);
  fg::io::load_checkpoint(second, here.file("second"));
  std::string changed = newest;
  changed[newest.size() - 5] ^= 1;
  for (const std::string& damaged :
       {std::string(), newest.substr(0, newest.size() / 2), changed, std::string("something else")}) {
    put(here.file(), damaged);
    const std::string note = fg::io::load_checkpoint(fallen, here.file());
    BOOST_TEST(note.find("going on from " + here.file("run.ckpt.1")) != std::string::npos, note);
    BOOST_TEST(same_bits(second, fallen));
  }
  fs::remove(here.file()); // killed between two names
  BOOST_TEST(fg::io::load_checkpoint(fallen, here.file()).find("is not there; going on from") != std::string::npos);
  for (const char* name : {"run.ckpt", "run.ckpt.1", "run.ckpt.2"}) put(here.file(name), changed.substr(0, 100));
  trainer untouched = made();
  BOOST_CHECK_EXCEPTION(fg::io::load_checkpoint(untouched, here.file()), fg::base::file_error,
                        says("no checkpoint can be read"));
  BOOST_TEST(same_bits(untouched, made()));
}

int calls_left = -1; // negative: none fails
bool fails_now() {
  if (calls_left < 0 || calls_left-- > 0) return false;
  calls_left = -1; // one only
  errno = ENOSPC;
  return true;
}

// The disk is full, or gone, at whatever call: an older checkpoint is there, or the new one, and no half of either.
BOOST_AUTO_TEST_CASE(each_call_that_writes_can_fail) {
  static const fg::base::system_calls own = fg::base::calls;
  fg::base::calls.open = [](const char* path, int flags, mode_t mode) {
    return fails_now() ? -1 : own.open(path, flags, mode);
  };
  fg::base::calls.write = [](int file, const void* bytes, std::size_t count) -> ssize_t {
    return fails_now() ? -1 : own.write(file, bytes, count / 2 + 1); // never all at once
  };
  fg::base::calls.sync = [](int file) { return fails_now() ? -1 : own.sync(file); };
  fg::base::calls.rename = [](const char* from, const char* to) { return fails_now() ? -1 : own.rename(from, to); };
  trainer first = made(), second = made();
  second.step(learned, std::vector<std::uint32_t>{0, 1, 2});
  int failures = 0;
  for (int n = 0; n < 1000; ++n) {
    const folder here;
    fg::io::save_checkpoint(made(9), here.file());
    fg::io::save_checkpoint(first, here.file());
    calls_left = n;
    bool failed = false;
    try {
      fg::io::save_checkpoint(second, here.file());
    } catch (const fg::base::file_error&) {
      failed = true;
    }
    const bool all_succeeded = calls_left >= 0;
    calls_left = -1;
    trainer found = made();
    BOOST_TEST(fg::io::load_checkpoint(found, here.file()).empty());
    BOOST_TEST((same_bits(found, second) || (failed && same_bits(found, first))));
    if (all_succeeded) break;
    failures += failed;
    fg::io::save_checkpoint(second, here.file()); // nothing is in the way afterwards
    BOOST_TEST(std::distance(fs::directory_iterator(here.path), fs::directory_iterator()) == 2);
  }
  fg::base::calls = own;
  BOOST_TEST(failures > 6);
}

// Whatever is cut off, at any moment: the next process goes on, and the last one ends with the bits of a run without an
// accident.
BOOST_AUTO_TEST_CASE(three_hundred_kills_change_nothing) {
  const folder here;
  options o{.epochs = 150,
            .batch_size = 8,
            .checkpoint = {.path = here.file(), .every_steps = 3},
            .progress = fg::progress_style::silent};
  const auto alone = [] {
    return trainer{model, fg::softmax_cross_entropy, fg::adam{.learning_rate = 0.01}, {.seed = 3, .threads = 1}};
  };
  std::uint64_t state = 12345;
  std::size_t kills = 0, endings = 0;
  while (kills < 300) {
    const pid_t child = ::fork();
    if (child == 0) {
      trainer t = alone();
      t.fit(learned, o);
      ::_exit(0);
    }
    state = state * 6364136223846793005u + 1442695040888963407u;
    ::usleep(static_cast<useconds_t>(state >> 33) % 6000);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
      ++kills;
    else if (++endings > 20)
      fs::remove_all(here.path), fs::create_directories(here.path), endings = 0; // it was too quick: anew
  }
  trainer resumed = alone(), whole = alone();
  const fg::history last = resumed.fit(learned, o);
  o.checkpoint = {};
  const fg::history expected = whole.fit(learned, o);
  BOOST_TEST(same_bits(whole, resumed));
  BOOST_TEST(last.records.size() == 150u);
  BOOST_TEST(last.records.back().loss == expected.records.back().loss);
  BOOST_TEST(std::distance(fs::directory_iterator(here.path), fs::directory_iterator()) <=
             4); // the newest, the one before, at most a leftover or two
}

BOOST_AUTO_TEST_CASE(what_is_of_another_run_is_refused) {
  const folder here;
  trainer t = made();
  options o = fit_of(2);
  o.checkpoint = {.path = here.file()};
  t.fit(learned, o);
  const auto refused = [&](const auto& change, const std::string& words) {
    trainer other = made();
    options changed = o;
    change(changed);
    BOOST_CHECK_EXCEPTION(other.fit(learned, changed), fg::base::file_error, says(words));
    BOOST_TEST(same_bits(other, made()));
  };
  refused([](options& c) { c.batch_size = 9; }, "it is of a fit with 8 samples a batch, this one has 9");
  refused([](options& c) { c.seed = 1; }, "0 as seed of the order, this one has 1");
  refused([](options& c) { c.epochs = 9; }, "2 epochs under its schedule, this one has 9");
  refused([](options& c) { c.learning_rate_schedule = {}; }, "the learning rate has a schedule");

  constexpr auto wider = fg::input<4> | fg::dense<9> | fg::batch_norm | fg::relu | fg::dropout<0.2> | fg::dense<3>;
  fg::trainer another{wider, fg::softmax_cross_entropy, fg::adam{}};
  BOOST_CHECK_EXCEPTION(fg::io::load_checkpoint(another, here.file()), fg::base::file_error,
                        says("tensor \"0.weight\" is F32 8 x 4, expected F32 9 x 4"));
  fg::trainer by_sgd{model, fg::softmax_cross_entropy, fg::sgd{}};
  BOOST_CHECK_EXCEPTION(fg::io::load_checkpoint(by_sgd, here.file()), fg::base::file_error,
                        says("an update rule with the settings beta1, beta2, epsilon, learning_rate, step, "
                             "weight_decay; this one has learning_rate, weight_decay"));
  // States and settings are called alike.
  fg::trainer by_adamw{model, fg::softmax_cross_entropy, fg::adamw{}};
  BOOST_CHECK_EXCEPTION(
      fg::io::load_checkpoint(by_adamw, here.file()), fg::base::file_error,
      says("it is of another update rule, whose settings are called as those of this one; or of a version of "
           "fusegrad in which this rule computes something else"));
  // What another version counts in another way is not compared.
  fg::io::tensor_file older = fg::io::read_safetensors(here.file());
  BOOST_TEST(older.metadata.erase("rule_function.1") == 1u);
  older.metadata.emplace("rule_function.0", "1");
  fg::io::write_safetensors(here.file("older.ckpt"), older.tensors, older.metadata);
  BOOST_TEST(fg::io::load_checkpoint(by_adamw, here.file("older.ckpt")).empty());
  BOOST_CHECK_THROW(made().fit(learned, {.checkpoint = {.path = here.file(), .keep = 0}}), std::invalid_argument);
}

// Two that are seen before the first step: no folder to write to, and epochs that are behind already.
BOOST_AUTO_TEST_CASE(a_fit_that_could_not_end_well_does_not_begin) {
  const folder here;
  trainer t = made();
  options o = fit_of(3);
  o.learning_rate_schedule = {};
  std::size_t steps = 0;
  o.on_step = [&] { ++steps; };
  o.checkpoint = {.path = here.file("nowhere/run.ckpt")};
  BOOST_CHECK_EXCEPTION(t.fit(learned, o), fg::base::file_error,
                        says("cannot be written: there is no folder " + here.file("nowhere")));
  BOOST_TEST(steps == 0u);
  BOOST_CHECK_EXCEPTION(fg::io::load_checkpoint(t, here.file("nowhere/run.ckpt")), fg::base::file_error,
                        says("there is no such checkpoint"));
  o.checkpoint = {.path = here.file()};
  t.fit(learned, o);
  o.epochs = 2;
  steps = 0;
  trainer shorter = made();
  BOOST_CHECK_EXCEPTION(shorter.fit(learned, o), fg::base::file_error,
                        says("it is of a fit that has gone through 3 epochs, this one has 2; another file name"));
  BOOST_TEST(steps == 0u);
  BOOST_TEST(same_bits(shorter, made()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
