// SPDX-License-Identifier: MIT
// oneDNN by hand: training steps and inference of one sample of those nets that are chains of convolutions, max pools,
// a mean of all positions and inner products. Prints microseconds as JSON.
//   peer_images_onednn --threads N --seconds S
//   peer_images_onednn --check FOLDER   prints the losses of three steps from the weights in the folder, and the
//                                       outputs of one sample with the trained weights in it
//   peer_images_onednn --version
// Each convolution may be direct or Winograd's: the net is timed in three ways and the fastest counts (standard error
// has what each took). The library chooses how every value and weight lies, both ways; there is a reorder only where
// two primitives disagree. Images lie as the first convolution wants them before anything is timed. ReLU is fused
// forward; backward it is a loop of ours, behind the pool where there is one, on a quarter of the numbers. Loss and
// update are by hand.
#include "../common/worker.hpp"
#include "../peers/setting.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <numeric>
#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

namespace {

using dnnl::memory;
using tag = memory::format_tag;
using dims = memory::dims;
using dim = memory::dim;
namespace files = std::filesystem;

constexpr float rate = 0.01F;
/// Below this many elements a loop of ours is done before other threads have woken.
constexpr std::ptrdiff_t least_to_share = 16384;

/// `automatic` is what the library takes by itself: Winograd's wherever the kernel is three by three, even where one
/// channel is padded to sixteen.
enum class way { direct, first_direct, automatic };
constexpr std::array ways{way::direct, way::first_direct, way::automatic};
constexpr std::array way_names{"direct", "first direct, others automatic", "automatic"};

enum class kind { convolution, pool, mean, dense };

struct layer {
  kind what;
  dim out = 0, size = 0, padding = 0;
  bool relu = false;
  bool learns() const { return what == kind::convolution || what == kind::dense; }
};

struct net_case {
  std::string name;
  dim side, channels, batch; ///< of square images
  std::vector<layer> layers;
  bool inferred = true;
  dim classes() const { return layers.back().out; }
};

const std::vector<layer> keras{{kind::convolution, 32, 3, 0, true},
                               {kind::pool},
                               {kind::convolution, 64, 3, 0, true},
                               {kind::pool},
                               {kind::dense, 10}};
const std::vector<layer> lenet{{kind::convolution, 6, 5, 2, true},
                               {kind::pool},
                               {kind::convolution, 16, 5, 0, true},
                               {kind::pool},
                               {kind::dense, 120, 0, 0, true},
                               {kind::dense, 84, 0, 0, true},
                               {kind::dense, 10}};
const std::vector<layer> pair{
    {kind::convolution, 32, 3, 1, true}, {kind::convolution, 32, 3, 1, true}, {kind::mean}, {kind::dense, 10}};
const std::vector<net_case> cases{{"keras", 28, 1, 32, keras},
                                  {"keras128", 28, 1, 128, keras, false},
                                  {"lenet", 28, 1, 64, lenet},
                                  {"pair", 16, 32, 32, pair}};

/// Weight and bias of each layer that learns, as the file has them: [out][in][rows][columns], or [out][in] where what
/// comes in is an image channels last.
using weights = std::vector<std::vector<float>>;

/// All learned tensors of a chain in a safetensors file, by the places of their layers: 0.weight, 0.bias, ...
weights weights_of(const files::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::uint64_t size = 0;
  file.read(reinterpret_cast<char*>(&size), sizeof size);
  std::string header(size, ' ');
  file.read(header.data(), static_cast<std::streamsize>(size));
  weights all;
  for (int place = 0; place < 100; ++place)
    for (const char* what : {"weight", "bias"}) {
      const auto entry = header.find('"' + std::to_string(place) + '.' + what + '"');
      if (entry == std::string::npos) continue;
      std::istringstream offsets(header.substr(header.find('[', header.find("data_offsets", entry)) + 1));
      std::uint64_t first = 0, last = 0;
      char comma = 0;
      offsets >> first >> comma >> last;
      std::vector<float>& tensor = all.emplace_back((last - first) / sizeof(float));
      file.seekg(static_cast<std::streamoff>(sizeof size + size + first));
      file.read(reinterpret_cast<char*>(tensor.data()), static_cast<std::streamsize>(last - first));
    }
  if (!file) throw std::runtime_error(path.string() + " is no safetensors file");
  return all;
}

template <class F> void each(std::ptrdiff_t count, F f) {
  if (count < least_to_share || omp_get_max_threads() == 1) {
#pragma omp simd
    for (std::ptrdiff_t i = 0; i < count; ++i) f(i);
    return;
  }
#pragma omp parallel for simd
  for (std::ptrdiff_t i = 0; i < count; ++i) f(i);
}

float* at(const memory& m) { return static_cast<float*>(m.get_data_handle()); }
std::ptrdiff_t numbers_in(const memory& m) { return static_cast<std::ptrdiff_t>(m.get_desc().get_size() / 4); }

memory::desc described(const dims& d, tag as) { return {d, memory::data_type::f32, as}; }
memory::desc any(const dims& d) { return described(d, tag::any); }
tag plain(const dims& d) { return d.size() == 4 ? tag::abcd : d.size() == 2 ? tag::ab : tag::a; }

dim product(const dims& d) { return std::accumulate(d.begin(), d.end(), dim{1}, std::multiplies<>{}); }

/// Primitives of version 2 are described by an operation, those of version 3 by what it would be made of.
template <class Primitive, class... Arguments>
auto forward_of(const dnnl::engine& e, const dnnl::primitive_attr& fused, const Arguments&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(e, arguments..., fused);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), fused, e);
#endif
}
template <class Primitive, class Forward, class... Arguments>
auto backward_of(const dnnl::engine& e, const Forward& forward, const Arguments&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(e, arguments..., forward);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), e, forward);
#endif
}

