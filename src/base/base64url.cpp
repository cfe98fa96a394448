#include "base/base64url.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace chatelaine {
namespace {

/// RFC 4648 §5: what stands for each letter of the usual alphabet.
constexpr auto kUrlLetters = [] {
  std::array<char, 256> letters{};
  for (std::size_t i = 0; i < letters.size(); ++i) letters[i] = static_cast<char>(i);
  letters['+'] = '-';
  letters['/'] = '_';
  return letters;
}();

// libsodium's, which is stricter than OpenSSL's.
std::optional<std::string> decode(std::string_view text, int variant) {
  // libsodium 1.0.18 takes some bytes above 127 for letters of the alphabet, so that one value would have many texts.
  if (std::ranges::any_of(text, [](unsigned char c) { return c > 127; })) return std::nullopt;
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                        &length, &end, variant) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  out.resize(length);
  return out;
}

}  // namespace

// OpenSSL's: libsodium's, whose time tells nothing of the bytes, took three times the instructions for an access token,
// a quarter of what a client_credentials request needs beside its signature.
std::string base64_encode(std::string_view bytes) {
  // It writes a final NUL too.
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string base64url_encode(std::string_view bytes) {
  std::string out = base64_encode(bytes);
  out.resize(out.find_last_not_of('=') + 1);
  for (char& c : out) c = kUrlLetters[static_cast<unsigned char>(c)];
  return out;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
std::optional<std::string> base64_decode(std::string_view text) { return decode(text, sodium_base64_VARIANT_ORIGINAL); }

std::string hex_encode(std::string_view bytes) {
  std::string out(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  out.pop_back();
  return out;
}

}  // namespace chatelaine
