#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "net/address.hpp"
#include "net/response.hpp"

namespace chatelaine::net {

/// Which addresses a fetch may connect to, judged on the resolved address, at connect time, so that a name cannot
/// change between check and use.
enum class AddressPolicy : std::uint8_t {
  /// Global unicast alone: no loopback, private, link-local, shared (CGNAT), documentation, multicast, reserved, nor
  /// IPv6 forms that embed such an IPv4 address
  /// (mapped, NAT64, 6to4). https only.
  public_only,
  /// As above, and loopback over http or https: development (`[host] allow_local`).
  public_and_loopback,
};

/// Where http without TLS may be used.
enum class PlainHttp : std::uint8_t {
  loopback_alone,
  /// To look whether a server answers there at all: whoever sits on the way can read and forge it.
  anywhere,
};

struct FetchPolicy {
  AddressPolicy addresses = AddressPolicy::public_only;
  std::size_t most_bytes = 64 * 1024;
  milliseconds timeout{5'000};
  PlainHttp plain_http = PlainHttp::loopback_alone;
  /// Of private and loopback addresses (`is_private_address`) those that may be connected to as well: where an operator
  /// says that somebody's server stands in their own network. Over https; over http too on a loopback that is among
  /// them.
  std::vector<AddressBlock> networks = {};
};

struct FetchRequest {
  std::string method = "GET";
  std::string url;
  std::vector<Header> headers;
  std::string body;
  FetchPolicy policy;
};

struct FetchedDocument {
  int status = 0;
  std::vector<Header> headers;
  std::string body;
  /// When the server's own certificate ends; nothing without TLS.
  std::optional<Instant> certificate_ends_at = std::nullopt;
  /// The first header of that name, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct FetchError {
  enum class Kind : std::uint8_t {
    bad_url,
    forbidden_address,
    unresolvable,
    unreachable,
    timed_out,
    too_large,
    tls_failed,
    bad_answer
  };
  Kind kind;
  /// A sentence that says what happened, without the URL's query.
  std::string message;
};

/// The one door out: every outbound request but the gateway's goes through here. Redirects are not followed, compressed
/// answers are not asked for, no proxy is used, and TLS is verified. Thread-safe: may be awaited on any executor; a
/// thread of its own runs libcurl.
class Fetcher {
 public:
  /// `ca_file`: extra roots to trust (PEM), or empty.
  explicit Fetcher(std::string ca_file = {});
  virtual ~Fetcher();
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  virtual Task<std::expected<FetchedDocument, FetchError>> fetch(FetchRequest request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether a numeric IPv4 or IPv6 address may be reached under the policy; for tests and messages.
[[nodiscard]] bool is_address_allowed(std::string_view address, AddressPolicy policy);
[[nodiscard]] bool is_address_allowed(std::string_view address, const FetchPolicy& policy);
/// Whether a numeric address is one that a network of one's own has: loopback, private (RFC 1918), shared (RFC 6598),
/// unique local (RFC 4193). Not link-local ones, at which clouds tell a machine its secrets.
[[nodiscard]] bool is_private_address(std::string_view address);

}  // namespace chatelaine::net
