// SPDX-License-Identifier: MIT
#include "system_calls.hpp"

#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fusegrad::base {

// open() takes its mode as one of any number of arguments, and cannot be pointed to as it is.
system_calls calls{
    [](const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); },
    ::write,
    ::fsync,
    ::fchown,
    ::fchmod,
    [](int file) { return ::flock(file, LOCK_EX | LOCK_NB); },
    std::rename,
};

} // namespace fusegrad::base
