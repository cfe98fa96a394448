#include "oauth/grants/device_authorization.hpp"

#include "base/json_object_writer.hpp"
#include "oauth/openid/identity_scope.hpp"
#include "oauth/resource.hpp"

namespace chatelaine::oauth {
namespace {

constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t kLength = 8;
/// Far more than eight letters with a dash between any two of them.
constexpr std::size_t kLongestTyped = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

UserCode take_code(std::string letters) {
  UserCode code{std::string_view(letters)};
  wipe(letters.data(), letters.size());
  return code;
}

}  // namespace

UserCode make_user_code(Randomness& randomness) {
  // The largest multiple of 20 that a byte holds: what lies above would make some letters more likely than others.
  constexpr unsigned kFair = 256 / kLetters.size() * kLetters.size();
  std::string letters;
  while (letters.size() < kLength) {
    const auto byte = static_cast<unsigned char>(randomness.bytes(1).front());
    if (byte < kFair) letters += kLetters[byte % kLetters.size()];
  }
  return take_code(std::move(letters));
}

std::string format_user_code(const UserCode& code) {
  const std::string_view letters = code.reveal();
  return std::string(letters.substr(0, kLength / 2)) + "-" + std::string(letters.substr(kLength / 2));
}

std::optional<UserCode> parse_user_code(std::string_view typed) {
  if (typed.size() > kLongestTyped) return std::nullopt;
  std::string letters;
  for (const char c : typed) {
    const char upper = to_upper(c);
    // RFC 8628 §6.1: punctuation is ignored, here also what a telephone makes of a dash. A letter or digit that no code
    // has was mistyped.
    if (!is_upper(upper) && !is_digit(upper)) continue;
    if (kLetters.find(upper) == std::string_view::npos) return std::nullopt;
    letters += upper;
  }
  if (letters.size() != kLength) return std::nullopt;
  return take_code(std::move(letters));
}

crypto::Sha256 hash_user_code(const UserCode& code) { return crypto::sha256(code.reveal()); }

Result<DeviceAuthorizationRequest> check_device_authorization_request(const Form& form, const Client& client,
                                                                      const ProtectedResources& resources,
                                                                      const Flows& flows) {
  if (auto allowed = check_may_use(client, GrantType::device_code); !allowed) {
    return std::unexpected(std::move(allowed.error()));
  }
  auto scope = narrow_requested_scope(form.get("scope"), client.scope, identity_scope_of(client, flows));
  if (!scope) return std::unexpected(std::move(scope.error()));
  auto target = check_target(form, *scope, resources);
  if (!target) return std::unexpected(std::move(target.error()));
  return DeviceAuthorizationRequest{std::move(target->scope), std::move(target->resources)};
}

std::string to_json(const DeviceAuthorizationResponse& response) {
  const std::string user_code = format_user_code(response.user_code);
  return JsonObjectWriter()
      .add("device_code", response.device_code.reveal())
      .add("user_code", user_code)
      .add("verification_uri", response.verification_uri)
      .add("verification_uri_complete", response.verification_uri + "?user_code=" + user_code)
      .add("expires_in", response.expires_in.count())
      .add("interval", kPollInterval.count())
      .finish();
}

}  // namespace chatelaine::oauth
