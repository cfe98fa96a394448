#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

#include "app/cli/plugin_verbs.hpp"
#include "app/config/read.hpp"
#include "app/log/escape.hpp"
#include "app/wiring/host_server.hpp"
#include "base/block_on.hpp"
#include "host/documents.hpp"
#include "oauth/plugin/manifest.hpp"
#include "storage/memory/memory_storage.hpp"

namespace chatelaine::app {
namespace {

/// A check needs no configuration; where there is one with a host, its name and `allow_local` count.
HostConfiguration find_host_configuration(const Arguments& arguments) {
  const auto file = find_configuration_file(arguments.find("--config"));
  if (file) {
    const Configuration configuration = load_configuration(arguments);
    if (configuration.host) return *configuration.host;
  }
  return {};
}

std::string read_manifest(const std::string& name, Console& console) {
  if (name == "-") return {std::istreambuf_iterator<char>(console.in), std::istreambuf_iterator<char>()};
  std::ifstream stream(name, std::ios::binary);
  if (!stream || std::filesystem::is_directory(name)) throw CommandFailed(fmt::format("{} cannot be read", name));
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// A domain has neither a slash nor an existing file of its name nor JSON's ending.
bool means_file(const std::string& text) {
  std::error_code ignored;
  return text == "-" || text.ends_with(".json") || text.find('/') != std::string::npos ||
         std::filesystem::exists(text, ignored);
}

json::object check_file(const std::string& name, const Arguments& arguments, bool allow_loopback, Console& console) {
  const std::string domain = arguments.get("--domain", "plugin.example");
  const auto url = parse_http_url(fmt::format("https://{}/.well-known/ai-plugin.json", domain));
  if (!url) throw WrongUsage(fmt::format("--domain takes a host name, not \"{}\"", domain));
  const std::string text = read_manifest(name, console);
  return oauth::to_json(oauth::check_manifest(text, {.manifest_url = *url, .allow_loopback = allow_loopback}));
}

/// Fetches without a database: what is checked is not installed.
json::object check_domain(const std::string& domain, const HostConfiguration& configuration) {
  const SystemClock clock;
  SystemRandomness randomness;
  IdSequence ids(clock, randomness);
  std::vector<crypto::MasterKey> keys;
  keys.push_back(crypto::generate_master_key(randomness));
  const crypto::Sealer sealer(std::move(keys), randomness);
  const auto storage = storage::make_memory_storage();
  net::Fetcher fetcher(configuration.ca_file);
  SilentLog log;
  const host::HostContext context{
      make_host_settings(configuration), *storage, fetcher, sealer, clock, randomness, ids, log};
  const host::DomainReport report = block_on(host::check_domain(context, domain));
  return {{"ok", report.faults.empty()}, {"faults", to_json(report.faults)}, {"warnings", to_json(report.warnings)}};
}

void print_findings(Console& console, std::string_view kind, const json::value& findings) {
  for (const json::value& finding : findings.as_array()) {
    const json::object& object = finding.as_object();
    const auto member = [&](std::string_view name) {
      const json::string* text = find_string(object, name);
      return text == nullptr ? std::string() : escape_controls(*text);
    };
    console.out << fmt::format("{} {}: {}\n", kind, member("path"), member("message"));
    if (!member("expected").empty()) console.out << fmt::format("        expected: {}\n", member("expected"));
  }
}

}  // namespace

ExitCode check_plugin(const Arguments& arguments, Console& console) {
  const std::string target = arguments.get("FILE|DOMAIN");
  HostConfiguration configuration = find_host_configuration(arguments);
  if (arguments.has("--allow-local")) configuration.allow_local = true;
  const json::object report = means_file(target) ? check_file(target, arguments, configuration.allow_local, console)
                                                 : check_domain(target, configuration);
  const bool is_good = report.at("ok").as_bool();
  if (wants_json(arguments)) {
    print_json(console, report);
  } else {
    print_findings(console, "Fault  ", report.at("faults"));
    print_findings(console, "Warning", report.at("warnings"));
    console.out << (is_good ? "The manifest is good.\n" : "The manifest cannot be used.\n");
  }
  return is_good ? ExitCode::done : ExitCode::failed;
}

}  // namespace chatelaine::app
