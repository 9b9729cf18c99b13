// SPDX-License-Identifier: MIT
#include <fusegrad/io/save.hpp>

#include <fusegrad/layers.hpp>
#include <fusegrad/model/weights.hpp>

#include "laws/train/allocations.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace fusegrad::io;

/// Parameters in a map, and how often one was written.
template <class T> struct fake_store {
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

template <class T> fake_store<T> two_layers() {
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
template <class Saved, class Loaded> void refuses(const Saved& saved, Loaded loaded, const std::string& words) {
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
          "\n  tensor \"0.bias\": expected no tensor of that name, found F32 [2]"
          "\n  load_options::ignore_extra passes over tensors that the model does not have");
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
          "\n  tensor \"0.weight\": expected F32 [2, 3], found F64 [2, 3]"
          "\n  load_options::convert takes F16, BF16, F32 and F64 for each other");
}

// Written by safetensors.torch.save_model for a network with BatchNorm1d (PyTorch 2.13).
BOOST_AUTO_TEST_CASE(passes_over_the_batches_that_pytorch_counts) {
  const std::vector<float> numbers{1, 2};
  const std::vector<std::int64_t> count{7};
  fake_store<float> store{{{"1.running_mean", {{2}, {0, 0}}}}};
  const temporary_file file("counted.safetensors");
  const auto mean = detail::to_tensor<float>("1.running_mean", {2}, numbers);
  for (const auto& shape : {std::vector<std::size_t>{}, std::vector<std::size_t>{1}}) {
    const std::vector<named_tensor> tensors{mean,
                                            detail::to_tensor<std::int64_t>("1.num_batches_tracked", shape, count)};
    write_safetensors(file.path(), tensors);
    load(store, file.path());
    BOOST_TEST(store.parameters.at("1.running_mean").numbers == numbers, boost::test_tools::per_element());
  }
  // Of a layer that the model does not have, it is a sign of another model.
  const std::vector<named_tensor> foreign{mean, detail::to_tensor<std::int64_t>("2.num_batches_tracked", {}, count)};
  write_safetensors(file.path(), foreign);
  BOOST_CHECK_EXCEPTION(load(store, file.path()), file_error, [&](const file_error& error) {
    return std::string(error.what()) ==
           file.path().string() + ": 1 tensor does not fit the model:"
                                  "\n  tensor \"2.num_batches_tracked\": expected no tensor of that name, found I64 []"
                                  "\n  load_options::ignore_extra passes over tensors that the model does not have";
  });
}

BOOST_AUTO_TEST_CASE(passes_over_unknown_numbers_that_nobody_asks_for) {
  const auto write = [](const std::filesystem::path& path, const std::string& json, std::size_t data) {
    std::ofstream(path, std::ios::binary)
        << static_cast<char>(json.size()) << std::string(7, '\0') << json << std::string(data, '\0');
  };
  const temporary_file file("complex.safetensors");
  fake_store<float> store{{{"a", {{1}, {5}}}}};
  const std::string b = R"("b":{"dtype":"C64","shape":[1],"data_offsets":[0,8]})";
  write(file.path(), R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)" + b + "}", 12);
  load(store, file.path());
  BOOST_TEST(store.parameters.at("a").numbers[0] == 0);
  write(file.path(), R"({"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}})", 8);
  BOOST_CHECK_EXCEPTION(load(store, file.path()), file_error, [&](const file_error& error) {
    return std::string(error.what()) ==
           file.path().string() + ": 1 tensor does not fit the model:\n  tensor \"a\": expected F32 [1], found C64 [1]";
  });
}

BOOST_AUTO_TEST_CASE(when_memory_runs_out_all_is_loaded_or_nothing) {
  const temporary_file file("memory.safetensors");
  const auto saved = two_layers<float>();
  save(saved, file.path());
  // A store whose write takes no memory, as that of a model.
  fake_store<float> loaded = two_layers<float>();
  for (auto& [name, parameter] : loaded.parameters) parameter.numbers.assign(parameter.numbers.size(), 0);
  const auto tried = fusegrad::test::fail_each_allocation([&] { load(loaded, file.path()); },
                                                          [&] {
                                                            BOOST_TEST(loaded.writes == 0);
                                                            loaded.writes = 0;
                                                          });
  BOOST_TEST((tried > 20 || !fusegrad::test::allocations_are_counted));
  BOOST_TEST(loaded.writes == 2);
}

