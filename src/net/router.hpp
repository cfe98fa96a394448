#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/task.hpp"
#include "net/request.hpp"
#include "net/response.hpp"

namespace chatelaine::net {

/// Answers one request. The request outlives the task. An exception is a fault: it is logged and answered 500 (503 for
/// what derives from chatelaine::Unavailable).
using Handler = std::function<Task<Response>(const Request&)>;

/// Who may read an answer from a page of another origin (CORS).
enum class CrossOrigin : std::uint8_t {
  forbidden,
  /// `Access-Control-Allow-Origin: *`, never with credentials, and preflights answered: discovery, token, revocation.
  any_origin,
};

/// The whole of a 405 but its Allow and CORS headers. `allowed`: "GET, HEAD, OPTIONS".
using MethodRefusal = std::function<Response(const Request&, std::string_view allowed)>;

/// Finds the handler of a path: an exact path first, then a pattern with `{name}` segments, then a tree, then the
/// fallback.
/// Immutable once it serves; thread-safe then.
class Router {
 public:
  /// HEAD is answered by GET's handler, OPTIONS and 405 (with Allow) by the router itself.
  void add(Method method, const std::string& path, Handler handler, CrossOrigin cross_origin = CrossOrigin::forbidden);
  /// A path and every path below it, whatever the method.
  void add_tree(const std::string& path, Handler handler);
  /// What a path that was added says to other methods than its own, instead of a line of plain text.
  void refuse_methods_with(std::string_view path, MethodRefusal refusal);
  /// A path that was added answers with `closed`, whatever the method, while `is_open` says that it is not to be
  /// there. Both are asked on every request to it, from any thread.
  void open_only_while(std::string_view path, std::function<bool()> is_open, Handler closed);
  /// For every path that no route claims, whatever the method (the API behind the gateway). Without it: 404.
  void set_fallback(Handler handler);

  [[nodiscard]] Task<Response> route(const Request& request) const;
  /// Every path that was added, for gates and for conflicts with an API's own paths; a tree as `/its/path/*`.
  [[nodiscard]] std::vector<std::string> paths() const;

 private:
  using MethodHandler = std::pair<Method, Handler>;
  struct Route {
    std::string path;
    CrossOrigin cross_origin;
    std::vector<MethodHandler> handlers = {};
    MethodRefusal refusal = nullptr;
    /// Nothing: always.
    std::function<bool()> is_open = nullptr;
    Handler closed = nullptr;
    /// Of a tree.
    Handler any_method = nullptr;
  };
  /// Lets a path be looked up without a copy of it.
  struct PathHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view path) const { return std::hash<std::string_view>{}(path); }
  };
  [[nodiscard]] const Route* find(std::string_view path) const;
  [[nodiscard]] Route& added(std::string_view path);
  [[nodiscard]] static const Handler* handler_of(const Route& route, Method method);
  [[nodiscard]] static Task<Response> answer(const Route& route, const Handler& handler, const Request& request);
  [[nodiscard]] static std::string allowed_methods(const Route& route);
  [[nodiscard]] static Response answer_without_handler(const Route& route, const Request& request);

  std::unordered_map<std::string, Route, PathHash, std::equal_to<>> exact_;
  std::vector<Route> patterns_;
  std::vector<Route> trees_;
  Handler fallback_;
};

/// The segment of `path` that stands where `pattern` has `{name}`; empty where the shapes differ.
/// `path_segment("/aip/{id}/x", "/aip/7/x", "id")` is "7".
[[nodiscard]] std::string_view path_segment(std::string_view pattern, std::string_view path, std::string_view name);

}  // namespace chatelaine::net
