#include "gateway/check_question.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "net/grammar.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

constexpr std::string_view kCheck = "/oauth/check";

/// What is read is one call, in bytes that a request line could have, whoever wrote them.
void check_read(const net::Request& request, std::string_view bytes) {
  const auto question = gateway::read_question(request, kCheck);
  if (!question) {
    require(!question.error().empty());
    return;
  }
  require(net::is_token(question->method));
  require(question->path.starts_with('/'));
  require(question->path.find('?') == std::string_view::npos);
  require(net::is_target_text(question->path) && net::is_target_text(question->query));
  require(question->path == "/" || is_within(question->path, bytes));
  require(is_within(question->query, bytes));
}

}  // namespace

/// The call that a proxy asks about: a method, a line's end, and a URI, as headers and as the question's own.
void check_check_question(std::string_view bytes) {
  const std::size_t line_end = std::min(bytes.find('\n'), bytes.size());
  const std::string_view method = bytes.substr(0, line_end);
  const std::string_view uri = bytes.substr(std::min(line_end + 1, bytes.size()));
  for (const auto& names :
       {std::array{"X-Original-Method", "X-Original-URI"}, std::array{"X-Forwarded-Method", "X-Forwarded-Uri"}}) {
    const std::array headers{net::HeaderView{names[0], method}, net::HeaderView{names[1], uri}};
    net::Request request;
    request.method_name = "GET";
    request.path = kCheck;
    request.headers = headers;
    check_read(request, bytes);
  }
  const std::string below = std::string(kCheck) + std::string(uri);
  net::Request request;
  request.method_name = method;
  request.path = std::string_view(below).substr(0, below.find('?'));
  check_read(request, below);
}

}  // namespace chatelaine::fuzz
