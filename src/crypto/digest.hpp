#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chatelaine::crypto {

/// A SHA-256 digest (FIPS 180-4), 32 bytes. What storage keeps in place of a secret that we generated.
struct Sha256 {
  std::array<char, 32> bytes{};

  [[nodiscard]] std::string_view view() const { return {bytes.data(), bytes.size()}; }
  /// Nothing unless `raw` is 32 bytes.
  [[nodiscard]] static std::optional<Sha256> from_bytes(std::string_view raw);
  friend bool operator==(const Sha256&, const Sha256&) = default;
};

[[nodiscard]] Sha256 sha256(std::string_view message);

/// SHA-512 (FIPS 180-4), 64 bytes.
[[nodiscard]] std::string sha512(std::string_view message);

/// HMAC-SHA-256 (RFC 2104) of the message under a key of any length.
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view message);

/// Whether two digests are equal, in constant time.
[[nodiscard]] bool equal_in_constant_time(const Sha256& a, const Sha256& b);

}  // namespace chatelaine::crypto

template <>
struct std::hash<chatelaine::crypto::Sha256> {
  // A digest is already uniform.
  std::size_t operator()(const chatelaine::crypto::Sha256& digest) const {
    std::size_t value = 0;
    __builtin_memcpy(&value, digest.bytes.data(), sizeof value);
    return value;
  }
};
