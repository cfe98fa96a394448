#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/block_on.hpp"
#include "gateway/mcp/server.hpp"
#include "gateway/mcp/wakeup.hpp"
#include "gateway/testing.hpp"
#include "net/whole_body.hpp"
#include "openapi/tool.hpp"

/// An MCP server in front of an API of a test's own.
namespace chatelaine::gateway::mcp::testing_parts {

using namespace gateway::testing_parts;

inline constexpr std::string_view kDescription = R"(
openapi: 3.0.1
components: {securitySchemes: {oauth: {type: oauth2, flows: {}}}}
paths:
  /todos:
    get: {operationId: listTodos, summary: List todos, security: [{oauth: [read]}],
          parameters: [{name: limit, in: query, schema: {type: integer}}]}
    post: {operationId: addTodo, security: [{oauth: [read, write]}], requestBody: {required: true, content:
          {application/json: {schema: {type: object, required: [title], properties: {title: {type: string}}}}}}}
  /todos/{id}: {delete: {operationId: removeTodo, security: [{oauth: [write]}]}}
  /logo.png: {get: {operationId: logo}}
)";

inline constexpr std::string_view kMetadata = "https://todo.example.com/.well-known/oauth-protected-resource/mcp";

/// How an API answers, and what becomes of it.
struct Behaviour {
  std::vector<std::string> pieces{R"({"a":)", "1}"};
  std::optional<std::uint64_t> announced;
  /// The upstream has it all at once, as it has short answers.
  bool is_short = false;
  bool breaks_off = false;
  bool throws = false;
  /// It says nothing until it is cancelled: after the head of its answer, or not even that.
  bool waits = false;
  bool is_silent = false;
  std::size_t read = 0;
  bool is_cancelled = false;
};

/// Pieces that come one after another.
class Pieces final : public net::BodySource {
 public:
  explicit Pieces(Behaviour& behaviour) : behaviour_(behaviour) { behaviour.read = 0; }
  Task<std::expected<std::string_view, std::string>> read() override {
    if (behaviour_.waits) {
      co_await wakeup_.wait();
      co_return std::unexpected("cancelled");
    }
    if (behaviour_.throws) throw std::runtime_error("no memory");
    std::size_t& next = behaviour_.read;
    if (next < behaviour_.pieces.size()) co_return std::string_view(behaviour_.pieces[next++]);
    if (behaviour_.breaks_off) co_return std::unexpected("broken");
    co_return std::string_view();
  }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return behaviour_.announced; }
  void cancel() override {
    behaviour_.is_cancelled = true;
    wakeup_.wake();
  }

 private:
  Behaviour& behaviour_;
  Wakeup wakeup_;
};

using Verified = std::expected<std::shared_ptr<const oauth::AccessToken>, tokens::TokenRefusal>;
using Answer = std::expected<net::Response, net::UpstreamError>;
using Headers = std::vector<std::pair<std::string, std::string>>;

/// Keeps what calls record of themselves.
class RecordingLog final : public Log {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
  void record(FlightRecord flight) override { flights.push_back(std::move(flight)); }
  std::vector<FlightRecord> flights;
};

/// Runs what is due, and leaves what waits.
class StepExecutor final : public Executor {
 public:
  void post(std::move_only_function<void()> work) override { due_.push_back(std::move(work)); }
  template <class T>
  std::optional<T> run(Task<T> task) {
    std::optional<T> kept;
    spawn(*this, keep(std::move(task), kept));
    run_due();
    return kept;
  }
  void run_due() {
    while (!due_.empty()) {
      auto work = std::move(due_.front());
      due_.pop_front();
      work();
    }
  }

 private:
  template <class T>
  static Task<void> keep(Task<T> task, std::optional<T>& kept) {
    kept.emplace(co_await std::move(task));
  }
  std::deque<std::move_only_function<void()>> due_;
};

class McpServerFixture : public testing::Test {
 public:
  McpServerFixture()
      : live_gateway_(make_gateway_settings()),
        guard_(make_parts(), clock_, log_),
        gateway_(
            live_gateway_, guard_, [this](net::UpstreamRequest request) { return send(std::move(request)); }, log_),
        live_(make_mcp_settings()),
        server_(live_, guard_, gateway_, "/mcp", randomness_, log_) {}

 protected:
  static GatewaySettings make_gateway_settings() {
    GatewaySettings settings = make_settings();
    settings.description =
        std::make_shared<const openapi::Description>(openapi::read_description(kDescription).value());
    settings.public_paths = {"/logo.png"};
    settings.records_calls = true;
    return settings;
  }
  static McpSettings make_mcp_settings() {
    McpSettings settings;
    settings.gateway = make_gateway_settings();
    settings.gateway.realm = {
        .name = "Todo", .initial_scope = oauth::Scope({"read"}), .resource_metadata = std::string(kMetadata)};
    settings.gateway_with_slash = settings.gateway;
    settings.gateway_with_slash.realm.resource_metadata += "/";
    settings.name = "todo";
    settings.title = "Todo";
    settings.version = "1";
    settings.instructions = "Keeps lists.";
    settings.origin = "https://todo.example.com";
    settings.allowed_origins = {"https://chatgpt.com"};
    settings.largest_answer = 64;
    settings.most_open = 3;
    const auto tools = openapi::make_tools(openapi::read_document(kDescription).value(),
                                           openapi::read_description(kDescription).value());
    settings.tools = offer_tools(tools.tools, make_gateway_settings());
    settings.list_tag = make_list_tag(settings.tools);
    return settings;
  }

