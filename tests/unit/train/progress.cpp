// SPDX-License-Identifier: MIT
#include <fusegrad/train/progress.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace {

using fusegrad::epoch_record;
using fusegrad::history;
using fusegrad::progress_reporter;
using fusegrad::progress_style;

struct close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

epoch_record record(std::size_t epoch) {
  epoch_record r;
  r.epoch = epoch;
  r.loss = 0.5;
  r.seconds = 2;
  r.samples_per_second = 12300;
  return r;
}

/// What a reporter writes about a fit that was to take `epochs` epochs of 5 steps, and took `run`.
std::string written(progress_style style, std::size_t epochs, std::size_t run, const std::string& stop_reason = {}) {
  const std::unique_ptr<std::FILE, close> file{std::tmpfile()};
  BOOST_REQUIRE(file != nullptr);
  progress_reporter reporter(style, file.get());
  history h;
  reporter.start(epochs, 5, 160);
  for (std::size_t epoch = 0; epoch < run; ++epoch) {
    for (std::size_t step = 0; step < 5; ++step) reporter.on_step(epoch, step, 0.5);
    h.records.push_back(record(epoch + 1));
    reporter.on_epoch(h.records.back());
  }
  h.stopped_early = !stop_reason.empty();
  h.stop_reason = stop_reason;
  reporter.finish(h);
  std::string text(static_cast<std::size_t>(std::ftell(file.get())), ' ');
  std::rewind(file.get());
  BOOST_REQUIRE(std::fread(text.data(), 1, text.size(), file.get()) == text.size());
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end == std::string::npos ? text.size() : end + 1;
  }
  return lines;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

BOOST_AUTO_TEST_SUITE(train_progress)

BOOST_AUTO_TEST_CASE(silent_writes_nothing) { BOOST_TEST(written(progress_style::silent, 3, 3).empty()); }

// But for what must not be missed.
BOOST_AUTO_TEST_CASE(numbers_that_are_not_finite_are_told_even_so) {
  const std::unique_ptr<std::FILE, close> file{std::tmpfile()};
  BOOST_REQUIRE(file != nullptr);
  fusegrad::history h;
  h.end = fusegrad::fit_end::not_finite;
  h.stop_reason = "epoch 1, step 2: the loss is not finite";
  progress_reporter reporter(progress_style::silent, file.get());
  reporter.finish(h);
  std::rewind(file.get());
  char text[100]{};
  BOOST_REQUIRE(std::fgets(text, sizeof text, file.get()) != nullptr);
  BOOST_TEST(std::string(text) == "fusegrad: a fit ended early: epoch 1, step 2: the loss is not finite\n");
}

BOOST_AUTO_TEST_CASE(few_epochs_have_a_line_each) {
  BOOST_TEST(written(progress_style::lines, 3, 3) == "epoch 1/3  loss 0.5000  12,300 samples/s  about 4 s left\n"
                                                     "epoch 2/3  loss 0.5000  12,300 samples/s  about 2 s left\n"
                                                     "epoch 3/3  loss 0.5000  12,300 samples/s\n"
                                                     "3 epochs in 6 s\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_terminal_gets_lines) {
  BOOST_TEST(written(progress_style::automatic, 30, 30) == written(progress_style::lines, 30, 30));
}

BOOST_AUTO_TEST_CASE(many_epochs_have_about_twenty_lines_and_the_last) {
  for (const std::size_t epochs : {1u, 19u, 20u, 21u, 40u, 47u, 100u, 1001u}) {
    const std::string text = written(progress_style::lines, epochs, epochs);
    BOOST_TEST(!contains(text, "\r"));
    BOOST_TEST(!contains(text, "\x1b"));
    const auto lines = lines_of(text);
    BOOST_TEST(lines.size() <= 21u);
    BOOST_TEST(lines.size() >= std::min<std::size_t>(epochs, 10) + 1);
    const std::string number = std::to_string(epochs);
    BOOST_TEST(contains(lines[lines.size() - 2], "epoch " + number + "/" + number + "  "));
  }
}

BOOST_AUTO_TEST_CASE(a_fit_that_stops_early_says_where_and_why) {
  const auto lines = lines_of(written(progress_style::lines, 100, 42, "stopped by the callback"));
  BOOST_TEST(contains(lines[lines.size() - 2], "epoch  42/100  "));
  BOOST_TEST(lines.back() == "42 of 100 epochs in 1 min 24 s; stopped by the callback");
}

BOOST_AUTO_TEST_CASE(a_bar_is_drawn_over_and_leaves_lines) {
  const std::string text = written(progress_style::bar, 3, 3);
  BOOST_TEST(contains(text, "\r\x1b[?7lepoch 1/3  [###.............]  loss 0.5000  "));
  BOOST_TEST(contains(text, "\x1b[K\x1b[?7h"));
  for (const char* epoch : {"1", "2", "3"})
    BOOST_TEST(contains(text, std::string("\r\x1b[Kepoch ") + epoch + "/3  loss 0.5000  12,300 samples/s\n"));
  BOOST_TEST(contains(text, "\r\x1b[K3 epochs in 6 s\n"));
}

BOOST_AUTO_TEST_CASE(the_bar_of_a_long_fit_leaves_only_its_end) {
  const std::string text = written(progress_style::bar, 21, 21);
  BOOST_TEST(lines_of(text).size() == 2u);
  BOOST_TEST(contains(text, "\r\x1b[Kepoch 21/21  loss 0.5000"));
}

BOOST_AUTO_TEST_CASE(drawing_is_throttled) {
  const std::string text = written(progress_style::bar, 21, 21); // 105 steps that take no time
  std::size_t drawn = 0;
  for (std::size_t at = text.find("\x1b[?7l"); at != std::string::npos; at = text.find("\x1b[?7l", at + 1)) ++drawn;
  BOOST_TEST(drawn >= 1u);
  BOOST_TEST(drawn < 105u);
}

BOOST_AUTO_TEST_CASE(an_epoch_shows_the_numbers_there_are) {
  epoch_record r = record(3);
  r.accuracy = 0.9412;
  r.validation_loss = 0.00012;
  r.validation_accuracy = 1;
  BOOST_TEST(fusegrad::train::epoch_line(r, 40) ==
             "epoch  3/40  loss 0.5000  accuracy 0.9412  validation loss 1.200e-04  "
             "validation accuracy 1.0000  12,300 samples/s");
  r.metrics = {{"AUC", 0.875}};
  BOOST_TEST(fusegrad::train::epoch_line(r, 40).find("accuracy 1.0000  validation AUC 0.8750  12") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_end_names_the_best_epoch_where_there_was_validation) {
  history h;
  h.records = {record(1), record(2)};
  h.records[0].validation_loss = 1;
  h.records[1].validation_loss = 2;
  BOOST_TEST(fusegrad::train::closing_line(h, 2) == "2 epochs in 4 s; validation loss lowest after epoch 1");
  h.records.clear();
  BOOST_TEST(fusegrad::train::closing_line(h, 0) == "0 epochs in 0 s");
}

BOOST_AUTO_TEST_CASE(a_bar_fills_from_nothing_to_all) {
  BOOST_TEST(fusegrad::train::bar_of(0, 4) == "[....]");
  BOOST_TEST(fusegrad::train::bar_of(0.5, 4) == "[##..]");
  BOOST_TEST(fusegrad::train::bar_of(1, 4) == "[####]");
  BOOST_TEST(fusegrad::train::bar_of(7, 4) == "[####]");
  BOOST_TEST(fusegrad::train::bar_of(epoch_record::none, 4) == "[....]");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
