#include "provider/testing/web.hpp"

namespace chatelaine::provider::testing {

void Web::publish(const std::string& url, net::FetchedDocument document) {
  const std::scoped_lock lock(mutex_);
  places_.insert_or_assign(url, std::move(document));
}

void Web::publish(const std::string& url, std::string body, std::string content_type) {
  publish(url, {.status = 200, .headers = {{"Content-Type", std::move(content_type)}}, .body = std::move(body)});
}

void Web::break_off(const std::string& url, net::FetchError::Kind kind) {
  const std::scoped_lock lock(mutex_);
  places_.insert_or_assign(url, std::unexpected(net::FetchError{kind, url + " broke off."}));
}

std::vector<net::FetchRequest> Web::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

Task<std::expected<net::FetchedDocument, net::FetchError>> Web::fetch(net::FetchRequest request) {
  const std::scoped_lock lock(mutex_);
  requests_.push_back(request);
  const auto place = places_.find(request.url);
  if (place == places_.end()) {
    co_return std::unexpected(
        net::FetchError{net::FetchError::Kind::unresolvable, "The host of " + request.url + " was not found."});
  }
  co_return place->second;
}

}  // namespace chatelaine::provider::testing