  net::Response post(std::string_view body, Headers headers = {{"Authorization", "Bearer writer"}},
                     const std::string& path = "/mcp") {
    FakeRequest request("POST", path);
    for (const auto& [name, value] : headers) request.header(name, value);
    request.header("Content-Type", "application/json").header("Accept", "application/json, text/event-stream");
    net::Request sent = request.get();
    net::WholeBody reader(body);
    sent.body = &reader;
    notes_ = {};
    sent.notes = &notes_;
    sent.id = "0123456789abcdef";
    return block_on(server_.answer_post(sent));
  }
  /// The result, or the error, of a request of a release before 2026-07-28.
  json::object ask(std::string_view method, std::string_view params = "", const char* token = "writer") {
    const auto answer = post(
        R"({"jsonrpc":"2.0","id":7,"method":")" + std::string(method) + R"(","params":{)" + std::string(params) + "}}",
        {{"Authorization", std::string("Bearer ") + token}});
    // A long one is a stream.
    const std::string text(answer.stream == nullptr ? answer.body : block_on(answer.stream->read()).value());
    const json::object message = parse_json(text).value().as_object();
    EXPECT_EQ(message.at("id"), json::value(7));
    return message.at(message.contains("result") ? "result" : "error").as_object();
  }
  /// The same of that release.
  net::Response ask_modern(std::string_view method, std::string_view params = "") {
    const std::string comma = params.empty() ? "" : ",";
    Headers headers{{"Authorization", "Bearer writer"},
                    {"MCP-Protocol-Version", "2026-07-28"},
                    {"Mcp-Method", std::string(method)},
                    {"Mcp-Name", "listTodos"}};
    return post(R"({"jsonrpc":"2.0","id":"a","method":")" + std::string(method) + R"(","params":{)" +
                    std::string(params) + comma +
                    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                    R"("io.modelcontextprotocol/clientCapabilities":{}}}})",
                std::move(headers));
  }

  Task<Verified> verify(std::string_view token) {
    if (token == revoked_) co_return std::unexpected(tokens::TokenFault::revoked);
    if (token == "reader") {
      oauth::AccessToken reader = make_token({"read"});
      reader.grant_id = oauth::GrantId{43};
      co_return std::make_shared<const oauth::AccessToken>(std::move(reader));
    }
    if (token == "writer") co_return std::make_shared<const oauth::AccessToken>(make_token({"read", "write"}));
    if (token == "knower") co_return std::make_shared<const oauth::AccessToken>(make_token({"openid"}));
    co_return std::unexpected(tokens::TokenFault::unknown);
  }
  Task<crypto::SigningKey> read_key() { co_return key_; }
  Task<Answer> send(net::UpstreamRequest request) {
    ++sent_;
    target_ = request.target;
    method_ = request.method;
    headers_.clear();
    for (const net::HeaderView& header : request.headers) {
      headers_.push_back({std::string(header.name), std::string(header.value)});
    }
    const auto body = co_await request.body->read();
    body_ = body.value_or("");
    if (api_.is_silent) {
      Wakeup wakeup;
      const net::Cancellation::Watch watch(request.cancellation, [&wakeup] { wakeup.wake(); });
      co_await wakeup.wait();
      api_.is_cancelled = true;
      co_return std::unexpected(net::UpstreamError::cancelled);
    }
    if (error_) co_return std::unexpected(*error_);
    net::Response response = net::make_response(status_, "application/json", "");
    if (api_.is_short)
      for (const std::string& piece : api_.pieces) response.body += piece;
    else
      response.stream = std::make_unique<Pieces>(api_);
    co_return response;
  }
  static Task<std::optional<Instant>> find_no_sign_in() { co_return std::nullopt; }
  static Task<std::optional<oauth::Consent>> find_no_consent() { co_return std::nullopt; }
  Task<UsersAnswer> ask_user(storage::Confirmation question) {
    question_ = std::move(question);
    co_return users_answer_;
  }
  GuardParts make_parts() {
    return {.verify = [this](std::string_view token) { return verify(token); },
            .signing_key = [this] { return read_key(); },
            .record = [this](storage::CallRecord record) { records_.push_back(std::move(record)); },
            .find_sign_in = [](oauth::GrantId) { return find_no_sign_in(); },
            .find_consent = [](const oauth::AccessToken&, const oauth::Resource&) { return find_no_consent(); },
            .ask_user = [this](storage::Confirmation question, Instant) { return ask_user(std::move(question)); }};
  }

  FixedClock clock_;
  SystemRandomness randomness_;
  RecordingLog log_;
  /// What was noted of the last request.
  FlightNotes notes_;
  crypto::SigningKey key_ = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  int sent_ = 0;
  std::string target_;
  std::string method_;
  std::string body_;
  std::vector<net::Header> headers_;
  int status_ = 200;
  Behaviour api_;
  std::optional<net::UpstreamError> error_;
  std::string revoked_;
  std::vector<storage::CallRecord> records_;
  std::optional<storage::Confirmation> question_;
  UsersAnswer users_answer_;
  Live<GatewaySettings> live_gateway_;
  Guard guard_;
  Gateway gateway_;
  Live<McpSettings> live_;
  McpServer server_;
};

}  // namespace chatelaine::gateway::mcp::testing_parts
