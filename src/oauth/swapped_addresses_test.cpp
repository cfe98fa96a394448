#include "oauth/swapped_addresses.hpp"

#include <gtest/gtest.h>

namespace chatelaine::oauth {
namespace {

bool is_told(const std::optional<OAuthError>& swap, std::string_view beginning) {
  return swap && swap->code == ErrorCode::invalid_request && swap->description.starts_with(beginning);
}

TEST(SwappedAddresses, AnAuthorizationRequestAtTheTokenEndpointIsTold) {
  const auto at_token = [](std::string_view query) { return find_swap_at_token_endpoint(*parse_form(query)); };
  EXPECT_TRUE(
      is_told(at_token("response_type=code&client_id=c"), "This is the token endpoint, and the request is one "));
  EXPECT_FALSE(at_token("client_id=c"));
  EXPECT_FALSE(at_token("grant_type=authorization_code&code=c"));
}

TEST(SwappedAddresses, ATokenRequestAtTheAuthorizationEndpointIsTold) {
  const auto at_authorize = [](std::string_view form) {
    return find_swap_at_authorization_endpoint(*parse_form(form));
  };
  EXPECT_TRUE(
      is_told(at_authorize("grant_type=refresh_token"), "This is the authorization endpoint, and the request "));
  EXPECT_FALSE(at_authorize("response_type=code&grant_type=x")) << "who says both may mean either";
  EXPECT_FALSE(at_authorize("client_id=c"));
}

}  // namespace
}  // namespace chatelaine::oauth