/// One net at one batch size. `repeat` does training steps, or computes the outputs as often.
class net {
  /// What one layer leaves for the way back.
  struct stage {
    memory x, y, w, b, workspace;
    dims x_dims, w_dims, y_dims;
    std::function<memory(const memory&)> back; ///< from the slopes of y to those of x; adds to the steps
  };

public:
  net(const net_case& c, dim batch, bool trains, way how, const weights& given)
      : case_{c}, batch_{batch}, trains_{trains}, way_{how} {
    dims x_dims{batch, c.channels, c.side, c.side};
    memory x;
    auto tensor = given.begin();
    for (const layer& l : c.layers) {
      stage& s = stages_.emplace_back();
      s.x = x, s.x_dims = x_dims;
      switch (l.what) {
      case kind::convolution: add_convolution(l, s); break;
      case kind::dense: add_dense(l, s); break;
      default: add_pool(l, s); break;
      }
      if (l.learns()) {
        fill(s.w, s.w_dims, l, x_dims, *tensor++);
        fill(s.b, {l.out}, l, x_dims, *tensor++);
      }
      x = s.y, x_dims = s.y_dims;
    }
    // The way out is plain whatever the last layer wanted.
    y_ = fitted(x, described(x_dims, tag::ab));
    if (trains) add_backward();
    stream_.wait();
  }

  void repeat(std::size_t count) {
    for (; count > 0; --count) {
      for (const auto& step : steps_) step();
      stream_.wait();
      benchmarks::launder(at(y_));
    }
  }

  float loss() const { return loss_; }
  std::vector<float> outputs() const { return {at(y_), at(y_) + batch_ * case_.classes()}; }

private:
  memory made(const memory::desc& d) const { return {d, engine_}; }

  void add(const dnnl::primitive& p, std::unordered_map<int, memory> arguments) {
    steps_.push_back([this, p, arguments = std::move(arguments)] { p.execute(stream_, arguments); });
  }

