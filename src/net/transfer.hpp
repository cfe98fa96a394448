#pragma once

#include <curl/curl.h>
#include <sys/socket.h>

#include <array>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "base/uri.hpp"
#include "net/fetch.hpp"

namespace chatelaine::net {

using FetchOutcome = std::expected<FetchedDocument, FetchError>;

/// One request on its way through libcurl, from options to outcome. Lives on the fetcher's thread.
class Transfer {
 public:
  Transfer(FetchRequest request, Resume<FetchOutcome> resume) : request_(std::move(request)), resume_(resume) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// The error is what the caller gets where the request cannot even be begun.
  [[nodiscard]] std::expected<void, FetchError> prepare(const std::string& ca_file);
  [[nodiscard]] CURL* handle() const { return curl_.get(); }
  void finish(CURLcode code);
  void fail(FetchError error) { resume_(std::unexpected(std::move(error))); }

 private:
  void set_target(const std::string& ca_file);
  void set_request();
  void set_callbacks();
  [[nodiscard]] bool may_go_in_the_clear(const HttpUrl& url) const;
  void note_certificate();
  [[nodiscard]] FetchOutcome outcome(CURLcode code);
  [[nodiscard]] FetchError describe(CURLcode code) const;

  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self);

  struct FreeCurl {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  FetchRequest request_;
  Resume<FetchOutcome> resume_;
  std::unique_ptr<CURL, FreeCurl> curl_;
  std::unique_ptr<curl_slist, FreeList> header_list_;
  std::array<char, CURL_ERROR_SIZE> curl_message_{};
  std::string place_;
  std::optional<FetchError::Kind> refusal_;
  std::size_t header_bytes_ = 0;
  FetchedDocument document_;
};

}  // namespace chatelaine::net
