// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdio>
#include <fusegrad/base/clock.hpp>
#include <fusegrad/base/terminal.hpp>
#include <fusegrad/base/text.hpp>
#include <fusegrad/train/history.hpp>
#include <string>

namespace fusegrad {

/// How a fit shows how far it is.
enum class progress_style {
  automatic, ///< `bar` on a terminal, else `lines`
  bar,       ///< one line, drawn again and again
  lines,     ///< plain lines, at most about 20 of them: for files and continuous integration
  silent
};

namespace train {

/// A row of `width` characters, filled up to `share` of 1.
[[gnu::cold]] inline std::string bar_of(double share, std::size_t width) {
  const double cells = share * static_cast<double>(width) + 1e-9;
  const std::size_t filled = !(cells > 0)                          ? 0
                             : cells >= static_cast<double>(width) ? width
                                                                   : static_cast<std::size_t>(cells);
  return std::string("[").append(filled, '#').append(width - filled, '.').append("]");
}

/// "epoch  3/40", the number padded so that lines agree.
[[gnu::cold]] inline std::string epoch_of(std::size_t epoch, std::size_t epochs) {
  const std::string total = std::to_string(epochs);
  return std::string("epoch ")
      .append(base::right_aligned(std::to_string(epoch), total.size()))
      .append("/")
      .append(total);
}

/// What an epoch came to: "epoch  3/40  loss 0.2143  accuracy 0.9412  validation loss 0.2301  12,300 samples/s".
[[gnu::cold]] inline std::string epoch_line(const epoch_record& r, std::size_t epochs) {
  std::string line = epoch_of(r.epoch, epochs) + "  loss " + base::readable(r.loss);
  const auto add = [&line](const std::string& name, double value) {
    if (value == value) line.append("  ").append(name).append(" ").append(base::readable(value));
  };
  add("accuracy", r.accuracy);
  add("validation loss", r.validation_loss);
  add("validation accuracy", r.validation_accuracy);
  for (const named_number& m : r.metrics) add("validation " + m.name, m.value);
  if (r.samples_per_second == r.samples_per_second)
    line += "  " + base::grouped_rounded(r.samples_per_second) + " samples/s";
  return line;
}

/// How a fit ended: "40 epochs in 12 s; validation loss lowest after epoch 37", "12 of 40 epochs in 4 s; stopped by the
/// callback".
[[gnu::cold]] inline std::string closing_line(const history& h, std::size_t epochs) {
  double seconds = 0;
  bool validated = false;
  for (const epoch_record& r : h.records) {
    seconds += r.seconds == r.seconds ? r.seconds : 0;
    validated = validated || r.validation_loss == r.validation_loss;
  }
  std::string line = base::grouped(h.records.size());
  if (h.records.size() != epochs) line += " of " + base::grouped(epochs);
  line += (epochs == 1 ? " epoch in " : " epochs in ") + base::duration(seconds);
  if (validated && h.best_epoch() != 0)
    line += "; validation " + h.better.name + (h.better.is_highest ? " highest" : " lowest") + " after epoch " +
            std::to_string(h.best_epoch());
  return h.stop_reason.empty() ? line : line + "; " + h.stop_reason;
}

} // namespace train

/// Shows the progress of a fit on a terminal, or in plain lines elsewhere. It never throws for what it cannot write.
class progress_reporter {
public:
  explicit progress_reporter(progress_style style = progress_style::automatic, std::FILE* file = stderr)
      : file_{file}, style_{style} {
    if (style_ == progress_style::automatic)
      style_ = base::is_terminal(file) ? progress_style::bar : progress_style::lines;
  }

  /// Whether a person is likely to watch.
  [[nodiscard]] bool is_on_terminal() const { return style_ == progress_style::bar && base::is_terminal(file_); }

  void start(std::size_t epochs, std::size_t steps_per_epoch, std::size_t samples_per_epoch) {
    epochs_ = epochs;
    steps_ = steps_per_epoch;
    samples_ = samples_per_epoch;
    done_ = 0;
    seconds_ = 0;
    written_ = 0;
    last_ = epoch_record{};
    if (style_ == progress_style::bar) begin_ = base::seconds_now();
    next_drawing_ = begin_;
  }