BOOST_AUTO_TEST_CASE(when_memory_runs_out_the_older_file_stays) {
  const temporary_file file("memory_of_save.safetensors");
  auto store = two_layers<float>();
  save(store, file.path());
  const auto older = read_safetensors(file.path()).tensors;
  store.parameters.at("0.bias").numbers = {7, 8};
  const auto tried = fusegrad::test::fail_each_allocation(
      [&] { save(store, file.path()); }, [&] { BOOST_TEST((read_safetensors(file.path()).tensors == older)); });
  BOOST_TEST((tried > 20 || !fusegrad::test::allocations_are_counted));
  BOOST_TEST((read_safetensors(file.path()).tensors != older));
}

BOOST_AUTO_TEST_CASE(damaged_weights_are_not_loaded) {
  const temporary_file file("damaged.safetensors");
  save(two_layers<float>(), file.path());
  {
    std::fstream damaged(file.path(), std::ios::binary | std::ios::in | std::ios::out);
    damaged.seekp(-1, std::ios::end);
    damaged.put('\1');
  }
  auto loaded = two_layers<float>();
  BOOST_CHECK_EXCEPTION(load(loaded, file.path()), file_error, [&](const file_error& error) {
    return std::string(error.what()).starts_with(file.path().string() + ": expected contents with the checksum");
  });
  BOOST_TEST(loaded.writes == 0);
}

