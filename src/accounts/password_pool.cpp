#include "accounts/password_pool.hpp"

namespace chatelaine::accounts {

PasswordPool::PasswordPool(unsigned threads, std::size_t queue_limit)
    : pool_(threads, queue_limit, "The queue for password checks is full.") {}

Task<crypto::PasswordHash> PasswordPool::hash(const crypto::Password& password) {
  std::move_only_function<crypto::PasswordHash()> work = [&password] { return crypto::hash_password(password); };
  co_return co_await pool_.run(std::move(work));
}

Task<bool> PasswordPool::check(const crypto::Password& password, std::optional<crypto::PasswordHash> hash) {
  std::move_only_function<bool()> work = [&password, &hash] {
    if (hash) return crypto::is_password_of(password, *hash);
    crypto::spend_password_check(password);
    return false;
  };
  co_return co_await pool_.run(std::move(work));
}

}  // namespace chatelaine::accounts
