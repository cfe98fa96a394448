#include "openapi/fault_lines.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <map>
#include <string>

#include "openapi/reference.hpp"
#include "openapi/view_buffer.hpp"

namespace chatelaine::openapi {
namespace {

/// By pointer; 0: not found.
using Lines = std::map<std::string, std::size_t, std::less<>>;

bool is_pointer(const Fault& fault) { return fault.path.empty() || fault.path.starts_with('/'); }

std::string_view cut_last(std::string_view pointer) { return pointer.substr(0, pointer.rfind('/')); }

/// The pointers of all faults, and of what is around them.
Lines list_wanted(const std::vector<Fault>& faults) {
  Lines wanted;
  for (const Fault& fault : faults) {
    if (!is_pointer(fault)) continue;
    std::string_view pointer = fault.path;
    while (wanted.try_emplace(std::string(pointer), 0).second && !pointer.empty()) pointer = cut_last(pointer);
  }
  return wanted;
}

/// Notes where the wanted pointers lead: of a member the line of its name, of an element its own.
class Finder final : public YAML::EventHandler {
 public:
  explicit Finder(Lines& lines) : lines_(lines) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { take(mark, "null"); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { take(mark, ""); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string& text) override {
    take(mark, text);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, Kind::list);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, Kind::mapping);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  enum class Kind : std::uint8_t { list, mapping };
  struct Open {
    Kind kind;
    /// How long the pointer is that leads to it.
    std::size_t length;
    std::size_t next = 0;      ///< of a list
    bool expects_name = true;  ///< of a mapping
  };

  void note(const YAML::Mark& mark) {
    const auto found = lines_.find(pointer_);
    if (found != lines_.end() && found->second == 0) found->second = static_cast<std::size_t>(mark.line) + 1;
  }

  /// Moves the pointer on to what begins here; `text` counts where that is a member's name.
  void take(const YAML::Mark& mark, std::string_view text) {
    if (open_.empty()) return note(mark);
    Open& parent = open_.back();
    if (parent.kind == Kind::mapping) parent.expects_name = !parent.expects_name;
    // The name was noted.
    if (parent.kind == Kind::mapping && parent.expects_name) return;
    pointer_.resize(parent.length);
    pointer_ += parent.kind == Kind::list ? fmt::format("/{}", parent.next++) : '/' + escape_pointer(text);
    note(mark);
  }

  void open(const YAML::Mark& mark, Kind kind) {
    take(mark, "");
    open_.push_back({kind, pointer_.size()});
  }

  Lines& lines_;
  std::string pointer_;
  std::vector<Open> open_;
};

/// A JSON text as YAML can read it: YAML knows no halves of a surrogate pair. Lines stay as they are.
std::string blank_surrogates(std::string_view text) {
  std::string blanked(text);
  for (std::size_t at = blanked.find("\\u"); at != std::string::npos; at = blanked.find("\\u", at + 2)) {
    const std::string_view digits = std::string_view(blanked).substr(at + 2, 4);
    const bool is_half = digits.size() == 4 && (digits[0] == 'd' || digits[0] == 'D') && digits[1] > '7';
    if (is_half) blanked.replace(at + 2, 4, "0020");
  }
  return blanked;
}

void find_lines(std::string_view text, Lines& lines) {
  try {
    const std::string readable = blank_surrogates(text);
    ViewBuffer buffer(readable);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    Finder finder(lines);
    parser.HandleNextDocument(finder);
  } catch (const YAML::Exception&) {  // NOLINT(bugprone-empty-catch): what was found before stays
  }
}

}  // namespace

void add_lines(std::string_view text, std::vector<Fault>& faults) {
  Lines lines = list_wanted(faults);
  find_lines(text, lines);
  for (Fault& fault : faults) {
    if (!is_pointer(fault)) continue;
    std::string_view pointer = fault.path;
    while (lines.find(pointer)->second == 0 && !pointer.empty()) pointer = cut_last(pointer);
    fault.line = lines.find(pointer)->second;
  }
}

}  // namespace chatelaine::openapi
