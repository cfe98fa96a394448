#include "admin/remedies.hpp"

#include <algorithm>
#include <utility>

namespace chatelaine::admin {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// `chatelaine client update ID …`. An id that is the URL of a client's document was written by that client.
std::string write_update(const oauth::Client& client, const std::string& options) {
  const std::string& id = client.id.value();
  const bool is_plain = !id.empty() && id.front() != '-' && std::ranges::all_of(id, is_word_character);
  if (client.origin == oauth::ClientOrigin::metadata_document || !is_plain) return {};
  return "chatelaine client update " + id + " " + options;
}

}  // namespace

Remedy find_remedy(const oauth::Client& client, const oauth::Weakness& weakness) {
  switch (weakness.kind) {
    case oauth::WeaknessKind::optional_pkce:
      return {
          "Where the assistant sends code_challenge, as nearly all do today, require it. ChatGPT's plugins do not, and "
          "would fail then.",
          write_update(client, "--pkce required")};
    case oauth::WeaknessKind::left_out_redirect_uri:
      return {
          "It was registered for an assistant that leaves it out. If it is another one's, say whose, and it has to be "
          "sent.",
          write_update(client, "--assistant NAME")};
    case oauth::WeaknessKind::plain_redirect_uri:
      return {
          "A program on the person's own machine needs no other (RFC 8252 §7.3). Everybody else can have https: all "
          "redirect URIs of the client are then named anew.",
          write_update(client, "--redirect-uri https://…")};
  }
  std::unreachable();
}

}  // namespace chatelaine::admin
