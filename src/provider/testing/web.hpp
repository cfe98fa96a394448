#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "net/fetch.hpp"

namespace chatelaine::provider::testing {

/// The internet of a test: what stands under each URL, and what was asked for.
class Web final : public net::Fetcher {
 public:
  /// Puts a document there, in place of what there was.
  void publish(const std::string& url, net::FetchedDocument document);
  /// 200 with that content type.
  void publish(const std::string& url, std::string body, std::string content_type = "application/json");
  /// From now on the fetch fails so.
  void break_off(const std::string& url, net::FetchError::Kind kind);
  /// The requests so far.
  [[nodiscard]] std::vector<net::FetchRequest> requests() const;

  Task<std::expected<net::FetchedDocument, net::FetchError>> fetch(net::FetchRequest request) override;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::expected<net::FetchedDocument, net::FetchError>> places_;
  std::vector<net::FetchRequest> requests_;
};

}  // namespace chatelaine::provider::testing
