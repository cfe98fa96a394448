#include "oauth/clients/credentials.hpp"

#include <string>

#include "oauth/handle.hpp"

namespace chatelaine::oauth {

// RFC 9700 §2.6, §4.15.1, RFC 9068 §5: a client may colour its id but not choose it, so that it passes for nobody's
// subject. RFC 6749 §2.2: nor do two have the same.
// draft-ietf-oauth-client-id-metadata-document-03 §7.1: nor can the id be a URL, which would name a document.
ClientId make_client_id(std::string_view name, Randomness& randomness) {
  std::string id;
  for (const char c : name) {
    if (id.size() == 32) break;
    if (c >= 'A' && c <= 'Z')
      id += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  if (id.empty()) id = "client";
  if (id.back() != '-') id += '-';
  // 32 letters that nobody confuses: five bits each, 50 in all.
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(kLetters.size() == 32);
  for (const char byte : randomness.bytes(10)) id += kLetters[static_cast<unsigned char>(byte) % 32];
  return ClientId(id);
}

ClientSecret make_client_secret(std::int64_t id, Randomness& randomness) {
  return ClientSecret(format_handle(prefix::kClientSecret, make_handle(id, randomness)));
}

}  // namespace chatelaine::oauth
