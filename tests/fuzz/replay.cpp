// SPDX-License-Identifier: MIT
// Feeds a fuzz target, without libFuzzer, all files of a corpus, each cut off at every length and with every bit
// flipped. usage: PROGRAM [--write FOLDER] FILE-OR-FOLDER...   (with --write the inputs go to files there, as seeds,
// and are not run)
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::string contents_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw fs::filesystem_error("cannot be opened", path, {});
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class Use> void with_every_fault(std::string bytes, Use use) {
  use(bytes);
  for (std::size_t length = 0; length < bytes.size(); ++length) use(bytes.substr(0, length));
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    char& flipped = bytes[bit / 8];
    const char before = flipped;
    flipped = static_cast<char>(before ^ 1 << bit % 8);
    use(bytes);
    flipped = before;
  }
}

template <class Use> void with_every_file(const std::vector<fs::path>& paths, Use use) {
  for (const auto& path : paths) {
    if (!fs::is_directory(path)) {
      use(path);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) use(entry.path());
    }
  }
}

int run(std::vector<std::string> arguments) {
  fs::path folder;
  if (arguments.size() > 1 && arguments[0] == "--write") {
    folder = arguments[1];
    arguments.erase(arguments.begin(), arguments.begin() + 2);
    fs::create_directories(folder);
  }
  std::size_t files = 0;
  std::size_t inputs = 0;
  with_every_file({arguments.begin(), arguments.end()}, [&](const fs::path& path) {
    ++files;
    with_every_fault(contents_of(path), [&](const std::string& bytes) {
      ++inputs;
      if (!folder.empty()) {
        std::ofstream(folder / std::to_string(inputs), std::ios::binary) << bytes;
        return;
      }
      // A block of its own size: what reads behind the end is seen by a sanitizer.
      const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
      LLVMFuzzerTestOneInput(exact.data(), exact.size());
    });
  });
  std::printf("%zu files, %zu inputs %s\n", files, inputs, folder.empty() ? "replayed" : "written");
  return files > 0 ? 0 : 1;
}

} // namespace

int main(int count, char** names) {
  try {
    return run({names + 1, names + count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
