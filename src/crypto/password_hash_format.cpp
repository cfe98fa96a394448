#include "crypto/password_hash_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "base/base64url.hpp"

namespace chatelaine::crypto {
namespace {

// What one check may cost: about five seconds and 256 MiB at the very worst.
constexpr std::uint32_t kMostMemoryKib = 256 * 1024;
constexpr std::uint32_t kMostArgon2Passes = 64;
constexpr std::uint32_t kMostArgon2Lanes = 64;
constexpr std::uint32_t kMostPbkdf2Rounds = 10'000'000;
constexpr std::uint32_t kMostBcryptCost = 16;
constexpr std::uint32_t kMostScryptLanes = 16;
constexpr std::uint32_t kMostScryptBlock = 64;

using Outcome = std::expected<ParsedPasswordHash, std::string>;

std::unexpected<std::string> wrong(std::string sentence) { return std::unexpected(std::move(sentence)); }

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

/// The number of `name=number` in a PHC parameter list, between `least` and `most`.
std::optional<std::uint32_t> find_parameter(std::string_view list, std::string_view name, std::uint32_t least,
                                            std::uint32_t most) {
  for (const std::string_view entry : split(list, ',')) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || entry.substr(0, equals) != name) continue;
    const auto number = parse_number(entry.substr(equals + 1));
    return number && *number >= least && *number <= most ? number : std::nullopt;
  }
  return std::nullopt;
}

/// passlib writes `.` for base64's `+`.
std::string replace_dots(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '.', '+');
  return out;
}

/// PHC's base64: the standard alphabet without padding.
std::optional<std::string> decode_phc(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4 != 0) padded += '=';
  return base64_decode(padded);
}

bool is_length_within(const std::optional<std::string>& bytes, std::size_t least, std::size_t most) {
  return bytes && bytes->size() >= least && bytes->size() <= most;
}

// $argon2id$v=19$m=19456,t=2,p=1$salt$hash
Outcome parse_argon2(std::string_view text, const std::vector<std::string_view>& parts) {
  if (parts.size() != 6) return wrong("an Argon2 hash has five parts after its first $");
  if (parts[2] != "v=19") return wrong("an Argon2 hash must be of version 19 (v=19)");
  const auto memory = find_parameter(parts[3], "m", 8, kMostMemoryKib);
  if (!memory) return wrong("an Argon2 hash needs m (memory in KiB) between 8 and 262144");
  const auto passes = find_parameter(parts[3], "t", 1, kMostArgon2Passes);
  if (!passes) return wrong("an Argon2 hash needs t (passes) between 1 and 64");
  const auto lanes = find_parameter(parts[3], "p", 1, kMostArgon2Lanes);
  if (!lanes) return wrong("an Argon2 hash needs p (lanes) between 1 and 64");
  // libsodium reads these three in this order and nothing else.
  if (parts[3] != fmt::format("m={},t={},p={}", *memory, *passes, *lanes))
    return wrong("an Argon2 hash needs exactly m, t and p, in this order");
  if (*memory < 8 * *lanes) return wrong("an Argon2 hash needs at least 8 KiB of memory for each lane");
  if (!is_length_within(decode_phc(parts[4]), 8, 64) || !is_length_within(decode_phc(parts[5]), 16, 64))
    return wrong("an Argon2 hash needs a salt of 8 to 64 bytes and a hash of 16 to 64 bytes in base64");
  return Argon2Hash{std::string(text)};
}

// $2b$12$ + 22 characters of salt + 31 of hash
Outcome parse_bcrypt(std::string_view text, const std::vector<std::string_view>& parts) {
  constexpr std::string_view kAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  if (parts.size() != 4 || parts[2].size() != 2 || parts[3].size() != 53 ||
      parts[3].find_first_not_of(kAlphabet) != std::string_view::npos) {
    return wrong("a bcrypt hash is $2b$, two digits of cost, $, and 53 characters");
  }
  const auto cost = parse_number(parts[2]);
  if (!cost || *cost < 4 || *cost > kMostBcryptCost) return wrong("a bcrypt hash needs a cost between 04 and 16");
  return BcryptHash{std::string(text)};
}

