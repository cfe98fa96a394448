#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "net/fetch.hpp"

namespace chatelaine::inspection {

/// What is asked of a server.
struct Question {
  std::string method = "GET";
  std::string url;
  std::vector<net::Header> headers;
  std::string body;
  std::size_t most_bytes = 64 * 1024;
  net::PlainHttp plain_http = net::PlainHttp::loopback_alone;
  /// How long it may take; nothing: as long as any.
  std::optional<milliseconds> timeout = std::nullopt;
};

/// Why a question has no answer.
struct NoAnswer {
  /// Nothing: it was not asked, since the time for all questions was over.
  std::optional<net::FetchError::Kind> kind;
  /// A sentence.
  std::string message;
};

/// What came of a question: a fact that findings are made of.
struct Visit {
  std::string method;
  std::string url;
  std::expected<net::FetchedDocument, NoAnswer> answer;
  /// By our clock.
  Instant answered_at{};
};

/// The way to servers; tests put a table in its place.
class Outside {
 public:
  Outside() = default;
  virtual ~Outside() = default;
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

  virtual Task<Visit> visit(Question question) = 0;
};

}  // namespace chatelaine::inspection
