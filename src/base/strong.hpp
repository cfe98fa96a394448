#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace chatelaine {

/// A value of type `T` that only fits where the same `Tag` is asked for: swapped arguments do not compile.
/// Compares and hashes as its value; `value()` is the way out.
template <class Tag, class T = std::string>
class Strong {
 public:
  Strong() = default;
  explicit Strong(T value) : value_(std::move(value)) {}

  [[nodiscard]] const T& value() const& { return value_; }
  [[nodiscard]] T value() && { return std::move(value_); }

  friend auto operator<=>(const Strong&, const Strong&) = default;
  friend bool operator==(const Strong&, const Strong&) = default;

 private:
  T value_{};
};

}  // namespace chatelaine

template <class Tag, class T>
struct std::hash<chatelaine::Strong<Tag, T>> {
  std::size_t operator()(const chatelaine::Strong<Tag, T>& strong) const { return std::hash<T>{}(strong.value()); }
};