  /// The same numbers as another primitive wants them: the memory itself where it is content.
  memory fitted(const memory& m, const memory::desc& wanted) {
    if (m.get_desc() == wanted) return m;
    const memory other = made(wanted);
    add(dnnl::reorder(m, other), {{DNNL_ARG_FROM, m}, {DNNL_ARG_TO, other}});
    return other;
  }

  /// The images themselves lie as the first layer wants them.
  memory input(const stage& s, const memory::desc& wanted) {
    if (s.x) return fitted(s.x, wanted);
    std::vector<float> images(static_cast<std::size_t>(product(s.x_dims)));
    std::uint32_t state = 1;
    for (float& x : images) {
      state = state * 1664525U + 1013904223U;
      x = static_cast<float>(state >> 8) / static_cast<float>(1 << 24);
    }
    const memory placed = made(wanted);
    memory from(described(s.x_dims, tag::acdb), engine_, images.data());
    dnnl::reorder(from, placed).execute(stream_, from, const_cast<memory&>(placed));
    stream_.wait();
    return placed;
  }

  void fill(memory& to, const dims& shape, const layer& l, const dims& x_dims, std::vector<float> from) {
    if (static_cast<dim>(from.size()) != product(shape))
      throw std::runtime_error(case_.name + ": weights of another net");
    const bool is_behind_image = l.what == kind::dense && shape.size() == 4;
    memory given(described(shape, is_behind_image ? tag::acdb : plain(shape)), engine_, from.data());
    dnnl::reorder(given, to).execute(stream_, given, to);
    stream_.wait();
  }

  dnnl::primitive_attr fused(const layer& l) const {
    dnnl::primitive_attr attributes;
    if (!l.relu) return attributes;
    dnnl::post_ops after;
#if DNNL_VERSION_MAJOR >= 3
    after.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
#else
    after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
#endif
    attributes.set_post_ops(after);
    return attributes;
  }
  dnnl::prop_kind forward_kind() const {
    return trains_ ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  }

  template <class Forward> void add_learning(const Forward& forward, stage& s) {
    s.x = input(s, forward.src_desc());
    s.w = made(forward.weights_desc()), s.b = made(forward.bias_desc()), s.y = made(forward.dst_desc());
  }

  void add_convolution(const layer& l, stage& s) {
    const bool is_first = stages_.size() == 1;
    const auto how = way_ == way::automatic || (way_ == way::first_direct && !is_first)
                         ? dnnl::algorithm::convolution_auto
                         : dnnl::algorithm::convolution_direct;
    const dim side = s.x_dims[2] + 2 * l.padding - l.size + 1;
    s.w_dims = {l.out, s.x_dims[1], l.size, l.size}, s.y_dims = {batch_, l.out, side, side};
    const dims one{1, 1}, around{l.padding, l.padding};
    const auto bias = described({l.out}, tag::a);
    const auto forward = forward_of<dnnl::convolution_forward>(engine_, fused(l), forward_kind(), how, any(s.x_dims),
                                                               any(s.w_dims), bias, any(s.y_dims), one, around, around);
    add_learning(forward, s);
    add(dnnl::convolution_forward(forward),
        {{DNNL_ARG_SRC, s.x}, {DNNL_ARG_WEIGHTS, s.w}, {DNNL_ARG_BIAS, s.b}, {DNNL_ARG_DST, s.y}});
    if (!trains_) return;
    s.back = [=, this, &s](const memory& slopes) {
      const auto for_weights = backward_of<dnnl::convolution_backward_weights>(
          engine_, forward, how, any(s.x_dims), any(s.w_dims), bias, any(s.y_dims), one, around, around);
      learn<dnnl::convolution_backward_weights>(for_weights, s, slopes);
      if (is_first) return memory();
      const auto for_data = backward_of<dnnl::convolution_backward_data>(
          engine_, forward, how, any(s.x_dims), any(s.w_dims), any(s.y_dims), one, around, around);
      return hand_back<dnnl::convolution_backward_data>(for_data, s, slopes);
    };
  }

