#include "oauth/handle.hpp"

#include <boost/crc.hpp>

#include "base/base64url.hpp"
#include "base/bytes.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kIdSize = 8;
constexpr std::size_t kSecretSize = 24;
constexpr std::size_t kChecksumSize = 4;
// Far above the longest that we make; what is longer is not even decoded.
constexpr std::size_t kLongestText = 256;

std::string checksum(std::string_view prefix, std::string_view payload) {
  boost::crc_32_type crc;
  crc.process_bytes(prefix.data(), prefix.size());
  crc.process_bytes(payload.data(), payload.size());
  return big_endian(crc.checksum(), kChecksumSize);
}

}  // namespace

crypto::Sha256 Handle::hash() const { return crypto::sha256(secret.reveal()); }

Handle make_handle(std::int64_t id, Randomness& randomness) {
  std::string bytes = randomness.bytes(kSecretSize);
  Handle handle{id, SecretBytes(bytes)};
  wipe(bytes.data(), bytes.size());
  return handle;
}

std::string format_handle(std::string_view prefix, const Handle& handle) {
  std::string payload = big_endian(static_cast<std::uint64_t>(handle.id), kIdSize);
  payload += handle.secret.reveal();
  std::string text = format_checked(prefix, payload);
  wipe(payload.data(), payload.size());
  return text;
}

std::optional<Handle> parse_handle(std::string_view prefix, std::string_view text) {
  auto payload = parse_checked(prefix, text);
  if (!payload || payload->size() != kIdSize + kSecretSize) return std::nullopt;
  const auto id = static_cast<std::int64_t>(read_big_endian(payload->substr(0, kIdSize)));
  Handle handle{id, SecretBytes(std::string_view(*payload).substr(kIdSize))};
  wipe(payload->data(), payload->size());
  if (id < 0) return std::nullopt;  // ids are positive
  return handle;
}

std::string format_checked(std::string_view prefix, std::string_view payload) {
  std::string framed(payload);
  framed += checksum(prefix, payload);
  std::string text = std::string(prefix) + base64url_encode(framed);
  wipe(framed.data(), framed.size());
  return text;
}

std::optional<std::string> parse_checked(std::string_view prefix, std::string_view text) {
  if (text.size() > kLongestText || !text.starts_with(prefix)) return std::nullopt;
  auto framed = base64url_decode(text.substr(prefix.size()));
  if (!framed || framed->size() < kChecksumSize) return std::nullopt;
  const std::string_view view = *framed;
  const std::string_view payload = view.substr(0, view.size() - kChecksumSize);
  if (checksum(prefix, payload) != view.substr(payload.size())) return std::nullopt;
  framed->resize(payload.size());
  return framed;
}

}  // namespace chatelaine::oauth
