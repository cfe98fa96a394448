#include "net/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

std::string_view take_segment(std::string_view& rest) {
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  return segment;
}

bool is_placeholder(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// Calls `visit(name, segment)` for each placeholder; whether the shapes are the same.
template <class Visit>
bool match(std::string_view pattern, std::string_view path, Visit visit) {
  if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return false;
  while (!pattern.empty() || !path.empty()) {
    const std::string_view expected = take_segment(pattern);
    const std::string_view actual = take_segment(path);
    if (is_placeholder(expected)) {
      if (actual.empty()) return false;
      visit(expected.substr(1, expected.size() - 2), actual);
    } else if (expected != actual) {
      return false;
    }
  }
  return true;
}

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  throw std::logic_error("a route needs a method with a name");
}

void allow_any_origin(Response& response) {
  response.add_header("Access-Control-Allow-Origin", "*");
  // The challenge tells a browser's client where to sign in (RFC 9728 §5.1).
  response.add_header(
      "Access-Control-Expose-Headers",
      "WWW-Authenticate, Retry-After, X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset");
}

Task<Response> answer_now(Response response) { co_return response; }

Task<Response> with_any_origin(Task<Response> answer) {
  Response response = co_await std::move(answer);
  allow_any_origin(response);
  co_return response;
}

Response make_preflight_response(const Request& request, std::string allowed) {
  Response response;
  response.status = 204;
  response.add_header("Access-Control-Allow-Origin", "*");
  response.add_header("Access-Control-Allow-Methods", std::move(allowed));
  // Named rather than `*`, which leaves out Authorization.
  if (const auto asked = request.header("Access-Control-Request-Headers"); asked && asked->size() <= 1024) {
    response.add_header("Access-Control-Allow-Headers", std::string(*asked));
    response.add_header("Vary", "Access-Control-Request-Headers");
  }
  response.add_header("Access-Control-Max-Age", "7200");
  return response;
}

}  // namespace

void Router::add(Method method, const std::string& path, Handler handler, CrossOrigin cross_origin) {
  static_cast<void>(name_of(method));
  const bool is_pattern = path.find('{') != std::string::npos;
  Route* route = nullptr;
  if (is_pattern) {
    const auto known = std::ranges::find(patterns_, path, &Route::path);
    route = known != patterns_.end() ? &*known : &patterns_.emplace_back(Route{path, cross_origin});
  } else {
    route = &exact_.try_emplace(path, Route{path, cross_origin}).first->second;
  }
  if (std::ranges::find(route->handlers, method, &MethodHandler::first) != route->handlers.end()) {
    throw std::logic_error("a route was added twice: " + path);
  }
  route->handlers.emplace_back(method, std::move(handler));
}

void Router::add_tree(const std::string& path, Handler handler) {
  if (std::ranges::find(trees_, path, &Route::path) != trees_.end()) {
    throw std::logic_error("a route was added twice: " + path);
  }
  trees_.push_back({.path = path, .cross_origin = CrossOrigin::forbidden, .any_method = std::move(handler)});
}

Router::Route& Router::added(std::string_view path) {
  if (const auto exact = exact_.find(path); exact != exact_.end()) return exact->second;
  for (std::vector<Route>* routes : {&patterns_, &trees_}) {
    const auto route = std::ranges::find(*routes, path, &Route::path);
    if (route != routes->end()) return *route;
  }
  throw std::logic_error("no such route was added: " + std::string(path));
}

void Router::refuse_methods_with(std::string_view path, MethodRefusal refusal) {
  added(path).refusal = std::move(refusal);
}

void Router::open_only_while(std::string_view path, std::function<bool()> is_open, Handler closed) {
  Route& route = added(path);
  route.is_open = std::move(is_open);
  route.closed = std::move(closed);
}

void Router::set_fallback(Handler handler) { fallback_ = std::move(handler); }

