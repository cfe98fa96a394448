#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "base/uri.hpp"
#include "crypto/signature_algorithm.hpp"
#include "limits/token_buckets.hpp"

/// The kinds of text that a configuration holds. Each error is the rest of a sentence that begins with the key.
namespace chatelaine::app {

template <class T>
using Read = std::expected<T, std::string>;

/// https, or http on a loopback host; no query, fragment, user information or trailing slash (RFC 8414 §2).
[[nodiscard]] Read<HttpUrl> read_public_url(std::string_view text);
/// http or https, without query or fragment.
[[nodiscard]] Read<HttpUrl> read_upstream_url(std::string_view text);
/// `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:443`.
[[nodiscard]] Read<std::string> read_listen_address(std::string_view text);
/// `sqlite:FILE`, seen from `directory`.
[[nodiscard]] Read<std::filesystem::path> read_storage(std::string_view text, const std::filesystem::path& directory);
/// As an OpenID provider spells its issuer: https, or http on a loopback host; no query, fragment or user information;
/// `{tenantid}` may stand in its path.
[[nodiscard]] Read<std::string> read_foreign_issuer(std::string_view text);
/// RFC 8707 §2: an absolute URI without a fragment.
[[nodiscard]] Read<std::string> read_absolute_uri(std::string_view text);
/// `10.0.0.0/8`, `::1` or `192.0.2.7`.
[[nodiscard]] Read<std::string> read_address_block(std::string_view text);
[[nodiscard]] Read<milliseconds> read_lifetime(std::string_view text);
[[nodiscard]] Read<crypto::SignatureAlgorithm> read_signature_algorithm(std::string_view text);
/// Each once; ES256 is put first where it is not.
[[nodiscard]] Read<std::vector<crypto::SignatureAlgorithm>> read_signature_algorithms(
    const std::vector<std::string>& names);
/// A duration of an hour or more; nothing for `off`.
[[nodiscard]] Read<std::optional<milliseconds>> read_rotation(std::string_view text);
/// `600/1m`: so many in so long; nothing for `off`.
[[nodiscard]] Read<std::optional<limits::Rate>> read_rate(std::string_view text);
/// `/…` without query, blanks or a trailing slash; empty: none.
[[nodiscard]] Read<std::string> read_path_prefix(std::string_view text);
/// Whether it is a single scope (RFC 6749 §3.3).
[[nodiscard]] bool is_scope_token(std::string_view text);

}  // namespace chatelaine::app
