#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "storage/conformance/cases.hpp"
#include "storage/conformance/samples.hpp"

/// Clients that register themselves (RFC 7591, RFC 7592).
namespace chatelaine::storage::conformance {
namespace {

constexpr Instant kUnusedUntil = kNow + std::chrono::days(30);
/// No bound but the number of a kind matters.
constexpr RegistrationBounds kRoomy{.most_of_their_own = 2, .most_unused = 1000, .makes_room_before = {}};

/// A public client that asks for what others of the same digest ask for.
OpenRegistration some_registration(const std::string& id, std::optional<char> digest = std::nullopt) {
  OpenRegistration registration{some_client(id), std::nullopt, kUnusedUntil};
  registration.client.secret_hash.reset();
  if (digest) registration.metadata_digest = some_hash(*digest);
  return registration;
}

std::optional<oauth::Client> enter(Storage& storage, const OpenRegistration& registration,
                                   const RegistrationBounds& bounds = kRoomy) {
  return block_on(storage.clients().register_client(registration, bounds));
}

/// The id of the client that whoever registers so is given; empty where there is none.
std::string enter_as(Storage& storage, const std::string& id, std::optional<char> digest,
                     const RegistrationBounds& bounds = kRoomy) {
  const auto kept = enter(storage, some_registration(id, digest), bounds);
  return kept ? kept->id.value() : "";
}

std::shared_ptr<const oauth::Client> find(Storage& storage, const std::string& id) {
  return block_on(storage.clients().find_client(oauth::ClientId(id)));
}

void check_sharing(Storage& storage) {
  for (const char* id : {"a", "b"}) {
    const auto own = enter(storage, some_registration(id, 'x'));
    ASSERT_TRUE(own);
    EXPECT_EQ(own->id.value(), id);
    EXPECT_EQ(own->registration_token_hash, some_hash('r'));
  }
  for (const char* id : {"c", "d"}) {
    const auto shared = enter(storage, some_registration(id, 'x'));
    ASSERT_TRUE(shared);
    EXPECT_EQ(shared->id.value(), "c");
    EXPECT_FALSE(shared->registration_token_hash) << "nobody may change what others share";
  }
  EXPECT_FALSE(find(storage, "d"));
  EXPECT_FALSE(find(storage, "c")->registration_token_hash);
  EXPECT_EQ(enter_as(storage, "e", 'y'), "e") << "another kind";
  EXPECT_EQ(enter_as(storage, "f", std::nullopt), "f") << "what is never shared";
  EXPECT_EQ(enter_as(storage, "g", std::nullopt), "g");
  EXPECT_EQ(enter_as(storage, "h", std::nullopt), "h");
}

void check_shared_client_begins_anew(Storage& storage) {
  const RegistrationBounds bounds{.most_of_their_own = 0, .most_unused = 1000, .makes_room_before = {}};
  EXPECT_EQ(enter_as(storage, "shared", 'x', bounds), "shared");
  OpenRegistration later = some_registration("later", 'x');
  later.unused_until = kUnusedUntil + seconds(10);
  EXPECT_EQ(enter(storage, later, bounds)->id.value(), "shared");
  block_on(storage.remove_expired(kUnusedUntil));
  EXPECT_TRUE(find(storage, "shared"));
  block_on(storage.remove_expired(later.unused_until));
  EXPECT_FALSE(find(storage, "shared"));
  EXPECT_EQ(enter_as(storage, "next", 'x', bounds), "next");
}

void check_changed_clients_are_not_shared(Storage& storage) {
  const RegistrationBounds bounds{.most_of_their_own = 0, .most_unused = 1000, .makes_room_before = {}};
  auto shared = enter(storage, some_registration("shared", 'x'), bounds);
  ASSERT_TRUE(shared);
  shared->name = "As the operator wants it";
  EXPECT_TRUE(block_on(storage.clients().update_client(*shared, kNow)));
  EXPECT_EQ(enter_as(storage, "next", 'x', bounds), "next");
}

void check_unused_clients_expire(Storage& storage) {
  furnish(storage);
  for (const char* id : {"idle", "consented", "granted", "withdrawn", "on-a-device"})
    enter(storage, some_registration(id));
  enter(storage, [] {
    OpenRegistration later = some_registration("later");
    later.unused_until += milliseconds(1);
    return later;
  }());
  allow(storage, some_consent(1, "consented"));
  give_grant(storage, 10, 1, "granted");
  allow(storage, some_device_code(11, "on-a-device"), 1);
  const oauth::Grant on_a_device = some_grant(11, 1, "on-a-device");
  EXPECT_TRUE(block_on(storage.device_codes().redeem_device_code({11}, on_a_device, kNoToken)));
  allow(storage, some_consent(1, "withdrawn"));
  block_on(storage.consents().withdraw_consent({1}, oauth::ClientId("withdrawn"), kNow));
  EXPECT_TRUE(find(storage, "idle"));

  block_on(storage.remove_expired(kUnusedUntil - milliseconds(1)));
  EXPECT_TRUE(find(storage, "idle"));
  EXPECT_FALSE(block_on(storage.remove_expired(kUnusedUntil)));
  EXPECT_FALSE(find(storage, "idle"));
  for (const char* id : {"later", "consented", "granted", "on-a-device", "todo-helper", "notes"})
    EXPECT_TRUE(find(storage, id)) << id;
  EXPECT_TRUE(find(storage, "withdrawn")) << "it was used once";
}

void check_unused_clients_are_bounded(Storage& storage) {
  furnish(storage);
  const RegistrationBounds bounds{.most_of_their_own = 0, .most_unused = 2, .makes_room_before = kNow - seconds(1)};
  EXPECT_EQ(enter_as(storage, "a", 'x', bounds), "a");
  EXPECT_EQ(enter_as(storage, "b", std::nullopt, bounds), "b");
  EXPECT_EQ(enter_as(storage, "c", std::nullopt, bounds), "") << "both are young";
  EXPECT_FALSE(find(storage, "c"));
  EXPECT_EQ(enter_as(storage, "d", 'x', bounds), "a") << "a shared one needs no room";
  give_grant(storage, 10, 1, "a");
  EXPECT_EQ(enter_as(storage, "e", std::nullopt, bounds), "e") << "what is used does not count";
  EXPECT_EQ(enter_as(storage, "f", std::nullopt, bounds), "");
}

void check_old_unused_clients_make_room(Storage& storage) {
  const RegistrationBounds bounds{.most_of_their_own = 0, .most_unused = 2, .makes_room_before = kNow};
  for (const auto& [id, age] : {std::pair("young", -5), std::pair("old", 9)}) {
    OpenRegistration registration = some_registration(id);
    registration.client.created_at = kNow - seconds(age);
    registration.unused_until = kUnusedUntil - seconds(age);
    ASSERT_TRUE(enter(storage, registration, bounds));
  }
  EXPECT_TRUE(find(storage, "old"));
  EXPECT_EQ(enter_as(storage, "new", std::nullopt, bounds), "new");
  EXPECT_FALSE(find(storage, "old"));
  EXPECT_TRUE(find(storage, "young"));
}

void check_voucher(Storage& storage) {
  const oauth::InitialAccessToken token = some_initial_token(5);
  block_on(storage.initial_access_tokens().add_initial_access_token(token));
  const auto enter_with = [&](const std::string& id, std::int64_t token_id, Instant now = kNow) {
    const oauth::Client client = some_client(id);
    return block_on(storage.clients().register_client_with_token(client, {token_id}, now));
  };
  EXPECT_FALSE(enter_with("a", 6)) << "unknown";
  EXPECT_FALSE(enter_with("a", 5, token.expires_at)) << "expired";
  EXPECT_FALSE(find(storage, "a"));
  EXPECT_TRUE(enter_with("a", 5));
  EXPECT_FALSE(enter_with("a", 5)) << "the id is taken, and no use is lost";
  EXPECT_EQ(block_on(storage.initial_access_tokens().find_initial_access_token({5}))->uses_left, 1U);
  EXPECT_TRUE(enter_with("b", 5));
  EXPECT_FALSE(enter_with("c", 5)) << "used up";
  EXPECT_FALSE(find(storage, "c"));
  EXPECT_EQ(find(storage, "b")->registration_token_hash, some_hash('r'));
  block_on(storage.remove_expired(kNow + std::chrono::days(400)));
  EXPECT_TRUE(find(storage, "b")) << "an operator's word: it stays, used or not";
}

oauth::Client changed_client(const std::string& id, char presented) {
  oauth::Client changed = some_client(id);
  changed.name = "New name";
  changed.registration_token_hash = some_hash('n');
  changed.replaced_registration_token_hash = some_hash(presented);
  return changed;
}
bool replace(Storage& storage, const oauth::Client& client) {
  return block_on(storage.clients().replace_registration(client, kNow));
}

void check_replacing(Storage& storage) {
  furnish(storage);
  EXPECT_TRUE(find(storage, "notes"));
  EXPECT_FALSE(replace(storage, changed_client("notes", 'x'))) << "another token";
  EXPECT_FALSE(replace(storage, changed_client("nobody", 'r')));
  oauth::Client without = changed_client("notes", 'r');
  without.replaced_registration_token_hash.reset();
  EXPECT_FALSE(replace(storage, without));
  EXPECT_EQ(find(storage, "notes")->name, some_client("notes").name);

  oauth::Client changed = changed_client("notes", 'r');
  changed.created_at = kNow + seconds(99);
  EXPECT_TRUE(replace(storage, changed));
  EXPECT_EQ(find(storage, "notes")->name, "New name");
  EXPECT_EQ(find(storage, "notes")->created_at, kNow);
  EXPECT_EQ(find(storage, "notes")->registration_token_hash, some_hash('n'));
  EXPECT_TRUE(replace(storage, changed_client("notes", 'r'))) << "the answer was lost";
  EXPECT_TRUE(replace(storage, changed_client("notes", 'n')));
  EXPECT_FALSE(replace(storage, changed_client("notes", 'r'))) << "the new one was used";
}

void check_new_redirects_need_new_consent(Storage& storage) {
  furnish(storage);
  for (const char* id : {"notes", "todo-helper"}) allow(storage, some_consent(1, id));
  const auto has_consent = [&](const std::string& id) {
    const auto resource = some_consent(1, id).resource;
    return block_on(storage.consents().find_consent({1}, oauth::ClientId(id), resource)).has_value();
  };
  oauth::Client changed = changed_client("notes", 'r');
  EXPECT_TRUE(replace(storage, changed));
  EXPECT_TRUE(has_consent("notes")) << "it is sent where it was";
  changed.redirect_uris = {oauth::RedirectUri("https://elsewhere.example/")};
  changed.replaced_registration_token_hash = some_hash('x');
  EXPECT_FALSE(replace(storage, changed));
  EXPECT_TRUE(has_consent("notes")) << "nothing has changed";
  changed.replaced_registration_token_hash = some_hash('n');
  EXPECT_TRUE(replace(storage, changed));
  EXPECT_FALSE(has_consent("notes"));
  EXPECT_TRUE(has_consent("todo-helper")) << "nobody else's";
}

const Case kCases[] = {
    {"a stranger's client is kept as it was registered, and found",
     [](Storage& storage) {
       const auto kept = enter(storage, some_registration("a", 'x'));
       ASSERT_TRUE(kept);
       EXPECT_EQ(kept->redirect_uris, some_client("a").redirect_uris);
       EXPECT_EQ(kept->description, some_client("a").description);
       EXPECT_EQ(kept->created_at, kNow);
       EXPECT_EQ(find(storage, "a")->description, some_client("a").description);
     }},
    {"an id that is taken registers nothing",
     [](Storage& storage) {
       furnish(storage);
       EXPECT_EQ(enter_as(storage, "notes", std::nullopt), "");
       EXPECT_TRUE(find(storage, "notes")->secret_hash);
     }},
    {"those who ask for the same share a client that nobody can change, but for the first", check_sharing},
    {"of 32 at once that ask for the same, two have their own and the others one",
     [](Storage& storage) {
       const auto ids = race([&](int i) { return enter_as(storage, "client-" + std::to_string(i), 'x'); });
       EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 3U);
       EXPECT_EQ(block_on(storage.clients().list_clients()).size(), 3U);
     }},
    {"a shared client's time begins anew whenever it is given", check_shared_client_begins_anew},
    {"a client that was changed is shared no more", check_changed_clients_are_not_shared},
    {"a client that nobody used goes when its time is over", check_unused_clients_expire},
    {"there are only so many that nobody used", check_unused_clients_are_bounded},
    {"where there are too many, the first that is old enough makes room", check_old_unused_clients_make_room},
    {"an initial access token registers as many clients as it has uses", check_voucher},
    {"of 32 at once one wins the last use of a token",
     [](Storage& storage) {
       oauth::InitialAccessToken token = some_initial_token(5);
       token.uses_left = 1;
       block_on(storage.initial_access_tokens().add_initial_access_token(token));
       const auto won = race([&](int i) {
         const oauth::Client client = some_client("client-" + std::to_string(i));
         return block_on(storage.clients().register_client_with_token(client, {5}, kNow)) ? 1 : 0;
       });
       EXPECT_EQ(std::ranges::count(won, 1), 1);
       EXPECT_EQ(block_on(storage.clients().list_clients()).size(), 1U);
     }},
    {"a client replaces itself with its registration access token, or the one before it", check_replacing},
    {"users are asked again where a client changes its redirect URIs", check_new_redirects_need_new_consent},
    {"a stranger's registration empties no cache",
     [](Storage& storage) {
       const std::uint64_t before = storage.change_count();
       EXPECT_EQ(enter_as(storage, "a", 'x'), "a");
       EXPECT_EQ(storage.change_count(), before);
       EXPECT_TRUE(replace(storage, changed_client("a", 'r')));
       EXPECT_GT(storage.change_count(), before) << "a change does";
     }},
};

}  // namespace

std::span<const Case> registration_cases() { return kCases; }

}  // namespace chatelaine::storage::conformance
