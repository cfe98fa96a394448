#pragma once

#include <string>
#include <string_view>

#include "admin/admin.hpp"

namespace chatelaine::admin {

/// Full paths, prefix included.
struct Paths {
  std::string home;
  std::string flows;
  /// With `{request}` in the place of a request's id.
  std::string flow;
};

/// What every page of this layer works with.
struct Context {
  const Live<AdminSettings>& settings;
  storage::Storage& storage;
  accounts::Accounts& accounts;
  const pages::Renderer& renderer;
  const Clock& clock;
  Log& log;
  Paths paths;

  /// Of the flow that a request belongs to.
  [[nodiscard]] std::string flow_url(std::string_view request_id) const;
  /// The flows of one client.
  [[nodiscard]] std::string client_flows_url(std::string_view client_id) const;
};

/// Which of the pages somebody is on.
enum class Place : std::uint8_t { clients, flows };

/// Data of a page: who is signed in and where the other pages are (web/templates/admin_places.mustache).
[[nodiscard]] pages::Data begin_page(const Context& context, const accounts::SignedIn& signed_in, Place place);

/// The pages, for an administrator who is signed in. Parameters outlive the task.
using Page = Task<net::Response>(const Context& context, const net::Request& request,
                                 const accounts::SignedIn& signed_in);
/// `GET /admin`: `before`, where the page before ended; `weak=1`, those with weaknesses alone.
Page show_clients;
/// `GET /admin/flows`: `client`, `all=1` (also what went on), `before`; `request` leads to that request's flow.
Page show_flows;
/// `GET /admin/flows/{request}`
Page show_flow;

}  // namespace chatelaine::admin
