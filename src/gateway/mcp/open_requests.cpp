#include "gateway/mcp/open_requests.hpp"

#include <vector>

#include "gateway/mcp/call.hpp"

namespace chatelaine::gateway::mcp {

void OpenRequests::Place::name(const MessageId& id, std::string_view session, const std::shared_ptr<Call>& call,
                               Executor& executor) {
  const std::scoped_lock lock(all_->mutex_);
  at_->second.call = call;
  at_->second.executor = &executor;
  at_->second.id = json::serialize(id);
  at_->second.session = session;
}

void OpenRequests::Place::become_stream() {
  const std::scoped_lock lock(all_->mutex_);
  at_->second.is_stream = true;
  --all_->together_;
}

void OpenRequests::Place::leave() {
  if (all_ == nullptr) return;
  const std::scoped_lock lock(all_->mutex_);
  if (!at_->second.is_stream) --all_->together_;
  all_->entries_.erase(at_);
}

std::string OpenRequests::name_caller(const Caller& caller) {
  const oauth::AccessToken& token = *caller.access;
  return token.grant_id ? "grant " + std::to_string(token.grant_id->value) : "client " + token.client_id.value();
}

std::optional<OpenRequests::Place> OpenRequests::take(const std::string& caller, std::size_t most,
                                                      std::size_t most_together) {
  const std::scoped_lock lock(mutex_);
  if (together_ >= most_together || entries_.count(caller) >= most) return std::nullopt;
  ++together_;
  return std::optional<Place>(std::in_place, *this, entries_.emplace(caller, Entry{}));
}

void OpenRequests::cancel(const std::string& caller, std::string_view session, const MessageId& id) {
  const std::string wanted = json::serialize(id);
  const std::scoped_lock lock(mutex_);
  std::vector<Entry*> meant;
  const auto [begin, end] = entries_.equal_range(caller);
  for (auto entry = begin; entry != end; ++entry) {
    Entry& open = entry->second;
    if (open.executor != nullptr && open.id == wanted && open.session == session) meant.push_back(&open);
  }
  if (meant.size() != 1) return;
  // Posted under the lock: a call leaves on its own executor, which is there as long as the call is.
  // What is cancelled is not meant again: it may take a while to end, and its id be another's by then.
  std::exchange(meant.front()->executor, nullptr)->post([weak = meant.front()->call] {
    if (const auto call = weak.lock()) call->cancel();
  });
}

}  // namespace chatelaine::gateway::mcp
