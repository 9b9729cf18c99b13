// SPDX-License-Identifier: MIT
#include <fusegrad/io/save.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace fusegrad::io;

/// Parameters in a map, and how often one was written.
template <class T>
struct fake_store {
  using number_type = T;
  struct parameter {
    std::vector<std::size_t> shape;
    std::vector<T> numbers;
  };

  std::map<std::string, parameter> parameters;
  int writes = 0;

  std::vector<std::string> parameter_names() const {
    std::vector<std::string> names;
    for (const auto& [name, ignored] : parameters) names.push_back(name);
    return names;
  }
  std::vector<std::size_t> parameter_shape(std::string_view name) const {
    return parameters.at(std::string(name)).shape;
  }
  std::vector<T> read(std::string_view name) const { return parameters.at(std::string(name)).numbers; }
  void write(std::string_view name, std::span<const T> numbers) {
    ++writes;
    parameters.at(std::string(name)).numbers.assign(numbers.begin(), numbers.end());
  }
};

static_assert(parameter_store<fake_store<float>>);
static_assert(parameter_store<fake_store<double>>);
static_assert(!parameter_store<fake_store<int>>);

template <class T>
fake_store<T> two_layers() {
  return {{{"0.weight", {{2, 3}, {1, 2, 3, 4, 5, 6}}}, {"0.bias", {{2}, {T(0.1), -1}}}}};
}

/// A path in the temporary directory whose file is removed at the end.
class temporary_file {
public:
  explicit temporary_file(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("fusegrad_save_" + name)) {}
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// Loading must fail with these words after the file's name, and write nothing.
template <class Saved, class Loaded>
void refuses(const Saved& saved, Loaded loaded, const std::string& words) {
  const temporary_file file("refused.safetensors");
  save(saved, file.path());
  BOOST_CHECK_EXCEPTION(load(loaded, file.path()), file_error, [&](const file_error& error) {
    const std::string expected = file.path().string() + ": " + words;
    BOOST_TEST(std::string(error.what()) == expected);
    return true;
  });
  BOOST_TEST(loaded.writes == 0);
}

BOOST_AUTO_TEST_SUITE(io_save)

BOOST_AUTO_TEST_CASE(what_was_saved_loads_the_same) {
  const temporary_file file("round_trip.safetensors");
  const auto saved = two_layers<float>();
  save(saved, file.path(), {{"made by", "a test"}});
  auto loaded = two_layers<float>();
  for (auto& [name, parameter] : loaded.parameters) parameter.numbers.assign(parameter.numbers.size(), 0);
  load(loaded, file.path());
  BOOST_TEST(loaded.writes == 2);
  for (const auto& [name, parameter] : saved.parameters) {
    BOOST_TEST(loaded.parameters.at(name).numbers == parameter.numbers, boost::test_tools::per_element());
  }
  BOOST_TEST(read_safetensors(file.path()).metadata.at("made by") == "a test");
}

BOOST_AUTO_TEST_CASE(doubles_are_kept_as_doubles) {
  const temporary_file file("doubles.safetensors");
  save(two_layers<double>(), file.path());
  auto loaded = two_layers<double>();
  loaded.parameters.at("0.bias").numbers = {0, 0};
  load(loaded, file.path());
  BOOST_TEST(loaded.parameters.at("0.bias").numbers[0] == 0.1);
}

BOOST_AUTO_TEST_CASE(numbers_are_little_endian) {
  const std::vector<float> one{1.0f};
  const auto tensor = detail::to_tensor<float>("one", {1}, one);
  const std::vector<std::byte> expected{std::byte{0}, std::byte{0}, std::byte{0x80}, std::byte{0x3F}};
  BOOST_TEST((tensor.bytes == expected));
}

BOOST_AUTO_TEST_CASE(refuses_missing_and_unexpected_tensors) {
  auto renamed = two_layers<float>();
  auto moved = renamed.parameters.extract("0.bias");
  moved.key() = "1.bias";
  renamed.parameters.insert(std::move(moved));
  refuses(two_layers<float>(), renamed,
          "2 tensors do not fit the model:"
          "\n  tensor \"1.bias\": expected F32 [2], found no tensor of that name"
          "\n  tensor \"0.bias\": expected no tensor of that name, found F32 [2]");
}

BOOST_AUTO_TEST_CASE(refuses_another_shape) {
  auto transposed = two_layers<float>();
  transposed.parameters.at("0.weight").shape = {3, 2};
  refuses(two_layers<float>(), transposed,
          "1 tensor does not fit the model:\n  tensor \"0.weight\": expected F32 [3, 2], found F32 [2, 3]");
}

BOOST_AUTO_TEST_CASE(refuses_another_number_type) {
  refuses(two_layers<double>(), two_layers<float>(),
          "2 tensors do not fit the model:"
          "\n  tensor \"0.bias\": expected F32 [2], found F64 [2]"
          "\n  tensor \"0.weight\": expected F32 [2, 3], found F64 [2, 3]");
}

BOOST_AUTO_TEST_CASE(names_the_first_of_many) {
  fake_store<float> many;
  for (int i = 0; i < 30; ++i) many.parameters["w" + std::to_string(i)] = {{1}, {1}};
  const temporary_file file("many.safetensors");
  save(many, file.path());
  fake_store<float> none;
  BOOST_CHECK_EXCEPTION(load(none, file.path()), file_error, [](const file_error& error) {
    const std::string words = error.what();
    return words.find("30 tensors") != std::string::npos &&
           std::count(words.begin(), words.end(), '\n') == 20;
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
