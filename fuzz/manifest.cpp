#include "oauth/plugin/manifest.hpp"

#include "base/json.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {

/// An `ai-plugin.json`: it can be used exactly where no fault was found, and each fault is one for a person to read.
void check_manifest(std::string_view bytes) {
  for (const bool allow_loopback : {false, true}) {
    const oauth::ManifestContext context{parse_http_url("https://a.example/.well-known/ai-plugin.json").value(),
                                         allow_loopback};
    const oauth::ManifestReport report = oauth::check_manifest(bytes, context);
    require(report.manifest.has_value() == report.faults.empty());
    for (const oauth::ManifestFinding& fault : report.faults) require(!fault.code.empty() && !fault.message.empty());
    require(parse_json(json::serialize(oauth::to_json(report))).has_value());
  }
}

}  // namespace chatelaine::fuzz
