#include <algorithm>
#include <ranges>

#include "storage/memory/nouns.hpp"

namespace chatelaine::storage::memory {
namespace {

class MemoryDeviceCodes final : public DeviceCodes {
 public:
  explicit MemoryDeviceCodes(Tables& tables) : tables_(tables) {}

  Task<AddDeviceCodeOutcome> add_device_code(const oauth::DeviceCode& code, std::optional<std::uint32_t> most,
                                             Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    if (find(code.user_code_hash) != nullptr) co_return AddDeviceCodeOutcome::user_code_taken;
    if (tables_.find_client(code.client_id) == nullptr) co_return AddDeviceCodeOutcome::refused;
    const auto alive = std::ranges::count_if(tables_.device_codes, [&](const auto& row) {
      return row.second.client_id == code.client_id && now < row.second.expires_at;
    });
    if (most && static_cast<std::uint64_t>(alive) >= *most) co_return AddDeviceCodeOutcome::refused;
    tables_.device_codes.emplace(code.id, code);
    co_return AddDeviceCodeOutcome::added;
  }

  Task<std::optional<oauth::DeviceCode>> find_device_code(oauth::DeviceCodeId id) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.device_codes.find(id);
    if (found == tables_.device_codes.end()) co_return std::nullopt;
    co_return found->second;
  }

  Task<std::optional<oauth::DeviceCode>> find_device_code_by_user_code(crypto::Sha256 user_code_hash) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto* found = find(user_code_hash);
    if (found == nullptr) co_return std::nullopt;
    co_return *found;
  }

  Task<bool> allow_device_code(oauth::DeviceCodeId id, const oauth::DeviceAllowed& allowed, SessionId session_id,
                               Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    if (!tables_.is_session_of(session_id, allowed.user_id)) co_return false;
    co_return answer(id, allowed, now);
  }

  Task<bool> deny_device_code(oauth::DeviceCodeId id, SessionId session_id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto session = tables_.sessions.find(session_id);
    if (session == tables_.sessions.end()) co_return false;
    if (tables_.find_enabled_user(session->second.user_id) == nullptr) co_return false;
    co_return answer(id, oauth::DeviceDenied{}, now);
  }

  Task<oauth::DevicePoll> poll_device_code(oauth::DeviceCodeId id, Instant now) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.device_codes.find(id);
    if (found == tables_.device_codes.end()) co_return oauth::DevicePoll::in_time;
    const auto poll = oauth::judge_poll(found->second, now);
    if (poll == oauth::DevicePoll::too_early) found->second.interval += oauth::kSlowDown;
    found->second.polled_at = now;
    co_return poll;
  }

  Task<bool> redeem_device_code(oauth::DeviceCodeId id, const oauth::Grant& grant,
                                const std::optional<oauth::OpaqueAccessToken>& access_token) override {
    const std::scoped_lock lock(tables_.mutex);
    const auto found = tables_.device_codes.find(id);
    if (found == tables_.device_codes.end()) co_return false;
    const auto* allowed = std::get_if<oauth::DeviceAllowed>(&found->second.answer);
    if (allowed == nullptr || allowed->user_id != grant.user_id) co_return false;
    if (tables_.find_enabled_user(grant.user_id) == nullptr) co_return false;
    tables_.device_codes.erase(found);
    tables_.add_grant(grant);
    tables_.keep(access_token);
    co_return true;
  }

 private:
  // Under the lock.
  [[nodiscard]] const oauth::DeviceCode* find(const crypto::Sha256& user_code_hash) const {
    for (const auto& [id, code] : tables_.device_codes) {
      if (code.user_code_hash == user_code_hash) return &code;
    }
    return nullptr;
  }

  bool answer(oauth::DeviceCodeId id, oauth::DeviceAnswer answer, Instant now) {
    const auto found = tables_.device_codes.find(id);
    if (found == tables_.device_codes.end() || found->second.expires_at <= now) return false;
    if (!std::holds_alternative<oauth::DeviceUnanswered>(found->second.answer)) return false;
    found->second.answer = std::move(answer);
    return true;
  }

  Tables& tables_;
};

}  // namespace

std::unique_ptr<DeviceCodes> make_device_codes(Tables& tables) { return std::make_unique<MemoryDeviceCodes>(tables); }

}  // namespace chatelaine::storage::memory
