#pragma once

#include "oauth/assistants/assistant_profile.hpp"

namespace chatelaine::rehearsal {

/// A plugin's host that writes JSON, has a secret and cannot do PKCE.
[[nodiscard]] oauth::AssistantProfile plugin_profile();
/// An action: form, typed in, two redirect URIs.
[[nodiscard]] oauth::AssistantProfile action_profile();
/// A connector that knows all that a profile can say, and is known by its document or registers itself.
[[nodiscard]] oauth::AssistantProfile connector_profile();

}  // namespace chatelaine::rehearsal
