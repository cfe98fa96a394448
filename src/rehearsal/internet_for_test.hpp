#pragma once

#include <functional>
#include <string>
#include <vector>

#include "inspection/outside.hpp"

namespace chatelaine::rehearsal {

/// Answers every question as a function says, and keeps what was asked as `GET https://…`.
class Internet final : public inspection::Outside {
 public:
  using Answer = std::function<net::FetchedDocument(const inspection::Question&)>;
  explicit Internet(Answer answer) : answer_(std::move(answer)) {}

  Task<inspection::Visit> visit(inspection::Question question) override {
    asked.push_back(question.method + ' ' + question.url);
    inspection::Visit visit{question.method, question.url, answer_(question), {}};
    co_return visit;
  }

  std::vector<std::string> asked;

 private:
  Answer answer_;
};

[[nodiscard]] inline net::FetchedDocument answer_with(int status, std::vector<net::Header> headers, std::string body) {
  net::FetchedDocument document;
  document.status = status;
  document.headers = std::move(headers);
  document.body = std::move(body);
  return document;
}

}  // namespace chatelaine::rehearsal
