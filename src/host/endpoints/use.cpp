#include <fmt/format.h>

#include "base/utf8.hpp"
#include "host/call.hpp"
#include "host/connection_state.hpp"
#include "host/endpoints/endpoints.hpp"
#include "host/plugins.hpp"

namespace chatelaine::host {
namespace {

using openapi::Operation;

/// Sets the operation's own names apart from the form's.
constexpr std::string_view kArgumentPrefix = "argument.";
/// More of an answer is not for reading on a page.
constexpr std::size_t kMostShown = 64 * 1024;
/// A whole body may stand in a field.
constexpr std::size_t kUseFormLimit = 64 * 1024;
/// A form has at most 128 fields (base/form.hpp), ours among them.
constexpr std::size_t kMostFields = 100;

/// What a person filled in, and what was wrong with it.
struct Attempt {
  std::string operation_id;
  std::vector<Argument> arguments;
  std::string problem;
};

struct Field {
  std::string name;
  std::string type;
  std::string description;
  bool is_required = false;
};

/// Parameters and body properties by name, each once, as make_call_request reads them.
std::vector<Field> list_fields(const Operation& operation) {
  std::vector<Field> fields;
  const auto note = [&](Field field) {
    for (Field& known : fields) {
      if (known.name == field.name) {
        known.is_required = known.is_required || field.is_required;
        return;
      }
    }
    fields.push_back(std::move(field));
  };
  for (const openapi::Parameter& parameter : operation.parameters) {
    note({parameter.name, parameter.type, parameter.description, parameter.required});
  }
  if (!operation.body) return fields;
  // Too many for a form: the body as a whole.
  const std::size_t most = fields.size() + operation.body->properties.size();
  if (!operation.body->properties.empty() && most <= kMostFields) {
    for (const openapi::BodyProperty& property : operation.body->properties) {
      note({property.name, property.type, property.description, property.required});
    }
    return fields;
  }
  note({"body", {}, operation.body->media_type, operation.body->required});
  return fields;
}

std::string hint_for(const Field& field) {
  std::string hint = field.description;
  const auto add = [&](std::string_view text) { hint += (hint.empty() ? "" : " – ") + std::string(text); };
  if (field.type == "boolean") add("true or false");
  if (field.type == "array") add("a JSON array, or one value");
  if (field.type == "object") add("a JSON object");
  return hint;
}

pages::Data describe(const Field& field, std::string field_id, const Attempt* attempt) {
  pages::Data data;
  std::string value;
  if (attempt != nullptr) {
    for (const Argument& argument : attempt->arguments) {
      if (argument.name == field.name) value = argument.value;
    }
  }
  data.set("field_id", std::move(field_id))
      .set("field_name", std::string(kArgumentPrefix) + field.name)
      .set("label", field.name)
      .set("type", field.type == "integer" ? "number" : "text")
      .set("value", value)
      .show("required", field.is_required)
      .show("optional", !field.is_required);
  if (std::string hint = hint_for(field); !hint.empty()) data.add("hint", one_text(std::move(hint)));
  return data;
}

pages::Data describe(const Operation& operation, std::size_t index, const std::string& action, const Attempt* attempt) {
  pages::Data data;
  data.set("operation_id", operation.id)
      .set("title", operation.summary.empty() ? operation.id : operation.summary)
      .set("method", operation.method)
      .set("path", operation.path)
      .set("action", action);
  if (attempt != nullptr) data.add("problem", one_text(attempt->problem));
  const std::vector<Field> fields = list_fields(operation);
  data.show("has_no_fields", fields.empty());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    data.add("fields", describe(fields[i], fmt::format("field-{}-{}", index, i), attempt));
  }
  return data;
}

Task<net::Response> render_use(const PageContext& context, const accounts::SignedIn& person,
                               storage::PluginId plugin_id, std::optional<Attempt> attempt) {
  const auto plugin = co_await find_usable_plugin(context.host, plugin_id);
  if (!plugin) co_return render_host_error(context, plugin.error());
  const auto connection = co_await context.host.storage.connections().find_connection(plugin_id, person.user.id);
  const PluginDocuments& documents = *plugin->documents;
  if (!connection || !is_in_order(context.host, *connection, documents)) co_return net::make_redirect("/");

  pages::Data data = begin_data(context, person);
  data.set("name", documents.manifest.name_for_human)
      .set("domain", plugin->stored.domain)
      .set("since", format_instant(connection->connected_at))
      .set("disconnect_action", plugin_path(plugin_id, "/disconnect"))
      .show("no_operations", documents.description.operations.empty());
  const std::string action = plugin_path(plugin_id, "/use");
  for (std::size_t i = 0; i < documents.description.operations.size(); ++i) {
    const Operation& operation = documents.description.operations[i];
    const bool was_tried = attempt && attempt->operation_id == operation.id;
    data.add("operations", describe(operation, i, action, was_tried ? &*attempt : nullptr));
  }
  co_return context.renderer.render(attempt ? 422 : 200, "host_connected", documents.manifest.name_for_human, data);
}

std::string status_text(int status) {
  if (status >= 200 && status < 300) return "(done)";
  if (status == 401 || status == 403) return "(not allowed)";
  if (status == 404) return "(not found)";
  if (status >= 500) return "(its own fault)";
  return status >= 400 ? "(refused)" : "";
}

net::Response render_answer(const PageContext& context, const accounts::SignedIn& person,
                            const storage::PluginId& plugin_id, const CallAnswer& answer) {
  pages::Data data = begin_data(context, person);
  const bool is_success = answer.status >= 200 && answer.status < 300;
  data.set("method", answer.method)
      .set("url", answer.url)
      .set("status", std::to_string(answer.status))
      .set("status_text", status_text(answer.status))
      .set("back_url", plugin_path(plugin_id, "/use"))
      .set("body", make_valid_utf8(std::string_view(answer.body).substr(0, kMostShown)))
      .show("succeeded", is_success)
      .show("failed", !is_success)
      .show("has_body", !answer.body.empty())
      .show("has_no_body", answer.body.empty())
      .show("shortened", answer.body.size() > kMostShown);
  for (const net::Header& header : answer.headers) {
    data.add("headers", pages::Data()
                            .set("header_name", make_valid_utf8(header.name))
                            .set("header_value", make_valid_utf8(header.value)));
  }
  return context.renderer.render(200, "host_call_result", "Answer", data);
}

/// An empty field is an argument that was not given.
std::vector<Argument> read_arguments(const Form& form) {
  std::vector<Argument> out;
  for (const Form::Field& field : form.fields()) {
    if (!field.name.starts_with(kArgumentPrefix) || field.value.empty()) continue;
    out.push_back({field.name.substr(kArgumentPrefix.size()), field.value});
  }
  return out;
}

}  // namespace

Task<net::Response> show_use(const PageContext& context, const net::Request& request) {
  auto person = co_await admit(context, request, Audience::everybody);
  if (!person) co_return std::move(person.error());
  co_return co_await render_use(context, *person, plugin_id_of(request), std::nullopt);
}

Task<net::Response> post_use(const PageContext& context, const net::Request& request) {
  auto own = co_await admit_form(context, request, Audience::everybody, kUseFormLimit);
  if (!own) co_return std::move(own.error());
  const storage::PluginId plugin_id = plugin_id_of(request);
  const std::string operation_id(own->form.get_or_empty("operation"));
  std::vector<Argument> arguments = read_arguments(own->form);
  const auto answer = co_await call_operation(context.host, plugin_id, own->person.user.id, operation_id, arguments);
  if (answer) co_return render_answer(context, own->person, plugin_id, *answer);
  if (answer.error().kind != HostError::Kind::bad_request) co_return render_host_error(context, answer.error());
  std::optional<Attempt> attempt = Attempt{operation_id, std::move(arguments), answer.error().message};
  co_return co_await render_use(context, own->person, plugin_id, std::move(attempt));
}

}  // namespace chatelaine::host
