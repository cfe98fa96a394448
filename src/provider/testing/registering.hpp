#pragma once

#include <cstdint>
#include <string>

#include "provider/testing/world.hpp"

/// What the tests of dynamic client registration share.
namespace chatelaine::provider::testing {

/// The metadata of a confidential client of the web.
inline constexpr const char* kWebClient =
    R"({"client_name":"Todo Helper","redirect_uris":["https://helper.example/cb"],)"
    R"("grant_types":["authorization_code","refresh_token"]})";
/// The metadata of a public client on somebody's machine, as assistants send it.
inline constexpr const char* kNativeClient =
    R"({"client_name":"Todo CLI","redirect_uris":["http://127.0.0.1/callback"],)"
    R"("grant_types":["authorization_code","refresh_token"],"response_types":["code"],)"
    R"("token_endpoint_auth_method":"none"})";

/// `registration-token add`: an initial access token for a week.
[[nodiscard]] std::string add_initial_access_token(World& world, std::uint32_t uses);

}  // namespace chatelaine::provider::testing
