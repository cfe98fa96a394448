#include "oauth/resource.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/uri.hpp"
#include "oauth/parameters.hpp"

namespace chatelaine::oauth {
namespace {

using Found = std::vector<const ProtectedResource*>;

template <class List, class Value>
void add_once(List& list, Value value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(std::move(value));
}

/// The spellings of `resource` that came with a value, each once.
Result<std::vector<Resource>> read_spellings(const Form& request) {
  std::vector<Resource> spellings;
  for (const std::string_view value : request.get_all(kResourceParameter)) {
    if (!value.empty()) add_once(spellings, Resource(std::string(value)));
  }
  if (spellings.size() > kMostResources) {
    return refuse(ErrorCode::invalid_target,
                  fmt::format("The request names more than {} resources: ask for fewer.", kMostResources));
  }
  return spellings;
}

std::unexpected<OAuthError> refuse_unknown(const Resource& spelling, const ProtectedResources& resources) {
  // RFC 8707 §2: an absolute URI without a fragment.
  if (!is_absolute_uri(spelling.value())) {
    return refuse(
        ErrorCode::invalid_target,
        fmt::format("The resource '{}' is not an absolute URI without a fragment (RFC 8707).", spelling.value()));
  }
  std::string sentence = fmt::format("The resource '{}' is not served here.", spelling.value());
  // One who asks learns of no other API.
  if (resources.all().size() == 1)
    sentence += fmt::format(" This server's resource is '{}'.", resources.own().identifier.value());
  return refuse(ErrorCode::invalid_target, std::move(sentence));
}

Result<Found> find_all(const std::vector<Resource>& spellings, const ProtectedResources& resources) {
  Found found;
  for (const Resource& spelling : spellings) {
    const ProtectedResource* resource = resources.find(spelling.value());
    if (resource == nullptr) return refuse_unknown(spelling, resources);
    add_once(found, resource);
  }
  return found;
}

/// RFC 6749 §3.1: without a value it counts as omitted.
bool names_scope(const Form& request) {
  const auto named = Scope::parse(request.get_or_empty("scope"));
  return named && !named->empty();
}

/// RFC 9068 §3: without `resource` the scope says which default is meant, as long as it means one. Where the request
/// names no scope, the default resource is meant as long as any of the client's scope means something there.
Result<Found> infer(const Form& request, const Scope& scope, const ProtectedResources& resources) {
  const auto has_all = [&scope](const ProtectedResource& resource) { return resource.understood(scope) == scope; };
  const auto& own = resources.own();
  if (has_all(own) || (!names_scope(request) && !own.understood(scope).empty())) return Found{&own};
  Found candidates;
  for (const ProtectedResource& resource : resources.all()) {
    if (has_all(resource)) candidates.push_back(&resource);
  }
  if (candidates.size() == 1) return candidates;
  return refuse(ErrorCode::invalid_scope,
                "The scope does not say which resource is meant: name it with the parameter resource (RFC 8707).");
}

/// RFC 8707 §2.2: down to what the resources can process. A token for nothing of what was allowed would be one without
/// a scope, which still opens what needs none.
Result<Scope> understood_by(const Found& found, const Scope& scope) {
  Scope understood;
  for (const ProtectedResource* resource : found) understood = understood.united_with(resource->understood(scope));
  if (understood.empty() && !scope.empty()) {
    return refuse(ErrorCode::invalid_scope,
                  fmt::format("The scope '{}' means nothing at the resource that is asked for.", scope.to_string()));
  }
  return understood;
}

/// `spellings` are those that the request itself used.
Result<Target> make_target(const Scope& scope, const Found& found, const std::vector<Resource>& spellings) {
  auto understood = understood_by(found, scope);
  if (!understood) return std::unexpected(std::move(understood.error()));
  Target target;
  for (const ProtectedResource* resource : found) target.resources.push_back(resource->identifier);
  target.audience = target.resources;
  for (const Resource& spelling : spellings) add_once(target.audience, spelling);
  target.scope = std::move(*understood);
  return target;
}

/// What was granted, as it is served today.
Found find_served(const std::vector<Resource>& granted, const ProtectedResources& resources) {
  Found served;
  for (const Resource& identifier : granted) {
    const ProtectedResource* resource = resources.find(identifier.value());
    if (resource != nullptr) add_once(served, resource);
  }
  return served;
}

}  // namespace

Result<Target> check_target(const Form& request, const Scope& scope, const ProtectedResources& resources) {
  const auto spellings = read_spellings(request);
  if (!spellings) return std::unexpected(spellings.error());
  const auto found = spellings->empty() ? infer(request, scope, resources) : find_all(*spellings, resources);
  if (!found) return std::unexpected(found.error());
  return make_target(scope, *found, *spellings);
}

Result<Target> narrow_target(const Form& request, const Scope& scope, const std::vector<Resource>& granted,
                             const ProtectedResources& resources) {
  const Found served = find_served(granted, resources);
  if (served.empty()) {
    return refuse(ErrorCode::invalid_grant,
                  "The resource that the user allowed is not served here any more: send the user to the authorization "
                  "endpoint again.");
  }
  const auto spellings = read_spellings(request);
  if (!spellings) return std::unexpected(spellings.error());
  if (spellings->empty()) return make_target(scope, served, {});
  const auto found = find_all(*spellings, resources);
  if (!found) return std::unexpected(found.error());
  const auto is_granted = [&served](const ProtectedResource* asked) {
    return std::ranges::find(served, asked) != served.end();
  };
  if (!std::ranges::all_of(*found, is_granted)) {
    return refuse(ErrorCode::invalid_target,
                  "A resource is asked for that the user has not allowed: name it in the authorization request too.");
  }
  return make_target(scope, *found, *spellings);
}

AccessTokenTerms decide_terms(const Target& target, const Client& client, const ProtectedResources& resources,
                              AccessTokenTerms defaults) {
  // The operator may have taken a resource away since the target was checked.
  const ProtectedResource undeclared;
  AccessTokenTerms terms{AccessTokenFormat::jwt, milliseconds::max()};
  for (const Resource& identifier : target.resources) {
    const ProtectedResource* found = resources.find(identifier.value());
    const ProtectedResource& resource = found != nullptr ? *found : undeclared;
    if (resource.access_token_format.value_or(defaults.format) == AccessTokenFormat::opaque)
      terms.format = AccessTokenFormat::opaque;
    terms.lifetime = std::min(terms.lifetime, resource.access_token_lifetime.value_or(defaults.lifetime));
  }
  if (client.access_token_format) terms.format = *client.access_token_format;
  return terms;
}

}  // namespace chatelaine::oauth
