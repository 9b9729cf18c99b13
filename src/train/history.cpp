// SPDX-License-Identifier: MIT
#include <fusegrad/train/history.hpp>

#include "../base/file.hpp"

namespace fusegrad {

void history::save_csv(const std::string& path) const { base::write_durably(path, {to_csv()}); }

} // namespace fusegrad
