#include "app/cli/live_text.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <chrono>

#include "sim/experiment/parser.hpp"
#include "sim/lab/plan.hpp"
#include "sim/trace/words.hpp"

namespace loopscope::app::cli {
namespace {

using Clock = std::chrono::steady_clock;
using experiment::Statement;

constexpr auto longest_step =
    std::chrono::seconds(200);  // TIME-WAIT's minute, tcp_retries: only a hung lab is longer
constexpr Milliseconds for_a_table{300};

bool starts_program(const Statement& statement) {
  return std::holds_alternative<experiment::RunStep>(statement.body) ||
         std::holds_alternative<experiment::StartStep>(statement.body);
}

std::string one_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

LiveText::LiveText(std::unique_ptr<lab::Session> session, std::ostream& out, Terminal terminal)
    : session_(std::move(session)),
      out_(out),
      terminal_(terminal),
      writer_(out, terminal, session_->experiment()) {
  for (const Statement& statement : session_->experiment().statements)
    if (starts_program(statement)) programs_.insert(process_of(statement));
  writer_.headline(session_->experiment(), false);
}

tl::expected<std::unique_ptr<LiveText>, sandbox::Refusal> LiveText::start(
    sandbox::Launcher& launcher, const experiment::Experiment& experiment, std::ostream& out,
    Terminal terminal) {
  auto session = lab::Session::start(launcher, experiment);
  if (!session) return tl::unexpected(session.error());
  return std::unique_ptr<LiveText>(new LiveText(std::move(*session), out, terminal));
}

void LiveText::pump(int milliseconds) {
  pollfd ready{session_->fd(), POLLIN, 0};
  (void)::poll(&ready, 1, milliseconds);
  session_->pump();
}

void LiveText::wait_until(const std::function<bool()>& enough, Milliseconds patience) {
  const auto end = Clock::now() + patience;
  while (!enough() && session_->phase() != lab::Phase::Ended && Clock::now() < end)
    pump(static_cast<int>(std::chrono::duration_cast<Milliseconds>(end - Clock::now()).count()));
}

/// Until the step is done, and its socket table has come.
void LiveText::settle_down() {
  const auto end = Clock::now() + longest_step;
  while (session_->phase() == lab::Phase::Running && Clock::now() < end) {
    pump(100);
    write_news();
  }
  const auto tables = [&] {
    const auto& events = session_->timeline().events();
    return std::count_if(events.begin(), events.end(), [](const trace::Event& event) {
      return std::holds_alternative<trace::SocketTable>(event.fact);
    });
  };
  const auto before = tables();
  session_->look();
  wait_until([&] { return tables() > before; }, for_a_table);
  write_news();
  write_tables();
}

void LiveText::step_by(lab::StepBy by) {
  if (by == lab::StepBy::Packet) {
    wait_until([&] { return !session_->timeline().empty(); }, Milliseconds(2000));
    if (!session_->can_hold_packets()) {
      writer_.note("packets cannot be held here, so they go by themselves: " + session_->why_no_hold());
      return;
    }
  }
  session_->set_step_by(by);
}

void LiveText::write_words_until(std::size_t statement) {
  const auto& statements = session_->experiment().statements;
  for (; words_shown_ < std::min(statement, statements.size()); ++words_shown_) {
    const Statement& one = statements[words_shown_];
    if (std::holds_alternative<experiment::Chapter>(one.body)) ++chapters_;
    if (lab::is_words(one)) writer_.words(one);
  }
}

bool LiveText::finished() const {
  return session_->phase() == lab::Phase::Finished || session_->phase() == lab::Phase::Ended;
}

bool LiveText::come_to_next() {
  const auto& statements = session_->experiment().statements;
  if (words_shown_ == 0) settle_down();
  write_words_until(lab::next_stop(statements, session_->next_statement()));
  writer_.end_paragraph();
  if (session_->phase() == lab::Phase::Ended) writer_.trouble("the run ended: " + session_->trouble());
  return !finished();
}

std::string LiveText::next_words() const {
  if (session_->phase() == lab::Phase::Holding) {
    const auto held = session_->timeline().held_at(session_->timeline().end());
    return held.empty()
               ? "let it go"
               : "let " + trace::label(std::get<trace::PacketHeld>(held.front().event->fact).packet) + " go";
  }
  const auto& statements = session_->experiment().statements;
  const auto stop = lab::next_stop(statements, session_->next_statement());
  if (stop >= statements.size()) return "go on";
  const Statement& statement = statements[stop];
  const std::string text = one_line(call_text(statement));
  return has_result(statement) && !process_of(statement).empty() ? process_of(statement) + ": " + text : text;
}

bool LiveText::chapter_begins() { return std::exchange(chapters_before_, chapters_) != chapters_; }

void LiveText::step() {
  const auto& statements = session_->experiment().statements;
  const auto from = session_->next_statement();
  if (session_->phase() == lab::Phase::Asking) {
    const auto stop = lab::next_stop(statements, from);
    write_words_until(stop);
    writer_.end_paragraph();
    guess_ = ask_ ? ask_(stop) : std::nullopt;
    session_->predict(guess_ ? guess_->result : std::nullopt);
    settle_down();
  } else {
    session_->go_on();
    settle_down();
  }
  // Calls of real programs wait for a word as well: here they go by themselves.
  const auto holds_call = [&] {
    return session_->phase() == lab::Phase::Ready && session_->next_statement() <= from && !finished();
  };
  for (int calls = 0; holds_call() && calls < 100000; ++calls) {
    session_->go_on();
    settle_down();
  }
}

void LiveText::act(const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    if (const auto taken = session_->act(line); !taken) writer_.trouble(line + ": " + taken.error());
    settle_down();
  }
  while (session_->phase() == lab::Phase::Ready &&
         session_->next_statement() >= session_->experiment().statements.size()) {
    session_->go_on();
    settle_down();
  }
}

// ---- what happened

void LiveText::write_news() {
  const auto& events = session_->timeline().events();
  for (const trace::Event& event : events) {
    std::string more;
    if (const auto* packet = std::get_if<trace::PacketSeen>(&event.fact))
      more = packet->host + packet->device;
    if (const auto* step = std::get_if<trace::StepFinished>(&event.fact)) more = std::to_string(step->step);
    if (const auto* step = std::get_if<trace::StepStarted>(&event.fact)) more = std::to_string(step->step);
    if (seen_.emplace(event.at, event.fact.index(), more).second) write(event);
  }
}

void LiveText::write(const trace::Event& event) {
  if (const auto* step = std::get_if<trace::StepStarted>(&event.fact)) started(*step);
  if (const auto* step = std::get_if<trace::StepFinished>(&event.fact)) finish(*step);
  if (const auto* entered = std::get_if<trace::CallEntered>(&event.fact)) calls_[entered->call] = *entered;
  if (const auto* returned = std::get_if<trace::CallReturned>(&event.fact)) write_call(*returned);
  if (const auto* packet = std::get_if<trace::PacketSeen>(&event.fact)) write_packet(*packet);
  if (const auto* held = std::get_if<trace::PacketHeld>(&event.fact))
    writer_.note(fmt::format("held: {} {} > {}", trace::label(held->packet),
                             trace::packet_end(held->packet.source),
                             trace::packet_end(held->packet.destination)));
  if (const auto* judged = std::get_if<trace::FirewallJudged>(&event.fact);
      judged && judged->judgement != trace::Judgement::Accepted)
    writer_.stopped(*judged);
}

void LiveText::started(const trace::StepStarted& step) {
  const auto& statements = session_->experiment().statements;
  if (step.statement && *step.statement < statements.size()) {
    write_words_until(*step.statement);
    under_way_[step.step] = &statements[*step.statement];
    index_of_[step.step] = *step.statement;
    return;
  }
  auto parsed = experiment::parse_statement(step.text);
  if (!parsed) parsed = experiment::parse_statement(step.process + ": " + step.text);
  if (parsed) under_way_[step.step] = &acts_.emplace_back(std::move(*parsed));
  if (parsed && starts_program(acts_.back())) programs_.insert(process_of(acts_.back()));
}

void LiveText::finish(const trace::StepFinished& done) {
  const auto found = under_way_.find(done.step);
  if (found == under_way_.end()) return;
  const Statement& statement = *found->second;
  if (!has_result(statement)) {
    if (done.trouble.empty())
      writer_.deed(statement);
    else
      writer_.trouble(one_line(call_text(statement)) + ": " + done.trouble);
    return;
  }
  Verdict verdict;
  verdict.statement = &statement;
  if (auto result = experiment::parse_result(done.result)) verdict.kernel = std::move(*result);
  if (const auto* stated = stated_of(statement)) verdict.stated = stated->result;
  if (lab::is_claim(statement)) verdict.stated = experiment::Claimed{true};
  verdict.trouble = done.trouble;
  judge(verdict);
  const auto index = index_of_.find(done.step);
  if (index == index_of_.end()) verdict.stated.reset();  // an act states nothing
  writer_.step(verdict);
  if (index == index_of_.end()) return;
  differed_ = differed_ || !verdict.agree;
  const auto* stated = stated_of(statement);
  if (stated != nullptr && stated->asked && verdict.kernel && settle_)
    settle_(index->second, guess_, *verdict.kernel);
}

void LiveText::write_call(const trace::CallReturned& returned) {
  const auto entered = calls_.find(returned.call);
  if (entered == calls_.end()) return;
  if (programs_.contains(returned.process))
    writer_.note(returned.process + ": " + trace::words_of(entered->second, returned));
  calls_.erase(entered);
}

void LiveText::write_packet(const trace::PacketSeen& seen) {
  if (seen.device != "lo" && !seen.leaves) return;  // between machines it is seen twice
  writer_.note(fmt::format("{} {} {} > {}", seen.device, trace::label(seen.packet),
                           trace::packet_end(seen.packet.source),
                           trace::packet_end(seen.packet.destination)));
}

void LiveText::write_tables() {
  std::map<std::string, const Sockets*> last;
  for (const trace::Event& event : session_->timeline().events())
    if (const auto* table = std::get_if<trace::SocketTable>(&event.fact)) last[table->host] = &table->sockets;
  for (const auto& [host, sockets] : last) {
    const auto known = tables_.find(host);
    const bool news = known == tables_.end() ? !sockets->empty() : known->second != *sockets;
    if (!news) continue;
    tables_[host] = *sockets;
    writer_.sockets(host, *sockets);
  }
}

}  // namespace loopscope::app::cli
