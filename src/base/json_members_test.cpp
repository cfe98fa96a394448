#include "base/json_members.hpp"

#include <gtest/gtest.h>

namespace chatelaine {
namespace {

TEST(JsonMembers, of_another_type_say_nothing) {
  const json::object object =
      parse_json(R"({"text":"a","yes":true,"no":false,"list":["a",1,null],"number":1})")->as_object();
  EXPECT_EQ(text_of(object, "text"), "a");
  for (const std::string_view name : {"yes", "list", "number", "absent"}) EXPECT_EQ(text_of(object, name), "") << name;
  EXPECT_TRUE(is_true(object, "yes"));
  for (const std::string_view name : {"no", "text", "list", "number", "absent"})
    EXPECT_FALSE(is_true(object, name)) << name;
  EXPECT_TRUE(lists(object, "list", "a"));
  EXPECT_FALSE(lists(object, "list", "1"));
  for (const std::string_view name : {"text", "yes", "number", "absent"})
    EXPECT_FALSE(lists(object, name, "a")) << name;
}

}  // namespace
}  // namespace chatelaine
