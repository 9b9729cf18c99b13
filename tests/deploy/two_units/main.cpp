// SPDX-License-Identifier: MIT
// Two units that include everything must link, and must mean the same by the same model.
#include <cstddef>

std::size_t parameters_seen_by_a();
std::size_t parameters_seen_by_b();

int main() { return parameters_seen_by_a() == 10 && parameters_seen_by_b() == 10 ? 0 : 1; }