  void add_dense(const layer& l, stage& s) {
    s.w_dims = s.x_dims, s.w_dims[0] = l.out, s.y_dims = {batch_, l.out};
    const auto bias = described({l.out}, tag::a);
    const auto forward = forward_of<dnnl::inner_product_forward>(engine_, fused(l), forward_kind(), any(s.x_dims),
                                                                 any(s.w_dims), bias, any(s.y_dims));
    add_learning(forward, s);
    add(dnnl::inner_product_forward(forward),
        {{DNNL_ARG_SRC, s.x}, {DNNL_ARG_WEIGHTS, s.w}, {DNNL_ARG_BIAS, s.b}, {DNNL_ARG_DST, s.y}});
    if (!trains_) return;
    s.back = [=, this, &s](const memory& slopes) {
      const auto for_weights = backward_of<dnnl::inner_product_backward_weights>(engine_, forward, any(s.x_dims),
                                                                                 any(s.w_dims), bias, any(s.y_dims));
      learn<dnnl::inner_product_backward_weights>(for_weights, s, slopes);
      const auto for_data =
          backward_of<dnnl::inner_product_backward_data>(engine_, forward, any(s.x_dims), any(s.w_dims), any(s.y_dims));
      return hand_back<dnnl::inner_product_backward_data>(for_data, s, slopes);
    };
  }

