#include "net/test_resolver.hpp"

#include <dlfcn.h>

#include <string>
#include <vector>

namespace chatelaine::net {
namespace {

struct Rule {
  std::string suffix;
  Answer answer;
};
/// Whole before main begins, and only read from then on.
std::vector<Rule>& rules() {
  static std::vector<Rule> rules;
  return rules;
}

}  // namespace

OwnNames::OwnNames(std::string_view suffix, Answer answer) { rules().push_back({std::string(suffix), answer}); }

}  // namespace chatelaine::net

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  static const auto library = reinterpret_cast<chatelaine::net::Lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  for (const auto& [suffix, answer] : chatelaine::net::rules()) {
    if (name != nullptr && std::string_view(name).ends_with(suffix))
      return answer(library, name, service, hints, found);
  }
  return library(name, service, hints, found);
}
