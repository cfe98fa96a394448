#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/block_on.hpp"
#include "host/connect.hpp"
#include "host/context.hpp"
#include "host/install.hpp"

/// A host over memory, and a plugin that answers from a script: for the tests of this layer.
namespace chatelaine::host::testing {

class MovableClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_.load(); }
  void move(milliseconds by) { now_ = now_.load() + by; }

 private:
  std::atomic<Instant> now_ = Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 4}};
};

/// Keeps every line, so that a test can look for secrets in it.
class RecordingLog final : public Log {
 public:
  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override;
  [[nodiscard]] std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// Answers by "METHOD url" without its query; what nobody scripted is unreachable.
class ScriptedFetcher final : public net::Fetcher {
 public:
  using Answer = std::function<net::FetchedDocument(const net::FetchRequest&)>;

  Task<std::expected<net::FetchedDocument, net::FetchError>> fetch(net::FetchRequest request) override;
  void on(std::string method_and_url, Answer answer);
  void on(std::string method_and_url, int status, std::string body);
  void remove(const std::string& method_and_url);
  [[nodiscard]] std::vector<net::FetchRequest> requests_to(std::string_view method_and_url) const;
  [[nodiscard]] std::vector<net::FetchRequest> requests() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  std::vector<net::FetchRequest> requests_;
};

/// How the scripted token endpoint answers.
struct TokenScript {
  int expires_in = 3600;  ///< negative: left out
  bool gives_refresh_token = true;
  bool rotates_refresh_token = true;
  /// Instead of tokens, where set.
  std::string error_body;
  milliseconds delay{0};
};

inline constexpr std::string_view kDomain = "todo.example";
inline constexpr std::string_view kManifestUrl = "https://todo.example/.well-known/ai-plugin.json";
inline constexpr std::string_view kClientSecret = "client-secret-5eCr3t-value";

class World {
 public:
  explicit World(bool allow_local = false);

  [[nodiscard]] storage::User add_user(std::string email, storage::Role role = storage::Role::user);
  /// Scripts manifest, OpenAPI, token endpoint and API; again after the members below have changed.
  void serve_plugin();
  void serve_manifest();
  [[nodiscard]] std::string manifest_text() const;
  void serve_metadata();
  /// In place of metadata, an empty answer; as a plugin of 2023 does, with 404, unless a test says otherwise.
  void serve_metadata(int status);

  [[nodiscard]] InstalledPlugin install();
  [[nodiscard]] storage::PluginId install_verified();
  /// From "Sign in with" to the stored connection.
  void connect(const storage::PluginId& plugin_id, const storage::User& user);
  /// The query that a provider that consents sends back for a begun connection.
  [[nodiscard]] static Form consented(const BegunConnection& begun, std::string code = "authorization-code-value");
  [[nodiscard]] static std::string cookie_of(const BegunConnection& begun);
  [[nodiscard]] std::size_t refreshes() const;
  /// Every secret that was used so far.
  [[nodiscard]] std::vector<std::string> secrets() const;

  MovableClock clock;
  SystemRandomness randomness;
  IdSequence ids{clock, randomness};
  RecordingLog log;
  std::unique_ptr<storage::Storage> storage;
  crypto::Sealer sealer;
  ScriptedFetcher fetcher;
  HostContext context;

  std::string client_url = "https://auth.todo.example/authorize";
  std::string token_url = "https://auth.todo.example/token";
  std::string api_url = "https://todo.example/openapi.yaml";
  std::string server_url = "https://todo.example/api";
  std::string content_type = "application/json";
  std::string verification_token;
  TokenScript tokens;
  /// The API takes only the newest access token where this is set.
  bool api_is_strict = false;

 private:
  net::FetchedDocument answer_token_request(const net::FetchRequest& request);
  net::FetchedDocument answer_call(const net::FetchRequest& request);

  mutable std::mutex mutex_;
  int issued_ = 0;
  std::size_t refreshes_ = 0;
  std::vector<std::string> secrets_;
};

}  // namespace chatelaine::host::testing
