#pragma once

#include <cstdint>
#include <expected>
#include <memory>

#include "base/task.hpp"
#include "oauth/authorize/request.hpp"
#include "oauth/clients/client.hpp"
#include "provider/context.hpp"

/// Where clients come from: storage, or the document that the client_id is the URL of
/// (oauth/clients/client_metadata_document).
namespace chatelaine::provider::endpoints {

/// The client of a request with which something begins: the stored one, or as its document has it now. What follows may
/// refer to it once keep_client has let it in. The error says what the client's author must change.
[[nodiscard]] Task<std::expected<std::shared_ptr<const oauth::Client>, oauth::UnredirectableError>> find_client(
    const Context& context, oauth::ClientId client_id);

/// The client of a request that goes on with what has begun: the stored one, also where its document cannot be read at
/// this moment. Null where there is none, and where it came of a document and those are switched off.
[[nodiscard]] Task<std::shared_ptr<const oauth::Client>> find_stored_client(const Context& context,
                                                                            oauth::ClientId client_id);

/// Who leads a client here, which decides how many of those that nobody has allowed anything may be kept: anybody can
/// run a program, and not everybody is signed in.
enum class LedBy : std::uint8_t { person, program };

/// Keeps what a document's client is now, so that codes, consents and grants can refer to it; whoever has allowed it
/// something is asked again where it has changed (THREATS N42). False where too many new ones have come in the last two
/// hours. Other clients are kept already.
[[nodiscard]] Task<bool> keep_client(const Context& context, const oauth::Client& client, LedBy led_by);

/// What is told where keep_client was false.
[[nodiscard]] oauth::UnredirectableError too_many_new_clients(const oauth::Client& client);

}  // namespace chatelaine::provider::endpoints