  /// The largest of windows of two by two, or the mean of all positions.
  void add_pool(const layer& l, stage& s) {
    const bool is_mean = l.what == kind::mean;
    const auto how = is_mean ? dnnl::algorithm::pooling_avg_exclude_padding : dnnl::algorithm::pooling_max;
    const dim size = is_mean ? s.x_dims[2] : 2, side = is_mean ? 1 : s.x_dims[2] / 2;
    s.y_dims = {batch_, s.x_dims[1], side, side};
    const dims window{size, size}, none{0, 0};
    const auto x = s.x.get_desc();
#if DNNL_VERSION_MAJOR >= 3
    const auto forward = forward_of<dnnl::pooling_forward>(engine_, {}, forward_kind(), how, x, any(s.y_dims), window,
                                                           window, none, none, none);
#else
    const auto forward = forward_of<dnnl::pooling_forward>(engine_, {}, forward_kind(), how, x, any(s.y_dims), window,
                                                           window, none, none);
#endif
    s.y = made(forward.dst_desc());
    std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, s.x}, {DNNL_ARG_DST, s.y}};
    if (trains_ && !is_mean) arguments.emplace(DNNL_ARG_WORKSPACE, s.workspace = made(forward.workspace_desc()));
    add(dnnl::pooling_forward(forward), std::move(arguments));
    if (!trains_) return;
    s.back = [=, this, &s](const memory& slopes) {
      const auto y = s.y.get_desc();
#if DNNL_VERSION_MAJOR >= 3
      const auto backward =
          backward_of<dnnl::pooling_backward>(engine_, forward, how, x, y, window, window, none, none, none);
#else
      const auto backward =
          backward_of<dnnl::pooling_backward>(engine_, forward, how, x, y, window, window, none, none);
#endif
      const memory below = made(x);
      std::unordered_map<int, memory> given{{DNNL_ARG_DIFF_DST, fitted(slopes, y)}, {DNNL_ARG_DIFF_SRC, below}};
      if (s.workspace) given.emplace(DNNL_ARG_WORKSPACE, s.workspace);
      add(dnnl::pooling_backward(backward), std::move(given));
      return below;
    };
  }

  /// The gradient of a weight and of a bias.
  template <class Primitive, class Description>
  void learn(const Description& backward, stage& s, const memory& slopes) {
    const memory dw = made(backward.diff_weights_desc()), db = made(backward.diff_bias_desc());
    add(Primitive(backward), {{DNNL_ARG_SRC, fitted(s.x, backward.src_desc())},
                              {DNNL_ARG_DIFF_DST, fitted(slopes, backward.diff_dst_desc())},
                              {DNNL_ARG_DIFF_WEIGHTS, dw},
                              {DNNL_ARG_DIFF_BIAS, db}});
    gradients_.emplace_back(s.w, fitted(dw, s.w.get_desc()));
    gradients_.emplace_back(s.b, db);
  }

  template <class Primitive, class Description>
  memory hand_back(const Description& backward, const stage& s, const memory& slopes) {
    const memory below = made(backward.diff_src_desc());
    add(Primitive(backward), {{DNNL_ARG_DIFF_DST, fitted(slopes, backward.diff_dst_desc())},
                              {DNNL_ARG_WEIGHTS, fitted(s.w, backward.weights_desc())},
                              {DNNL_ARG_DIFF_SRC, below}});
    return below;
  }

  /// Whether what is known of the slopes of this layer's outputs must still go through a ReLU: one before a pool is
  /// done behind it, since it is open wherever the largest of a window is above zero.
  bool is_masked(std::size_t l) const {
    const std::vector<layer>& all = case_.layers;
    const bool is_pooled = l + 1 < all.size() && all[l + 1].what == kind::pool;
    return all[l].what == kind::pool ? all[l - 1].relu : all[l].relu && !is_pooled;
  }

  void add_backward() {
    memory slopes = made(described({batch_, case_.classes()}, tag::ab));
    steps_.push_back([this, slopes] { loss_ = softmax_cross_entropy(slopes); });
    for (std::size_t l = stages_.size(); l-- > 0;) {
      if (is_masked(l)) {
        slopes = fitted(slopes, stages_[l].y.get_desc());
        steps_.push_back([this, slopes, y = stages_[l].y] {
          stream_.wait();
          float* const s = at(slopes);
          const float* const v = at(y);
          each(numbers_in(y), [=](std::ptrdiff_t i) { s[i] = v[i] > 0 ? s[i] : 0; });
        });
      }
      slopes = stages_[l].back(slopes);
    }
    for (const auto& [parameter, gradient] : gradients_)
      steps_.push_back([this, p = parameter, g = gradient] {
        stream_.wait();
        float* const w = at(p);
        const float* const d = at(g);
        // What is padded stays zero.
        each(numbers_in(p), [=](std::ptrdiff_t i) { w[i] -= rate * d[i]; });
      });
  }

  /// The mean over the batch, whose labels count up; writes the slopes.
  float softmax_cross_entropy(const memory& slopes) {
    stream_.wait();
    const auto classes = static_cast<std::size_t>(case_.classes()), batch = static_cast<std::size_t>(batch_);
    double sum = 0;
    for (std::size_t i = 0; i < batch; ++i) {
      const float* const y = at(y_) + i * classes;
      float* const s = at(slopes) + i * classes;
      const float largest = *std::max_element(y, y + classes);
      float total = 0;
      for (std::size_t k = 0; k < classes; ++k) total += s[k] = std::exp(y[k] - largest);
      const std::size_t label = i % classes;
      sum += std::log(total) - (y[label] - largest);
      const float scale = 1 / (total * static_cast<float>(batch));
      for (std::size_t k = 0; k < classes; ++k) s[k] *= scale;
      s[label] -= 1 / static_cast<float>(batch);
    }
    return static_cast<float>(sum / static_cast<double>(batch));
  }

  const net_case& case_;
  dim batch_;
  bool trains_;
  way way_;
  float loss_ = 0;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::deque<stage> stages_;
  memory y_;
  std::vector<std::pair<memory, memory>> gradients_; ///< of a parameter, lying as it does
  std::vector<std::function<void()>> steps_;
};

