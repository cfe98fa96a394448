#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <string_view>

namespace chatelaine::net {
namespace {

std::unexpected<std::string> tls_failure(const std::string& what) {
  char reason[256] = "no reason given";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  return std::unexpected(what + ": " + reason);
}

TlsContext make_context(const SSL_METHOD* method) {
  TlsContext context(SSL_CTX_new(method), SSL_CTX_free);
  if (!context) return context;
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Idle connections give their buffers back.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  return context;
}

// RFC 7301 §3.2: http/1.1 where the client lists it; who lists others alone is refused.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void*) {
  constexpr std::string_view kOffered = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(kOffered.data());
  if (SSL_select_next_proto(&chosen, out_size, ours, kOffered.size(), in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

TlsSession make_session(const TlsContext& context, int socket) {
  TlsSession session(SSL_new(context.get()));
  if (!session || SSL_set_fd(session.get(), socket) != 1) return nullptr;
  return session;
}

}  // namespace

std::expected<TlsContext, std::string> make_server_tls(const std::string& certificate_file,
                                                       const std::string& private_key_file) {
  ERR_clear_error();
  TlsContext context = make_context(TLS_server_method());
  if (!context) return tls_failure("TLS could not be set up");
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    return tls_failure("the certificate " + certificate_file + " could not be read");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), private_key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return tls_failure("the private key " + private_key_file + " could not be used with " + certificate_file);
  }
  return context;
}

std::expected<TlsContext, std::string> make_client_tls(const std::string& ca_file) {
  ERR_clear_error();
  TlsContext context = make_context(TLS_client_method());
  if (!context || SSL_CTX_set_default_verify_paths(context.get()) != 1) return tls_failure("TLS could not be set up");
  if (!ca_file.empty() && SSL_CTX_load_verify_file(context.get(), ca_file.c_str()) != 1) {
    return tls_failure("the certificates in " + ca_file + " could not be read");
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

TlsSession accept_tls(const TlsContext& context, int socket) {
  TlsSession session = make_session(context, socket);
  if (session) SSL_set_accept_state(session.get());
  return session;
}

TlsSession connect_tls(const TlsContext& context, int socket, const std::string& host) {
  TlsSession session = make_session(context, socket);
  if (!session) return session;
  SSL_set_connect_state(session.get());
  X509_VERIFY_PARAM* const check = SSL_get0_param(session.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(check, host.c_str()) == 1) return session;
  ERR_clear_error();
  SSL_set_hostflags(session.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (SSL_set1_host(session.get(), host.c_str()) != 1) return nullptr;
  if (SSL_set_tlsext_host_name(session.get(), host.c_str()) != 1) return nullptr;
  return session;
}

}  // namespace chatelaine::net
