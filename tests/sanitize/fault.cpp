// SPDX-License-Identifier: MIT
// usage: fault none|heap|scope|overflow|alignment. One fault on purpose, to show that the sanitizers see each kind.
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace {

int beyond_the_end(std::vector<int>& numbers, std::size_t index) { return numbers.data()[index]; }

int after_its_scope(int value) {
  const volatile int* kept = nullptr;
  {
    volatile int local = value;
    kept = &local;
  }
  return *kept;
}

int misaligned(const std::vector<int>& numbers, std::size_t bytes) {
  return *reinterpret_cast<const int*>(reinterpret_cast<const char*>(numbers.data()) + bytes);
}

} // namespace

int main(int count, char** arguments) {
  const std::string_view kind = count > 1 ? arguments[1] : "none";
  std::vector<int> numbers(4, count);
  if (kind == "heap") return beyond_the_end(numbers, numbers.size());
  if (kind == "scope") return after_its_scope(count);
  if (kind == "overflow") return std::numeric_limits<int>::max() + count > 0 ? 2 : 3;
  if (kind == "alignment") return misaligned(numbers, 1);
  return 0;
}
