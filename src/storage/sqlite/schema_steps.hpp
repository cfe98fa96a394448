#pragma once

#include <array>

namespace chatelaine::storage::sqlite {

/// The steps of the schema, the first being version 1. A step that was released is never changed: add another. What has
/// been can only grow, and so is longer than 400 lines.
///
/// Primary keys are time-ordered, so that inserts go to the end of each B-tree. `grants` has no index on `expires_at`,
/// since every rotation would have to move an entry in it.
inline constexpr std::array kSchemaSteps = {
    R"sql(
CREATE TABLE schema_steps (
  version    INTEGER PRIMARY KEY,
  applied_at INTEGER NOT NULL
) STRICT;

-- Counts the transactions that changed a fact which caches hold (Storage::change_count).
CREATE TABLE change_marker (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;
INSERT INTO change_marker VALUES (1, 1);

CREATE TABLE users (
  id            INTEGER PRIMARY KEY,
  email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name          TEXT NOT NULL,
  subject       TEXT NOT NULL UNIQUE,
  password_hash TEXT,
  role          TEXT NOT NULL,
  enabled       INTEGER NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE clients (
  number                 INTEGER PRIMARY KEY,
  id                     TEXT NOT NULL UNIQUE,
  name                   TEXT NOT NULL,
  secret_hash            BLOB,
  authentication_methods TEXT NOT NULL,
  redirect_uris          TEXT NOT NULL,
  grant_types            TEXT NOT NULL,
  scope                  TEXT NOT NULL,
  pkce                   TEXT NOT NULL,
  created_at             INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  id               INTEGER PRIMARY KEY,
  secret_hash      BLOB NOT NULL,
  user_id          INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  authenticated_at INTEGER NOT NULL,
  last_seen_at     INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE one_time_links (
  id          INTEGER PRIMARY KEY,
  secret_hash BLOB NOT NULL,
  user_id     INTEGER NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE,
  expires_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE consents (
  user_id   INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  resource  TEXT NOT NULL,
  scope     TEXT NOT NULL,
  given_at  INTEGER NOT NULL,
  PRIMARY KEY (user_id, client_id, resource)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_by_client ON consents (client_id);

CREATE TABLE authorization_codes (
  id                    INTEGER PRIMARY KEY,
  secret_hash           BLOB NOT NULL,
  client_id             TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  user_id               INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  subject               TEXT NOT NULL,
  redirect_uri          TEXT NOT NULL,
  redirect_uri_was_sent INTEGER NOT NULL,
  scope                 TEXT NOT NULL,
  resource              TEXT NOT NULL,
  code_challenge        TEXT,
  authenticated_at      INTEGER NOT NULL,
  expires_at            INTEGER NOT NULL,
  grant_id              INTEGER
) STRICT;
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

CREATE TABLE grants (
  id                INTEGER PRIMARY KEY,
  client_id         TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  user_id           INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  subject           TEXT NOT NULL,
  scope             TEXT NOT NULL,
  resource          TEXT NOT NULL,
  authenticated_at  INTEGER NOT NULL,
  created_at        INTEGER NOT NULL,
  expires_at        INTEGER NOT NULL,
  salt              BLOB NOT NULL,
  generation        INTEGER NOT NULL,
  rotated_at        INTEGER NOT NULL,
  grace_uses        INTEGER NOT NULL,
  revoked_at        INTEGER,
  revocation_reason TEXT
) STRICT;
CREATE INDEX grants_by_user ON grants (user_id);
CREATE INDEX grants_by_client ON grants (client_id);

-- Opaque access tokens; those of a grant go with it.
CREATE TABLE access_tokens (
  id          INTEGER PRIMARY KEY,
  secret_hash BLOB NOT NULL,
  issuer      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  client_id   TEXT NOT NULL,
  audience    TEXT NOT NULL,
  scope       TEXT NOT NULL,
  grant_id    INTEGER REFERENCES grants ON DELETE CASCADE,
  issued_at   INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX access_tokens_by_grant ON access_tokens (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX access_tokens_by_client ON access_tokens (client_id) WHERE grant_id IS NULL;
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

CREATE TABLE revoked_access_tokens (
  id         INTEGER PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revoked_access_tokens_by_expiry ON revoked_access_tokens (expires_at);

CREATE TABLE keys (
  id          INTEGER PRIMARY KEY,
  purpose     TEXT NOT NULL,
  name        TEXT NOT NULL,
  sealed      BLOB NOT NULL,
  public_jwk  TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  active_from INTEGER NOT NULL,
  retired_at  INTEGER,
  UNIQUE (purpose, name)
) STRICT;

CREATE TABLE plugins (
  number               INTEGER PRIMARY KEY,
  id                   TEXT NOT NULL UNIQUE,
  domain               TEXT NOT NULL UNIQUE,
  manifest             BLOB NOT NULL,
  openapi              BLOB NOT NULL,
  client_id            TEXT NOT NULL,
  sealed_client_secret BLOB NOT NULL,
  verification_token   TEXT NOT NULL,
  installed_at         INTEGER NOT NULL,
  verified_at          INTEGER
) STRICT;

CREATE TABLE connections (
  id                      INTEGER PRIMARY KEY,
  plugin_id               TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
  user_id                 INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  sealed_tokens           BLOB NOT NULL,
  access_token_expires_at INTEGER,
  connected_at            INTEGER NOT NULL,
  version                 INTEGER NOT NULL,
  refresh_lease_until     INTEGER NOT NULL,
  needs_sign_in           INTEGER NOT NULL,
  UNIQUE (user_id, plugin_id)
) STRICT;
CREATE INDEX connections_by_plugin ON connections (plugin_id);

CREATE TABLE connection_attempts (
  id                   INTEGER PRIMARY KEY,
  plugin_id            TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
  user_id              INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  state_hash           BLOB NOT NULL,
  browser_hash         BLOB NOT NULL,
  sealed_code_verifier BLOB NOT NULL,
  expected_issuer      TEXT NOT NULL,
  expires_at           INTEGER NOT NULL
) STRICT;
)sql",
    R"sql(
-- What a user or a client takes along when they are removed, and what expires.
CREATE INDEX authorization_codes_by_user ON authorization_codes (user_id);
CREATE INDEX authorization_codes_by_client ON authorization_codes (client_id);
CREATE INDEX connection_attempts_by_expiry ON connection_attempts (expires_at);
)sql",
    R"sql(
-- What was expected of an attempt until now was promised.
ALTER TABLE connection_attempts ADD COLUMN issuer_is_promised INTEGER NOT NULL DEFAULT 0;
UPDATE connection_attempts SET issuer_is_promised = 1 WHERE expected_issuer <> '';
)sql",
    R"sql(
CREATE TABLE pushed_authorization_requests (
  id          INTEGER PRIMARY KEY,
  secret_hash BLOB NOT NULL,
  client_id   TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  parameters  TEXT NOT NULL,
  expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX pushed_authorization_requests_by_client ON pushed_authorization_requests (client_id);
CREATE INDEX pushed_authorization_requests_by_expiry ON pushed_authorization_requests (expires_at);
)sql",
    R"sql(
ALTER TABLE clients ADD COLUMN jwks TEXT NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN jwks_uri TEXT NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN id_token_algorithm TEXT NOT NULL DEFAULT 'ES256';
ALTER TABLE clients ADD COLUMN access_token_format TEXT;
ALTER TABLE clients ADD COLUMN requires_pushed_requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN post_logout_redirect_uris TEXT NOT NULL DEFAULT '[]';
ALTER TABLE clients ADD COLUMN default_max_age INTEGER;
ALTER TABLE clients ADD COLUMN origin TEXT NOT NULL DEFAULT 'command';
ALTER TABLE clients ADD COLUMN registration_token_hash BLOB;
)sql",
    R"sql(
ALTER TABLE authorization_codes ADD COLUMN nonce TEXT NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN openid INTEGER NOT NULL DEFAULT 1;
)sql",
    R"sql(
-- Until now there was one kind of signing key.
ALTER TABLE keys ADD COLUMN algorithm TEXT;
UPDATE keys SET algorithm = 'ES256' WHERE purpose = 'sign_tokens';
)sql",
    R"sql(
-- No reference to the client: what was used stays so, also for a client that is removed and comes back.
CREATE TABLE used_client_assertions (
  id         INTEGER PRIMARY KEY,
  client_id  TEXT NOT NULL,
  jti_hash   BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (client_id, jti_hash)
) STRICT;
CREATE INDEX used_client_assertions_by_expiry ON used_client_assertions (expires_at);
)sql",
    R"sql(
-- When the document of a client that came of one was last accepted; the two indexes are for those that nobody uses.
ALTER TABLE clients ADD COLUMN document_accepted_at INTEGER;
CREATE INDEX document_clients_by_acceptance ON clients (document_accepted_at) WHERE origin = 'metadata_document';
CREATE INDEX document_clients_by_number ON clients (number) WHERE origin = 'metadata_document';
)sql",
    R"sql(
ALTER TABLE clients ADD COLUMN description TEXT NOT NULL DEFAULT '{}';
ALTER TABLE clients ADD COLUMN replaced_registration_token_hash BLOB;
-- Of public clients that strangers registered: equal for those that ask for the same.
ALTER TABLE clients ADD COLUMN metadata_digest BLOB;
CREATE INDEX clients_by_metadata_digest ON clients (metadata_digest) WHERE metadata_digest IS NOT NULL;
-- Of clients that strangers registered: when they are removed, unless they are used before.
ALTER TABLE clients ADD COLUMN unused_until INTEGER;
CREATE INDEX clients_unused ON clients (unused_until) WHERE unused_until IS NOT NULL;
-- Whichever flow a consent or a grant comes from.
CREATE TRIGGER client_is_used_by_consent AFTER INSERT ON consents BEGIN
  UPDATE clients SET unused_until = NULL WHERE id = NEW.client_id AND unused_until IS NOT NULL;
END;
CREATE TRIGGER client_is_used_by_grant AFTER INSERT ON grants BEGIN
  UPDATE clients SET unused_until = NULL WHERE id = NEW.client_id AND unused_until IS NOT NULL;
END;

CREATE TABLE initial_access_tokens (
  id          INTEGER PRIMARY KEY,
  secret_hash BLOB NOT NULL,
  name        TEXT NOT NULL,
  uses_left   INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX initial_access_tokens_by_expiry ON initial_access_tokens (expires_at);
)sql",
    R"sql(
-- Who allowed it goes with it: `user_id`, `subject` and `authenticated_at` are set together.
CREATE TABLE device_codes (
  id               INTEGER PRIMARY KEY,
  secret_hash      BLOB NOT NULL,
  user_code_hash   BLOB NOT NULL UNIQUE,
  client_id        TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  scope            TEXT NOT NULL,
  resource         TEXT NOT NULL,
  expires_at       INTEGER NOT NULL,
  interval         INTEGER NOT NULL,
  polled_at        INTEGER,
  is_denied        INTEGER NOT NULL DEFAULT 0,
  user_id          INTEGER REFERENCES users ON DELETE CASCADE,
  subject          TEXT,
  authenticated_at INTEGER
) STRICT;
CREATE INDEX device_codes_by_client ON device_codes (client_id);
CREATE INDEX device_codes_by_user ON device_codes (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX device_codes_by_expiry ON device_codes (expires_at);
)sql",
    R"sql(
-- RFC 8707: a code, a grant and a token may be for several resources. What there is becomes a list of one.
ALTER TABLE authorization_codes RENAME COLUMN resource TO resources;
ALTER TABLE grants RENAME COLUMN resource TO resources;
ALTER TABLE device_codes RENAME COLUMN resource TO resources;
UPDATE authorization_codes SET resources = json_array(resources);
UPDATE grants SET resources = json_array(resources);
UPDATE device_codes SET resources = json_array(resources);
UPDATE access_tokens SET audience = json_array(audience);

-- RFC 7662: whoever could ask about every token until now (an operator's client that proves itself and acts for nobody)
-- still can, about those for the default resource: NULL. One that came with an initial access token no longer can.
ALTER TABLE clients ADD COLUMN introspects TEXT;
UPDATE clients SET introspects = '[]' WHERE origin <> 'command' OR authentication_methods = '["none"]'
  OR EXISTS (SELECT 1 FROM json_each(grant_types)
    WHERE value IN ('authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'));
)sql",
    R"sql(
-- What was done, by whom and when. No reference holds an entry to what it is about: it outlives that.
CREATE TABLE ledger (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  user_id   INTEGER,
  client_id TEXT,
  grant_id  INTEGER,
  detail    TEXT NOT NULL DEFAULT '',
  door      TEXT,
  status    INTEGER,
  took      INTEGER,
  count     INTEGER
) STRICT;
CREATE INDEX ledger_by_user ON ledger (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX ledger_calls_by_time ON ledger (at) WHERE kind IN ('call', 'calls_dropped');
CREATE INDEX ledger_events_by_time ON ledger (at) WHERE kind NOT IN ('call', 'calls_dropped');

-- What a row tells by itself, whichever verb writes it.
CREATE TRIGGER ledger_session_begun AFTER INSERT ON sessions BEGIN
  INSERT INTO ledger (at, kind, user_id) VALUES (NEW.authenticated_at, 'signed_in', NEW.user_id);
END;
CREATE TRIGGER ledger_consent_given AFTER INSERT ON consents BEGIN
  INSERT INTO ledger (at, kind, user_id, client_id, detail) VALUES (NEW.given_at, 'consent_given', NEW.user_id,
    NEW.client_id, (SELECT ifnull(group_concat(value, ' '), '') FROM json_each(NEW.scope)));
END;
CREATE TRIGGER ledger_consent_widened AFTER UPDATE ON consents BEGIN
  INSERT INTO ledger (at, kind, user_id, client_id, detail) VALUES (NEW.given_at, 'consent_given', NEW.user_id,
    NEW.client_id, (SELECT ifnull(group_concat(value, ' '), '') FROM json_each(NEW.scope)));
END;
CREATE TRIGGER ledger_grant_begun AFTER INSERT ON grants BEGIN
  INSERT INTO ledger (at, kind, user_id, client_id, grant_id, detail)
    VALUES (NEW.created_at, 'grant_begun', NEW.user_id, NEW.client_id, NEW.id, NEW.scope);
END;
CREATE TRIGGER ledger_grant_ended AFTER UPDATE OF revoked_at ON grants
WHEN OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL BEGIN
  INSERT INTO ledger (at, kind, user_id, client_id, grant_id, detail)
    VALUES (NEW.revoked_at, 'grant_ended', NEW.user_id, NEW.client_id, NEW.id, NEW.revocation_reason);
END;
CREATE TRIGGER ledger_client_added AFTER INSERT ON clients BEGIN
  INSERT INTO ledger (at, kind, client_id, detail) VALUES (NEW.created_at, 'client_added', NEW.id, NEW.origin);
END;
CREATE TRIGGER ledger_user_added AFTER INSERT ON users BEGIN
  INSERT INTO ledger (at, kind, user_id, detail) VALUES (NEW.created_at, 'user_added', NEW.id, NEW.role);
END;
CREATE TRIGGER ledger_key_added AFTER INSERT ON keys BEGIN
  INSERT INTO ledger (at, kind, detail) VALUES (NEW.created_at, 'key_added', NEW.purpose || ' ' || NEW.name);
END;
CREATE TRIGGER ledger_key_retired AFTER UPDATE OF retired_at ON keys WHEN NEW.retired_at IS NOT OLD.retired_at BEGIN
  INSERT INTO ledger (at, kind, detail) VALUES (NEW.retired_at, 'key_retired', NEW.purpose || ' ' || NEW.name);
END;
)sql",
    R"sql(
-- Calls that wait for their user's word, or have it. An approval serves once; then its row goes.
CREATE TABLE confirmations (
  id         INTEGER PRIMARY KEY,
  grant_id   INTEGER NOT NULL REFERENCES grants ON DELETE CASCADE,
  call_hash  BLOB NOT NULL,
  operation  TEXT NOT NULL,
  call       TEXT NOT NULL,
  body       TEXT NOT NULL,
  asked_at   INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state      TEXT NOT NULL DEFAULT 'asked',
  decided_at INTEGER,
  UNIQUE (grant_id, call_hash)
) STRICT;
CREATE INDEX confirmations_by_expiry ON confirmations (expires_at);
CREATE TRIGGER ledger_call_decided AFTER UPDATE OF state ON confirmations BEGIN
  INSERT INTO ledger (at, kind, user_id, client_id, grant_id, detail)
    SELECT NEW.decided_at, 'call_' || NEW.state, user_id, client_id, id, NEW.operation FROM grants
    WHERE id = NEW.grant_id;
END;
)sql",
    R"sql(
-- Since when tokens of a scope may call an operation: what was open when this began, since ever.
CREATE TABLE openings (
  operation TEXT PRIMARY KEY,
  scope     TEXT NOT NULL,
  since     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- When a user last saw what each scope opens.
ALTER TABLE consents ADD COLUMN seen_at TEXT NOT NULL DEFAULT '{}';
DROP TRIGGER ledger_consent_widened;
UPDATE consents SET seen_at = (SELECT json_group_object(value, given_at) FROM json_each(scope));
CREATE TRIGGER ledger_consent_widened AFTER UPDATE ON consents BEGIN
  INSERT INTO ledger (at, kind, user_id, client_id, detail) VALUES (NEW.given_at, 'consent_given', NEW.user_id,
    NEW.client_id, (SELECT ifnull(group_concat(value, ' '), '') FROM json_each(NEW.scope)));
END;
)sql",
    R"sql(
-- An account has one person of a source at most: an address that is given to another does not give them the account.
CREATE TABLE federated_identities (
  source    TEXT NOT NULL,
  issuer    TEXT NOT NULL,
  subject   TEXT NOT NULL,
  user_id   INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  linked_at INTEGER NOT NULL,
  UNIQUE (source, issuer, subject),
  UNIQUE (user_id, source)
) STRICT;
CREATE TABLE sign_in_attempts (
  id           INTEGER PRIMARY KEY,
  state_hash   BLOB NOT NULL,
  browser_hash BLOB NOT NULL,
  source       TEXT NOT NULL,
  return_to    TEXT NOT NULL,
  subscriber   BLOB,
  is_again     INTEGER NOT NULL,
  max_age      INTEGER,
  began_at     INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_attempts_by_expiry ON sign_in_attempts (expires_at);
CREATE INDEX sign_in_attempts_by_subscriber ON sign_in_attempts (subscriber, id);
CREATE TRIGGER ledger_identity_linked AFTER INSERT ON federated_identities BEGIN
  INSERT INTO ledger (at, kind, user_id, detail) VALUES (NEW.linked_at, 'identity_linked', NEW.user_id,
    NEW.source || ' ' || NEW.issuer || ' ' || NEW.subject);
END;

-- When somebody came in here: at a source they may have signed in long before.
DROP TRIGGER ledger_session_begun;
CREATE TRIGGER ledger_session_begun AFTER INSERT ON sessions BEGIN
  INSERT INTO ledger (at, kind, user_id) VALUES (NEW.last_seen_at, 'signed_in', NEW.user_id);
END;
)sql",
    R"sql(
-- RFC 6749 §4.1.3: whoever was registered before repeats redirect_uri.
ALTER TABLE clients ADD COLUMN exchange_redirect_uri TEXT NOT NULL DEFAULT 'repeated';
)sql",
    R"sql(
