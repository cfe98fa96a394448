#include "app/cli/plugin_verbs.hpp"

#include <fmt/format.h>

#include <ostream>

#include "app/log/escape.hpp"
#include "app/wiring/host_server.hpp"

namespace chatelaine::app {
namespace {

std::string write_finding(const host::Finding& finding) {
  std::string line = fmt::format("{}: {}", finding.path, finding.message);
  if (!finding.expected.empty()) line += fmt::format(" (expected: {})", finding.expected);
  return escape_controls(line);
}

}  // namespace

HostSession::HostSession(const Arguments& arguments)
    : session_(open_host(arguments)),
      fetcher_(session_.configuration().host->ca_file),
      context_{make_host_settings(*session_.configuration().host),
               *session_->storage,
               fetcher_,
               session_->sealer,
               session_->clock,
               session_->randomness,
               session_->ids,
               log_} {}

void fail_with(const host::HostError& error) {
  std::string text = escape_controls(error.message);
  for (const host::Finding& finding : error.findings) text += fmt::format("\n  {}", write_finding(finding));
  throw CommandFailed(text);
}

json::array to_json(const std::vector<host::Finding>& findings) {
  json::array array;
  for (const host::Finding& finding : findings)
    array.push_back(json::object{
        {"path", finding.path}, {"code", finding.code}, {"message", finding.message}, {"expected", finding.expected}});
  return array;
}

void print_warnings(Console& console, const std::vector<host::Finding>& warnings) {
  for (const host::Finding& warning : warnings) console.err << fmt::format("Warning: {}\n", write_finding(warning));
}

}  // namespace chatelaine::app
