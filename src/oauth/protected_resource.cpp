#include "oauth/protected_resource.hpp"

#include <algorithm>
#include <iterator>

#include "oauth/openid/identity_scope.hpp"

namespace chatelaine::oauth {
namespace {

std::string_view without_trailing_slash(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool ProtectedResource::is_called(std::string_view spelling) const {
  const std::string_view wanted = without_trailing_slash(spelling);
  const auto is_wanted = [wanted](const Resource& known) { return without_trailing_slash(known.value()) == wanted; };
  return is_wanted(identifier) || std::ranges::any_of(aliases, is_wanted);
}

std::vector<Resource> ProtectedResource::spellings() const {
  std::vector<Resource> spellings{identifier};
  spellings.insert(spellings.end(), aliases.begin(), aliases.end());
  for (std::size_t i = 0; i <= aliases.size(); ++i) {
    const std::string_view bare = without_trailing_slash(spellings[i].value());
    spellings.emplace_back(bare == spellings[i].value() ? std::string(bare) + '/' : std::string(bare));
  }
  return spellings;
}

Scope ProtectedResource::understood(const Scope& scope) const {
  if (!scopes) return scope;
  // OpenID Connect Core §5.4: these ask about the person, wherever the token goes.
  return scope.intersected_with(scopes->united_with(identity_scope()));
}

ProtectedResources::ProtectedResources(ProtectedResource own, std::vector<ProtectedResource> others)
    : all_{std::move(own)} {
  std::ranges::move(others, std::back_inserter(all_));
}

const ProtectedResource* ProtectedResources::find(std::string_view spelling) const {
  const auto found = std::ranges::find_if(
      all_, [spelling](const ProtectedResource& resource) { return resource.is_called(spelling); });
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace chatelaine::oauth
