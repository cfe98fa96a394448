#include "relying_party/openid/userinfo.hpp"

#include <fmt/format.h>

#include "base/json_members.hpp"

namespace chatelaine::relying_party {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} * 1024;
constexpr milliseconds kTimeout{5'000};

}  // namespace

std::expected<json::object, std::string> judge_userinfo(const net::FetchedDocument& answer,
                                                        const oauth::Subject& subject) {
  if (answer.status != 200)
    return std::unexpected(fmt::format("the UserInfo endpoint answered with status {}", answer.status));
  auto parsed = parse_json(answer.body);
  if (!parsed || !parsed->is_object()) return std::unexpected("the UserInfo answer is no JSON object");
  // §5.3.2: without this the claims could be another person's (token substitution).
  if (text_of(parsed->get_object(), "sub") != subject.value())
    return std::unexpected("the UserInfo answer's sub is another than the ID token's");
  return std::move(parsed->get_object());
}

Task<std::expected<json::object, std::string>> fetch_userinfo(net::Fetcher& fetcher, const std::string& endpoint,
                                                              std::vector<net::AddressBlock> networks,
                                                              const oauth::AccessTokenSecret& token,
                                                              const oauth::Subject& subject) {
  net::FetchRequest request;
  request.url = endpoint;
  request.headers.push_back({"Authorization", "Bearer " + std::string(token.reveal())});
  request.headers.push_back({"Accept", "application/json"});
  request.policy = {.most_bytes = kMostBytes, .timeout = kTimeout, .networks = std::move(networks)};
  const auto answer = co_await fetcher.fetch(std::move(request));
  if (!answer) co_return std::unexpected("the UserInfo endpoint gave no answer: " + answer.error().message);
  co_return judge_userinfo(*answer, subject);
}

}  // namespace chatelaine::relying_party
