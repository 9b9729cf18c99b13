// SPDX-License-Identifier: MIT
#include <fusegrad/io/save_header.hpp>

#include <fusegrad/io/save.hpp>
#include <fusegrad/layers.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace fg = fusegrad;

namespace {

constexpr auto model = fg::input<3> | fg::dense<2> | fg::relu | fg::dense<1>;

/// Numbers whose products and sums are exact, so that the file is the same on every machine.
fg::weights<std::remove_const_t<decltype(model)>> exact() {
  fg::weights w{model};
  w.write("0.weight", std::vector<float>{0.5F, -0.25F, 2, 1, 0.125F, -3});
  w.write("0.bias", std::vector<float>{0.75F, 4});
  w.write("2.weight", std::vector<float>{-1.5F, 0.5F});
  w.write("2.bias", std::vector<float>{0.0625F});
  return w;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct temporary {
  std::filesystem::path path = std::filesystem::temp_directory_path() / "fusegrad_save_header";
  ~temporary() { std::filesystem::remove(path); }
};

template <class Error, class Call> void refuses(Call call, const std::string& words) {
  BOOST_CHECK_EXCEPTION(call(), Error, [&](const Error& error) {
    BOOST_TEST(std::string(error.what()).find(words) != std::string::npos, error.what());
    return true;
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(io_save_header)

// The file is compiled and run in tests/deploy/embedded.
BOOST_AUTO_TEST_CASE(the_header_is_the_one_that_is_compiled_elsewhere) {
  const temporary file;
  fg::io::save_header(exact(), file.path,
                      {.name = "embedded::net", .model = "fg::input<3> | fg::dense<2> | fg::relu | fg::dense<1>"});
  BOOST_TEST(text_of(file.path) == text_of(FUSEGRAD_SOURCE_DIR "/tests/deploy/embedded/net.inc"));
}

BOOST_AUTO_TEST_CASE(what_makes_no_header_is_refused) {
  const temporary file;
  const auto save = [&](const auto& weights, const std::string& name, const std::string& text) {
    return [&file, &weights, name, text] { fg::io::save_header(weights, file.path, {.name = name, .model = text}); };
  };
  auto w = exact();
  refuses<std::invalid_argument>(save(w, "a-b", "model"), "that of a namespace, not \"a-b\"");
  refuses<std::invalid_argument>(save(w, "a::", "model"), "that of a namespace, not \"a::\"");
  for (const char* name : {"", "::a", "a:b", "2a", "a::::b", "class", "net::new::b", "xor_eq", "alignas"})
    refuses<std::invalid_argument>(save(w, name, "model"), "that of a namespace, not \"" + std::string(name) + "\"");
  refuses<std::invalid_argument>(save(w, "a::b2", ""), "header_options::model says the model in C++");
  w.write("2.bias", std::vector<float>{std::numeric_limits<float>::infinity()});
  refuses<std::invalid_argument>(save(w, "a", "model"),
                                 "parameter \"2.bias\" has the number inf, which is no constant");
  BOOST_TEST(!std::filesystem::exists(file.path));
}

BOOST_AUTO_TEST_CASE(a_golden_pair_is_replayed_from_the_file) {
  const temporary file;
  auto w = exact();
  fg::io::save(w, file.path, fg::io::golden(w));
  fg::io::replay(w, file.path);
  w.write("2.bias", std::vector<float>{0.5F});
  refuses<fg::io::file_error>([&] { fg::io::replay(w, file.path); }, "expected the outputs that were saved");
  fg::io::replay(w, file.path, 0.5);
  fg::io::save(w, file.path);
  refuses<fg::io::file_error>([&] { fg::io::replay(w, file.path); }, "expected a golden pair in its metadata");
  fg::io::save(w, file.path, {{"fusegrad.golden.input", "1 2"}, {"fusegrad.golden.output", "1"}});
  refuses<fg::io::file_error>([&] { fg::io::replay(w, file.path); }, "expected 3 numbers, found 2");
  fg::io::save(w, file.path, {{"fusegrad.golden.input", "1 2 x"}, {"fusegrad.golden.output", "1"}});
  refuses<fg::io::file_error>([&] { fg::io::replay(w, file.path); }, "expected numbers, found \"x\"");
}

BOOST_AUTO_TEST_SUITE_END()
