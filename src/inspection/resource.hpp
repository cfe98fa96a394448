#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspection/cross_origin.hpp"
#include "inspection/finding.hpp"
#include "inspection/target.hpp"

/// A protected resource (RFC 6750, RFC 9728), such as an MCP endpoint.
namespace chatelaine::inspection {

struct ResourceFacts {
  /// Those that the target leads to.
  net::AddressPolicy addresses = net::AddressPolicy::public_only;
  /// What people enter; of a bare origin, the resource that its document names.
  HttpUrl resource;
  /// A call without a token: by GET, or by POST where that shows more; and for the client origins where it is asked for
  /// one, with what a browser asks before it posts.
  SharedVisit call;
  std::vector<OriginAnswer> preflights;
  /// Every place that was looked at, each once, in the order in which clients look: where the challenge's
  /// `resource_metadata` says, the resource's path behind the well-known one (and without a slash at its end), the
  /// well-known path alone.
  std::vector<Visit> documents;
  /// The first document that is there, for the client origins; of nobody where there is none.
  SharedVisit shared;
};

struct ResourceJudgement {
  Findings findings;
  /// The first of `authorization_servers`, which is the one that clients take.
  std::optional<std::string> issuer;
  bool is_there = false;
};

/// RFC 9728 §3.1: `/.well-known/oauth-protected-resource` before the resource's path.
[[nodiscard]] std::string make_resource_metadata_url(const HttpUrl& resource);
/// The same without a path.
[[nodiscard]] std::string make_root_metadata_url(const HttpUrl& resource);
/// Whether a call was answered with 401 and a Bearer challenge.
[[nodiscard]] bool asks_for_token(const Visit& call);
/// Of the answers to a call by GET and to one by POST the one that shows more of a protected resource: MCP servers may
/// take POST alone, show people a page, or open a stream of events.
[[nodiscard]] Visit choose_call(Visit get, Visit post);
/// The URL that the Bearer challenge names in `resource_metadata`; nothing where there is none.
[[nodiscard]] std::optional<std::string> find_challenged_url(const Visit& call);
/// The first of the documents that is a JSON object.
[[nodiscard]] const Visit* find_document(const std::vector<Visit>& documents);

[[nodiscard]] ResourceJudgement judge_resource(const ResourceFacts& facts, Importance importance);

}  // namespace chatelaine::inspection
