#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/strong.hpp"

namespace chatelaine::crypto {

using Password = Secret<struct PasswordTag>;
/// A stored password hash in its textual form (PHC string or crypt(3) form).
using PasswordHash = Strong<struct PasswordHashTag>;

/// Argon2id, 19 MiB, two passes (about 20 ms): a PHC string. Blocks; run it on a bounded pool.
[[nodiscard]] PasswordHash hash_password(const Password& password);

/// Whether the password made the hash. Blocks as long as the hash's own parameters ask. Takes what `check_hash_format`
/// takes.
[[nodiscard]] bool is_password_of(const Password& password, const PasswordHash& hash);

/// Whether the hash is another kind than `hash_password` makes today and should be made anew at the next sign-in.
[[nodiscard]] bool needs_rehash(const PasswordHash& hash);

/// The same work as checking a real hash, for accounts that do not exist (THREATS §1: same cost for an unknown user).
void spend_password_check(const Password& password);

/// Whether an imported hash is one that we can check: Argon2id/Argon2i PHC, bcrypt (`$2a$ $2b$ $2y$`), PBKDF2 (PHC
/// `$pbkdf2-sha256$…`/`$pbkdf2-sha512$…` and Django's `pbkdf2_sha256$…`), scrypt (PHC `$scrypt$ln=…,r=…,p=…$…`), with
/// bounded parameters (at most 256 MiB, 10 million rounds). The error is a sentence for the operator, without the hash.
[[nodiscard]] std::expected<void, std::string> check_hash_format(std::string_view hash);

}  // namespace chatelaine::crypto