Outcome make_pbkdf2(Pbkdf2Digest digest, std::optional<std::uint32_t> rounds, std::optional<std::string> salt,
                    std::optional<std::string> expected) {
  if (!rounds || *rounds == 0 || *rounds > kMostPbkdf2Rounds)
    return wrong("a PBKDF2 hash needs between 1 and 10000000 rounds");
  if (!is_length_within(salt, 1, 256) || !is_length_within(expected, 16, 64))
    return wrong("a PBKDF2 hash needs a salt and a hash of 16 to 64 bytes in base64");
  return Pbkdf2Hash{digest, *rounds, std::move(*salt), std::move(*expected)};
}

// $pbkdf2-sha256$i=600000,l=32$salt$hash, or passlib's $pbkdf2-sha256$600000$salt$hash
Outcome parse_pbkdf2(Pbkdf2Digest digest, const std::vector<std::string_view>& parts) {
  if (parts.size() != 5) return wrong("a PBKDF2 hash has four parts after its first $");
  auto rounds = parse_number(parts[2]);
  if (!rounds) rounds = find_parameter(parts[2], "i", 1, kMostPbkdf2Rounds);
  return make_pbkdf2(digest, rounds, decode_phc(replace_dots(parts[3])), decode_phc(replace_dots(parts[4])));
}

// Django's pbkdf2_sha256$600000$salt$hash; the salt is text, the hash padded base64.
Outcome parse_django(const std::vector<std::string_view>& parts) {
  if (parts.size() != 4) return wrong("a Django hash has three parts after pbkdf2_sha256");
  return make_pbkdf2(Pbkdf2Digest::sha256, parse_number(parts[1]), std::string(parts[2]), base64_decode(parts[3]));
}

// $scrypt$ln=16,r=8,p=1$salt$hash
Outcome parse_scrypt(const std::vector<std::string_view>& parts) {
  if (parts.size() != 5) return wrong("a scrypt hash has four parts after its first $");
  const auto log_n = find_parameter(parts[2], "ln", 1, 21);
  const auto r = find_parameter(parts[2], "r", 1, kMostScryptBlock);
  const auto p = find_parameter(parts[2], "p", 1, kMostScryptLanes);
  if (!log_n || !r || !p)
    return wrong("a scrypt hash needs ln between 1 and 21, r between 1 and 64, p between 1 and 16");
  const std::uint64_t n = std::uint64_t{1} << *log_n;
  if (128 * n * *r > std::uint64_t{kMostMemoryKib} * 1024) return wrong("a scrypt hash must ask for at most 256 MiB");
  auto salt = decode_phc(parts[3]);
  auto expected = decode_phc(parts[4]);
  if (!is_length_within(salt, 1, 256) || !is_length_within(expected, 16, 64))
    return wrong("a scrypt hash needs a salt and a hash of 16 to 64 bytes in base64");
  return ScryptHash{n, *r, *p, std::move(*salt), std::move(*expected)};
}

}  // namespace

Outcome parse_password_hash(std::string_view hash) {
  if (hash.size() > 1024 || std::ranges::any_of(hash, [](char c) { return c < '!' || c > '~'; }))
    return wrong("a password hash is at most 1024 printable characters without blanks");
  const auto parts = split(hash, '$');
  if (parts[0] == "pbkdf2_sha256") return parse_django(parts);
  if (parts[0].empty() && parts.size() > 1) {
    const std::string_view kind = parts[1];
    if (kind == "argon2id" || kind == "argon2i") return parse_argon2(hash, parts);
    if (kind == "2a" || kind == "2b" || kind == "2y") return parse_bcrypt(hash, parts);
    if (kind == "pbkdf2-sha256") return parse_pbkdf2(Pbkdf2Digest::sha256, parts);
    if (kind == "pbkdf2-sha512") return parse_pbkdf2(Pbkdf2Digest::sha512, parts);
    if (kind == "scrypt") return parse_scrypt(parts);
  }
  return wrong(
      "is not a password hash of a kind that can be checked: $argon2id$, $argon2i$, $2a$, $2b$, $2y$, $pbkdf2-sha256$, "
      "$pbkdf2-sha512$, pbkdf2_sha256$ or $scrypt$");
}

}  // namespace chatelaine::crypto
