#include "oauth/grants/grant.hpp"

#include <utility>

namespace chatelaine::oauth {

std::string_view to_string(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::by_client:
      return "by_client";
    case RevocationReason::by_user:
      return "by_user";
    case RevocationReason::by_operator:
      return "by_operator";
    case RevocationReason::code_replayed:
      return "code_replayed";
    case RevocationReason::refresh_token_stolen:
      return "refresh_token_stolen";
    case RevocationReason::user_disabled:
      return "user_disabled";
    case RevocationReason::user_removed:
      return "user_removed";
    case RevocationReason::client_removed:
      return "client_removed";
  }
  std::unreachable();
}

}  // namespace chatelaine::oauth
