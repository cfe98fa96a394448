#include "gateway/mcp/event_stream.hpp"

#include <fmt/format.h>

#include "net/loop.hpp"

namespace chatelaine::gateway::mcp {
namespace {

constexpr milliseconds kBetweenProgress{1'000};
/// What proxies and clients take for a dead connection is silent for longer.
constexpr milliseconds kBetweenSigns{15'000};

/// A comment: the stream is there, and nothing has happened.
constexpr std::string_view kSign = ":\n\n";

std::string write_event(std::string_view message) { return fmt::format("event: message\ndata: {}\n\n", message); }

using Piece = std::expected<std::string_view, std::string>;

class CallStream final : public net::BodySource {
 public:
  CallStream(std::shared_ptr<Call> call, std::optional<json::value> progress_token,
             std::function<std::string(json::object)> finish)
      : call_(std::move(call)), progress_token_(std::move(progress_token)), finish_(std::move(finish)) {}
  ~CallStream() override { call_->cancel(); }
  CallStream(const CallStream&) = delete;
  CallStream& operator=(const CallStream&) = delete;

  Task<Piece> read() override {
    if (has_ended_) co_return std::string_view();
    // The head goes out with it.
    if (!std::exchange(has_begun_, true)) co_return kSign;
    while (!call_->result() && !call_->is_cancelled() && !is_progress_due_) co_await call_->wait();
    if (is_gone_) co_return std::unexpected("the client has gone, or its token");
    if (call_->is_cancelled()) {
      has_ended_ = true;
      co_return std::string_view();
    }
    if (call_->result()) {
      has_ended_ = true;
      piece_ = write_event(finish_(*call_->result()));
    } else {
      is_progress_due_ = false;
      piece_ = write_progress();
    }
    co_return piece_;
  }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return std::nullopt; }
  void cancel() override {
    is_gone_ = true;
    call_->cancel();
  }
  void tick(net::Loop& loop) override {
    call_->tick(loop);
    const auto now = loop.now();
    const auto between = progress_token_ ? kBetweenProgress : kBetweenSigns;
    if (!told_at_) told_at_ = now;
    if (now - *told_at_ < between) return;
    told_at_ = now;
    is_progress_due_ = true;
    call_->wake();
  }

 private:
  /// Releases 2025-06-18 to 2026-07-28, progress: the number grows each time, by whatever it counts.
  std::string write_progress() {
    if (!progress_token_) return std::string(kSign);
    const std::string message =
        call_->bytes() == 0 ? "Waiting for the API" : fmt::format("{} bytes have come from the API", call_->bytes());
    return write_event(
        write_notification("notifications/progress",
                           {{"progressToken", *progress_token_}, {"progress", ++progress_}, {"message", message}}));
  }

  std::shared_ptr<Call> call_;
  std::optional<json::value> progress_token_;
  std::function<std::string(json::object)> finish_;
  std::optional<net::Loop::TimePoint> told_at_;
  std::int64_t progress_ = 0;
  bool has_begun_ = false;
  bool is_gone_ = false;
  bool is_progress_due_ = false;
  bool has_ended_ = false;
  std::string piece_;
};

class ChangeStream final : public net::BodySource {
 public:
  ChangeStream(const Live<McpSettings>& settings, Subscription subscription, OpenRequests::Place place)
      : settings_(settings),
        id_(std::move(subscription.id)),
        wants_tools_(subscription.wants_tools),
        place_(std::move(place)),
        told_(settings.get().list_tag) {}

  Task<Piece> read() override {
    if (has_ended_) co_return std::string_view();
    if (!std::exchange(has_begun_, true)) {
      piece_ = id_ ? write_event(write_notification("notifications/subscriptions/acknowledged", acknowledge()))
                   : std::string(kSign);
      co_return piece_;
    }
    while (!is_gone_ && !is_sign_due_ && !is_ending_ && !has_changed()) co_await wakeup_.wait();
    if (is_gone_) co_return std::unexpected("the client has gone");
    piece_ = write_next();
    co_return piece_;
  }
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return std::nullopt; }
  void cancel() override {
    is_gone_ = true;
    wakeup_.wake();
  }
  void tick(net::Loop& loop) override {
    const auto now = loop.now();
    if (!told_at_) told_at_ = now;
    is_sign_due_ = now - *told_at_ >= kBetweenSigns;
    is_ending_ = loop.is_draining();
    if (is_sign_due_ || is_ending_ || has_changed()) {
      told_at_ = now;
      wakeup_.wake();
    }
  }

 private:
  [[nodiscard]] bool has_changed() const { return wants_tools_ && settings_.get().list_tag != told_; }

  std::string write_next() {
    is_sign_due_ = false;
    if (has_changed()) {
      told_ = settings_.get().list_tag;
      json::object params;
      if (id_) params["_meta"] = make_meta();
      return write_event(write_notification("notifications/tools/list_changed", std::move(params)));
    }
    if (!is_ending_) return std::string(kSign);
    has_ended_ = true;
    // Release 2026-07-28, subscriptions: a stream that ends as it should says so.
    return id_ ? write_event(write_result(*id_, {{"resultType", "complete"}, {"_meta", make_meta()}})) : std::string();
  }
  [[nodiscard]] json::object make_meta() const { return {{"io.modelcontextprotocol/subscriptionId", *id_}}; }
  [[nodiscard]] json::object acknowledge() const {
    json::object honoured;
    if (wants_tools_) honoured["toolsListChanged"] = true;
    return {{"_meta", make_meta()}, {"notifications", std::move(honoured)}};
  }

  const Live<McpSettings>& settings_;
  std::optional<MessageId> id_;
  bool wants_tools_;
  OpenRequests::Place place_;
  std::string told_;
  Wakeup wakeup_;
  std::optional<net::Loop::TimePoint> told_at_;
  bool has_begun_ = false;
  bool is_sign_due_ = false;
  bool is_ending_ = false;
  bool is_gone_ = false;
  bool has_ended_ = false;
  std::string piece_;
};

}  // namespace

net::Response answer_events(std::unique_ptr<net::BodySource> events) {
  net::Response response = net::make_response(200, "text/event-stream", "");
  response.add_header("Cache-Control", "no-store");
  response.add_header("X-Accel-Buffering", "no");
  response.stream = std::move(events);
  return response;
}

std::unique_ptr<net::BodySource> stream_call(std::shared_ptr<Call> call, std::optional<json::value> progress_token,
                                             std::function<std::string(json::object)> finish) {
  return std::make_unique<CallStream>(std::move(call), std::move(progress_token), std::move(finish));
}

std::unique_ptr<net::BodySource> stream_changes(const Live<McpSettings>& settings, Subscription subscription,
                                                OpenRequests::Place place) {
  return std::make_unique<ChangeStream>(settings, std::move(subscription), std::move(place));
}

}  // namespace chatelaine::gateway::mcp
