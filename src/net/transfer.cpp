#include "net/transfer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>

#include <algorithm>

#include "net/grammar.hpp"
#include "net/request.hpp"

namespace chatelaine::net {
namespace {

constexpr std::size_t kMostHeaderBytes = 64 * 1024;

std::string to_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  if (address.sa_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  if (bytes == nullptr || inet_ntop(address.sa_family, bytes, text.data(), text.size()) == nullptr) return "";
  return text.data();
}

bool are_sendable(const std::vector<Header>& headers) {
  return std::ranges::all_of(headers, [](const Header& h) { return is_token(h.name) && is_field_value(h.value); });
}

/// Whether some loopback address may be connected to; which, is asked when it is.
bool allows_loopback(const FetchPolicy& policy) {
  switch (policy.addresses) {
    case AddressPolicy::public_and_loopback:
      return true;
    case AddressPolicy::public_only:
      break;
  }
  const auto v4 = boost::asio::ip::address(boost::asio::ip::address_v4::loopback());
  const auto v6 = boost::asio::ip::address(boost::asio::ip::address_v6::loopback());
  return std::ranges::any_of(policy.networks,
                             [&](const AddressBlock& block) { return block.contains(v4) || block.contains(v6); });
}

}  // namespace

std::expected<void, FetchError> Transfer::prepare(const std::string& ca_file) {
  const auto bad_url = [](std::string why) {
    return std::unexpected(FetchError{FetchError::Kind::bad_url, "The URL " + std::move(why) + '.'});
  };
  const auto url = parse_http_url(request_.url);
  if (!url) return bad_url(url.error());
  if (url->has_userinfo) return bad_url("has a user name in it");
  place_ = url->origin() + url->path;
  if (url->scheme == "http" && !may_go_in_the_clear(*url)) {
    if (!allows_loopback(request_.policy)) return bad_url("must start with https://");
    return bad_url("must start with https:// (http:// is for loopback alone)");
  }
  if (!is_token(request_.method) || !are_sendable(request_.headers)) {
    return bad_url("was given a method or header that cannot be sent");
  }
  curl_.reset(curl_easy_init());
  if (!curl_) return std::unexpected(FetchError{FetchError::Kind::unreachable, "libcurl could not begin."});
  set_target(ca_file);
  set_request();
  set_callbacks();
  return {};
}

bool Transfer::may_go_in_the_clear(const HttpUrl& url) const {
  switch (request_.policy.plain_http) {
    case PlainHttp::loopback_alone:
      // A name other than localhost may resolve to anything: without TLS only loopback itself is asked.
      return allows_loopback(request_.policy) && is_loopback_host(url.host);
    case PlainHttp::anywhere:
      return true;
  }
  return false;
}

void Transfer::set_target(const std::string& ca_file) {
  CURL* const curl = curl_.get();
  curl_easy_setopt(curl, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  // The environment's http_proxy would connect for us, past the address check.
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file.c_str());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.policy.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
}

void Transfer::set_request() {
  CURL* const curl = curl_.get();
  const bool is_head = request_.method == "HEAD";
  if (is_head) curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (!request_.body.empty() || request_.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request_.body.data());
  }
  if (!is_head) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "chatelaine");
  curl_slist* list = nullptr;
  for (const Header& header : request_.headers) {
    // curl takes `Name:` for "leave it out"; an empty header is written `Name;`.
    list =
        curl_slist_append(list, (header.value.empty() ? header.name + ';' : header.name + ": " + header.value).c_str());
  }
  // Neither curl's own content type nor a pause for 100 Continue.
  list = curl_slist_append(list, "Expect:");
  const auto is_content_type = [](const Header& header) { return equals_ignoring_case(header.name, "Content-Type"); };
  if (std::ranges::none_of(request_.headers, is_content_type)) list = curl_slist_append(list, "Content-Type:");
  header_list_.reset(list);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
}

