#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// What is known of a redirect URI before the client has one: `https://chat.openai.com/aip/g-{id}/oauth/callback`.
///
/// At most one part is open: `{id}` (any name) stands for one or more unreserved characters (RFC 3986 §2.3) within one
/// segment of the path; `{port}` for the port of a loopback address; `{host}`, as the whole authority, for the host
/// name (with a port, where it is not 443) of an assistant that everybody runs on a domain of their own: labels of
/// small letters, digits and `-`, nothing that browsers would take for an address, no dot at its end. Everything else
/// is literal: a URI fits if it has the same scheme, host, port and segments, byte for byte, and neither user
/// information, query nor fragment. So no URI fits because its beginning does.
class RedirectTemplate {
 public:
  /// The error is the rest of a sentence that begins with the key: "must …".
  [[nodiscard]] static std::expected<RedirectTemplate, std::string> parse(std::string_view text);

  /// As it was parsed.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// `id`, `port`, `host`; empty where nothing is open.
  [[nodiscard]] const std::string& placeholder() const { return placeholder_; }
  [[nodiscard]] bool has_open_port() const { return open_ == Open::port; }

  /// What stands in the open part; empty where nothing is open, or where a loopback address has no port; nothing where
  /// the URI does not fit.
  [[nodiscard]] std::optional<std::string> match(std::string_view uri) const;
  /// The URI with `value` in the open part; nothing where it cannot stand there, or where nothing is open.
  [[nodiscard]] std::optional<RedirectUri> fill(std::string_view value) const;
  /// The URI to register where nothing more is known: the text itself where nothing is open, and a loopback address
  /// without its port, which is free in a request (RFC 8252 §7.3). Nothing for the others, `localhost` among them: its
  /// port is not free.
  [[nodiscard]] std::optional<RedirectUri> complete() const;

 private:
  enum class Open : std::uint8_t { nothing, segment, port, host };

  RedirectTemplate() = default;
  /// Its parts, not yet looked at.
  [[nodiscard]] static std::expected<RedirectTemplate, std::string> split(std::string_view text);
  /// Something that could stand in the open part.
  [[nodiscard]] std::string_view stand_in() const;
  /// Whether the open part may be where it is; `origin_size`: of the URI that has the stand-in.
  [[nodiscard]] std::expected<void, std::string> check_place(std::size_t origin_size) const;
  [[nodiscard]] std::string put_in(std::string_view value) const;
  [[nodiscard]] bool may_stand(std::string_view value) const;

  std::string text_;
  std::string placeholder_;
  Open open_ = Open::nothing;
  /// What precedes the open part and what follows it; of an open port without its colon.
  std::string before_;
  std::string after_;
};

}  // namespace chatelaine::oauth
