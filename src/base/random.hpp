#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace chatelaine {

/// Where unpredictable bytes come from: the kernel in a server, a script in tests.
class Randomness {
 public:
  virtual ~Randomness() = default;
  /// Fills the whole span. Thread-safe. Ends the process rather than give predictable bytes.
  virtual void fill(std::span<std::byte> bytes) = 0;

  /// `count` raw bytes as a string.
  [[nodiscard]] std::string bytes(std::size_t count);
};

class SystemRandomness final : public Randomness {
 public:
  void fill(std::span<std::byte> bytes) override;
};

}  // namespace chatelaine
