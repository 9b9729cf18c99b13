// SPDX-License-Identifier: MIT
// Eigen, layer by layer by hand. A sample is a column; a batch of one is a vector, so that products are matrix by vector.
#include "../common/worker.hpp"
#include "loss.hpp"
#include "setting.hpp"

#include <Eigen/Dense>

namespace {

using namespace benchmarks;
using Eigen::Dynamic;

/// `Batch` is Dynamic or 1.
template <int Batch> class layers final : public session {
  using values = Eigen::Matrix<float, Dynamic, Batch>;
  using weights = Eigen::Matrix<float, Dynamic, Dynamic>;
  using vector = Eigen::VectorXf;

public:
  layers(const model_case& c, phase p, std::size_t batch) : case_{c}, phase_{p}, data_{c, batch}, batch_{batch}, y_(c.layers()), slopes_(c.layers()) {
    for (std::size_t l = 0; l < c.layers(); ++l) {
      using row_major = Eigen::Matrix<float, Dynamic, Dynamic, Eigen::RowMajor>;
      w_.emplace_back(Eigen::Map<const row_major>(data_.weights[l].data(), index(c.out(l)), index(c.in(l))));
      b_.emplace_back(Eigen::Map<const vector>(data_.biases[l].data(), index(c.out(l))));
      y_[l].resize(index(c.out(l)), index(batch));
      slopes_[l].resize(index(c.out(l)), index(batch));
    }
    x_ = Eigen::Map<const values>(data_.inputs.data(), index(c.features()), index(batch));
  }

  void repeat(std::size_t count) override {
    for (; count > 0; --count) {
      launder(x_.data());
      forward();
      if (phase_ == phase::train) backward<true>();
      launder(y_.back().data());
    }
  }

  std::vector<float> gradient() override {
    forward();
    std::vector<float> all{static_cast<float>(loss_of<true>(case_, data_, y_.back().data(), batch_, slopes_.back().data()))};
    backward<false>();
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      const Eigen::Matrix<float, Dynamic, Dynamic, Eigen::RowMajor> dw = slopes_[l] * below(l).transpose();
      const vector db = slopes_[l].rowwise().sum();
      all.insert(all.end(), dw.data(), dw.data() + dw.size());
      all.insert(all.end(), db.data(), db.data() + db.size());
    }
    return all;
  }
  std::vector<float> output() override {
    forward();
    return {y_.back().data(), y_.back().data() + y_.back().size()};
  }

private:
  static Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }
  const values& below(std::size_t l) const { return l == 0 ? x_ : y_[l - 1]; }

  void forward() {
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      auto& y = y_[l];
      y.noalias() = w_[l] * below(l);
      if (l + 1 == case_.layers()) y.colwise() += b_[l];
      else if (case_.after == activation::tanh) y = (y.colwise() + b_[l]).array().tanh();
      else if (case_.after == activation::relu) y = (y.colwise() + b_[l]).cwiseMax(0.0f);
      else y = (y.colwise() + b_[l]).array().logistic();
    }
  }

  template <bool Update> void backward() {
    if constexpr (Update) loss_of<false>(case_, data_, y_.back().data(), batch_, slopes_.back().data());
    for (std::size_t l = case_.layers(); l-- > 0;) {
      if (l > 0) {
        auto slope = slopes_[l - 1].array();
        const auto y = y_[l - 1].array();
        slopes_[l - 1].noalias() = w_[l].transpose() * slopes_[l];
        if (case_.after == activation::tanh) slope *= 1.0f - y.square();
        else if (case_.after == activation::relu) slope = (y > 0.0f).select(slope, 0.0f);
        else slope *= y * (1.0f - y);
      }
      if constexpr (!Update) continue;
      // The update is part of the product: the gradient of the weights is never stored.
      w_[l].noalias() -= (learning_rate * slopes_[l]) * below(l).transpose();
      b_[l].noalias() -= learning_rate * slopes_[l].rowwise().sum();
    }
  }

  const model_case& case_;
  phase phase_;
  problem data_;
  std::size_t batch_;
  values x_;
  std::vector<weights> w_;
  std::vector<vector> b_;
  std::vector<values> y_, slopes_;
};

struct eigen final : contender {
  explicit eigen(int threads) { Eigen::setNbThreads(threads); }
  std::string name() const override { return "eigen"; }
  std::string version() const override {
    return std::to_string(EIGEN_WORLD_VERSION) + '.' + std::to_string(EIGEN_MAJOR_VERSION) + '.' + std::to_string(EIGEN_MINOR_VERSION);
  }
  std::unique_ptr<session> open(const model_case& c, phase p, std::size_t batch) override {
    if (batch == 1) return std::make_unique<layers<1>>(c, p, batch);
    return std::make_unique<layers<Dynamic>>(c, p, batch);
  }
};

} // namespace

int main(int argc, char** argv) {
  settle(argv, threads_of(argc, argv));
  return serve<eigen>(argc, argv);
}
