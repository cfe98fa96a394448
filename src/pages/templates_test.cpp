#include "pages/templates.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "pages/embedded.hpp"

// What every template must keep (ADR 2), read from the templates themselves.
namespace chatelaine::pages {
namespace {

constexpr std::string_view kFolder = "templates/";
constexpr std::string_view kExtension = ".mustache";
constexpr std::size_t kMostBytes = 30 * 1024;

std::vector<EmbeddedFile> templates() {
  std::vector<EmbeddedFile> found;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name.starts_with(kFolder)) found.push_back(file);
  }
  return found;
}

std::string name_of(const EmbeddedFile& file) {
  return std::string(file.name.substr(kFolder.size(), file.name.size() - kFolder.size() - kExtension.size()));
}

// The frame and the parts of pages are no pages.
bool is_page(const std::string& name) { return name != "frame" && name != "findings" && name != "admin_places"; }

std::vector<std::smatch> matches(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator(text.begin(), text.end(), pattern), {}};
}

std::string comment_of(const std::string& text) { return text.substr(0, text.find("}}")); }
std::string markup_of(const std::string& text) { return text.substr(text.find("}}") + 2); }

struct Forbidden {
  const char* sentence;
  const char* pattern;
};

constexpr Forbidden kForbidden[] = {
    {"text that is not escaped", R"(\{\{\{|\{\{\s*&)"},
    {"other delimiters, which hide what is escaped", R"(\{\{\s*=)"},
    {"a script that is no file of ours", R"(<script(?! src="\{\{\w+_js\}\}" defer></script>))"},
    {"an inline style", R"(<style|\sstyle\s*=)"},
    {"an event handler", R"(\son[a-z]+\s*=)"},
    {"a javascript: address", R"(javascript:)"},
    {"an address on another origin", R"((src|href|action|srcset)\s*=\s*"\s*(https?:)?//)"},
    {"a frame, an object, a base", R"(<(iframe|object|embed|base|meta http-equiv))"},
    {"an attribute without quotes around its data", R"(=\{\{)"},
    {"data inside a comment of HTML", R"(<!--)"},
};

TEST(Templates, NoneHoldsWhatMayNotBeThere) {
  ASSERT_GE(templates().size(), 12U);
  for (const EmbeddedFile& file : templates()) {
    const std::string text(file.bytes);
    for (const Forbidden& rule : kForbidden) {
      EXPECT_FALSE(std::regex_search(text, std::regex(rule.pattern, std::regex::icase)))
          << file.name << " holds " << rule.sentence;
    }
  }
}

TEST(Templates, EachRuleCanFail) {
  constexpr const char* kBroken[] = {"{{{name}}}",
                                     "{{=<% %>=}}",
                                     "<script src='x'>",
                                     "<p style='x'>",
                                     "<p onclick='x'>",
                                     "<a href='javascript:x'>",
                                     "<img src=\"//evil.example/x\">",
                                     "<iframe>",
                                     "<p class={{x}}>",
                                     "<!-- {{x}} -->"};
  ASSERT_EQ(std::size(kBroken), std::size(kForbidden));
  for (std::size_t i = 0; i < std::size(kBroken); ++i) {
    EXPECT_TRUE(std::regex_search(std::string(kBroken[i]), std::regex(kForbidden[i].pattern, std::regex::icase)))
        << kForbidden[i].sentence;
  }
}

TEST(Templates, TheFirstLineNamesTheDataBelow) {
  const std::regex tag(R"(\{\{[#^]?\s*([a-z_]+)\}\})");
  for (const EmbeddedFile& file : templates()) {
    const std::string text(file.bytes);
    ASSERT_TRUE(text.starts_with("{{! ")) << file.name;
    const std::string comment = comment_of(text);
    const std::string markup = markup_of(text);
    for (const std::smatch& match : matches(markup, tag)) {
      const std::string name = match[1];
      // The frame's own data is everybody's.
      if (name == "service_name" || name == "page_title") continue;
      EXPECT_TRUE(std::regex_search(comment, std::regex("\\b" + name + "\\b")))
          << file.name << " uses " << name << " without saying so";
    }
  }
}

TEST(Templates, EachPageHasOneHeadingOneMainAndALanguage) {
  for (const EmbeddedFile& file : templates()) {
    if (!is_page(name_of(file))) continue;
    const std::string html = render_template(name_of(file), Data());
    EXPECT_EQ(matches(html, std::regex("<h1[ >]")).size(), 1U) << file.name;
    EXPECT_EQ(matches(html, std::regex("<main[ >]")).size(), 1U) << file.name;
    EXPECT_NE(html.find("<html lang=\"en\">"), std::string::npos) << file.name;
    EXPECT_NE(html.find("name=\"viewport\""), std::string::npos) << file.name;
    EXPECT_EQ(html.find("{{"), std::string::npos) << file.name;
  }
}

TEST(Templates, EachFieldHasALabelAndKnowsHowItIsCompleted) {
  const std::regex input("<input [^>]*>");
  for (const EmbeddedFile& file : templates()) {
    const std::string text(file.bytes);
    for (const std::smatch& match : matches(text, input)) {
      const std::string tag = match.str();
      if (tag.find("type=\"hidden\"") != std::string::npos || tag.find("aria-hidden=\"true\"") != std::string::npos) {
        continue;
      }
      std::smatch id;
      ASSERT_TRUE(std::regex_search(tag, id, std::regex(" id=\"([^\"]+)\""))) << file.name << ": " << tag;
      EXPECT_NE(text.find("<label for=\"" + id[1].str() + "\""), std::string::npos) << file.name << ": " << tag;
      EXPECT_NE(tag.find("autocomplete=\""), std::string::npos) << file.name << ": " << tag;
    }
  }
}

TEST(Templates, EachFormThatChangesSomethingCarriesAToken) {
  const std::regex form("<form(?![^>]*\\smethod=\"get\")[^>]*>\\s*([^\\n]*)");
  for (const EmbeddedFile& file : templates()) {
    // What leaves for a client carries the client's answer; our token is for our own endpoints.
    if (name_of(file) == "form_post") continue;
    const std::string text(file.bytes);
    for (const std::smatch& match : matches(text, form)) {
      EXPECT_NE(match[1].str().find("name=\"form_token\""), std::string::npos) << file.name << ": " << match.str();
    }
  }
}

/// The ids that an attribute names, whichever sections are shown: data inside an id stands as the template has it.
std::vector<std::string> ids_of(const std::string& attribute) {
  const std::string shown = std::regex_replace(attribute, std::regex(R"(\{\{[#^/][a-z_]+\}\})"), "");
  std::vector<std::string> ids;
  std::istringstream words(shown);
  for (std::string id; words >> id;) ids.push_back(id);
  return ids;
}

TEST(Templates, TheIdsOfAnAttributeAreReadThroughItsSections) {
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids_of("problem"), (Ids{"problem"}));
  EXPECT_EQ(ids_of("new-hint{{#new_problem}} new-problem{{/new_problem}}"), (Ids{"new-hint", "new-problem"}));
  EXPECT_EQ(ids_of("{{field_id}}-hint"), (Ids{"{{field_id}}-hint"}));
}

TEST(Templates, WhatIsPointedAtIsThere) {
  const std::regex reference("aria-(describedby|labelledby)=\"([^\"]*)\"");
  std::size_t references = 0;
  for (const EmbeddedFile& file : templates()) {
    const std::string text(file.bytes);
    for (const std::smatch& match : matches(text, reference)) {
      for (const std::string& id : ids_of(match[2])) {
        ++references;
        EXPECT_NE(text.find("id=\"" + id + "\""), std::string::npos) << file.name << ": " << match.str();
      }
    }
  }
  EXPECT_GE(references, 15U);
}

TEST(Templates, APageAndAllItLoadsStayUnderThirtyKilobytes) {
  std::size_t assets = 0;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name.starts_with("assets/")) assets += file.bytes.size();
  }
  for (const EmbeddedFile& file : templates()) {
    if (!is_page(name_of(file))) continue;
    EXPECT_LT(assets + compose_template(name_of(file)).size(), kMostBytes) << file.name;
  }
}

}  // namespace
}  // namespace chatelaine::pages
