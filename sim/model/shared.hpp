#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Values that share what they have in common: a copy costs a pointer, and a change copies only what it
/// touches. A world is made of them, so that stepping back, 'what if' and the search for remedies may copy
/// worlds freely. Threading: as std::shared_ptr; one value belongs to one thread, copies may go to others.
namespace loopscope::model {

/// A T that is copied when it is first changed while somebody else shares it.
template <typename T>
class Cow {
 public:
  Cow() : value_(std::make_shared<T>()) {}
  explicit Cow(T value) : value_(std::make_shared<T>(std::move(value))) {}

  [[nodiscard]] const T& operator*() const noexcept { return *value_; }
  [[nodiscard]] const T* operator->() const noexcept { return value_.get(); }
  [[nodiscard]] T& edit() {
    if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
    return *value_;
  }

 private:
  std::shared_ptr<T> value_;
};

/// A sparse array of T by number, as a tree of nodes of 32: reading and changing cost its height, copying
/// costs nothing.
template <typename T>
class SharedArray {
 public:
  /// Null where nothing is stored.
  [[nodiscard]] const T* find(std::uint32_t index) const noexcept {
    if (!root_ || !fits(index)) return nullptr;
    const void* at = root_.get();
    for (int level = height_ - 1; level >= 0; --level) {
      at = static_cast<const Node*>(at)->slots[digit(index, level)].get();
      if (at == nullptr) return nullptr;
    }
    return static_cast<const T*>(at);
  }

  /// The stored value, made with T() where there was none.
  [[nodiscard]] T& edit(std::uint32_t index) {
    if (!root_) root_ = std::make_shared<Node>();
    while (!fits(index)) grow();
    std::shared_ptr<void>* slot = &root_;
    for (int level = height_ - 1; level >= 0; --level) {
      auto& node = own<Node>(*slot);
      slot = &node.slots[digit(index, level)];
    }
    return own<T>(*slot);
  }

  void erase(std::uint32_t index) {
    if (find(index) == nullptr) return;
    std::shared_ptr<void>* slot = &root_;
    for (int level = height_ - 1; level >= 0; --level) slot = &own<Node>(*slot).slots[digit(index, level)];
    slot->reset();
  }

  /// Calls visit(index, value) for each stored value in the order of their numbers.
  template <typename Visit>
  void each(Visit&& visit) const {
    if (root_) walk(root_.get(), height_, 0, visit);
  }

 private:
  static constexpr int bits = 5;
  static constexpr std::uint32_t fan = 1U << bits;
  struct Node {
    std::array<std::shared_ptr<void>, fan> slots;
  };

  [[nodiscard]] static std::uint32_t digit(std::uint32_t index, int level) noexcept {
    return (index >> (bits * level)) & (fan - 1);
  }
  [[nodiscard]] bool fits(std::uint32_t index) const noexcept {
    return height_ * bits >= 32 || (index >> (bits * height_)) == 0;
  }

  void grow() {
    auto node = std::make_shared<Node>();
    node->slots[0] = std::move(root_);
    root_ = std::move(node);
    ++height_;
  }

  template <typename U>
  [[nodiscard]] static U& own(std::shared_ptr<void>& slot) {
    if (!slot) {
      slot = std::make_shared<U>();
    } else if (slot.use_count() > 1) {
      slot = std::make_shared<U>(*static_cast<const U*>(slot.get()));
    }
    return *static_cast<U*>(slot.get());
  }

  template <typename Visit>
  static void walk(const void* at, int height, std::uint32_t prefix, Visit& visit) {
    if (height == 0) {
      visit(prefix, *static_cast<const T*>(at));
      return;
    }
    const auto& slots = static_cast<const Node*>(at)->slots;
    for (std::uint32_t i = 0; i < fan; ++i) {
      if (slots[i]) walk(slots[i].get(), height - 1, (prefix << bits) | i, visit);
    }
  }

  std::shared_ptr<void> root_;
  int height_ = 1;
};

/// A T for each of some names. A few are kept in a row; many as a shared hash table.
template <typename T>
class SharedNames {
 public:
  /// Null where the name has none.
  [[nodiscard]] const T* find(const std::string& name) const noexcept {
    const auto* row = crowded_ ? table_.find(bucket(name)) : &few_;
    if (row == nullptr) return nullptr;
    for (const auto& [known, value] : *row) {
      if (known == name) return &value;
    }
    return nullptr;
  }

  /// The name's value, made with T() where there was none.
  [[nodiscard]] T& edit(const std::string& name) {
    if (!crowded_ && few_.size() >= most_in_a_row && find(name) == nullptr) spread();
    auto& row = crowded_ ? table_.edit(bucket(name)) : few_;
    for (auto& [known, value] : row) {
      if (known == name) return value;
    }
    return row.emplace_back(name, T{}).second;
  }

  /// Calls visit(value) for each.
  template <typename Visit>
  void each(Visit&& visit) const {
    for (const auto& [name, value] : few_) visit(value);
    table_.each([&](std::uint32_t, const Row& row) {
      for (const auto& [name, value] : row) visit(value);
    });
  }
  /// Calls change(value) for each.
  template <typename Change>
  void edit_all(Change&& change) {
    const auto edit_row = [&](Row& row) {
      for (auto& entry : row) change(entry.second);
    };
    edit_row(few_);
    std::vector<std::uint32_t> buckets;
    table_.each([&](std::uint32_t at, const Row&) { buckets.push_back(at); });
    for (const auto at : buckets) edit_row(table_.edit(at));
  }

 private:
  using Row = std::vector<std::pair<std::string, T>>;
  static constexpr std::size_t most_in_a_row = 16;

  [[nodiscard]] static std::uint32_t bucket(const std::string& name) noexcept {
    return static_cast<std::uint32_t>(std::hash<std::string>{}(name)) & 0x7fffU;
  }
  void spread() {
    for (auto& [name, value] : few_) table_.edit(bucket(name)).emplace_back(name, std::move(value));
    few_.clear();
    crowded_ = true;
  }

  Row few_;
  SharedArray<Row> table_;
  bool crowded_ = false;
};

}  // namespace loopscope::model
