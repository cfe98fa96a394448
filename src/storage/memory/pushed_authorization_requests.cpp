#include <algorithm>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryPushedAuthorizationRequests final : public PushedAuthorizationRequests {
 public:
  explicit MemoryPushedAuthorizationRequests(Tables& tables) : tables_(tables) {}

  Task<bool> add_pushed_authorization_request(const oauth::PushedAuthorizationRequest& request,
                                              std::optional<std::uint32_t> most) override {
    const std::scoped_lock lock(tables_.mutex);
    if (tables_.find_client(request.client_id) == nullptr) co_return false;
    const auto kept = std::ranges::count_if(tables_.pushed_authorization_requests, [&](const auto& other) {
      return other.second.client_id == request.client_id;
    });
    if (most && static_cast<std::uint64_t>(kept) >= *most) co_return false;
    co_return tables_.pushed_authorization_requests.emplace(request.id, request).second;
  }

  Task<std::optional<oauth::PushedAuthorizationRequest>> find_pushed_authorization_request(
      oauth::PushedAuthorizationRequestId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.pushed_authorization_requests.find(id);
    if (found == tables_.pushed_authorization_requests.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<bool> spend_pushed_authorization_request(oauth::PushedAuthorizationRequestId id) override {
    const std::scoped_lock lock(tables_.mutex);
    co_return tables_.pushed_authorization_requests.erase(id) > 0;
  }

 private:
  Tables& tables_;
};

}  // namespace

std::unique_ptr<PushedAuthorizationRequests> make_pushed_authorization_requests(Tables& tables) {
  return std::make_unique<MemoryPushedAuthorizationRequests>(tables);
}

}  // namespace chatelaine::storage::memory
