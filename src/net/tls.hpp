#pragma once

#include <openssl/ssl.h>

#include <expected>
#include <memory>
#include <string>

namespace chatelaine::net {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using TlsSession = std::unique_ptr<SSL, FreeSsl>;
using TlsContext = std::shared_ptr<SSL_CTX>;

/// TLS 1.2 and 1.3 with a certificate chain and its key from PEM files. The error is a sentence.
[[nodiscard]] std::expected<TlsContext, std::string> make_server_tls(const std::string& certificate_file,
                                                                     const std::string& private_key_file);
/// TLS 1.2 and 1.3 that verifies the peer against the system's roots and those of `ca_file`, where it is not empty.
[[nodiscard]] std::expected<TlsContext, std::string> make_client_tls(const std::string& ca_file);

/// A session for a socket, which stays the caller's.
[[nodiscard]] TlsSession accept_tls(const TlsContext& context, int socket);
/// As above, for the side that connects: `host` (a name or an address) must be in the certificate.
[[nodiscard]] TlsSession connect_tls(const TlsContext& context, int socket, const std::string& host);

}  // namespace chatelaine::net