void Transfer::set_callbacks() {
  CURL* const curl = curl_.get();
  curl_easy_setopt(curl, CURLOPT_PRIVATE, this);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, curl_message_.data());
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  // Asked for each address that the name resolved to, right before it is connected to.
  if (purpose != CURLSOCKTYPE_IPCXN || address->socktype != SOCK_STREAM ||
      !is_address_allowed(to_text(address->addr), transfer.request_.policy)) {
    transfer.refusal_ = FetchError::Kind::forbidden_address;
    return CURL_SOCKET_BAD;
  }
  // What goes wrong from here on is this address's own fault, not that of one that was refused before it.
  transfer.refusal_.reset();
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// While an answer arrives, since afterwards libcurl has no session to ask.
void Transfer::note_certificate() {
  const curl_tlssessioninfo* info = nullptr;
  if (curl_easy_getinfo(curl_.get(), CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || info == nullptr) return;
  if (info->backend != CURLSSLBACKEND_OPENSSL || info->internals == nullptr) return;
  const X509* const certificate = SSL_get0_peer_certificate(static_cast<const SSL*>(info->internals));
  std::tm calendar{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &calendar) != 1) return;
  document_.certificate_ends_at = from_numeric_date(timegm(&calendar));
}

std::size_t Transfer::take_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view line(data, size * count);
  transfer.header_bytes_ += line.size();
  if (transfer.header_bytes_ > kMostHeaderBytes) {
    transfer.refusal_ = FetchError::Kind::bad_answer;
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    transfer.document_.headers.clear();
    transfer.note_certificate();
  }
  if (const std::size_t colon = line.find(':'); colon != std::string_view::npos && !line.starts_with("HTTP/")) {
    const std::string_view value = line.substr(colon + 1, line.find_last_not_of("\r\n") - colon);
    transfer.document_.headers.push_back({std::string(line.substr(0, colon)), std::string(trim_blanks(value))});
  }
  return line.size();
}

std::size_t Transfer::take_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view piece(data, size * count);
  if (piece.size() > transfer.request_.policy.most_bytes - transfer.document_.body.size()) {
    transfer.refusal_ = FetchError::Kind::too_large;
    return 0;
  }
  transfer.document_.body += piece;
  return piece.size();
}

void Transfer::finish(CURLcode code) { resume_(outcome(code)); }

FetchOutcome Transfer::outcome(CURLcode code) {
  if (code != CURLE_OK) return std::unexpected(describe(code));
  long status = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
  document_.status = static_cast<int>(status);
  return std::move(document_);
}

FetchError Transfer::describe(CURLcode code) const {
  using Kind = FetchError::Kind;
  const std::string most = std::to_string(request_.policy.most_bytes);
  if (refusal_ == Kind::forbidden_address) {
    return {Kind::forbidden_address, place_ +
                                         " leads to an address that may not be connected to: loopback, private or "
                                         "otherwise not on the public internet."};
  }
  if (refusal_ == Kind::too_large) return {Kind::too_large, place_ + " answered with more than " + most + " bytes."};
  if (refusal_) return {*refusal_, place_ + " answered with too large a header."};
  const std::string detail = curl_message_[0] != '\0' ? curl_message_.data() : curl_easy_strerror(code);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {Kind::bad_url, "The URL " + place_ + " cannot be used: " + detail + '.'};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Kind::unresolvable, "The host of " + place_ + " was not found."};
    case CURLE_OPERATION_TIMEDOUT:
      return {Kind::timed_out, place_ + " did not answer within " + format_duration(request_.policy.timeout) + '.'};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return {Kind::tls_failed, "TLS with " + place_ + " failed: " + detail + '.'};
    case CURLE_COULDNT_CONNECT:
      return {Kind::unreachable, place_ + " could not be reached: " + detail + '.'};
    default:
      return {Kind::bad_answer, place_ + " gave no proper answer: " + detail + '.'};
  }
}

}  // namespace chatelaine::net
