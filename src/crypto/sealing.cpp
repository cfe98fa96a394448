#include "crypto/sealing.hpp"

#include <sodium.h>

#include <stdexcept>
#include <utility>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::crypto {
namespace {

constexpr std::size_t kKeySize = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kKeyIdSize = 4;
constexpr std::size_t kHeadSize = kKeyIdSize + kNonceSize;
constexpr std::string_view kMasterKeyPrefix = "ctl_mk_";
constexpr std::string_view kWhiteSpace = " \t\r\n";

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string key_id(const MasterKey& key) { return std::string(sha256(key.reveal()).view().substr(0, kKeyIdSize)); }

}  // namespace

Sealer::Sealer(std::vector<MasterKey> keys, Randomness& randomness) : randomness_(randomness) {
  // libsodium picks its vectorised code here.
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  if (keys.empty()) throw std::invalid_argument("sealing needs at least one master key");
  for (MasterKey& key : keys) {
    if (key.reveal().size() != kKeySize) throw std::invalid_argument("a master key is not 32 bytes long");
    std::string id = key_id(key);
    keys_.push_back({std::move(id), std::move(key)});
  }
}

std::string Sealer::seal(std::string_view plaintext, std::string_view associated_data) const {
  const Key& key = keys_.front();
  std::string sealed = key.id + randomness_.bytes(kNonceSize);
  sealed.resize(kHeadSize + plaintext.size() + kTagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + kHeadSize, nullptr, bytes_of(plaintext),
                                             plaintext.size(), bytes_of(associated_data), associated_data.size(),
                                             nullptr, bytes_of(sealed) + kKeyIdSize, bytes_of(key.key.reveal()));
  return sealed;
}

std::optional<SecretBytes> Sealer::open(std::string_view sealed, std::string_view associated_data) const {
  if (sealed.size() < kHeadSize + kTagSize) return std::nullopt;
  const std::string_view id = sealed.substr(0, kKeyIdSize);
  const std::string_view nonce = sealed.substr(kKeyIdSize, kNonceSize);
  const std::string_view ciphertext = sealed.substr(kHeadSize);
  for (const Key& key : keys_) {
    if (key.id != id) continue;
    std::string plaintext(ciphertext.size() - kTagSize, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(plaintext), nullptr, nullptr, bytes_of(ciphertext),
                                                   ciphertext.size(), bytes_of(associated_data), associated_data.size(),
                                                   bytes_of(nonce), bytes_of(key.key.reveal())) == 0) {
      SecretBytes opened(plaintext);
      wipe(plaintext.data(), plaintext.size());
      return opened;
    }
  }
  return std::nullopt;
}

SecretBytes Sealer::derive(std::string_view purpose) const {
  std::string subkey(kKeySize, '\0');
  const std::string_view key = keys_.front().key.reveal();
  crypto_generichash(bytes_of(subkey), subkey.size(), bytes_of(purpose), purpose.size(), bytes_of(key), key.size());
  SecretBytes derived(subkey);
  wipe(subkey.data(), subkey.size());
  return derived;
}

MasterKey generate_master_key(Randomness& randomness) {
  std::string bytes = randomness.bytes(kKeySize);
  MasterKey key(bytes);
  wipe(bytes.data(), bytes.size());
  return key;
}

SecretBytes format_master_key(const MasterKey& key) {
  std::string encoded = base64url_encode(key.reveal());
  std::string text;
  text.reserve(kMasterKeyPrefix.size() + encoded.size());
  text.append(kMasterKeyPrefix).append(encoded);
  SecretBytes formatted(text);
  wipe(encoded.data(), encoded.size());
  wipe(text.data(), text.size());
  return formatted;
}

std::optional<MasterKey> parse_master_key(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kWhiteSpace);
  if (start == std::string_view::npos) return std::nullopt;
  text = text.substr(start, text.find_last_not_of(kWhiteSpace) - start + 1);
  if (!text.starts_with(kMasterKeyPrefix)) return std::nullopt;
  auto bytes = base64url_decode(text.substr(kMasterKeyPrefix.size()));
  if (!bytes || bytes->size() != kKeySize) return std::nullopt;
  MasterKey key(*bytes);
  wipe(bytes->data(), bytes->size());
  return key;
}

}  // namespace chatelaine::crypto
