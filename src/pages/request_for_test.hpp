#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/request.hpp"
#include "net/response.hpp"

/// Requests made by hand, for tests of this layer and of those above it.
namespace chatelaine::pages::test {

/// A body in one piece, which may break off.
class TextBody final : public net::BodyReader {
 public:
  explicit TextBody(std::string text, std::optional<net::BodyError> error = {})
      : text_(std::move(text)), error_(error) {}
  Task<std::expected<std::string_view, net::BodyError>> read() override {
    if (error_) co_return std::unexpected(*error_);
    const std::string_view piece = is_read_ ? std::string_view() : std::string_view(text_);
    is_read_ = true;
    co_return piece;
  }
  [[nodiscard]] std::optional<std::uint64_t> announced_length() const override { return text_.size(); }

 private:
  std::string text_;
  std::optional<net::BodyError> error_;
  bool is_read_ = false;
};

/// Owns what a net::Request only looks at.
class MadeRequest {
 public:
  MadeRequest(net::Method method, std::string target) : target_(std::move(target)) {
    request_.method = method;
    request_.method_name = method == net::Method::post ? "POST" : "GET";
    request_.target = target_;
    const auto mark = request_.target.find('?');
    request_.path = request_.target.substr(0, mark);
    request_.query = mark == std::string_view::npos ? std::string_view() : request_.target.substr(mark + 1);
    request_.remote_address = "192.0.2.7";
    set_body("");
  }
  MadeRequest(const MadeRequest&) = delete;
  MadeRequest& operator=(const MadeRequest&) = delete;

  MadeRequest& add_header(std::string name, std::string value) {
    const auto& text = texts_.emplace_back(std::move(name), std::move(value));
    headers_.push_back({text.first, text.second});
    request_.headers = headers_;
    return *this;
  }
  MadeRequest& set_body(std::string text, std::optional<net::BodyError> error = {}) {
    body_ = std::make_unique<TextBody>(std::move(text), error);
    request_.body = body_.get();
    return *this;
  }
  /// A body as a browser sends a form's.
  MadeRequest& set_form(std::string encoded) {
    add_header("Content-Type", "application/x-www-form-urlencoded");
    return set_body(std::move(encoded));
  }
  [[nodiscard]] const net::Request& get() const { return request_; }
  /// Where the request is noted from now on.
  MadeRequest& set_notes(FlightNotes& notes, std::string_view id) {
    request_.notes = &notes;
    request_.id = id;
    return *this;
  }

 private:
  std::string target_;
  std::deque<std::pair<std::string, std::string>> texts_;
  std::vector<net::HeaderView> headers_;
  std::unique_ptr<TextBody> body_;
  net::Request request_;
};

/// The first header of that name, or empty.
[[nodiscard]] inline std::string header_of(const net::Response& response, std::string_view name) {
  for (const net::Header& header : response.headers) {
    if (net::equals_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

}  // namespace chatelaine::pages::test
