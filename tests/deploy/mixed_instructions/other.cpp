// SPDX-License-Identifier: MIT
#include "trained.hpp"

struct other_unit;
trained train_other() { return train<other_unit>(); }
