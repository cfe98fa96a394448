#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace chatelaine {

/// Bytes that must not leak: they live in one heap block that is wiped before it is freed, cannot be copied, printed,
/// logged or compared with ==, and leave only through `reveal()`.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::string_view bytes);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  bool operator==(const SecretBytes&) const = delete;

  /// The bytes, for the one call that needs them. The view dies with the secret.
  [[nodiscard]] std::string_view reveal() const { return {bytes_.get(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  void wipe() noexcept;

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

/// A secret of one kind: a `Secret<struct PasswordTag>` does not fit where a `Secret<struct ClientSecretTag>` is asked
/// for.
template <class Tag>
class Secret : public SecretBytes {
 public:
  using SecretBytes::SecretBytes;
};

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

/// Overwrites a buffer that held a secret.
void wipe(char* bytes, std::size_t size) noexcept;

}  // namespace chatelaine
