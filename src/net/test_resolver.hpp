#pragma once

#include <netdb.h>

#include <string_view>

/// A test program has one getaddrinfo, which everything in it calls, libcurl and Asio included. The tests answer for
/// names of their own; the C library answers for all others.
namespace chatelaine::net {

using Lookup = int (*)(const char* name, const char* service, const addrinfo* hints, addrinfo** found);
/// As getaddrinfo, which `library` is.
using Answer = int (*)(Lookup library, const char* name, const char* service, const addrinfo* hints, addrinfo** found);

/// Has `answer` asked for the names that end in `suffix`, from now on and for all tests.
struct OwnNames {
  OwnNames(std::string_view suffix, Answer answer);
};

}  // namespace chatelaine::net
