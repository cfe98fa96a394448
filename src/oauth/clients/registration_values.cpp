#include "oauth/clients/registration_values.hpp"

#include "base/base64url.hpp"
#include "base/uri.hpp"
#include "base/utf8.hpp"
#include "crypto/jwk_set.hpp"
#include "oauth/authorize/redirect_uri.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kLongestJwks = std::size_t{16} * 1024;

/// What no reader sees, but what changes what they see. (A zero-width joiner belongs to many scripts and pictures.)
bool is_invisible(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xe0000 && c < 0xe0080);
}

/// How many characters; nothing where one is not to be shown.
std::optional<std::size_t> count_visible(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto first = decode_first(text);
    if (!first || is_invisible(first->value)) return std::nullopt;
    text.remove_prefix(first->size);
    ++count;
  }
  return count;
}

std::unexpected<OAuthError> refuse_type(std::string_view name, std::string_view expected, const json::value& value) {
  return refuse_member(name, fmt::format("must be {}, not {}", expected, name_of(value.kind())));
}

std::string_view take_until_dot(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('.'));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

bool is_encoded_object(std::string_view encoded) {
  const auto text = base64url_decode(encoded);
  const auto parsed = text ? parse_json(*text) : std::unexpected(JsonError{});
  return parsed && parsed->is_object();
}

}  // namespace

std::unexpected<OAuthError> refuse_member(std::string_view name, std::string_view reason) {
  return refuse(ErrorCode::invalid_client_metadata, fmt::format("The member '{}' {}.", name, reason));
}

Result<std::string> read_text(std::string_view name, const json::value& value, std::size_t most) {
  const json::string* text = value.if_string();
  if (text == nullptr) return refuse_type(name, "a string", value);
  const auto length = count_visible(*text);
  if (!length) return refuse_member(name, "holds a control character, or one that nobody sees");
  if (*length > most) return refuse_member(name, fmt::format("is longer than {} characters", most));
  return std::string(*text);
}

Result<bool> read_flag(std::string_view name, const json::value& value) {
  if (!value.is_bool()) return refuse_type(name, "true or false", value);
  return value.get_bool();
}

Result<std::vector<std::string>> read_texts(std::string_view name, const json::value& value) {
  const json::array* list = value.if_array();
  if (list == nullptr) return refuse_type(name, "a list of strings", value);
  if (list->size() > kMostElements)
    return refuse_member(name, fmt::format("holds more than {} elements", kMostElements));
  std::vector<std::string> texts;
  for (const json::value& element : *list) {
    if (!element.is_string()) return refuse_type(name, "a list of strings without exception", element);
    auto text = read_text(name, element, kLongestText);
    if (!text) return std::unexpected(std::move(text.error()));
    texts.push_back(std::move(*text));
  }
  return texts;
}

Result<std::string> read_https_url(std::string_view name, const json::value& value) {
  auto text = read_text(name, value, kLongestText);
  if (!text) return text;
  const auto url = parse_http_url(*text);
  if (!url || url->scheme != "https" || url->has_userinfo)
    return refuse_member(name, "must be an absolute https URL without a user name");
  return text;
}

Result<std::vector<RedirectUri>> read_redirect_uris(std::string_view name, const json::value& value) {
  const auto texts = read_texts(name, value);
  if (!texts) return std::unexpected(texts.error());
  std::vector<RedirectUri> uris;
  for (const std::string& text : *texts) {
    auto uri = check_redirect_uri_registration(text);
    if (!uri) return refuse(ErrorCode::invalid_client_metadata, std::move(uri.error().description));
    if (std::ranges::find(uris, *uri) == uris.end()) uris.push_back(std::move(*uri));
  }
  return uris;
}

Result<std::string> read_jwks(std::string_view name, const json::value& value) {
  const json::object* set = value.if_object();
  if (set == nullptr) return refuse_type(name, "a JWK Set, which is an object", value);
  // Keys that we cannot use are the client's business; a secret among them is not.
  if (const auto read = crypto::read_jwk_set(*set); !read)
    return refuse_member(name, fmt::format("cannot be used: {}", read.error()));
  std::string text = json::serialize(value);
  if (text.size() > kLongestJwks) return refuse_member(name, "is larger than 16 KiB");
  return text;
}

bool is_shaped_as_jws(const json::value& value) {
  const json::string* text = value.if_string();
  if (text == nullptr || std::ranges::count(*text, '.') != 2) return false;
  std::string_view rest = *text;
  const std::string_view header = take_until_dot(rest);
  const std::string_view payload = take_until_dot(rest);
  return is_encoded_object(header) && is_encoded_object(payload) && base64url_decode(rest).has_value();
}

}  // namespace chatelaine::oauth