const Router::Route* Router::find(std::string_view path) const {
  if (const auto found = exact_.find(path); found != exact_.end()) return &found->second;
  for (const Route& route : patterns_) {
    if (match(route.path, path, [](std::string_view, std::string_view) {})) return &route;
  }
  for (const Route& tree : trees_) {
    if (path.starts_with(tree.path) && (path.size() == tree.path.size() || path[tree.path.size()] == '/')) return &tree;
  }
  return nullptr;
}

const Handler* Router::handler_of(const Route& route, Method method) {
  const auto find_method = [&](Method wanted) -> const Handler* {
    const auto found = std::ranges::find(route.handlers, wanted, &MethodHandler::first);
    return found != route.handlers.end() ? &found->second : nullptr;
  };
  const Handler* own = find_method(method);
  // RFC 9110 §9.3.2: HEAD is GET without the content, which the server leaves out.
  return own == nullptr && method == Method::head ? find_method(Method::get) : own;
}

std::string Router::allowed_methods(const Route& route) {
  std::string allowed;
  const auto append = [&](std::string_view name) {
    if (!allowed.empty()) allowed += ", ";
    allowed += name;
  };
  for (const auto& [method, handler] : route.handlers) {
    append(name_of(method));
    if (method == Method::get &&
        std::ranges::find(route.handlers, Method::head, &MethodHandler::first) == route.handlers.end()) {
      append("HEAD");
    }
  }
  if (std::ranges::find(route.handlers, Method::options, &MethodHandler::first) == route.handlers.end()) {
    append("OPTIONS");
  }
  return allowed;
}

Response Router::answer_without_handler(const Route& route, const Request& request) {
  std::string allowed = allowed_methods(route);
  if (request.method == Method::options) {
    if (route.cross_origin == CrossOrigin::any_origin && request.header("Access-Control-Request-Method")) {
      return make_preflight_response(request, std::move(allowed));
    }
    Response response;
    response.status = 204;
    response.add_header("Allow", std::move(allowed));
    return response;
  }
  request.note([&](FlightNotes& notes) {
    notes.tell(FlightOutcome::failed, "The path " + route.path + " does not take " +
                                          std::string(request.method_name.substr(0, 20)) + ": it takes " + allowed +
                                          ".");
  });
  // RFC 9110 §15.5.6: 405 names what is allowed.
  Response response = route.refusal
                          ? route.refusal(request, allowed)
                          : make_response(405, "text/plain; charset=utf-8", "This path does not take that method.\n");
  response.add_header("Allow", std::move(allowed));
  if (route.cross_origin == CrossOrigin::any_origin) allow_any_origin(response);
  return response;
}

Task<Response> Router::route(const Request& request) const {
  const Route* route = find(request.path);
  if (route == nullptr) {
    if (fallback_) return fallback_(request);
    return answer_now(make_response(404, "text/plain; charset=utf-8", "There is nothing at this path.\n"));
  }
  if (route->is_open && !route->is_open()) return answer(*route, route->closed, request);
  const Handler* handler = route->any_method ? &route->any_method : handler_of(*route, request.method);
  if (handler == nullptr) return answer_now(answer_without_handler(*route, request));
  return answer(*route, *handler, request);
}

Task<Response> Router::answer(const Route& route, const Handler& handler, const Request& request) {
  switch (route.cross_origin) {
    case CrossOrigin::forbidden:
      return handler(request);
    case CrossOrigin::any_origin:
      return with_any_origin(handler(request));
  }
  throw std::logic_error("a cross-origin rule that does not exist");
}

std::vector<std::string> Router::paths() const {
  std::vector<std::string> paths;
  paths.reserve(exact_.size() + patterns_.size() + trees_.size());
  for (const auto& [path, route] : exact_) paths.push_back(path);
  for (const Route& route : patterns_) paths.push_back(route.path);
  for (const Route& tree : trees_) paths.push_back(tree.path + "/*");
  std::ranges::sort(paths);
  return paths;
}

std::string_view path_segment(std::string_view pattern, std::string_view path, std::string_view name) {
  std::string_view found;
  const bool matches = match(pattern, path, [&](std::string_view placeholder, std::string_view segment) {
    if (placeholder == name) found = segment;
  });
  return matches ? found : std::string_view{};
}

}  // namespace chatelaine::net
