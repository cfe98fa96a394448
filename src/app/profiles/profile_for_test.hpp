#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/profiles/profile_file.hpp"

namespace chatelaine::app {

/// No more than a profile needs: nothing is known that need not be.
inline constexpr std::string_view kBareProfile =
    "title = \"Helper\"\n"                          // 1
    "aliases = []\n"                                // 2
    "generation = \"action\"\n"                     // 3
    "registration = [\"by_hand\"]\n"                // 4
    "sources = [\"Manual, https://a.example/\"]\n"  // 5
    "read_on = 2026-01-02\n"                        // 6
    "unknown = [\"user_agent\", \"discovery\", \"authorization.state\", \"authorization.scopes\", "
    "\"authorization.empty_scope\", \"authorization.offline_access\", \"token.refresh_parameters\", \"token.timeout\", "
    "\"token.refresh_timeout\", \"token.refresh_on\", \"token.refresh_ahead\", \"token.concurrent_refresh\", "
    "\"token.revokes\", \"token.user_agent\"]\n"                                      // 7
    "[[redirect]]\n"                                                                  // 8
    "template = \"https://a.example/cb\"\n"                                           // 9
    "example = \"https://a.example/cb\"\n"                                            // 10
    "[authorization]\n"                                                               // 11
    "pkce = \"none\"\n"                                                               // 12
    "parameters = [\"response_type\", \"client_id\", \"redirect_uri\", \"state\"]\n"  // 13
    "[token]\n"                                                                       // 14
    "encodings = [\"json\"]\n"                                                        // 15
    "authentication_methods = [\"client_secret_post\"]\n"                             // 16
    "parameters = [\"grant_type\", \"code\", \"client_id\", \"client_secret\"]\n";    // 17

inline const std::filesystem::path kProfilePath = "/etc/chatelaine/profiles/helper.toml";

/// A line each, so that a row can name the one that it changes.
inline constexpr std::string_view kGoodProfile =
    "title = \"Helper\"\n"                                                    // 1
    "aliases = [\"help\"]\n"                                                  // 2
    "generation = \"connector\"\n"                                            // 3
    "registration = [\"metadata_document\", \"by_hand\"]\n"                   // 4
    "metadata_document = \"https://helper.example/client.json\"\n"            // 5
    "notes = [\"It is slow.\"]\n"                                             // 6
    "sources = [\"Helper's manual, https://helper.example/manual\"]\n"        // 7
    "read_on = 2026-11-27\n"                                                  // 8
    "user_agent = \"helper/1.0\"\n"                                           // 9
    "discovery = [\"challenge\", \"resource_path\", \"server_path\"]\n"       // 10
    "unknown = [\"token.revokes\", \"token.user_agent\", \"token.order\"]\n"  // 11
    "[[redirect]]\n"                                                          // 12
    "template = \"https://helper.example/{id}/callback\"\n"                   // 13
    "example = \"https://helper.example/7/callback\"\n"                       // 14
    "note = \"Its settings show the id.\"\n"                                  // 15
    "[authorization]\n"                                                       // 16
    "pkce = \"S256\"\n"                                                       // 17
    "parameters = [\"client_id\", \"response_type\", \"redirect_uri\", \"scope\", \"state\", \"code_challenge\", "
    "\"code_challenge_method\"]\n"                                                                    // 18
    "state = \"base64\"\n"                                                                            // 19
    "scopes = [\"challenge\", \"settings\"]\n"                                                        // 20
    "empty_scope = true\n"                                                                            // 21
    "offline_access = false\n"                                                                        // 22
    "scope_separator = \",\"\n"                                                                       // 23
    "[token]\n"                                                                                       // 24
    "encodings = [\"form\"]\n"                                                                        // 25
    "authentication_methods = [\"none\", \"client_secret_post\"]\n"                                   // 26
    "grant_types = [\"authorization_code\", \"refresh_token\"]\n"                                     // 27
    "parameters = [\"grant_type\", \"code\", \"code_verifier\", \"client_id\", \"client_secret\"]\n"  // 28
    "refresh_parameters = [\"refresh_token\", \"grant_type\", \"client_id\", \"client_secret\"]\n"    // 29
    "timeout = \"10s\"\n"                                                                             // 30
    "refresh_timeout = \"1m\"\n"                                                                      // 31
    "refresh_on = [\"expiry\"]\n"                                                                     // 32
    "refresh_ahead = \"5m\"\n"                                                                        // 33
    "concurrent_refresh = true\n"                                                                     // 34
    "document_methods = [\"none\"]\n"                                                                 // 35
    "[metadata]\n"                                                                                    // 36
    "code_challenge_methods_supported = [\"S256\"]\n"                                                 // 37
    "authorization_response_iss_parameter_supported = true\n"                                         // 38
    "[preferred_metadata]\n"                                                                          // 39
    "client_id_metadata_document_supported = true\n";                                                 // 40

/// The good file with one line changed (or taken away, where `line` is empty).
inline std::string with_line(std::size_t number, std::string_view line) {
  std::string text;
  std::size_t at = 1;
  for (std::size_t begin = 0; begin < kGoodProfile.size(); ++at) {
    const std::size_t end = kGoodProfile.find('\n', begin) + 1;
    if (at != number)
      text += kGoodProfile.substr(begin, end - begin);
    else if (!line.empty())
      text += std::string(line) + "\n";
    begin = end;
  }
  return text;
}

/// A line each.
inline std::string join_faults(const std::vector<ConfigurationFault>& faults) {
  std::string text;
  for (const ConfigurationFault& fault : faults) text += (text.empty() ? "" : "\n") + fault.to_string();
  return text;
}

/// Of a profile's text; empty where it is good.
inline std::string faults_in(std::string_view text, const std::filesystem::path& file = kProfilePath) {
  const auto parsed = parse_profile(text, file);
  return parsed ? "" : join_faults(parsed.error());
}

/// The bare profile with something else in the place of `what`, which it holds once at least.
inline std::string vary_profile(std::string_view what, std::string_view with) {
  std::string text(kBareProfile);
  text.replace(text.find(what), what.size(), with);
  return text;
}

}  // namespace chatelaine::app