/// Of the size that keeps values as large as they were.
weights drawn(const net_case& c) {
  weights all;
  dim in = c.channels, side = c.side;
  std::uint32_t state = 7;
  for (const layer& l : c.layers) {
    if (l.what == kind::pool) side /= 2;
    if (l.what == kind::mean) side = 1;
    if (!l.learns()) continue;
    const dim taps = l.what == kind::dense ? in * side * side : in * l.size * l.size;
    std::vector<float>& w = all.emplace_back(static_cast<std::size_t>(l.out * taps));
    for (float& x : w) {
      state = state * 1664525U + 1013904223U;
      x = (static_cast<float>(state >> 8) / static_cast<float>(1 << 23) - 1) * std::sqrt(6 / static_cast<float>(taps));
    }
    all.emplace_back(static_cast<std::size_t>(l.out), 0.0F);
    in = l.out;
    side = l.what == kind::dense ? 1 : side + 2 * l.padding - l.size + 1;
  }
  return all;
}

void print_check(const std::string& name, const std::vector<float>& numbers) {
  std::printf("%s", name.c_str());
  for (const float x : numbers) std::printf("\t%.9g", x);
  std::printf("\n");
}

/// All ways; each has its own lines.
void check(const files::path& folder) {
  for (const way how : ways)
    for (const net_case& c : cases) {
      net trained(c, c.batch, true, how, weights_of(folder / (c.name + ".safetensors")));
      std::vector<float> losses;
      for (int i = 0; i < 3; ++i) {
        trained.repeat(1);
        losses.push_back(trained.loss());
      }
      print_check(c.name, losses);
      if (!c.inferred) continue;
      net one(c, 1, false, how, weights_of(folder / (c.name + ".trained.safetensors")));
      one.repeat(1);
      print_check(c.name + ", one sample", one.outputs());
    }
}

/// The median microseconds of the fastest way, found by timing each for a moment.
double time_of_fastest(const net_case& c, dim batch, bool trains, const std::string& name, double seconds) {
  std::deque<net> nets;
  std::array<double, ways.size()> took{};
  std::fprintf(stderr, "%s:", name.c_str());
  for (std::size_t i = 0; i < ways.size(); ++i) {
    net& n = nets.emplace_back(c, batch, trains, ways[i], drawn(c));
    took[i] = benchmarks::measure(n, 0.1).median_us;
    std::fprintf(stderr, "%s %s %.2f us", i == 0 ? "" : ",", way_names[i], took[i]);
  }
  std::fprintf(stderr, "\n");
  const auto fastest = std::min_element(took.begin(), took.end()) - took.begin();
  return benchmarks::measure(nets[static_cast<std::size_t>(fastest)], seconds).median_us;
}

void time(double seconds, int threads) {
  const char* before = "{";
  const auto tell = [&](const net_case& c, dim batch, bool trains, const std::string& name) {
    const double us = time_of_fastest(c, batch, trains, name, seconds);
    std::printf("%s\"%s\": %.5f", before, name.c_str(), us);
    before = ", ";
  };
  for (const net_case& c : cases) {
    tell(c, c.batch, true, c.name);
    if (threads == 1 && c.inferred) tell(c, 1, false, c.name + ", one sample");
  }
  std::printf("}\n");
}

/// What stands behind a word of the command line, or nullptr.
const char* behind(std::string_view word, int count, char** words) {
  for (int i = 1; i + 1 < count; ++i)
    if (word == words[i]) return words[i + 1];
  return nullptr;
}

} // namespace

int main(int count, char** words) try {
  if (count == 2 && std::string_view(words[1]) == "--version") {
    const dnnl_version_t* const v = dnnl::version();
    std::printf("%d.%d.%d\n", v->major, v->minor, v->patch);
    return 0;
  }
  const int threads = benchmarks::threads_of(count, words);
  benchmarks::settle(words, threads);
  omp_set_num_threads(threads);
  const char* const folder = behind("--check", count, words);
  const char* const seconds = behind("--seconds", count, words);
  if (folder == nullptr && seconds == nullptr)
    throw std::runtime_error("usage: --threads N --seconds S | --check FOLDER | --version");
  if (folder != nullptr)
    check(folder);
  else
    time(std::atof(seconds), threads);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s: %s\n", words[0], error.what());
  return 1;
}
