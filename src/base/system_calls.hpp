// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <sys/types.h>

namespace fusegrad::base {

/// The calls through which files are written. Tests put others in their place, to see each of them fail.
struct system_calls {
  int (*open)(const char* path, int flags, mode_t mode);
  ssize_t (*write)(int file, const void* bytes, std::size_t count);
  int (*sync)(int file);
  int (*change_owner)(int file, uid_t owner, gid_t group);
  int (*change_mode)(int file, mode_t mode);
  int (*lock)(int file);
  int (*rename)(const char* from, const char* to);
};

/// The calls in use: the system's own, where no test changed them.
extern system_calls calls;

} // namespace fusegrad::base