-- The flight recorder's: ids grow with each step and are never given again.
CREATE TABLE flight_steps (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  at         INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  status     INTEGER NOT NULL,
  stage      TEXT NOT NULL,
  outcome    TEXT NOT NULL,
  client_id  TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  sentence   TEXT NOT NULL,
  shown      TEXT NOT NULL,
  links      TEXT NOT NULL
) STRICT;
CREATE INDEX flight_steps_by_request ON flight_steps (request_id);
CREATE INDEX flight_steps_by_client ON flight_steps (client_id, id);
CREATE INDEX flight_steps_by_time ON flight_steps (at);
CREATE INDEX flight_steps_of_calls ON flight_steps (stage, id) WHERE stage = 'api_call';
CREATE TABLE flight_links (
  link    TEXT NOT NULL,
  step_id INTEGER NOT NULL REFERENCES flight_steps ON DELETE CASCADE,
  PRIMARY KEY (link, step_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX flight_links_by_step ON flight_links (step_id);
)sql",
    R"sql(
CREATE INDEX clients_by_age ON clients (created_at, id);
)sql",
    R"sql(
-- The account page lists what each client did.
CREATE INDEX ledger_by_user_and_client ON ledger (user_id, client_id, id) WHERE user_id IS NOT NULL;
CREATE TRIGGER ledger_registration_token_added AFTER INSERT ON initial_access_tokens BEGIN
  INSERT INTO ledger (at, kind, detail) VALUES (NEW.created_at, 'registration_token_added', NEW.name);
END;
)sql",
};

}  // namespace chatelaine::storage::sqlite
