#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace chatelaine::relying_party {

/// What a provider wrote (an `error_description`), fit to stand in a sentence of ours: at most `limit` characters of
/// printable ASCII, as RFC 6749 §5.2 allows; anything else becomes `?` (THREATS N25). Empty where it repeats one of
/// the `secrets` that were sent.
[[nodiscard]] std::string quote_provider_text(std::string_view text, std::span<const std::string_view> secrets = {},
                                              std::size_t limit = 200);

}  // namespace chatelaine::relying_party
