#pragma once

#include "app/config/configuration.hpp"
#include "app/wiring/master_key.hpp"
#include "user_sources/user_sources.hpp"

/// What the file says of `[[user_source]]`, in the words of that layer. `file` has the provider.
namespace chatelaine::app {

/// What can change while the server runs. Throws ConfigurationError where a source's secret cannot be read.
[[nodiscard]] user_sources::SourceSettings make_source_settings(const Configuration& file,
                                                                const Environment& environment);
/// The same, with what cannot. `key`: what the secrets of a sign-in are made of.
[[nodiscard]] user_sources::UserSourcesSettings make_user_sources_settings(const Configuration& file,
                                                                           const Environment& environment,
                                                                           SecretBytes key);

}  // namespace chatelaine::app