  /// A line of its own, between those of the epochs.
  [[gnu::cold]] void say(const std::string& words) {
    if (style_ != progress_style::silent) write(erased() + words + '\n');
  }

  /// After step `step` of epoch `epoch`, both counted from 0. The time is looked up only where a bar is drawn.
  void on_step(std::size_t epoch, std::size_t step, double running_loss) {
    if (style_ != progress_style::bar) return;
    const double now = base::seconds_now();
    if (now < next_drawing_) return;
    next_drawing_ = now + 0.1;
    draw(epoch, step + 1, running_loss, now - begin_);
  }

  [[gnu::cold]] void on_epoch(const epoch_record& record) {
    if (style_ == progress_style::silent) return;
    last_ = epoch_record(record); // moved from a copy: to assign lists item by item is more code
    ++done_;
    seconds_ += record.seconds == record.seconds ? record.seconds : 0;
    // A bar shows where it is anyway: of a long fit, a line an epoch would only push everything else off the screen.
    if (style_ == progress_style::lines ? is_due(record.epoch) : epochs_ <= most_lines) write_line();
  }

  /// Ends with the last epoch's line, if it does not stand there yet, and one on the whole. Numbers that are not finite
  /// are told even where nothing else is.
  [[gnu::cold]] void finish(const history& h) {
    if (style_ == progress_style::silent && h.end == fit_end::not_finite)
      write("fusegrad: a fit ended early: " + h.stop_reason + '\n');
    if (style_ == progress_style::silent) return;
    if (last_.epoch != 0 && written_ != last_.epoch) write_line();
    write(erased() + train::closing_line(h, epochs_) + '\n');
  }

private:
  static constexpr std::size_t most_lines = 20;

  /// Evenly spaced so that the last one is the last epoch.
  bool is_due(std::size_t epoch) const {
    const std::size_t distance = (epochs_ + most_lines - 1) / most_lines;
    return epoch >= epochs_ || (epochs_ - epoch) % distance == 0;
  }

  [[gnu::cold]] void write_line() {
    written_ = last_.epoch;
    std::string line = train::epoch_line(last_, epochs_);
    if (style_ == progress_style::lines && last_.epoch < epochs_)
      line +=
          "  " + base::time_left(seconds_ / static_cast<double>(done_) * static_cast<double>(epochs_ - last_.epoch));
    write(erased() + line + '\n');
  }

  [[gnu::cold]] void draw(std::size_t epoch, std::size_t step, double loss, double elapsed) {
    const auto steps = static_cast<double>(steps_);
    const double epochs_done = static_cast<double>(epoch) + (steps > 0 ? static_cast<double>(step) / steps : 1);
    std::string line = train::epoch_of(epoch + 1, epochs_) + "  " +
                       train::bar_of(epochs_done - static_cast<double>(epoch), bar_width) + "  loss " +
                       base::readable(loss);
    if (elapsed > 0)
      line += "  " + base::grouped_rounded(epochs_done * static_cast<double>(samples_) / elapsed) + " samples/s";
    line += "  " + base::time_left(elapsed / epochs_done * (static_cast<double>(epochs_) - epochs_done));
    // Without wrapping (7l, 7h) a terminal that is too narrow cuts the line. Asking for its width instead would take
    // <sys/ioctl.h>, whose macros every user of this header would get.
    write("\r\x1b[?7l" + line + "\x1b[K\x1b[?7h");
  }

  /// What takes the bar away before a line that stays.
  [[gnu::cold]] std::string erased() const { return style_ == progress_style::bar ? "\r\x1b[K" : ""; }

  void write(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), file_);
    std::fflush(file_);
  }

  static constexpr std::size_t bar_width = 16; // the whole line then fits into 80 columns

  std::FILE* file_;
  progress_style style_;
  std::size_t epochs_ = 0, steps_ = 0, samples_ = 0;
  std::size_t done_ = 0; ///< epochs reported
  double seconds_ = 0;   ///< that they took
  epoch_record last_;
  std::size_t written_ = 0;             ///< the epoch whose line was written last
  double begin_ = 0, next_drawing_ = 0; ///< seconds of the clock
};

} // namespace fusegrad
