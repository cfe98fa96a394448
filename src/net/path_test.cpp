#include "net/path.hpp"

#include <gtest/gtest.h>

namespace chatelaine::net {
namespace {

TEST(Path, paths_that_every_reader_takes_alike) {
  for (const std::string_view path : {"/", "/a", "/a/", "/a/b.c", "/a..b", "/...", "/a/.hidden", "/caf%C3%A9", "/a%20b",
                                      "/a;v=1/b", "/a%3Bb", "/~user", "/a:b@c", "/%7Euser", "/a.", "/..a"}) {
    EXPECT_FALSE(is_path_ambiguous(path)) << path;
  }
}

TEST(Path, paths_that_two_readers_could_take_for_different_places) {
  for (const std::string_view path :
       {"",       "a",       "*",       "//",         "//a",       "/a//b",    "/a//",      "/.",     "/..",
        "/a/..",  "/a/../b", "/a/./b",  "/%2e",       "/%2E%2e/a", "/.%2e",    "/a/%2e%2E", "/a%2fb", "/a%2Fb",
        "/a%5cb", "/a%5Cb",  "/a\\b",   "/a%00",      "/a%0a",     "/a%0D%0A", "/a%7f",     "/..;/a", "/..;x=1/a",
        "/.;/a",  "/;/a",    "/;x=1/a", "/%2e%2e;/a", "/..%3b/a",  "/a%",      "/a%2",      "/a%zz",  "/%%2e"}) {
    EXPECT_TRUE(is_path_ambiguous(path)) << path;
  }
}

}  // namespace
}  // namespace chatelaine::net
