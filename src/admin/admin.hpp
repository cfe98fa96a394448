#pragma once

#include <memory>
#include <string>

#include "accounts/accounts.hpp"
#include "base/live.hpp"
#include "base/log.hpp"
#include "net/router.hpp"
#include "pages/page.hpp"
#include "storage/storage.hpp"

namespace chatelaine::admin {

struct AdminSettings {
  /// What precedes the pages' paths on our origin: "" or "/auth". Stays what it was.
  std::string page_prefix;
  /// `[admin] enabled`.
  bool is_enabled = false;
};

/// Where the pages begin; empty while they are switched off.
[[nodiscard]] std::string find_administration(const AdminSettings& settings);

struct Context;

/// The pages for administrators (docs/operators/admin.md): which clients there are, what is weak about them, and why a
/// flow ended where it did. They change nothing. Thread-safe.
class Admin {
 public:
  /// All outlive it. `settings` are read at each request.
  Admin(const Live<AdminSettings>& settings, storage::Storage& storage, accounts::Accounts& accounts,
        const pages::Renderer& renderer, const Clock& clock, Log& log);
  ~Admin();

  /// `/admin`, `/admin/flows` and `/admin/flows/{request}`, GET alone, all below the page prefix. Whoever is not signed
  /// in is led to the sign-in page and back, whoever is no administrator gets 403; while switched off, everybody 404.
  void add_routes(net::Router& router);

 private:
  std::unique_ptr<const Context> context_;
};

}  // namespace chatelaine::admin