BOOST_AUTO_TEST_CASE(every_integer_has_its_number_type) {
  using namespace std;
  BOOST_TEST((detail::type_of<uint8_t>() == number_type::u8 && detail::type_of<int8_t>() == number_type::i8));
  BOOST_TEST((detail::type_of<uint16_t>() == number_type::u16 && detail::type_of<int16_t>() == number_type::i16));
  BOOST_TEST((detail::type_of<uint32_t>() == number_type::u32 && detail::type_of<int32_t>() == number_type::i32));
  BOOST_TEST((detail::type_of<uint64_t>() == number_type::u64 && detail::type_of<int64_t>() == number_type::i64));
  BOOST_TEST((detail::type_of<float>() == number_type::f32 && detail::type_of<double>() == number_type::f64));
  const vector<uint64_t> large{0xFEDCBA9876543210};
  vector<uint64_t> back(1);
  detail::copy_to<uint64_t>(back, detail::to_tensor<uint64_t>("a", {1}, large));
  BOOST_TEST(back == large, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_the_first_of_many) {
  fake_store<float> many;
  for (int i = 0; i < 30; ++i) many.parameters["w" + std::to_string(i)] = {{1}, {1}};
  const temporary_file file("many.safetensors");
  save(many, file.path());
  fake_store<float> none;
  BOOST_CHECK_EXCEPTION(load(none, file.path()), file_error, [](const file_error& error) {
    const std::string words = error.what();
    return words.find("30 tensors") != std::string::npos && std::count(words.begin(), words.end(), '\n') == 21;
  });
}

/// Names that must be found in the words of a refusal.
template <class Store>
void says(Store store, const std::filesystem::path& path, const load_options& options, const std::string& words) {
  BOOST_CHECK_EXCEPTION(load(store, path, options), file_error, [&](const file_error& error) {
    BOOST_TEST(std::string(error.what()).find(words) != std::string::npos, error.what());
    return true;
  });
  BOOST_TEST(store.writes == 0);
}

named_tensor floats(const std::string& name, const std::vector<float>& numbers) {
  return detail::to_tensor<float>(name, {numbers.size()}, numbers);
}

BOOST_AUTO_TEST_CASE(names_of_another_program_are_renamed) {
  const temporary_file file("renamed.safetensors");
  const std::vector<named_tensor> tensors{floats("net.fc1.weight", {1}), floats("net.fc1.bias", {2}),
                                          floats("net.fc10.bias", {3}), floats("ema.fc1.bias", {4})};
  write_safetensors(file.path(), tensors);
  fake_store<float> store{{{"0.weight", {{1}, {0}}}, {"0.bias", {{1}, {0}}}, {"2.bias", {{1}, {0}}}}};
  const auto done = load(store, file.path(), {.prefix = "net", .rename = {{"fc1", "0"}, {"fc10.", "2."}}});
  BOOST_TEST(store.parameters.at("0.weight").numbers[0] == 1);
  BOOST_TEST(store.parameters.at("0.bias").numbers[0] == 2);
  BOOST_TEST(store.parameters.at("2.bias").numbers[0] == 3);
  BOOST_TEST(done.ignored == std::vector<std::string>{"ema.fc1.bias"}, boost::test_tools::per_element());
  store.writes = 0;
  says(store, file.path(), {.prefix = "net", .rename = {{"fc1", "0"}, {"fc10", "2"}, {"fc", "3"}}},
       "rename \"fc\": expected a tensor whose name begins so, found none");
  says(store, file.path(), {.prefix = "net", .rename = {{"fc1", "0"}, {"fc10", "0"}}},
       "tensor \"net.fc10.bias\": expected another name than \"net.fc1.bias\" has in the model, found the same, "
       "\"0.bias\"");
}

BOOST_AUTO_TEST_CASE(a_prefix_that_would_help_is_told) {
  const temporary_file file("prefixed.safetensors");
  const std::vector<named_tensor> tensors{floats("module.0.bias", {1, 2})};
  write_safetensors(file.path(), tensors);
  says(fake_store<float>{{{"0.bias", {{2}, {0, 0}}}}}, file.path(), {},
       "load_options::prefix = \"module\" looks for it there");
}

BOOST_AUTO_TEST_CASE(tensors_that_the_model_does_not_have_are_passed_over_on_request) {
  const temporary_file file("extra.safetensors");
  const std::vector<named_tensor> tensors{floats("a", {1}), floats("b", {2}), floats("c", {3})};
  write_safetensors(file.path(), tensors);
  fake_store<float> store{{{"b", {{1}, {0}}}}};
  BOOST_TEST(load(store, file.path(), {.ignore_extra = true}).ignored == (std::vector<std::string>{"a", "c"}),
             boost::test_tools::per_element());
  BOOST_TEST(store.parameters.at("b").numbers[0] == 2);
}

BOOST_AUTO_TEST_CASE(numbers_of_other_sizes_are_converted_on_request) {
  const temporary_file file("converted.safetensors");
  // 1, -2, the smallest half, the largest half, infinity.
  const std::vector<std::uint16_t> halves{0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00};
  const std::vector<std::uint16_t> brains{0x3F80, 0xC000, 0x0001, 0x7F7F, 0x7F80};
  auto half = detail::to_tensor<std::uint16_t>("half", {5}, halves),
       brain = detail::to_tensor<std::uint16_t>("brain", {5}, brains);
  half.type = number_type::f16;
  brain.type = number_type::bf16;
  const std::vector<double> doubles{0.1, -1e-300, 3e38};
  std::vector<named_tensor> tensors{half, brain, detail::to_tensor<double>("double", {3}, doubles)};
  write_safetensors(file.path(), tensors);
  const fake_store<float> empty{{{"half", {{5}, {}}}, {"brain", {{5}, {}}}, {"double", {{3}, {}}}}};
  fake_store<float> store = empty;
  const auto done = load(store, file.path(), {.convert = true});
  BOOST_TEST(done.converted.size() == 3U);
  const float most = std::numeric_limits<float>::infinity();
  BOOST_TEST(store.parameters.at("half").numbers == (std::vector<float>{1, -2, 0x1p-24F, 65504, most}),
             boost::test_tools::per_element());
  BOOST_TEST(store.parameters.at("brain").numbers == (std::vector<float>{1, -2, 0x1p-133F, 0x1.FEp127F, most}),
             boost::test_tools::per_element());
  BOOST_TEST(store.parameters.at("double").numbers == (std::vector<float>{0.1F, -0.0F, 3e38F}),
             boost::test_tools::per_element());
  tensors[2].bytes = detail::to_tensor<double>("double", {3}, std::vector<double>{1, 2, 1e39}).bytes;
  write_safetensors(file.path(), tensors);
  says(empty, file.path(), {.convert = true},
       "tensor \"double\": expected numbers that F32 has room for, found 999999999999999939709166371603178586112");
  // And the other way.
  save(two_layers<float>(), file.path());
  auto wide = two_layers<double>();
  load(wide, file.path(), {.convert = true});
  BOOST_TEST(wide.parameters.at("0.bias").numbers[0] == static_cast<double>(0.1F));
}

BOOST_AUTO_TEST_CASE(a_slope_from_before_is_the_weight_of_a_prelu) {
  const temporary_file file("slope.safetensors");
  fake_store<float> store{{{"1.weight", {{1}, {0}}}}};
  for (const std::string name : {"1.slope", "1.weight"}) {
    const std::vector<named_tensor> tensors{floats(name, {name == "1.slope" ? 0.25F : 0.5F})};
    write_safetensors(file.path(), tensors);
    load(store, file.path());
    BOOST_TEST(store.parameters.at("1.weight").numbers[0] == (name == "1.slope" ? 0.25F : 0.5F));
  }
}

BOOST_AUTO_TEST_CASE(what_another_program_wrote_is_named_with_the_way_from_there) {
  using namespace std::string_literals;
  const temporary_file file("other");
  const fake_store<float> store{};
  const auto write = [&](const std::string& bytes) { std::ofstream(file.path(), std::ios::binary) << bytes; };
  write("PK\3\4"s + std::string(26, '\0') + "net/data.pkl" + std::string(200, '\0'));
  says(store, file.path(), {},
       "found a ZIP archive (as torch.save, NumPy's savez and Excel write); torch.save wrote it, and in Python "
       "safetensors.torch.save_file(torch.load(\"net.pt\", weights_only=True), \"net.safetensors\") makes such a file");
  write("\x80\2\x8A\nl\xFC\x9C\x46\xF9 j\xA8P\x19.\x80\2M\xE9\3."s);
  says(store, file.path(), {}, "found a Python pickle; torch.save wrote it");
  write("\x93NUMPY\1\0v\0{'descr'"s);
  says(store, file.path(), {}, "found a NumPy array; in Python safetensors.numpy.save_file");
  write("\x08\x08\x12\x07pytorch"s);
  says(store, file.path(), {}, "found an ONNX model");
}

// From an image of 4 positions with 3 channels to one of 4 positions with 2.
constexpr auto between_images = fusegrad::input<2, 2, 3> | fusegrad::flatten | fusegrad::prelu.per_unit() |
                                fusegrad::dense<2> | fusegrad::relu | fusegrad::dense<8> | fusegrad::reshape<2, 2, 2>;
using flat_weights = fusegrad::weights<decltype(between_images)>;

std::vector<float> counted(std::size_t size) {
  std::vector<float> numbers(size);
  std::iota(numbers.begin(), numbers.end(), 0.0F);
  return numbers;
}
flat_weights counted_weights() {
  flat_weights w;
  for (const std::string& name : flat_weights::parameter_names()) w.write(name, counted(w.parameter_size(name)));
  return w;
}
/// The same numbers in another file that nothing is told of.
void write_as_another_program(const std::filesystem::path& path) {
  const auto json = [](const std::string& name, const std::string& shape, std::size_t begin, std::size_t count) {
    return "\"" + name + R"(":{"dtype":"F32","shape":[)" + shape + R"(],"data_offsets":[)" + std::to_string(4 * begin) +
           "," + std::to_string(4 * (begin + count)) + "]}";
  };
  const std::string header = "{" + json("1.weight", "12", 0, 12) + "," + json("2.weight", "2,12", 12, 24) + "," +
                             json("2.bias", "2", 36, 2) + "," + json("4.weight", "8,2", 38, 16) + "," +
                             json("4.bias", "8", 54, 8) + "}";
  std::ofstream out(path, std::ios::binary);
  for (std::size_t i = 0; i < 8; ++i) out.put(static_cast<char>(header.size() >> (8 * i) & 255));
  out << header;
  for (const std::size_t count : {12U, 24U, 2U, 16U, 8U})
    for (const float number : counted(count)) out.write(reinterpret_cast<const char*>(&number), sizeof number);
}
void check_last(const flat_weights& w) {
  // Channel c of position p comes from 4 c + p.
  const std::vector<float> columns{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11};
  std::vector<float> weight = columns;
  for (const float x : columns) weight.push_back(x + 12);
  BOOST_TEST(w.read("1.weight") == columns, boost::test_tools::per_element());
  BOOST_TEST(w.read("2.weight") == weight, boost::test_tools::per_element());
  BOOST_TEST(w.read("2.bias") == counted(2), boost::test_tools::per_element());
  BOOST_TEST(w.read("4.weight") == (std::vector<float>{0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15}),
             boost::test_tools::per_element());
  BOOST_TEST(w.read("4.bias") == (std::vector<float>{0, 4, 1, 5, 2, 6, 3, 7}), boost::test_tools::per_element());
}
void check_counted(const flat_weights& w) {
  for (const std::string& name : flat_weights::parameter_names())
    BOOST_TEST(w.read(name) == counted(w.parameter_size(name)), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(flattened_images_of_another_program_are_taken_in_the_order_that_is_said) {
  const temporary_file file("flattened.safetensors");
  write_as_another_program(file.path());
  flat_weights w;
  BOOST_CHECK_EXCEPTION(load(w, file.path()), file_error, [&](const file_error& error) {
    BOOST_TEST(
        std::string(error.what()) ==
        file.path().string() +
            ": expected load_options::flattened to say in which order the file, of another program, has the numbers "
            "of flattened images, found it left out:"
            "\n  tensor \"1.weight\": columns of a flattened image, 4 positions of 3 channels"
            "\n  tensor \"2.weight\": columns of a flattened image, 4 positions of 3 channels"
            "\n  tensor \"4.weight\": rows of a flattened image, 4 positions of 2 channels"
            "\n  tensor \"4.bias\": columns of a flattened image, 4 positions of 2 channels"
            "\n  flattened::channels_first is channel by channel, as PyTorch's Flatten has them behind convolutions; "
            "flattened::channels_last is position by position, as fusegrad has them");
    return true;
  });
  for (const float number : w.packed()) BOOST_REQUIRE(number == 0);
  load(w, file.path(), {.flattened = flattened::channels_first});
  check_last(w);
  load(w, file.path(), {.flattened = flattened::channels_last});
  check_counted(w);
}

BOOST_AUTO_TEST_CASE(flattened_images_go_to_another_program_in_its_order_and_come_back) {
  const temporary_file file("flattened_back.safetensors");
  flat_weights w = counted_weights();
  save(w, file.path());
  load(w, file.path());
  check_counted(w);
  save(w, file.path(), {.flattened = flattened::channels_first, .metadata = {{"made by", "a test"}}});
  tensor_file written = read_safetensors(file.path());
  BOOST_TEST(written.metadata.at("made by") == "a test");
  load(w, file.path());
  check_counted(w);
  BOOST_CHECK_EXCEPTION(
      load(w, file.path(), {.flattened = flattened::channels_last}), file_error, [&](const file_error& error) {
        BOOST_TEST(std::string(error.what()) ==
                   file.path().string() + ": expected flattened images in the order channels_last as "
                                          "load_options::flattened says, found a file that says channels_first");
        return true;
      });
  // Whoever forgets the mark reads channels first twice: the file has them so.
  write_safetensors(file.path(), written.tensors);
  load(w, file.path(), {.flattened = flattened::channels_first});
  check_counted(w);
  write_safetensors(file.path(), written.tensors, {{"fusegrad.flattened", "upside down"}});
  BOOST_CHECK_THROW(load(w, file.path()), file_error);
  check_counted(w);
}

template <class Model> constexpr std::size_t parts_of(Model) { return detail::flattened_count<Model>; }

BOOST_AUTO_TEST_CASE(images_are_found_through_what_keeps_columns_and_nowhere_else) {
  using namespace fusegrad;
  constexpr auto image = input<2, 2, 3>;
  // Beside other columns, and where what is added to them has their order.
  constexpr auto joined = image | branch(flatten, global_average_pool | flatten) | concat | dense<2>;
  constexpr auto& found =
      io::detail::flattened_of<decltype(image | branch(flatten, global_average_pool | flatten) | concat | dense<2>)>;
  static_assert(parts_of(joined) == 1);
  BOOST_TEST(found[0].length == 15U);
  BOOST_TEST(found[0].begin == 0U);
  BOOST_TEST(found[0].image.positions == 4U);
  BOOST_TEST(found[0].image.channels == 3U);
  // Columns and rows of the weight, and the bias.
  static_assert(parts_of(image | flatten | residual(dense<12>)) == 3);
  static_assert(parts_of(image | reshape<4, 3> | flatten | softmax | dense<2>) == 1);
  // One channel, one position, no vector, or one that no image is near.
  static_assert(parts_of(input<4, 4, 1> | flatten | dense<2>) == 0);
  static_assert(parts_of(image | global_average_pool | flatten | dense<2>) == 0);
  static_assert(parts_of(image | dense<4> | relu | dense<2>) == 0);
  static_assert(parts_of(input<6> | dense<4> | relu | dense<2>) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
