// SPDX-License-Identifier: MIT
#include "file.hpp"

#include "system_calls.hpp"

#include <fusegrad/base/file_error.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <random>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fusegrad::base {

namespace {

namespace fs = std::filesystem;

/// Names the file that was asked for, which may be a link to the one that made trouble.
[[noreturn]] void fail(const fs::path& path, const char* what, int reason) {
  throw file_error(path.string() + ": " + what + ": " + std::generic_category().message(reason));
}

constexpr const char* not_written = "cannot be written";

class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  // What was synced is safe, whatever close() says.
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

private:
  int number_ = -1;
};

template <class Call> auto until_not_interrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

descriptor open(const std::string& path, int flags, mode_t mode = 0) {
  return descriptor(
      until_not_interrupted([&] { return calls.open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, mode); }));
}

/// False, with errno, if not all could be written.
bool write_all(int file, std::string_view bytes) noexcept {
  // More than the systems take in one call.
  constexpr std::size_t most = std::size_t{1} << 30;
  while (!bytes.empty()) {
    const ssize_t written =
        until_not_interrupted([&] { return calls.write(file, bytes.data(), std::min(bytes.size(), most)); });
    if (written < 0) return false;
    if (written == 0) {
      errno = ENOSPC;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool write_all(int file, std::span<const std::string_view> parts) noexcept {
  return std::all_of(parts.begin(), parts.end(), [&](std::string_view part) { return write_all(file, part); });
}

/// False, with errno, if the disk did not take it; what has no disk behind it needs none.
bool sync(int file) noexcept {
  if (until_not_interrupted([&] { return calls.sync(file); }) == 0) return true;
  return errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

/// Where a path leads, and what is there.
struct destination {
  fs::path path;
  std::optional<struct stat> file; ///< empty if there is nothing yet
  bool is_replaced = true;         ///< by a new file; otherwise it is written to as it is
};

/// Links below them name files that a process holds open, among them deleted ones and pipes: no paths.
bool names_an_open_file(const fs::path& link) {
  const std::string& text = link.native();
  return text.starts_with("/proc/") || text.starts_with("/dev/fd/");
}

destination follow(const fs::path& path) {
  constexpr int most_links = 40;
  destination result{path, std::nullopt};
  struct stat status{};
  for (int links = 0; ::lstat(result.path.c_str(), &status) == 0; ++links) {
    if (!S_ISLNK(status.st_mode)) {
      result.file = status;
      break;
    }
    if (links == most_links) fail(path, not_written, ELOOP);
    if (names_an_open_file(result.path)) {
      result.is_replaced = false;
      return result;
    }
    std::error_code failed;
    const fs::path next = fs::read_symlink(result.path, failed);
    if (failed) fail(path, not_written, failed.value());
    result.path = result.path.parent_path() / next;
  }
  if (!result.file && errno != ENOENT) fail(path, not_written, errno);
  if (result.file) result.is_replaced = S_ISREG(result.file->st_mode);
  return result;
}

bool is_same(const struct stat& a, const struct stat& b) noexcept {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Locks an open file; false if somebody else holds it, or if its name no longer stands for it.
bool lock(int file, const std::string& name) noexcept {
  struct stat opened{};
  struct stat named{};
  if (calls.lock(file) != 0) return false;
  return ::fstat(file, &opened) == 0 && ::lstat(name.c_str(), &named) == 0 && is_same(opened, named);
}

enum class leftover { none, removed, in_use };

/// Removes a temporary file that nobody writes to any more.
leftover remove_leftover(const std::string& name) {
  // Not to wait for the other end of what is no regular file.
  const descriptor file = open(name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file) return errno == ENOENT ? leftover::none : leftover::in_use;
  if (!lock(file.number(), name)) return leftover::in_use;
  return ::unlink(name.c_str()) == 0 ? leftover::removed : leftover::in_use;
}

/// A file of our own beside the destination, removed at the end unless it was renamed.
///
/// Whoever writes holds a lock on its temporary file, and the system lets go of it whatever way a process ends: a
/// temporary file that can be locked is a leftover. There is a row of names, the first free one is taken, and
/// leftovers in the row are removed: there are never more of them than processes that wrote at once.
class temporary_file {
public:
  temporary_file(const fs::path& folder, mode_t mode) : temporary_file(folder) {
    constexpr int names = 100;
    int place = 0;
    while (place < names && !create(std::to_string(place), mode) && may_go_on()) ++place;
    // All are in use, or left by somebody whose files we may not remove.
    for (int i = 0; i < names && !file_ && may_go_on(); ++i) create(std::to_string(std::random_device{}()), mode);
    if (file_) remove_leftovers(place + 1, names);
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() {
    if (file_) ::unlink(name_.c_str());
  }

  /// Why there is none; 0 if there is one.
  int reason() const noexcept { return reason_; }
  int number() const noexcept { return file_.number(); }

  /// False, with errno, if it keeps its temporary name.
  bool rename(const fs::path& to) noexcept {
    if (calls.rename(name_.c_str(), to.c_str()) != 0) return false;
    file_ = descriptor();
    return true;
  }

private:
  // Once this one is done, the destructor runs also if the other throws.
  explicit temporary_file(const fs::path& folder) : stem_((folder / ".fusegrad-").string()) {}

  std::string name_of(const std::string& mark) const { return stem_ + mark + ".part"; }
  bool may_go_on() const noexcept { return reason_ == EEXIST; }

  bool create(const std::string& mark, mode_t mode) {
    name_ = name_of(mark);
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    descriptor file = open(name_, flags, mode);
    reason_ = file ? 0 : errno;
    if (reason_ == EEXIST && remove_leftover(name_) == leftover::removed) {
      file = open(name_, flags, mode);
      reason_ = file ? 0 : errno;
    }
    if (!file) return false;
    errno = 0;
    // Before we could lock it, somebody took it for a leftover and removes it.
    if (!lock(file.number(), name_) && (errno == 0 || errno == EWOULDBLOCK || errno == ENOENT)) {
      reason_ = EEXIST;
      return false;
    }
    // Where files cannot be locked, nobody takes them for leftovers either.
    file_ = std::move(file);
    return true;
  }

  void remove_leftovers(int begin, int end) const {
    constexpr int free_names_at_the_end = 8;
    int free_names = 0;
    for (int i = begin; i < end && free_names < free_names_at_the_end; ++i) {
      free_names = remove_leftover(name_of(std::to_string(i))) == leftover::none ? free_names + 1 : 0;
    }
  }

  std::string stem_;
  std::string name_;
  descriptor file_;
  int reason_ = 0;
};

/// Gives a file the mode, and as far as we may the owner and group, of another; false, with errno, if it cannot.
bool keep_owner_and_mode(int file, const struct stat& of) noexcept {
  constexpr mode_t group = 0070;
  constexpr mode_t others = 0007;
  struct stat ours{};
  if (::fstat(file, &ours) != 0) return false;
  mode_t mode = of.st_mode & 0777;
  const bool is_ours = ours.st_uid == of.st_uid && ours.st_gid == of.st_gid;
  if (!is_ours && calls.change_owner(file, of.st_uid, of.st_gid) != 0 &&
      calls.change_owner(file, static_cast<uid_t>(-1), of.st_gid) != 0) {
    // Our group is not the one whose rights these were.
    mode = (mode & ~group) | ((mode & others) << 3);
  }
  return (ours.st_mode & 07777) == mode || calls.change_mode(file, mode) == 0;
}

void replace(const destination& to, std::span<const std::string_view> parts, const fs::path& asked) {
  constexpr mode_t as_usual = 0666;
  constexpr mode_t private_until_known = 0600;
  // Renaming would replace it all the same.
  const bool is_protected = to.file && ::faccessat(AT_FDCWD, to.path.c_str(), W_OK, AT_EACCESS) != 0;
  if (is_protected) fail(asked, not_written, errno);
  const fs::path folder = to.path.has_parent_path() ? to.path.parent_path() : fs::path(".");
  const descriptor directory = open(folder.string(), O_RDONLY | O_DIRECTORY);
  // A folder that may be written to, but not read, cannot be synced.
  if (!directory && errno != EACCES) fail(asked, not_written, errno);
  temporary_file temporary(folder, to.file ? private_until_known : as_usual);
  if (temporary.reason() != 0) fail(asked, not_written, temporary.reason());
  const bool is_written = (!to.file || keep_owner_and_mode(temporary.number(), *to.file)) &&
                          write_all(temporary.number(), parts) && sync(temporary.number()) && temporary.rename(to.path);
  if (!is_written) fail(asked, not_written, errno);
  if (directory && !sync(directory.number())) fail(asked, "was written, but its folder cannot be synced", errno);
}

/// Keeps the signal of a pipe whose reader went away from ending the process: the error says it.
class no_pipe_signal {
public:
  no_pipe_signal() noexcept {
    sigset_t pending;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  no_pipe_signal(const no_pipe_signal&) = delete;
  no_pipe_signal& operator=(const no_pipe_signal&) = delete;
  ~no_pipe_signal() {
    sigset_t pending;
    sigpending(&pending);
    int received = 0;
    if (!was_pending_ && sigismember(&pending, SIGPIPE) == 1) sigwait(&pipe_, &received);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_;
};

void write_straight(const fs::path& path, std::span<const std::string_view> parts) {
  const no_pipe_signal guard;
  const descriptor file = open(path.string(), O_WRONLY | O_APPEND);
  if (!file || !write_all(file.number(), parts) || !sync(file.number())) fail(path, not_written, errno);
}

} // namespace

void write_durably(const fs::path& path, std::span<const std::string_view> parts) {
  const destination to = follow(path);
  if (!to.is_replaced) return write_straight(path, parts);
  replace(to, parts, path);
}

void write_durably(const fs::path& path, std::initializer_list<std::string_view> parts) {
  write_durably(path, std::span(parts.begin(), parts.size()));
}

void rename_durably(std::span<const new_name> names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (calls.rename(names[i].from.c_str(), names[i].to.c_str()) == 0) continue;
    const int reason = errno;
    while (i-- > 0) calls.rename(names[i].to.c_str(), names[i].from.c_str());
    fail(names.back().to, not_written, reason);
  }
  if (names.empty()) return;
  const fs::path& last = names.back().to;
  const fs::path folder = last.has_parent_path() ? last.parent_path() : fs::path(".");
  const descriptor directory = open(folder.string(), O_RDONLY | O_DIRECTORY);
  if (directory && !sync(directory.number())) fail(last, "was written, but its folder cannot be synced", errno);
}

} // namespace fusegrad::base
