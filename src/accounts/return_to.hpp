#pragma once

#include <string>
#include <string_view>

#include "base/form.hpp"
#include "net/request.hpp"

namespace chatelaine::accounts {

/// Whether a text is a path (and query) on our own origin, however a browser reads it: one `/` at the start, not two,
/// printable ASCII without a backslash (which browsers take for a slash), at most 8 KiB.
[[nodiscard]] bool is_local_path(std::string_view text);

/// `return_to` of a query or a form where it is a local path, else `otherwise` (no open redirect, RFC 9700 §4.11.2).
[[nodiscard]] std::string choose_return_to(const Form& form, std::string_view otherwise);

/// Notes for the flight recorder which authorization request a page of ours leads back to, if it leads to one.
void note_way_back(const net::Request& request, std::string_view return_to);

/// A query as a form; empty where it cannot be read, since nothing in these pages' queries is indispensable.
[[nodiscard]] Form read_query(std::string_view query);

}  // namespace chatelaine::accounts
