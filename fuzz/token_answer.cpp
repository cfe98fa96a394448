#include <array>

#include "base/json.hpp"
#include "relying_party/token_exchange.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {

/// A provider's answer at its token endpoint: what is taken has a token, what is not has a sentence that repeats no
/// secret.
void check_token_answer(std::string_view bytes) {
  constexpr std::array<std::string_view, 2> kSent{"the-secret-of-the-client", "the-code-of-the-user"};
  for (const int status : {200, 400, 401, 500}) {
    net::FetchedDocument answer;
    answer.status = status;
    answer.headers.push_back({"Content-Type", "application/json"});
    answer.body = bytes;
    const auto judged = relying_party::judge_token_answer(answer, kSent);
    if (judged) {
      require(status == 200 && !judged->access_token.reveal().empty());
      continue;
    }
    const std::string& message = judged.error().message;
    require(!message.empty());
    for (const std::string_view secret : kSent) require(message.find(secret) == std::string::npos);
  }
}

}  // namespace chatelaine::fuzz
