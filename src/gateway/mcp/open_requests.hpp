#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/guard.hpp"
#include "gateway/mcp/message.hpp"

namespace chatelaine::gateway::mcp {

class Call;

/// What each caller has open, from before a message is read until its answer has been sent, and streams. Calls under
/// way are found by the id of their request: `notifications/cancelled` comes in a request of its own, which may run on
/// another loop. Thread-safe.
class OpenRequests {
  struct Entry {
    /// Both are missing where nothing can be cancelled.
    std::weak_ptr<Call> call;
    Executor* executor = nullptr;
    std::string id;
    /// Of the client's session; empty where it says none.
    std::string session;
    bool is_stream = false;
  };
  using Entries = std::multimap<std::string, Entry>;

 public:
  /// One that is open until this goes.
  class Place {
   public:
    Place(OpenRequests& all, Entries::iterator at) : all_(&all), at_(at) {}
    ~Place() { leave(); }
    Place(Place&& other) noexcept : all_(std::exchange(other.all_, nullptr)), at_(other.at_) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// From now on `cancel` finds it by that id in that session.
    void name(const MessageId& id, std::string_view session, const std::shared_ptr<Call>& call, Executor& executor);
    /// It is a stream of changes from now on, which holds next to nothing: it counts for its caller alone.
    void become_stream();

   private:
    void leave();

    OpenRequests* all_;
    Entries::iterator at_;
  };

  /// What a user allowed a client is one caller, with whatever token; a client on its own account is another.
  [[nodiscard]] static std::string name_caller(const Caller& caller);

  /// Nothing where the caller has `most` open already, or all callers together `most_together`, streams apart.
  [[nodiscard]] std::optional<Place> take(const std::string& caller, std::size_t most, std::size_t most_together);
  /// Where a caller's clients have given two calls the same id in one session, it means neither.
  void cancel(const std::string& caller, std::string_view session, const MessageId& id);

 private:
  std::mutex mutex_;
  Entries entries_;
  std::size_t together_ = 0;
};

}  // namespace chatelaine::gateway::mcp
