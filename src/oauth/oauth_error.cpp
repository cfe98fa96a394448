#include "oauth/oauth_error.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace chatelaine::oauth {
namespace {

constexpr std::size_t kLongestDescription = 400;

/// RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E.
char to_allowed(char c) {
  if (c == '"') return '\'';
  if (c == '\\') return '/';
  return c >= ' ' && c <= '~' ? c : '?';
}

}  // namespace

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_request:
      return "invalid_request";
    case ErrorCode::invalid_client:
      return "invalid_client";
    case ErrorCode::invalid_grant:
      return "invalid_grant";
    case ErrorCode::unauthorized_client:
      return "unauthorized_client";
    case ErrorCode::unsupported_grant_type:
      return "unsupported_grant_type";
    case ErrorCode::unsupported_response_type:
      return "unsupported_response_type";
    case ErrorCode::invalid_scope:
      return "invalid_scope";
    case ErrorCode::invalid_target:
      return "invalid_target";
    case ErrorCode::access_denied:
      return "access_denied";
    case ErrorCode::authorization_pending:
      return "authorization_pending";
    case ErrorCode::slow_down:
      return "slow_down";
    case ErrorCode::expired_token:
      return "expired_token";
    case ErrorCode::invalid_token:
      return "invalid_token";
    case ErrorCode::insufficient_scope:
      return "insufficient_scope";
    case ErrorCode::insufficient_user_authentication:
      return "insufficient_user_authentication";
    case ErrorCode::request_not_supported:
      return "request_not_supported";
    case ErrorCode::request_uri_not_supported:
      return "request_uri_not_supported";
    case ErrorCode::registration_not_supported:
      return "registration_not_supported";
    case ErrorCode::login_required:
      return "login_required";
    case ErrorCode::consent_required:
      return "consent_required";
    case ErrorCode::interaction_required:
      return "interaction_required";
    case ErrorCode::invalid_redirect_uri:
      return "invalid_redirect_uri";
    case ErrorCode::invalid_client_metadata:
      return "invalid_client_metadata";
    case ErrorCode::invalid_software_statement:
      return "invalid_software_statement";
    case ErrorCode::unapproved_software_statement:
      return "unapproved_software_statement";
    case ErrorCode::server_error:
      return "server_error";
    case ErrorCode::temporarily_unavailable:
      return "temporarily_unavailable";
  }
  std::unreachable();
}

int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_client:
    case ErrorCode::invalid_token:
    case ErrorCode::insufficient_user_authentication:
      return 401;
    case ErrorCode::insufficient_scope:
      return 403;
    case ErrorCode::server_error:
      return 500;
    case ErrorCode::temporarily_unavailable:
      return 503;
    case ErrorCode::invalid_request:
    case ErrorCode::invalid_grant:
    case ErrorCode::unauthorized_client:
    case ErrorCode::unsupported_grant_type:
    case ErrorCode::unsupported_response_type:
    case ErrorCode::invalid_scope:
    case ErrorCode::invalid_target:
    case ErrorCode::access_denied:
    case ErrorCode::authorization_pending:
    case ErrorCode::slow_down:
    case ErrorCode::expired_token:
    case ErrorCode::request_not_supported:
    case ErrorCode::request_uri_not_supported:
    case ErrorCode::registration_not_supported:
    case ErrorCode::login_required:
    case ErrorCode::consent_required:
    case ErrorCode::interaction_required:
    case ErrorCode::invalid_redirect_uri:
    case ErrorCode::invalid_client_metadata:
    case ErrorCode::invalid_software_statement:
    case ErrorCode::unapproved_software_statement:
      return 400;
  }
  std::unreachable();
}

std::unexpected<OAuthError> refuse(ErrorCode code, std::string description, std::string detail) {
  if (description.size() > kLongestDescription) description.replace(kLongestDescription - 3, std::string::npos, "...");
  for (char& c : description) c = to_allowed(c);
  return std::unexpected(OAuthError{code, std::move(description), std::move(detail)});
}

std::string to_json(const OAuthError& error) {
  return boost::json::serialize(
      boost::json::object{{"error", to_string(error.code)}, {"error_description", error.description}});
}

}  // namespace chatelaine::oauth
