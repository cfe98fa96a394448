#include "net/json_document.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "base/ascii.hpp"

namespace chatelaine::net {
namespace {

using Kind = DocumentFault::Kind;

/// What libcurl could not do may work the next time, and what we would not do will not.
Kind kind_of(FetchError::Kind kind) {
  switch (kind) {
    case FetchError::Kind::bad_url:
    case FetchError::Kind::forbidden_address:
    case FetchError::Kind::too_large:
      return Kind::definite;
    case FetchError::Kind::unresolvable:
    case FetchError::Kind::unreachable:
    case FetchError::Kind::timed_out:
    case FetchError::Kind::tls_failed:
    case FetchError::Kind::bad_answer:
      return Kind::passing;
  }
  std::unreachable();
}

bool is_json(std::string_view content_type) {
  const std::string media_type = to_lower(content_type.substr(0, content_type.find(';')));
  const std::string_view bare = std::string_view(media_type).substr(0, media_type.find_last_not_of(" \t") + 1);
  return bare == "application/json" || (bare.starts_with("application/") && bare.ends_with("+json"));
}

/// Nothing where the answer may be read.
std::optional<DocumentFault> find_fault(const std::string& url, const FetchedDocument& answer) {
  const std::string status = std::to_string(answer.status);
  if (answer.status >= 300 && answer.status < 400) {
    return DocumentFault{Kind::definite, url + " answered with a redirect (" + status + "), which is not followed."};
  }
  if (answer.status != 200) {
    const bool is_passing = answer.status >= 500 || answer.status == 429;
    return DocumentFault{is_passing ? Kind::passing : Kind::definite, url + " answered with status " + status + "."};
  }
  if (is_json(answer.header("Content-Type"))) return std::nullopt;
  return DocumentFault{Kind::definite, url + " is not served as application/json."};
}

}  // namespace

Task<std::expected<FetchedDocument, DocumentFault>> fetch_json_document(Fetcher& fetcher, std::string url,
                                                                        FetchPolicy policy) {
  FetchRequest request;
  request.url = url;
  request.headers = {{"Accept", "application/json"}};
  request.policy = policy;
  auto answer = co_await fetcher.fetch(std::move(request));
  if (!answer) {
    co_return std::unexpected(DocumentFault{kind_of(answer.error().kind), std::move(answer.error().message)});
  }
  if (auto fault = find_fault(url, *answer)) co_return std::unexpected(std::move(*fault));
  co_return std::move(*answer);
}

}  // namespace chatelaine::net
